"""What the analyst computes without a model, as a small program: a sum, an area, the columns of a table."""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from switchboard.reading.facts.quantities import shape_in
from switchboard.reading.facts.sums import expression_in

MOST_ROWS = 500
AREAS = {
    "rectangle": "Decimal({length!r}) * Decimal({width!r})",
    "circle": "pi * Decimal({radius!r}) ** 2",
    "triangle": "Decimal({base!r}) * Decimal({height!r}) / 2",
}
PI = "pi = Decimal('3.14159265358979323846264338327950288')"
EXPRESSION = re.compile(r"[\d\s.()*/+-]{1,200}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
VALUE = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?")
COMPUTES = re.compile(
    r"\b(?:sum(?:s|med)?|totals?|altogether|averages?|the mean|median|added up|plot|chart|graph|diagram|draw (?:a|an|the))\b",
    re.IGNORECASE,
)
"""What a question says that asks for more than what stands in a source."""
DRAWS = re.compile(r"\b(?:plot|chart|graph|diagram|draw)\b", re.IGNORECASE)
ASKED = (
    ("sum", "total", re.compile(r"\b(?:sum(?:s|med)?|totals?|altogether|added up)\b", re.I)),
    ("mean", "mean", re.compile(r"\b(?:averages?|mean)\b", re.I)),
)
"""What a program finds of a column, how it is called, and how it is asked for."""
SHOW = "print(json.dumps({'result': format(result.normalize(), 'f')}))"
HEAD = "import json\nfrom decimal import Decimal"


@dataclass(frozen=True)
class Program:
    """A program that prints one JSON object, and what its numbers are of."""

    code: str
    of: str
    unit: str = ""


def program_for(text: str) -> Program | None:
    """The program that answers a question; None where nothing in it can be computed, or it could mean two things."""
    if table := table_in(text):
        return Program(program_of_table(table, with_chart=bool(DRAWS.search(text))), "table")
    shape = shape_in(text)
    if shape and shape.measures:
        measures = {name: str(value) for name, value in shape.measures.items()}
        line = f"result = {AREAS[shape.shape].format(**measures)}"
        return Program("\n".join([HEAD, PI, line, SHOW]), f"area of the {shape.shape}", shape.unit or "")
    expression = expression_in(text)
    if expression and EXPRESSION.fullmatch(expression):
        exact = NUMBER.sub(lambda found: f"Decimal('{found[0]}')", expression)
        return Program("\n".join([HEAD, f"result = {exact}", SHOW]), expression)
    return None


def table_in(text: str) -> list[list[str]]:
    """The rows of a table that stands in a text with a comma or a semicolon between its fields, its heading first."""
    lines = [line.strip() for line in text.splitlines()][:MOST_ROWS]
    for mark in (";", ","):
        rows = [[field.strip() for field in row] for row in csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_MINIMAL)]
        runs = [list(run) for wide, run in groupby(rows, key=len) if wide > 1]
        run = max(runs, key=len, default=[])
        for start in range(len(run) - 2):  # a sentence before it may have as many commas
            table = run[start:]
            if columns_of(table) and not any(VALUE.fullmatch(field) for field in table[0]):
                return table
    return []


def columns_of(table: Sequence[Sequence[str]]) -> list[int]:
    """The columns that hold nothing but numbers."""
    return [n for n in range(len(table[0])) if all(VALUE.fullmatch(row[n]) for row in table[1:])]


def program_of_table(table: Sequence[Sequence[str]], *, with_chart: bool) -> str:
    """A program that sums each column of numbers up, and draws the first where that is asked for."""
    columns = {table[0][n] or f"column {n + 1}": [row[n] for row in table[1:]] for n in columns_of(table)}
    lines = [
        HEAD,
        f"columns = {json.dumps(columns)}",
        "told = {}",
        "for name, texts in columns.items():",
        "    values = [Decimal(text) for text in texts]",
        "    found = {'sum': sum(values), 'mean': sum(values) / len(values), 'least': min(values), 'most': max(values)}",
        "    told[name] = {word: format(round(value, 4).normalize(), 'f') for word, value in found.items()}",
        "    told[name]['rows'] = len(values)",
    ]
    if with_chart:
        lines += chart_of([row[0] for row in table[1:]], next(iter(columns)))
    return "\n".join([*lines, "print(json.dumps(told))"])


def chart_of(labels: Sequence[str], column: str) -> list[str]:
    """The lines that draw a column as bars into a file."""
    return [
        "from html import escape",
        f"labels, title = {json.dumps([label[:40] for label in labels])}, {json.dumps(column)}",
        "values = [float(text) for text in columns[title]]",
        "scale = 300 / (max(map(abs, values)) or 1)",
        'bars = [f\'<text x="0" y="{20 * n + 34}">{escape(label)}</text>\'',
        '        f\'<rect x="160" y="{20 * n + 22}" width="{abs(value) * scale:.1f}" height="14" fill="#4477aa"/>\'',
        '        f\'<text x="{168 + abs(value) * scale:.1f}" y="{20 * n + 34}">{value:g}</text>\'',
        "        for n, (label, value) in enumerate(zip(labels, values))]",
        'size = f\'width="560" height="{20 * len(values) + 30}" font-family="sans-serif" font-size="12"\'',
        'head = f\'<svg xmlns="http://www.w3.org/2000/svg" {size}><text x="0" y="14">{escape(title)}</text>\'',
        "with open('chart.svg', 'w', encoding='utf-8') as file:",
        "    file.write(head + ''.join(bars) + '</svg>')",
    ]


def told(program: Program, result: Any) -> str:
    """What a program found, in sentences; "" where it gave nothing that can be told."""
    try:
        found = json.loads(result["stdout"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    if result.get("exit") != 0 or not isinstance(found, dict):
        return ""
    made = [file["path"] for file in result.get("files", [])]
    files = f" The chart is in {', '.join(made)}." if made else ""
    if program.of != "table":
        value = str(found.get("result", ""))
        unit = f" {program.unit}²" if program.unit else ""
        start = f"The {program.of} is" if program.of.startswith("area") else f"{program.of} ="
        return f"{start} {value}{unit}{'.' if start.endswith('is') else ''}{files}" if value else ""
    lines = [
        f"{name}: sum {of['sum']}, mean {of['mean']}, least {of['least']}, most {of['most']}, in {of['rows']} rows."
        for name, of in found.items()
    ]
    return "\n".join(lines) + files


def asked_of(question: str, result: Any) -> str:
    """What a question asks for of what a program found of a column, in a sentence; "" where it asks for none or several."""
    wanted = [(key, word) for key, word, asks in ASKED if asks.search(question)]
    found = json.loads(result["stdout"])
    if len(wanted) != 1 or len(found) != 1:
        return ""
    ((key, word),), ((column, of),) = wanted, found.items()
    return f"{column}: the {word} is {of[key]}."
