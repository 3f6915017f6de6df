"""Whether an answer holds what the customer's question asks for: who asks how much is told a number, or that there is none."""

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import COUNTS
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import plain, sentences, words

ONCE = frozenset(("one", "once"))


def leaves_out(evidence: Evidence, text: str, tongue: Tongue) -> str | None:
    """What an answer has not that was asked for last, in words for who wrote it; None where it lacks nothing of that kind."""
    asked = [one for one in sentences(plain(evidence.said_last)) if "?" in one or one.startswith("how ")]
    number = any(asks_how_much(one, tongue) for one in asked)
    return "no number, and the customer asks for one" if number and not _tells_how_much(text, tongue) else None


def asks_how_much(sentence: str, tongue: Tongue) -> bool:
    said = f" {' '.join(words(sentence))} "
    return any(f" {one} " in said for one in tongue.how_much)


def _tells_how_much(text: str, tongue: Tongue) -> bool:
    said = frozenset(words(text))
    free = frozenset().union(*tongue.absolutes[:1])
    return any(c.isdigit() for c in text) or bool(said & (COUNTS.keys() | free | tongue.denials | tongue.days | ONCE))
