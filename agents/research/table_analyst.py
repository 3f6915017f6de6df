"""The table analyst: computes, by a program, what the tables that were found add up to, and hands on what it printed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.reasons import Reason
from agents.research.computing import DRAWS, VALUE, Program, asked_of, columns_of, program_of_table, told
from agents.research.findings import lines_of
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Unsure, call
from switchboard.declare.transcript import CallResult, View
from switchboard.reports.report import MOST_SOURCES
from switchboard.reports.words.stems import stems
from tools.code import run_python
from tools.documents import read_document, search_documents

PROMPT = """\
You compute what a research needs from tables, which search_documents finds and read_document shows whole: sums, means, \
shares, differences, a chart. Write a whole Python program with the numbers exactly as the tables have them, run it with \
run_python, and print each number with a word on what it is of and its unit, in a sentence. Draw a chart where it is asked \
for, into a .svg or .png file. Where a program fails, mend it. What it prints stands in the report as it is; you write none \
of it. Where nothing has to be computed, or a number is missing, hand off to writer."""
GENERIC = "sum total average mean combined added plot chart graph diagram draw table row number"
"""Words of computing, which are no columns."""
WHOLE_ROW = re.compile(r"\b(?:totals?|sum|averages?|mean|all|overall|altogether)\b", re.I)
RANGE = re.compile(r"(?<!\S)[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}\Z")
"""The cells that a section of a sheet stands for."""
MOST_READ, MOST_TRIES, MOST_PRINTED, MOST_QUERY, MOST_NAMED = 3, 3, 1500, 1000, 4
NOTHING = "Nothing was computed: no column of a table that was found is surely the one that is meant."
NO_NUMBERS = "Nothing was computed: the column “{column}” of {name} has cells that are no plain numbers: {cells}."
HAS_TOTALS = "Nothing was computed: {name} has a row of totals, or one for all, which must not be counted twice."
SEVERAL = "Nothing was computed: more than one column may be meant: {columns}."
FAILED = "Nothing was computed: the program failed."
NOT_ALLOWED = "Nothing was computed: it takes a program, and this was begun without --allow-code."
REFUSED = "Nothing was computed: an operator refused the program."


def without_model(view: View) -> Move | Unsure:
    """Reads the documents that were cited, and computes where one column of one table is meant beyond doubt; else hands on."""
    tries = [one for one in view.calls if one.tool == run_python.name]
    if tries and not tries[-1].done:
        return handed(why_not(tries[-1]))
    if tries and printed(tries[-1]):
        return handed("Computed.", found(view, tries[-1]))
    if tries:
        gives_up = handed(FAILED)
        return gives_up if len(tries) >= MOST_TRIES else Unsure(gives_up)
    if not view.last(search_documents.name):
        return call(search_documents.name, query=view.text[:MOST_QUERY])
    unread = [name for name in cited(view) if name not in {one.arguments.get("name") for one in view.calls}]
    if unread:
        return call(read_document.name, name=unread[0])
    meant = program_of(view)
    return (
        Unsure(call(run_python.name, code=meant[0].code) if meant else handed(what_stops(view)))
        if cited(view)
        else handed(NOTHING)
    )


def handed(note: str, facts: Mapping[str, Any] | None = None) -> HandOff:
    return HandOff("writer", note, facts or {}, reason=Reason.COMPUTED)


def why_not(made: CallResult) -> str:
    if made.code == "code_not_allowed":
        return NOT_ALLOWED
    return REFUSED if made.operator_said_no else f"Nothing was computed: {made.text}"


def printed(made: CallResult) -> str:
    return str(made.result["stdout"]).strip() if made.result.get("exit") == 0 else ""


def found(view: View, made: CallResult) -> dict[str, Any]:
    """What a program printed, word for word, or of the rules' own in sentences, with the tables that it was made from."""
    meant = program_of(view)
    if meant and meant[0].code == made.arguments.get("code"):
        text, sources = told(meant[0], {**made.result, "files": []}).replace("\n", " "), [meant[1]]
        answer = asked_of(view.text, made.result)
    else:
        answer, text = "", printed(made)[:MOST_PRINTED]
        sources = list(dict.fromkeys(name for name, *_ in tables_in(view)))[:MOST_SOURCES]
    files = [str(one["path"]) for one in made.result.get("files", [])]
    return {"computed": [{"text": text, "answer": answer, "sources": sources, "files": files}]}


