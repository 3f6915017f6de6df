"""Text that a model left for somebody else to fill in, such as "[Your Name]": no answer to send, and nothing to write down."""

import re
import unicodedata

NAMED = (
    *("your", "insert", "name", "customer", "company", "agent", "signature", "date", "number", "address", "email", "e-mail"),
    *("phone", "amount", "link", "url", "title", "order", "here", "placeholder", "details"),
    *("ihr", "ihre", "kunde", "kundenname", "firma", "datum", "nummer", "adresse", "betrag", "unterschrift"),
    *("votre", "nom", "entreprise", "montant", "numéro", "client", "insérer"),
    *("su", "nombre", "empresa", "fecha", "número", "importe", "cliente", "insertar"),
)
"""What stands in such a text in en, de, fr and es; brackets around other words may be meant so."""
BRACKETS = re.compile(r"\[([^\W\d_][\w '’/-]{1,60})\](?!\()|<([^\W\d_][\w '’-]{1,60})>")
"""A word, or several, in brackets that are no link; a reference has a dot or a # in it."""
FIELDS = re.compile(r"\{\{ ?[A-Za-z_][\w. ]{1,60} ?\}\}|\$\{\w{2,60}\}|(?<![{$])\{[a-z]+_[a-z_]{1,60}\}")
"""The field of a template that nobody filled in."""
FILLERS = re.compile(r"\b[Ll]orem [Ii]psum\b|\bTODO\b|\bTBD\b|\bX{4,20}\b")
MARKS = r"\[\]„“”\"«»‘’'*_`<>"
"""What labels stand in."""
OF_WHOM = frozenset(("your", "insert", "here", "placeholder", "ihr", "ihre", "votre", "insérer", "su", "insertar"))
"""What asks its reader to fill something in."""
MOST = 20_000


def placeholder_in(text: str, known: str = "") -> str:
    """The first text of a model that is to be filled in and that does not stand in what is `known`; "" where there is none."""
    text, known = text[:MOST], _spelled(known)
    for found in BRACKETS.finditer(text):
        words = set(re.split(r"[\s'’/_-]+", (found[1] or found[2]).casefold()))
        if words & set(NAMED) and found[0] not in known and not _is_label(found[1] or found[2], words, known):
            return found[0]
    others = (*FIELDS.finditer(text), *FILLERS.finditer(text))
    return next((found[0] for found in others if found[0] not in known), "")


def _is_label(inner: str, words: set[str], known: str) -> bool:
    """Whether words in brackets are the label of a button, a link or a field: what is known has them in marks, or has these
    very letters, and they say more than what somebody is to fill in, such as "[Adresse ändern]".
    """
    label = re.escape(_spelled(inner))
    if re.search(rf"[{MARKS}]{label}\\?[{MARKS}]", known):
        return True
    return bool(words - set(NAMED) and not words & OF_WHOM and re.search(rf"(?<!\w){label}(?!\w)", known))


def _spelled(text: str) -> str:
    """A text with its accents and spaces in one form."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
