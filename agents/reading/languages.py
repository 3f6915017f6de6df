"""Other languages than the desk's: which one a message is in, and whether it is about an order."""

import re
from dataclasses import dataclass
from functools import cache

LOOKED_AT = 2000
"""Characters of a message that are looked at."""


@dataclass(frozen=True)
class Language:
    """`small`: words that every other sentence holds; `order`: the beginnings of words about orders and money."""

    small: frozenset[str]
    order: re.Pattern[str]
    sentence: str


def language(small: str, order: str, sentence: str) -> Language:
    return Language(frozenset(small.split()), re.compile(order, re.IGNORECASE), sentence)


@cache
def languages() -> dict[str, Language]:
    """The languages that are told apart by their small words."""
    return {
        "fr": language(
            "je vous nous est où ma mon mes le la les une des du et pas ne pour avec que qui sur c'est bonjour merci votre",
            r"\b(?:command|colis|rembours|livraison|livr|paiement|factur|retour|annul)",
            "Je ne réponds qu'en anglais, mais un collègue vous aide volontiers.",
        ),
        "de": language(
            "ich sie wir ist wo meine mein meinen der die das und nicht ein eine für mit von auf bitte danke hallo kann habe",
            r"(?:bestell|paket|liefer|erstatt|rückgabe|rücksend|rechnung|stornier|zahlung|geld)",
            "Ich antworte nur auf Englisch, aber eine Kollegin oder ein Kollege hilft Ihnen gern.",
        ),
        "es": language(
            "yo usted mi mis el la los las un una y no por para con que de en está dónde hola gracias quiero tengo cómo",
            r"\b(?:pedid|paquete|reembols|env[ií]|entrega|factura|devol|cancel|pago)",
            "Solo respondo en inglés, pero un compañero le ayudará con gusto.",
        ),
        "it": language(
            "io il lo la gli le un una e non per con che di in è dov'è dove mio mia ciao buongiorno grazie vorrei ho sono",
            r"\b(?:ordin|pacco|rimbors|spedizion|consegn|fattur|reso|annull|pagament)",
            "Rispondo solo in inglese, ma un collega la aiuta volentieri.",
        ),
        "pt": language(
            "eu você meu minha o a os as um uma e não para com que de em está onde olá obrigado obrigada quero tenho",
            r"\b(?:pedid|encomend|pacote|reembols|envi|entrega|fatura|devol|cancel|pagament)",
            "Só respondo em inglês, mas um colega ajuda com todo o gosto.",
        ),
        "nl": language(
            "ik u je wij is waar mijn de het een en niet voor met van naar alstublieft bedankt hallo kan heb wil",
            r"(?:bestel|pakket|terugbetal|levering|factuur|retour|annuleer|betaling)",
            "Ik antwoord alleen in het Engels, maar een collega helpt u graag.",
        ),
    }


MANY_ENGLISH = (
    "i you we it is are was the a an and not for with of to my your have has do does did can what where how this that on in"
)
ENGLISH = frozenset(MANY_ENGLISH.split())
NO_LATIN = re.compile(r"[^\W\d_a-zA-Z\u00aa-\u024f\u1e00-\u1eff]")
LETTER = re.compile(r"[^\W\d_]")
A_PERSON = re.compile(
    r"\b(?:person(?:a|ne)|pessoa|mensch\w*|mitarbeiter\w*|medewerker|mens|humain|humano|umano|agente|operatore)\b", re.I
)
ORDER_ELSEWHERE = re.compile(
    "\u0637\u0644\u0628|\u0634\u062d\u0646|\u0637\u0631\u062f|\u0627\u0633\u062a\u0631\u062f\u0627\u062f|\u0437\u0430\u043a\u0430\u0437|\u043f\u043e\u0441\u044b\u043b\u043a|"
    "\u0432\u043e\u0437\u0432\u0440\u0430\u0442|\u0437\u0430\u043c\u043e\u0432\u043b\u0435\u043d|\u8ba2\u5355|\u8a02\u55ae|\u6ce8\u6587|\u9000\u6b3e|\u8fd4\u91d1|\uc8fc\ubb38|\ud658\ubd88",
    re.IGNORECASE,
)
"""Order, parcel, refund: in Arabic, Russian, Ukrainian, Chinese, Japanese and Korean."""


def language_of(text: str) -> str:
    """The language of a text that is not English, such as "fr"; "other" for another script; empty for English or no words."""
    text = text[:LOOKED_AT].lower().replace("’", "'")
    letters, foreign = len(LETTER.findall(text)), len(NO_LATIN.findall(text))
    if foreign > 2 and foreign * 2 > letters:
        return "other"
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)
    english = sum(word in ENGLISH for word in words)
    counts = {name: sum(word in one.small for word in words) for name, one in languages().items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 2 and counts[best] > 2 * english else ""


def needs_person(text: str, spoken: str) -> bool:
    """Whether a text in that language speaks of an order, a parcel or money, or of a person who should help."""
    text = text[:LOOKED_AT]
    if A_PERSON.search(text):
        return True
    return bool(languages()[spoken].order.search(text) if spoken in languages() else ORDER_ELSEWHERE.search(text))


def kind_word(spoken: str) -> str:
    """A sentence in that language that says that a person helps; empty where we have none."""
    return languages()[spoken].sentence if spoken in languages() else ""
