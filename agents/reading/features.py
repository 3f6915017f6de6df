"""What the classifier sees of a text: words, pairs of words, letters, and the concepts that words stand for."""

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from agents.reading.words import written_out
from switchboard.events.masking import EMAIL

HERE = Path(__file__).parent
LIMIT = 2_000  # characters that are read; a matter that is not named by then is not named
CONCEPT_WEIGHT = 2.0  # of a concept against a word

_SPELLINGS = [(re.compile(a), b) for a, b in (
    (EMAIL, " "),
    # An order's number says "order" whether or not the customer does.
    (r"(?:\border (?:number |no\.? |id )?)?(?:#w?|\bw)\d{4,}\b", " order num "),
    (r"#?\b[a-z]*-?\d[\w-]*", " num "),
    (r"\bwi-fi\b", "wifi"),
)]  # fmt: skip
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y", "al")
_DOES_NOT = re.compile(
    r"\b(not|never|stopped|quit|no longer|unable to|fails to|trouble|refuses to)\b( \w+){0,3} "
    r"(work|open|load|start|connect|respond|turn on|function|play|install|recogni[sz]e|download|print|charg|pair|"
    r"launch|read|accept|show|updat|run)(e|s|ed|ing)?\b"
)


def words(text: str) -> list[str]:
    """Lower-case words of the first `LIMIT` characters: contractions opened, numbers as `num`, no e-mails."""
    text = written_out(text[:LIMIT].lower())
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    return re.findall(r"[^\W\d_]+", text)


@cache
def stem(word: str) -> str:
    """The word without the first English ending that leaves at least three letters."""
    return next((word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), word)


def lines(file: Path) -> list[str]:
    """The lines of a file that hold something."""
    return [line for line in file.read_text("utf-8").splitlines() if line.strip()]


def word_groups(file_name: str) -> dict[str, list[str]]:
    """Group -> its words, from lines of `group: word word ...`; a group may go over several lines."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in lines(HERE / file_name):
        group, _, members = line.partition(":")
        groups[group] += members.split()
    return dict(groups)


@cache
def concepts() -> dict[str, list[str]]:
    """Word stem -> the concepts it stands for, from `concepts.txt`."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept, members in word_groups("concepts.txt").items():
        for key in dict.fromkeys(stem(word) for word in members):
            found[key].append(concept)
    return dict(found)


def features(text: str, known: frozenset[str]) -> dict[str, float]:
    """Feature -> how strongly it is seen: words, pairs, letters (against typing errors), concepts, what is unknown."""
    plain = words(text)
    stems = [stem(word) for word in plain]
    seen: dict[str, float] = {s: float(n) for s, n in Counter(stems).items()}
    for a, b in zip(["^", *stems], [*stems, "$"], strict=True):
        seen[f"{a} {b}"] = 1.0
    for a, b in zip(stems, stems[2:], strict=False):
        seen[f"{a} _ {b}"] = 1.0
    for word in plain:
        framed = f"<{word[:30]}>"
        for i in range(len(framed) - 3):
            seen["#" + framed[i : i + 4]] = 1.0
    unknown = sum(s not in known for s in stems)
    if unknown:
        seen[f"~unknown {min(unknown, 3)}"] = 1.0
    named = sorted({c for s in stems for c in concepts().get(s, ())})
    for i, a in enumerate(named):
        seen["@" + a] = CONCEPT_WEIGHT
        for b in named[i + 1 :]:
            seen[f"@{a} {b}"] = 1.0
    if not named:
        seen["@none"] = 1.0
    if _DOES_NOT.search(" ".join(plain)):
        seen["@does not"] = 1.0
    return seen
