"""A report made from a draft: each sentence gets the quote that bears it out, or is left out."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Protocol

from pydantic import Field

from switchboard.reading.languages import said
from switchboard.reports.comparing import figures_of
from switchboard.reports.differing import disagreements
from switchboard.reports.report import Computed, Part, Reference, Report, Searched, Section, Skipped, Statement, Text, checked
from switchboard.reports.sentences import Quote, sentences_in
from switchboard.reports.tables import told_row
from switchboard.reports.words.stems import stems
from switchboard.search.copies import NAME, is_denial
from switchboard.search.extractors.document import Place
from switchboard.search.index import Coverage
from switchboard.search.passages import Passage

MOST_QUOTE = 600
MOST_SKIPPED = 50
"""Files that were not read and are named."""
TOLD = 0.5
"""The least share of a sentence's telling words that stand in the passage that it cites."""
END = re.compile(r"(?<=[.!?:;|])\s|\s[-*•]\s")
"""Of a sentence, of an item of a list, or of a cell."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
IN_MARKDOWN = re.compile(
    r"(?<!`)`(?=[^`])([^`\n]{1,300})`(?!`)|!?\[([^\[\]]{0,300})\]\([^()\s]{0,300}\)|\*\*(?=[^\s*])([^*\n]{1,300})(?<!\s)\*\*"
    r"|(?<![\w*./])\*(?=[\w\"“'(])([^*\n]{1,300})(?<![\s*])\*(?![\w*./])"
)
"""What Markdown shows as other than its signs: code, links, and what stands out."""
MARKUP = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,300}\)|[*`]+")


class Sources(Protocol):
    """What a report is made from: an index of documents, or more than that."""

    @property
    def coverage(self) -> Coverage: ...

    def resolve(self, citation: str) -> Passage | None: ...

    def locate(self, citation: str, quote: str) -> Place | None: ...


class Finding(Part):
    """A sentence and the citations of where it is from, such as "manual.pdf#p3"."""

    text: str = Text
    citations: tuple[str, ...] = Field(max_length=8)


class Chapter(Part):
    heading: str = Field(max_length=300)
    findings: tuple[Finding, ...] = Field(max_length=40)


class Draft(Part):
    """What is to be reported, before its sources were looked at."""

    question: str = Text
    language: str = Field(default="en", max_length=8)
    answer: tuple[Finding, ...] = Field(default=(), max_length=8)
    chapters: tuple[Chapter, ...] = Field(default=(), max_length=12)
    searched: tuple[Searched, ...] = Field(default=(), max_length=40)
    not_found: tuple[str, ...] = Field(default=(), max_length=40)
    skipped: tuple[Skipped, ...] = Field(default=(), max_length=40)
    computed: tuple[Computed, ...] = Field(default=(), max_length=8)
    not_computed: str = Field(default="", max_length=600)
    by_extraction: bool = False


class Made(Part):
    """The report, `found` where it has an answer; `left_out` are the sentences that no source bears out."""

    found: bool
    report: Report
    left_out: tuple[str, ...] = ()


def made(draft: Draft, index: Sources) -> Made:
    """The report on a draft, checked against the index: what a sentence tells stands in the passages that it cites, each number
    and name of it, and most of its words; its references quote these. What was searched, and what could not be read, is told.
    """
    references: dict[tuple[str, str], Reference] = {}
    left_out: list[str] = []

    def borne_out(findings: Iterable[Finding]) -> tuple[Statement, ...]:
        kept: dict[str, Statement] = {}
        for one in findings:
            quotes = _quotes(one, index)
            if quotes:
                numbers = tuple(dict.fromkeys(_numbered(references, passage, quote, index) for passage, quote in quotes))
                kept.setdefault(one.text, Statement(text=one.text, references=numbers))
            else:
                left_out.append(one.text)
        return tuple(kept.values())

    answer = borne_out(draft.answer)
    sections = [Section(heading=one.heading, statements=borne_out(one.findings)) for one in draft.chapters]
    kept = tuple(section for section in sections if section.statements)
    if not answer and kept:  # the answer was not borne out: the first that is stands in its place
        answer = kept[0].statements[:1]
    report = Report(
        question=draft.question,
        language=draft.language,
        answer=answer,
        sections=kept,
        figures=figures_of(draft.question, tuple(references.values()), source_in(index), draft.language),
        computed=draft.computed,
        not_computed=draft.not_computed,
        references=tuple(references.values()),
        searched=draft.searched,
        not_found=draft.not_found,
        skipped=(*not_read(index.coverage, draft.language), *draft.skipped),
        documents=index.coverage.documents,
        by_extraction=draft.by_extraction,
        disagreements=disagreements(draft.question, tuple(references.values()), index.resolve),
    )
    report, unquoted = checked(report, source_in(index))
    return Made(found=report.found, report=report, left_out=tuple(dict.fromkeys([*left_out, *unquoted])))


def not_read(coverage: Coverage, language: str) -> Iterator[Skipped]:
    """What of a folder was not read, and why: so many files by name, of more how many, and what holds for the folder."""
    found = [*coverage.skipped.items(), *coverage.partly.items()]
    for name, why in found[:MOST_SKIPPED]:
        yield Skipped(name=name[:600], why=why[:600])
    if len(found) > MOST_SKIPPED:
        more = said("report.more_files", language, number=f"{len(found) - MOST_SKIPPED}")
        yield Skipped(name=more, why=said("report.like_these", language))
    if coverage.note:
        yield Skipped(name=said("report.folder", language), why=coverage.note[:600])


def source_in(index: Sources) -> Callable[[str], str | None]:
    """What `checked` asks: the text that a citation leads to."""

    def source_of(citation: str) -> str | None:
        passage = index.resolve(citation)
        return passage.text if passage else None

    return source_of


def without_markup(text: str) -> str:
    """A sentence without any sign that may be one of Markdown, on one line, to be compared with another."""
    return " ".join(MARKUP.sub(r"\1", text).split())


def told_of(quote: Quote, passage: Passage | None) -> str:
    """A quote as a sentence of a report."""
    return as_read(told_row(quote.text, passage.text if passage else ""), quote.citation.partition("#")[0])


def as_read(text: str, source: str) -> str:
    """A sentence of a source as its readers see it: word for word, of Markdown without the signs that nobody reads."""
    if PurePath(source).suffix.lower() not in (".md", ".markdown"):
        return text
    return IN_MARKDOWN.sub(lambda found: next((group for group in found.groups() if group is not None), ""), text)


def _quotes(finding: Finding, index: Sources) -> list[tuple[Passage, str]]:
    """For each passage that a finding cites the sentence in it that says the most of it; [] where they do not bear it out."""
    cited = [passage for citation in finding.citations if (passage := index.resolve(citation))]
    quotes = [(passage, quote) for passage in cited if (quote := _closest(finding.text, passage.text))]
    whole = " ".join(f"{passage.title} {passage.heading} {passage.text}" for passage, _ in quotes)
    return quotes if quotes and is_carried(finding.text, whole) else []


def is_carried(text: str, source: str) -> bool:
    """Whether each number and name of a sentence stands in a source, and most of its telling words do."""
    numbers, names, held = set(NUMBER.findall(source)), source.lower(), stems(source)
    told = stems(text)
    if any(number not in numbers for number in NUMBER.findall(text)) or not told:
        return False
    if any(not re.search(rf"(?<!\w){re.escape(name.lower())}", names) for name in NAME.findall(text)):
        return False
    return len(told & held) >= TOLD * len(told)


def _closest(text: str, source: str) -> str:
    """The sentence of a source, word for word, that a text says again; "" where none does, or it says the opposite."""
    wanted, plain = stems(text), without_markup(text)
    sentences = [sentence for sentence, _ in sentences_in(source)] or [" ".join(source.split())[:MOST_QUOTE]]
    exact = next((one for one in sentences if plain in (without_markup(one), told_row(one, source))), "")
    whole, said = " ".join(source.split()), " ".join(text.split())
    exact = exact or next((one for one in (said, plain) if _stands_in(one, whole)), "")  # several sentences
    best = exact or max(sentences, key=lambda one: (len(wanted & stems(one)), is_denial(one) == is_denial(text)))
    return best[:MOST_QUOTE] if exact or (wanted & stems(best) and is_denial(best) == is_denial(text)) else ""


def _stands_in(text: str, whole: str) -> bool:
    """Whether a text stands in a source, and is no part of a sentence whose rest denies it."""
    begun = whole.find(text) if text else -1
    if begun < 0:
        return False
    before = END.split(whole[max(begun - MOST_QUOTE, 0) : begun])[-1]
    rest = END.split(f"{text[-1]}{whole[begun + len(text) :][:MOST_QUOTE]}")[0]
    return is_denial(text) or not is_denial(f"{before} … {rest}")


def _numbered(references: dict[tuple[str, str], Reference], passage: Passage, quote: str, index: Sources) -> int:
    """The number of a reference, which is made where it is new."""
    key = passage.citation, quote
    if key not in references:
        place = index.locate(passage.citation, quote) or passage.place
        references[key] = Reference(
            number=len(references) + 1,
            citation=passage.citation[:600],
            title=passage.title[:300],
            place=place.words[:100],
            quote=quote,
            url=passage.url,
            fetched=passage.fetched,
        )
    return references[key].number
