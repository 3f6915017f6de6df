"""What a request for letters says: whom to look for, how many of them to keep, and what the letter is about."""

import re
from typing import Any, NamedTuple

from tools.ids import COUNTED

NUMBERS = {word: n for n, word in enumerate(COUNTED) if n}
COUNT = rf"(\d{{1,3}}|{'|'.join(NUMBERS)})"
WRITES = re.compile(r"(?:\b(?:and|then|to)|[.!?]) (?:write|mail|e-?mail|send|draft)\b", re.I)
FIND = re.compile(rf"\b(?:find|list|choose|pick|look for)(?: me| us)?(?: up to| the)?(?: best)? {COUNT}\b", re.I)
KEEP = re.compile(rf"\b(?:best|top|first)\s+{COUNT}\b|\b(?:to|the|for)\s+{COUNT}\s+(?:best|most|of them|companies)\b", re.I)
ABOUT = re.compile(r"\babout\s+(.{3,200})", re.I)
PEOPLE = r"\s*(?:employees|people|staff|workers)\b"
SIZES = (
    (re.compile(rf"\b(?:between\s+)?(\d{{1,7}})\s*(?:to|and|-|–)\s*(\d{{1,7}}){PEOPLE}", re.I), 0, 0),
    (re.compile(rf"\b(?:at least|from)\s+(\d{{1,7}})(){PEOPLE}", re.I), 0, None),
    (re.compile(rf"\b(?:more than|over)\s+(\d{{1,7}})(){PEOPLE}", re.I), 1, None),
    (re.compile(rf"\b(?:at most|up to)\s+()(\d{{1,7}}){PEOPLE}", re.I), None, 0),
    (re.compile(rf"\b(?:fewer than|less than|under)\s+()(\d{{1,7}}){PEOPLE}", re.I), None, -1),
)
"""Ranges of people, and what is to be added to their ends."""
SINCE = re.compile(r"\b(?:founded|started|established)?\s*(?:after|since)\s+(\d{4})\b", re.I)
UNTIL = re.compile(r"\b(?:founded|started|established)?\s*before\s+(\d{4})\b", re.I)
FILLING = re.compile(
    r"\b(?:find|list|choose|pick|makers?|manufacturers?|producers?|suppliers?|compan(?:y|ies)|firms?|business(?:es)?|workshops?|"
    r"candidates?|best|top|founded|started|established|employ(?:s|ing)?|who|that|with|based|makes?)\b",
    re.I,
)
LONGEST, MOST_READ = 500, 2_000
"""Characters that are searched for, and those of a message that are read."""
MOST_FOUND, MOST_KEPT, KEPT = 50, 10, 5
"""Candidates that are looked at, letters that one request may lead to, and those where it says no number."""
NO_MORE = re.compile(
    r"\bunsubscribe\b|\bopt(?:ed|ing)? out\b|\b(?:take|remove)\s+(?:me|us|our address)\b|"
    r"\b(?:do not|don't|no longer|never|stop)\s+(?:writ|e-?mail|contact|send)\w{0,6}\s+(?:to\s+)?(?:me|us)\b|"
    r"\bstop\s+(?:writing|e-?mailing|contacting)\b",
    re.I,
)


class Profile(NamedTuple):
    """`search` are the arguments of the search, `keep` is how many companies get a letter, `about` what it is about."""

    search: dict[str, Any]
    keep: int
    about: str


def profile_of(*messages: str) -> Profile:
    """The profile that a request asks for, and what was said of it since."""
    plain = [" ".join(text[:MOST_READ].split()) for text in messages]
    cuts = [cut.start() if (cut := WRITES.search(text)) else len(text) for text in plain]
    whom = " ".join(text[:cut].rstrip(" ,;.") for text, cut in zip(plain, cuts, strict=True))
    letter = " ".join(text[cut:] for text, cut in zip(plain, cuts, strict=True)).strip()
    search: dict[str, Any] = {"most": MOST_FOUND}
    if found := FIND.search(whom):
        search["most"] = max(1, min(MOST_FOUND, _number(found[1])))
        whom = whom[: found.start()] + " " + whom[found.end() :]
    for form, least, most in SIZES:
        if found := form.search(whom):
            search |= {"least_employees": int(found[1]) + least} if least is not None else {}
            search |= {"most_employees": max(0, int(found[2]) + most)} if most is not None else {}
            whom = whom[: found.start()] + " " + whom[found.end() :]
            break
    for form, name, off in ((SINCE, "founded_from", 0), (UNTIL, "founded_until", -1)):
        if found := form.search(whom):
            search[name] = int(found[1]) + off
            whom = whom[: found.start()] + " " + whom[found.end() :]
    kept = KEEP.search(letter) or KEEP.search(whom)
    if kept and not letter:
        whom = whom[: kept.start()] + " " + whom[kept.end() :]
    about = ABOUT.search(letter)
    search["words"] = " ".join(FILLING.sub(" ", whom).split())[:LONGEST]
    keep = _number(kept[1] or kept[2]) if kept else KEPT
    return Profile(search, max(1, min(MOST_KEPT, keep)), about[1].strip(" .!?") if about else "")


def wants_no_more(text: str) -> bool:
    """Whether a message says that its writer wants no letter any more, and does not ask for letters to others."""
    read = " ".join(text[:MOST_READ].split())
    return bool(NO_MORE.search(read)) and not FIND.search(read)


def _number(word: str) -> int:
    return NUMBERS.get(word.lower()) or int(word)
