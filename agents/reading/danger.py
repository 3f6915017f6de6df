"""Danger to somebody, in seven languages: it is looked for in every message before anything else, and goes to a person.

Closed lists (`danger.txt`), and no classifier: what stands there is meant, whatever else the message is about. A word that is
a danger only beside a device, a body or a threat stands there with it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from agents.reading.features import HERE, lines

Kind = Literal["self_harm", "threat", "device", "health"]
"""The gravest first."""
LOOKED_AT = 20_000
"""Characters of a message that are looked at."""
SAID: dict[str, dict[Kind, str]] = {
    "": {
        "self_harm": (
            "I am worried by what you write, and a person reads it now. If you are in danger, please call the "
            "emergency number where you are (911, 112 or 999), or a crisis line: 988 in the USA and Canada, 116 "
            "123 in much of Europe."
        ),
        "threat": ("A person reads what you wrote now."),
        "device": (
            "Please stop using the device now. If it is safe to do so, unplug it, and keep it away from anything "
            "that burns. If there is fire or smoke, leave the room and call the fire brigade."
        ),
        "health": (
            "I am very sorry. Please see to yourself first: if anybody is hurt or unwell, get medical help now "
            "(911, 112 or 999). Stop using the product, and keep it and its packing as they are."
        ),
    },
    "de": {
        "self_harm": (
            "Was Sie schreiben, macht mir Sorgen, und ein Mensch liest es jetzt. Wenn Sie in Gefahr sind, rufen "
            "Sie bitte den Notruf 112 oder die Telefonseelsorge, 0800 111 0 111."
        ),
        "threat": ("Ein Mensch liest jetzt, was Sie geschrieben haben."),
        "device": (
            "Bitte benutzen Sie das Gerät nicht weiter. Wenn es gefahrlos geht, ziehen Sie den Stecker, und "
            "halten Sie es von allem fern, was brennt. Bei Feuer oder Rauch verlassen Sie den Raum und rufen Sie "
            "die Feuerwehr (112)."
        ),
        "health": (
            "Das tut mir sehr leid. Bitte achten Sie zuerst auf sich: Ist jemand verletzt oder unwohl, holen Sie "
            "jetzt ärztliche Hilfe (112). Benutzen Sie das Produkt nicht weiter, und bewahren Sie es mit der "
            "Verpackung auf."
        ),
    },
    "fr": {
        "self_harm": (
            "Ce que vous écrivez m'inquiète, et une personne le lit maintenant. Si vous êtes en danger, appelez "
            "le 112 ou, en France, le 3114."
        ),
        "threat": ("Une personne lit maintenant ce que vous avez écrit."),
        "device": (
            "N'utilisez plus l'appareil. Si vous le pouvez sans danger, débranchez-le et éloignez-le de tout ce "
            "qui brûle. En cas de feu ou de fumée, quittez la pièce et appelez les pompiers (112)."
        ),
        "health": (
            "Je suis vraiment désolé. Occupez-vous d'abord de vous : si quelqu'un est blessé ou se sent mal, "
            "appelez les secours (112). N'utilisez plus le produit, et gardez-le avec son emballage."
        ),
    },
    "es": {
        "self_harm": (
            "Me preocupa lo que escribe, y una persona lo lee ahora. Si está en peligro, llame al 112 o, en España, al 024."
        ),
        "threat": ("Una persona lee ahora lo que ha escrito."),
        "device": (
            "No use más el aparato. Si puede hacerlo sin peligro, desenchúfelo y aléjelo de todo lo que arda. Si "
            "hay fuego o humo, salga de la habitación y llame a los bomberos (112)."
        ),
        "health": (
            "Lo siento mucho. Cuídese primero: si alguien está herido o se siente mal, pida ayuda médica ahora "
            "(112). No use más el producto y guárdelo con su embalaje."
        ),
    },
}
"""What is said first, in the language of the message; in English where it is not known."""
FOR_OPERATORS: dict[Kind, str] = {
    "self_harm": "URGENT: the customer writes of harming themselves.",
    "threat": "URGENT: the customer threatens somebody.",
    "device": "URGENT: a device may be dangerous.",
    "health": "URGENT: somebody may be hurt.",
}


@dataclass(frozen=True)
class Danger:
    """What a person must see at once, the words that tell it, and their language; "" for English."""

    kind: Kind
    words: str
    language: str = ""

    @property
    def said(self) -> str:
        """What is said first, in the language of those words; in English where we have no words in it."""
        return SAID.get(self.language, SAID[""])[self.kind]

    @property
    def for_operators(self) -> str:
        return f"{FOR_OPERATORS[self.kind]} “{self.words}”."


@cache
def _forms() -> dict[tuple[str, str], re.Pattern[str]]:
    """The forms of each kind in each language; those of no danger under "harmless"."""
    forms, section = defaultdict[tuple[str, str], list[str]](list), ("", "")
    for line in lines(HERE / "danger.txt"):
        if line.startswith("= "):
            kind, _, language = line.removeprefix("= ").partition(" ")
            section = (kind, language)
        elif not line.startswith("#"):
            forms[section].append(line)
    return {name: re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)", re.IGNORECASE) for name, some in forms.items()}


@lru_cache(256)
def danger_in(text: str) -> Danger | None:
    """The gravest danger that a text speaks of; None where it speaks of none."""
    text = _forms()["harmless", ""].sub(" ", text[:LOOKED_AT].replace("’", "'"))
    for kind in get_args(Kind):
        for (of, language), form in _forms().items():
            if of == kind and (found := form.search(text)):
                return Danger(kind, found[0], language)
    return None
