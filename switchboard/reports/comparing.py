"""What a report can draw: numbers of one unit that its own quotes put beside each other, in the rows of a table or in sentences
that are alike but for what they are about. Where it is not sure that they are of one kind, nothing is drawn.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from switchboard.reading.languages import OURS, said
from switchboard.reports.report import MOST_LABEL, Bar, Figure, Reference
from switchboard.reports.tables import Table, table_around
from switchboard.reports.words.stems import stems
from switchboard.reports.words.units import SCALES, unit_of
from switchboard.search.words import STOP_WORDS

MOST_FIGURES = 3
MOST_APART = 5
"""Words in which two sentences that say the same of two things may differ."""
AMOUNT = r"[-−+]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d{1,12})(?:\.\d{1,9})?"
CELL = re.compile(
    rf"(?P<sign>[€$£¥]?)\s?(?P<amount>{AMOUNT})\s?(?P<unit>[%‰€$£¥]|°?[^\W\d_][^\W\d_²³/.]{{0,14}}[²³]?(?:/[^\W\d_]{{1,10}})?|)"
)
IN_WORDS = re.compile(rf"(?<![\w.,:/#-])[€$£¥]?{AMOUNT}(?![\w:/-]|[.,]\d)[%‰€]?")
TWO_WAYS = re.compile(r"[-−+]?[1-9]\d{0,2}\.\d{3}")
"""One and a quarter to one, thousands to another."""
UNIT_IN_HEAD = re.compile(r"(?<!\w)[(\[]\s{0,3}([^()\[\]]{1,20}?)\s{0,3}[)\]]\s{0,3}\Z|,?\s\bin\s([^\s]{1,20})\Z")
NO_AMOUNT = re.compile(
    r"(?:year|date|day|time|version|release|no|nr|number|id|code|key|value|line|page|port|rank|zip|phone|isbn|rfc)s?\b\.?",
    re.IGNORECASE,
)
"""How the heading of a column begins whose numbers name things, and measure none."""


class Measured(NamedTuple):
    value: float
    unit: str
    written: str


def figures_of(
    question: str, references: Sequence[Reference], source_of: Callable[[str], str | None], language: str = OURS
) -> tuple[Figure, ...]:
    """The figures that the quotes of a report allow; each bar leads to the reference in which its number stands."""
    found = [*_of_tables(question, references, source_of, language), *_of_sentences(references)]
    return tuple(found[:MOST_FIGURES])


def measured(text: str) -> Measured | None:
    """A number that stands alone, with its unit; None for a range, a date, a version, and what can be read in two ways."""
    cell = CELL.fullmatch(text.strip())
    if cell is None or TWO_WAYS.fullmatch(cell["amount"]) or (cell["sign"] and cell["unit"]):  # as in "$5 million"
        return None
    unit = cell["sign"] or cell["unit"]
    return Measured(float(cell["amount"].replace(",", "").replace("−", "-")), unit, " ".join(text.split()))


def _of_tables(
    question: str, references: Sequence[Reference], source_of: Callable[[str], str | None], language: str
) -> Iterator[Figure]:
    tables: dict[tuple[str, str], tuple[Table, list[tuple[Reference, Sequence[str]]]]] = {}
    for one in references:
        table = table_around(one.quote, source_of(one.citation) or "")
        if table and (row := table.row_of(one.quote)):
            tables.setdefault((one.citation, "|".join(table.head)), (table, []))[1].append((one, row))
    asked = stems(question)
    for table, rows in tables.values():
        columns = [figure for n in range(1, len(table.head)) if (figure := _of_column(table, rows, n, asked, language))]
        meant = [one for one in columns if stems(one.title) & asked]
        if len(rows) > 1 and (meant or len(columns) == 1):
            yield from meant or columns


def _of_column(
    table: Table, rows: Sequence[tuple[Reference, Sequence[str]]], n: int, asked: frozenset[str], language: str
) -> Figure | None:
    """A column of a table as bars, one for each row that is quoted; without a unit only where the question names the column."""
    head = table.head[n]
    if not head or NO_AMOUNT.match(head):
        return None
    in_head = UNIT_IN_HEAD.search(head)
    unit = unit_of(next(filter(None, in_head.groups()), "")) if in_head else ""
    found = [(one, row[0], measured(row[n])) for one, row in rows]
    kept = [(one, label, value) for one, label, value in found if value]
    if len(kept) < len(found):
        return None
    if not unit and not kept[0][2].unit and not stems(head) & asked:
        return None
    some = said("report.of_rows", language, number=f"{len(rows)}", rows=f"{len(table.rows)}")
    of = some if len(rows) < len(table.rows) else ""
    return _figure(head, unit, [(label, value, one.number) for one, label, value in kept], of)


def _of_sentences(references: Sequence[Reference]) -> Iterator[Figure]:
    """Sentences with one number each that differ in one place: what they are about."""
    left = [(one, *framed) for one in references if (framed := _frame(one.quote))]
    while left:
        (first, frame, value), *others = left
        left = others
        alike: list[tuple[str, Measured, int]] = []
        places: tuple[int, int] | None = None
        for other, words, amount in others:
            at = _differ(frame, words)
            if at is None or (places and at != places):
                continue
            places = at
            alike.append((_label(words, at), amount, other.number))
        if places:
            bars = [(_label(frame, places), value, first.number), *alike]
            told = [*frame[: places[0]], "…", *frame[len(frame) - places[1] :]]
            title = " ".join("…" if word == "#" else word for word in told)
            drawn = {number for _, _, number in bars}
            left = [kept for kept in others if kept[0].number not in drawn]
            if figure := _figure(title.rstrip("."), value.unit, bars, ""):
                yield figure


def _frame(sentence: str) -> tuple[list[str], Measured] | None:
    """The words of a sentence, "#" in the place of its one number that has a unit; None where there is no such one."""
    numbers = [*IN_WORDS.finditer(sentence)]
    if sentence.startswith("|") or len(numbers) != 1 or len(re.findall(r"\d+", IN_WORDS.sub("", sentence))):
        return None
    number = numbers[0]
    after = re.match(r"\s?([^\W\d_]{1,20})(?:\s([^\W\d_]{1,20}))?", sentence[number.end() :])
    is_scaled = after is not None and after[1].lower() in SCALES
    of_number = measured(number[0])
    if of_number is None or (of_number.unit and is_scaled):
        return None
    named = [word for word in (after.groups("")[: 1 + is_scaled] if after else ()) if word.lower() not in {*STOP_WORDS, ""}]
    unit = of_number.unit or " ".join(named)
    frame = f"{sentence[: number.start()]}#{sentence[number.end() :]}".split()
    written = number[0] if of_number.unit else f"{number[0]} {unit}"
    return (frame, Measured(of_number.value, unit, written)) if unit else None


def _differ(one: Sequence[str], other: Sequence[str]) -> tuple[int, int] | None:
    """How many words two frames share at their beginnings and at their ends, where all else is a name of one to five words and
    the number with its unit is among what they share."""
    begin = len([*takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))])
    rest = min(len(one), len(other)) - begin
    end = len([*takewhile(lambda pair: pair[0] == pair[1], zip(one[::-1][:rest], other[::-1][:rest], strict=True))])
    apart = [len(words) - begin - end for words in (one, other)]
    if not all(1 <= n <= MOST_APART for n in apart) or begin + end < max(4, *apart):
        return None
    shared = [
        *one[: max(begin - 1, 0)],
        *one[len(one) - end :],
    ]  # behind a number at the very end of the first its unit differs
    return (begin, end) if any(word.strip("€$£¥%‰.,;()") == "#" for word in shared) else None


def _label(words: Sequence[str], places: tuple[int, int]) -> str:
    return " ".join(words[places[0] : len(words) - places[1]]).strip(" ,;:.")


def _figure(title: str, unit: str, bars: Sequence[tuple[str, Measured, int]], note: str) -> Figure | None:
    """None where units or names do not fit each other, or there is no difference to be seen."""
    units, names = {value.unit for _, value, _ in bars}, {label for label, _, _ in bars}
    if len(bars) < 2 or len(units) > 1 or len(names) < len(bars) or "" in names or len({v.value for _, v, _ in bars}) < 2:
        return None
    unit = next(iter(units)) or unit
    if not unit and all(value.value.is_integer() and 1500 <= value.value <= 2100 for _, value, _ in bars):
        return None  # years
    drawn = tuple(
        Bar(label=label[:MOST_LABEL], value=v.value, written=v.written[:60], reference=n) for label, v, n in bars[:30]
    )
    return Figure(title=title[:300], unit=unit[:40], bars=drawn, note=note)
