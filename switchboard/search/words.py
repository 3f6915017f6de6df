"""The words of a text that say what it is about."""

import re

MOST_TERMS = 32  # a longer query is cut: further words add time and no sense
SAYING_NOTHING = """
    a about above across after again against ago all almost already also am an and another any anyone anything are
    aren around as ask asked at away be because been before being below best better between both but by came can
    cannot compare compared comparison could couldn describe did didn do does doesn doing don done down during each
    either else even ever every everything explain few find for from further gave get gets getting give given go
    goes going gone good got had hadn has hasn have haven having he hello help her here hers hi him his how i if im
    in into is isn it its itself ive just keep know let like ll look looking made make many may me mean means might
    mine more most much must my myself need needs never no nor not now of off ok okay on once one only or other our
    ours out over own please possible put re really said same say says see she should shouldn since so some someone
    something still such sure take tell than thank thanks that the their them then there these they thing things
    this those through to too try trying under until up upon us use used using ve versus very via vs want wanted
    wants was wasn way we well were weren what when where whether which while who whom whose why will with within
    without won would wouldn yes yet you your yours
"""
STOP_WORDS = frozenset(SAYING_NOTHING.split())


def terms(text: str, most: int = MOST_TERMS) -> list[str]:
    """The words of a text that say what it is about: lower case, without stop words, each once, at most so many."""
    words = [*re.findall(r"[^\W_]+", text.lower()), *joined(text)]
    telling = (w for w in words if w not in STOP_WORDS and (len(w) > 1 or w.isdigit() or ord(w) > 0x2E80))
    return list(dict.fromkeys(telling))[:most]


def joined(text: str) -> list[str]:
    """Hyphenated words written as one, so that "wifi" and "Wi-Fi" find each other."""
    return [a + b for a, b in re.findall(r"\b([^\W_]{1,4})-([^\W_]+)", text.lower())]
