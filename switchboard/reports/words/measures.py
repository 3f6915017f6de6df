"""What "how long" and "how loud" ask for: a sentence answers them that tells the measure, with that word or without it."""

import re
from dataclasses import dataclass

from switchboard.reports.words.stems import stems

NUMBER = (
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|half an?|several|"
    r"eine?[nmr]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|zwanzig|"
    r"une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|una?|dos|tres|cuatro|cinco|seis|siete|ocho|diez)\b)"
)
TIME = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|sekunden?|minuten?|stunden?|tagen?|tage|wochen?|monaten?|"
    r"monate?|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|"
    r"años?)\b"
)
TIMES = rf"{NUMBER}[\d.,]{{0,12}}(?: (?:to|or|bis|oder|à|ou|a|o) \w{{1,12}})?(?: (?:full|whole|ganze))?[ -]{TIME}"


@dataclass(frozen=True)
class Measure:
    """`told`: how a sentence tells it. `words`: by which it is looked for, too. `adjectives`: stems of the question, those that
    ask for it; `leaning`: those that say nothing alone, as in "how long does it last".
    """

    asked: re.Pattern[str]
    told: re.Pattern[str]
    words: str
    adjectives: frozenset[str]
    leaning: frozenset[str] = frozenset()

    def held(self, text: str) -> frozenset[str]:
        """The stems of a text, with those of the measure where it tells it, and without them where it does not."""
        return stems(text) | self.adjectives if self.told.search(text) else stems(text) - self.adjectives - self.leaning


def measure(asked: str, told: str, words: str, adjectives: str, leaning: str = "") -> Measure:
    form, tells = (re.compile(rf"\b(?:{one})", re.IGNORECASE) for one in (asked, told))
    return Measure(form, tells, words, stems(adjectives), stems(leaning))


MEASURES = (
    measure(
        r"how long\b|wie lange\b|combien de temps\b|cuánto (?:tiempo|dura)",
        rf"{TIMES}|(?:lifetime|lifespan|life|duration|warrant(?:y|ies|ed))\b",
        "lifetime years",
        "long lange temps tiempo",
        "last lasts live hält halten dure durent dura duran",
    ),
    measure(r"how (?:loud|noisy)\b", r"loud\w*|nois\w+|quiet\w*|decibels?\b|dB\b", "noise decibels", "loud noisy"),
    measure(
        r"how heavy\b",
        r"heav\w+|weigh\w*|\d[\d.,]{0,12} ?(?:kg|g|lbs?|tons?|tonnes?|kilos?|pounds)\b",
        "weight weighs",
        "heavy",
    ),
    measure(r"how expensive\b", r"expensive\w*|costs?\b|pric\w+|\d[\d.,]{0,12} ?[$€£]", "cost price", "expensive"),
    measure(r"how (?:fast|quick)\b", r"fast\w*|quick\w*|speed\w*|slow\w*", "speed", "fast quick"),
    measure(r"how (?:hot|warm|cold)\b", r"hot\w*|warm\w*|cold\w*|temperatures?\b|\d{1,6} ?°", "temperature", "hot warm cold"),
)


def measure_of(question: str) -> Measure | None:
    return next((one for one in MEASURES if one.asked.search(question)), None)
