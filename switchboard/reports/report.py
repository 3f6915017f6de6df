"""A report as a value: the answer first, statements that lead to references, and what was searched and not found.

It is made once from what was found, checked against its sources, and written as Markdown, as one HTML file, or as JSON.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Text = Field(max_length=4_000)
MOST_LABEL = 120
MOST_SOURCES = 8
"""Of what was computed."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(Part):
    """Where a statement is from: the `quote` stands word for word in the source, at the `place` ("page 3", "line 10")."""

    number: int = Field(ge=1)
    citation: str = Field(max_length=600)
    """What the sources resolve to the whole section, such as "manual.pdf#p3"."""
    title: str = Field(max_length=300)
    place: str = Field(default="", max_length=100)
    quote: str = Text
    url: str = Field(default="", max_length=2_000)
    fetched: str = Field(default="", max_length=10)
    """Of a page of the web, where it was and on which day; the quote is of what it said then."""


class Statement(Part):
    """A sentence with the numbers of its references. One that is not `supported` is told as such."""

    text: str = Text
    references: tuple[int, ...] = ()
    supported: bool = True


class Section(Part):
    heading: str = Field(max_length=300)
    statements: tuple[Statement, ...]


class Bar(Part):
    """A number as it is `written` in the quote of its reference."""

    label: str = Field(max_length=MOST_LABEL)
    value: float = Field(allow_inf_nan=False)
    written: str = Field(default="", max_length=60)
    reference: int


class Figure(Part):
    """Numbers of one unit beside each other; `note` says what of its table a figure leaves out."""

    title: str = Field(max_length=300)
    unit: str = Field(default="", max_length=40)
    bars: tuple[Bar, ...] = Field(min_length=2, max_length=30)
    note: str = Field(default="", max_length=200)

    def told(self, bar: Bar) -> str:
        """The number with its unit, as the source writes it."""
        written = bar.written or f"{bar.value:g}"
        return written if not self.unit or self.unit in written else f"{written} {self.unit}"


class Computed(Part):
    """What a program printed that was made from the numbers of these sources, and the files that it left; `answer` is what of
    it was asked for.
    """

    text: str = Text
    answer: str = Field(default="", max_length=600)
    sources: tuple[str, ...] = Field(default=(), max_length=MOST_SOURCES)
    files: tuple[str, ...] = Field(default=(), max_length=40)


class Searched(Part):
    """What was searched for, and how many passages were on it; `where` else than in the documents, how many results."""

    query: str = Field(max_length=600)
    passages: int = Field(ge=0)
    where: str = Field(default="", max_length=60)


class Skipped(Part):
    """A file or a page that was not read, and why."""

    name: str = Field(max_length=600)
    why: str = Field(max_length=600)


class Report(Part):
    """`answer` is what a busy person reads; without it nothing was found. `by_extraction`: no model wrote any of it. Its own
    headings and sentences are in its `language`, quotes in that of their source.
    """

    question: str = Text
    language: str = Field(default="en", max_length=8)
    answer: tuple[Statement, ...] = ()
    disagreements: tuple[tuple[Statement, ...], ...] = ()
    """What sources say against each other: sentences alike but for a number, a negation or a name."""
    sections: tuple[Section, ...] = ()
    computed: tuple[Computed, ...] = ()
    not_computed: str = Field(default="", max_length=600)
    """Why what was to be computed was not."""
    figures: tuple[Figure, ...] = ()
    references: tuple[Reference, ...] = ()
    searched: tuple[Searched, ...] = ()
    not_found: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    documents: int = Field(default=0, ge=0)
    """How many were searched."""
    by_extraction: bool = False

    @property
    def found(self) -> bool:
        return bool(self.answer or self.computed)

    @property
    def answers_in_rows(self) -> bool:
        """Whether the answer is several things that are no sentences, such as rows of a table."""
        return len(self.answer) > 1 and any(not re.search(r"[.!?:…]\W{0,9}\Z", one.text[-10:]) for one in self.answer)

    @property
    def statements(self) -> list[Statement]:
        return [*self.answer, *(statement for section in self.sections for statement in section.statements)]


class Checked(NamedTuple):
    """A report whose every reference leads to its quote, and the sentences that were left out of it."""

    report: Report
    left_out: list[str]


def checked(report: Report, source_of: Callable[[str], str | None]) -> Checked:
    """The report without what its sources do not bear out. `source_of` gives the text that a citation leads to, or None.

    A reference stays where its quote stands in its source, words and order alike; a statement with none left is left out, and
    so is a figure without its reference. The references are numbered anew.
    """
    kept = [one for one in report.references if _is_quoted(one.quote, source_of(one.citation))]
    numbers = {one.number: number for number, one in enumerate(kept, start=1)}
    left_out: list[str] = []

    def borne_out(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        found = []
        for one in statements:
            references = tuple(numbers[number] for number in one.references if number in numbers)
            if references or not one.supported:
                found.append(one.model_copy(update={"references": references}))
            else:
                left_out.append(one.text)
        return tuple(found)

    sections = [section.model_copy(update={"statements": borne_out(section.statements)}) for section in report.sections]
    answer = borne_out(report.answer)
    changed = {
        "answer": answer,
        "disagreements": tuple(both for one in report.disagreements if len(both := borne_out(one)) > 1),
        "sections": tuple(section for section in sections if section.statements),
        "figures": tuple(figure for one in report.figures if (figure := _renumbered(one, numbers))),
        "references": tuple(one.model_copy(update={"number": numbers[one.number]}) for one in kept),
    }
    return Checked(report.model_copy(update=changed), left_out)


def _renumbered(figure: Figure, numbers: Mapping[int, int]) -> Figure | None:
    """A figure with the new numbers; None where a bar has none, since the others alone would tell something else."""
    if any(bar.reference not in numbers for bar in figure.bars):
        return None
    bars = tuple(bar.model_copy(update={"reference": numbers[bar.reference]}) for bar in figure.bars)
    return figure.model_copy(update={"bars": bars})


def _is_quoted(quote: str, source: str | None) -> bool:
    plain = " ".join(quote.split())
    return bool(plain) and source is not None and plain in " ".join(source.split())
