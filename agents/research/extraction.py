"""Findings without a model: the sentences of the sources that answer best, each with its citation."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.research.report import plain_text
from switchboard.search.words import terms

MOST_FINDINGS = 12
MOST_PER_SECTION = 2
SHORTEST, LONGEST = 30, 400  # characters of a sentence that says something and can be read
# A sentence that leans on the one before it says little when it stands alone.
LEANING = re.compile(
    r"(?:It|This|These|They|That|Those|Others?|Such|Then|But|Here|Both|Only)\b"
    r"|(?:In that case|If they|If it|The rest|The gain)\b"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence that may become a finding: its stems, those of its headings, and how well its passage fits."""

    text: str
    citation: str
    title: str
    heading: str
    own: frozenset[str]
    above: frozenset[str]
    share: float

    @property
    def finding(self) -> dict[str, str]:
        return {"text": self.text, "citation": self.citation, "title": self.title}


def best_findings(
    question: str, parts: Mapping[str, Iterable[Mapping[str, Any]]], shared: Iterable[str]
) -> list[dict[str, str]]:
    """At most MOST_FINDINGS findings, taken from the parts of the question in turn, so that each side is heard.

    `parts` maps what was searched for to the passages on it (citation, title, heading, text, score); `shared` are the
    headings that the documents on several parts have in common: what stands there can be compared.
    """
    wanted, common = stems(question), set(shared)
    waiting = []
    for part, passages in parts.items():
        sentences = [s for passage in passages for s in sentences_of(passage)]
        waiting.append(ranked(list(dict.fromkeys(sentences)), wanted, stems(part), common))
    chosen: list[Sentence] = []
    while any(waiting) and len(chosen) < MOST_FINDINGS:
        for n, sentences in enumerate(waiting):
            fresh = [s for s in sentences if adds_to(chosen, s)]
            chosen += fresh[:1]
            waiting[n] = fresh[1:]
    return [sentence.finding for sentence in chosen[:MOST_FINDINGS]]


def adds_to(chosen: Sequence[Sentence], sentence: Sentence) -> bool:
    """True unless it is said already, or its section has its share."""
    same_section = sum(s.citation == sentence.citation for s in chosen)
    repeated = any(len(s.own & sentence.own) > 0.6 * min(len(s.own), len(sentence.own)) for s in chosen)
    return same_section < MOST_PER_SECTION and not repeated


def ranked(sentences: Sequence[Sentence], wanted: frozenset[str], part: frozenset[str], common: set[str]) -> list[Sentence]:
    """Best first: rare words of the question weigh most, words of a heading half; numbers are facts."""
    holding = {stem: sum(stem in s.own for s in sentences) for stem in sorted(wanted | part)}
    weight = {stem: math.log(1 + len(sentences) / (n + 0.5)) for stem, n in holding.items()}

    def worth(s: Sentence) -> float:
        held = sum(w if stem in s.own else w / 2 for stem, w in weight.items() if stem in s.own or stem in s.above)
        facts = 1.3 if re.search(r"\d", s.text) else 1.0
        alone = 0.5 if LEANING.match(s.text) else 1.0
        comparable = 1.4 if s.heading in common else 1.0
        return held * facts * alone * comparable * (0.5 + s.share)

    return sorted((s for s in sentences if (s.own | s.above) & part), key=lambda s: (-worth(s), s.citation, s.text))


def sentences_of(passage: Mapping[str, Any]) -> list[Sentence]:
    """The whole sentences of a passage without Markdown; headings and table rows are left out."""
    lines = (line for line in str(passage["text"]).splitlines() if not line.lstrip().startswith(("|", "#")))
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.) )", "\n".join(lines))
    texts = [plain_text(t) for block in blocks for t in re.split(r"(?<=[.!?])\s+(?=\W?[A-Z0-9])", block)]
    title, heading = str(passage["title"]), str(passage["heading"])
    above = stems(f"{title} {heading}")
    return [
        Sentence(text, str(passage["citation"]), title, heading, stems(text), above, float(passage["score"]))
        for text in texts
        if SHORTEST <= len(text) <= LONGEST and text.endswith((".", "!"))
    ]


def stems(text: str) -> frozenset[str]:
    """The telling words of a text without their commonest endings, so that "boilers" meets "boiler"."""
    return frozenset(re.sub(r"(?<=\w{3})(?:ings?|ed|es|s|e)$", "", word) for word in terms(text))