def cited(view: View) -> list[str]:
    """The documents that hold the most of the question, then those that the findings cite."""
    searched = view.last(search_documents.name)
    found = [str(one["citation"]) for one in searched.result] if searched and searched.done else []
    lines = [line for branch in view.branches for line in lines_of(branch.text)]
    citations = [*found, *(citation for line in lines for citation in line.citations)]
    return list(dict.fromkeys(citation.rpartition("#")[0] for citation in citations))[:MOST_READ]


def program_of(view: View) -> tuple[Program, str] | None:
    """The program over the one column that a question means, and its document; None where it may be none or several.

    Each telling word of the question has to be understood: it is one of computing, or stands in the table's headings, its title
    or the document's name. Words of its rows mean a part of it, and that is not computed.
    """
    fitting = fitting_in(view)
    sure = [(name, table, n) for name, table, n in fitting if n in columns_of(table) and not has_totals(table)]
    if len(sure) != 1:
        return None
    name, table, n = sure[0]
    kept = [[row[0] if n else f"row {place}", row[n]] for place, row in enumerate(table)]
    return Program(program_of_table(kept, with_chart=bool(DRAWS.search(view.text))), "table"), name


def fitting_in(view: View) -> list[tuple[str, list[list[str]], int]]:
    """The columns with numbers that a question may mean, each with its document and table."""
    asked = stems(view.text) - stems(GENERIC)
    fitting = []
    for (name, heading, *_), table in tables_in(view).items():
        about = stems(f"{heading} {name.rpartition('.')[0].replace('_', ' ').replace('-', ' ')} {' '.join(table[0])}")
        if asked and asked <= about:
            meant = [n for n, head in enumerate(table[0]) if stems(head) & asked]
            fitting += [(name, table, n) for n in meant if any(re.search(r"\d", row[n]) for row in table[1:])]
    return fitting


def has_totals(table: Sequence[Sequence[str]]) -> bool:
    return any(WHOLE_ROW.search(cell) for row in table[1:] for cell in row)


def what_stops(view: View) -> str:
    """Why the rules compute nothing, as precisely as they know it."""
    fitting = fitting_in(view)
    if len(fitting) > 1:
        return SEVERAL.format(columns=", ".join(f"“{table[0][n]}” of {name}" for name, table, n in fitting[:MOST_NAMED]))
    for name, table, n in fitting:
        others = dict.fromkeys(row[n] or "an empty one" for row in table[1:] if not VALUE.fullmatch(row[n]))
        if others:
            more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
            told = ", ".join(cell[:40] for cell in [*others][:MOST_NAMED])
            return NO_NUMBERS.format(column=table[0][n], name=name, cells=f"{told}{more}")
        return HAS_TOTALS.format(name=name)
    return NOTHING


def tables_in(view: View) -> dict[tuple[str, ...], list[list[str]]]:
    """The tables of the documents that were read whole, by document, section and headings: the parts of a long one are one."""
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for page in (one.result for one in view.calls if one.tool == read_document.name and one.done and not one.result["cut"]):
        for section in page["sections"]:
            rows = [cells(line) for line in section["text"].splitlines() if line.startswith("|")]
            rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
            if len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows):
                key = (page["name"], RANGE.sub("", section["heading"]).strip(), *rows[0])
                tables.setdefault(key, [rows[0]]).extend(rows[1:])
    return tables


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read(text: str, view: View) -> Move:
    """What a model says computes nothing: only what a program printed goes on."""
    return handed(NOTHING)


agent = AgentSpec(
    name="table_analyst",
    description="Computes and draws what the tables that were found add up to, by programs that run in a sandbox.",
    prompt=PROMPT,
    tools=(search_documents, read_document, run_python),
    rules_first=True,
    read=read,
    without_model=without_model,
    model="strong",
)
