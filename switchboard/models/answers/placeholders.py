"""Text that a model left for somebody else to fill in, such as "[Your Name]": no answer to send, and nothing to write down."""

import re

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
MOST = 20_000


def placeholder_in(text: str, known: str = "") -> str:
    """The first text of a model that is to be filled in and that does not stand in what is `known`; "" where there is none."""
    text = text[:MOST]
    for found in BRACKETS.finditer(text):
        words = set(re.split(r"[\s'’/_-]+", (found[1] or found[2]).casefold()))
        if words & set(NAMED) and found[0] not in known:
            return found[0]
    others = (*FIELDS.finditer(text), *FILLERS.finditer(text))
    return next((found[0] for found in others if found[0] not in known), "")
