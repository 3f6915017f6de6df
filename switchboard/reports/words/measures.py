"""What "how long" and "how loud" ask for: a sentence answers them that tells the measure, with that word or without it."""

import re
from dataclasses import dataclass

from switchboard.reports.words.stems import stems
from switchboard.reports.words.units import CURRENCIES

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
    ask for it; `leaning`: those that say nothing alone, as in "how long does it last". `is_needed`: where a sentence that
    does not tell it is no answer: what is said of time, speed and heat has too many forms for that.
    """

    asked: re.Pattern[str]
    told: re.Pattern[str]
    words: str
    adjectives: frozenset[str]
    leaning: frozenset[str] = frozenset()
    is_needed: bool = False

    def held(self, text: str) -> frozenset[str]:
        """The stems of a text, with those of the measure where it tells it, and without them where it does not."""
        return stems(text) | self.adjectives if self.told.search(text) else stems(text) - self.adjectives - self.leaning


def measure(asked: str, told: str, words: str, adjectives: str, leaning: str = "", *, is_needed: bool = False) -> Measure:
    form, tells = (re.compile(rf"(?<!\w)(?:{one})", re.IGNORECASE) for one in (asked, told))
    return Measure(form, tells, words, stems(adjectives), stems(leaning), is_needed)


MEASURES = (
    measure(
        r"how long\b|wie lange\b|combien de temps\b|cuánto (?:tiempo|dura)",
        rf"{TIMES}|(?:lifetime|lifespan|life|duration|warrant(?:y|ies|ed))\b",
        "lifetime years",
        "long lange temps tiempo",
        "last lasts live hält halten dure durent dura duran",
    ),
    measure(
        r"how (?:loud|noisy)\b|wie laut\b|combien de décibels\b|cuánto ruido\b",
        r"loud\w*|nois\w+|quiet\w*|silen\w+|(?:\d{1,6} ?)?dB\b|de[cz]ibel\w*|décibel\w*|laut\w*|leise\w*|lärm\w*|schall\w*|"
        r"\w{0,20}geräusch\w*|bruit\w*|bruyant\w*|ruid\w+",
        "noise decibels",
        "loud noisy laut ruido décibels",
        is_needed=True,
    ),
    measure(
        r"how heavy\b|how much (?:do|does|did) [^?.!]{1,80} weigh\b|what (?:is|are|was|were) the weights?\b|"
        r"wie schwer (?:ist|sind|war|waren) (?!es\b)|(?:was|wie ?viel) wieg(?:t|en)\b|combien pès\w+|quel est le poids\b|"
        r"cuánto pesan?\b|cuál es el peso\b",
        r"heav\w+|weigh\w*|schwer\w*|wieg\w*|\w{0,20}gewicht\w*|lourd\w*|pès\w+|poids|pesa\w*|pesos?\b|"
        r"\d[\d.,]{0,12} ?(?:[km]?g|t|lbs?|oz)\b|kilos?\b|(?:kilo)?gram\w*|pounds\b|pfund|ton(?:s|n\w{1,3})?\b|toneladas?\b",
        "weight weighs",
        "heavy weigh weighs weight schwer wiegt wiegen pèse pèsent poids pesa pesan peso",
        is_needed=True,
    ),
    measure(
        r"how expensive\b|(?:how much|what) (?:do|does|did|will|would) [^?.!]{1,80} cost\b|"
        r"what (?:is|are|was|were) the prices?\b|wie teuer\b|(?:was|wie ?viel) kost(?:et|en)\b|combien coût\w+|"
        r"quel est le prix\b|cuánto (?:cuestan?|valen?)\b|cuál es el precio\b",
        r"expensive\w*|cheap\w*|costs?\b|pric\w+|fees?\b|charge[sd]?\b|pa(?:y|id)\b|free\b|\w{0,20}kost(?:et|en\w*)|"
        r"\w{0,20}preis\w*|\w{0,20}gebühr\w*|teuer|teure\w*|tarif\w*|gratis|gratuit\w*|coût\w*|prix|cuesta\w*|costes?|precio\w*|"
        r"vale\b|[$€£¥] ?\d|\d[\d.,]{0,12} ?[$€£¥]|euros?\b|dollars?\b|pounds?\b|francs?\b|franken\b|crowns?\b|cents?\b|"
        rf"(?:{'|'.join(CURRENCIES.split())})\b",
        "cost price",
        "expensive cost costs price prices teuer kostet kosten coûte coûtent prix cuesta cuestan vale valen precio",
        is_needed=True,
    ),
    measure(r"how (?:fast|quick)\b", r"fast\w*|quick\w*|speed\w*|slow\w*", "speed", "fast quick"),
    measure(r"how (?:hot|warm|cold)\b", r"hot\w*|warm\w*|cold\w*|temperatures?\b|\d{1,6} ?°", "temperature", "hot warm cold"),
)


JOINS = re.compile(r"\b(?:and|or|und|oder|sowie|et|ou|y|o)\b|[,;.?!]\s", re.IGNORECASE)
"""What joins a measure with other questions, whose answers need not tell it."""


def needed(question: str) -> re.Pattern[str] | None:
    """What each sentence that answers a question holds, where nothing but a measure is asked for."""
    asks = measure_of(question)
    return asks.told if asks and asks.is_needed and not JOINS.search(question) else None


def measure_of(question: str) -> Measure | None:
    return next((one for one in MEASURES if one.asked.search(question)), None)
