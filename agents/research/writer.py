"""The writer: makes a report of what the researchers found, and revises it as the critic asks."""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from agents.reasons import Reason
from agents.research.findings import PART_OF, Line, bare, citations_of, lines_of, searched_in, unread_in
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Calls, HandOff, Move, Unsure, call
from switchboard.declare.transcript import BranchEntry, CallResult, View
from switchboard.flows.loop import REVISE
from switchboard.reading.languages import said
from switchboard.reports.markdown import to_markdown
from switchboard.reports.report import Report
from switchboard.reports.words.language import language_of_question, small_words
from tools.documents import make_report

PROMPT = """\
You write a short report for a busy person from what your colleagues found, and from nothing else. Open with the answer in \
one to three sentences. Then a heading "## ..." for each part of the question, with two to five bullets below it. Every \
sentence ends with the citation of what it says, exactly as the findings have it: [file.md#anchor]. A sentence whose numbers, \
names and words do not stand in its source is left out of the report. Where a critic says what to change, change that and \
write the whole anew."""
MOST_ANSWERS, MOST_ROWS = 3, 8
MOST_IN_PART = 5
SHORTER = 2
"""Sentences by which each part is shortened with each revision."""


def without_model(view: View) -> Move | Unsure:
    """The report of a draft once it is made, to the critic, or where nothing was found to who tells it; else the draft."""
    made = [one for one in view.calls if one.tool == make_report.name]
    drafts = sum(line.speaker == view.agent for line in view.said)
    if len(made) <= drafts:
        return Unsure(draft_of(view))
    newest = made[-1]
    if newest.done and (newest.result["found"] or newest.result["report"]["by_extraction"]):
        return handed(newest)
    if newest.done and len(made) < drafts + 2:  # of a model's draft nothing was borne out
        return draft_of(view)
    return handed(newest)


def handed(made: CallResult) -> HandOff:
    if not made.done:
        return HandOff("summarizer", f"No report could be made: {made.text}", reason=Reason.FINDINGS)
    report = Report.model_validate(made.result["report"])
    facts = {"report": made.result["report"], "left_out": made.result["left_out"]}
    return HandOff("critic" if report.found else "summarizer", to_markdown(report), facts, reason=Reason.FINDINGS)


def draft_of(view: View) -> Calls:
    """The findings themselves as a draft: what the sources say first on each part is the answer; shorter with each revision.

    A line stands below the part that it was found for, and is not told again below the whole question.
    """
    most = max(1, MOST_IN_PART - SHORTER * sum(line.reason == REVISE for line in view.said))
    told: dict[str, None] = {}
    of_parts = {one.text for branch in view.branches if heading_of(branch) for one in lines_of(branch.text)[:most]}
    chapters, answer = [], list[Line]()
    for branch in view.branches:
        found = lines_of(branch.text)
        elsewhere = {*told} if (heading := heading_of(branch)) else {*told, *of_parts}
        fresh = [one for one in found if one.text not in elsewhere]
        answer += leading(found) if len(view.branches) == 1 else [one for one in found[:1] if one not in answer]
        chapters.append((heading or said("report.whole", language_of(view)), fresh[:most]))
        told |= dict.fromkeys(one.text for one in fresh[:most])
    by_rules = all(branch.by == "rules" for branch in view.branches)
    most_told = MOST_ANSWERS if len(view.branches) > 1 else MOST_ROWS
    return drafted(view, answer[:most_told], chapters, by_extraction=by_rules)


def leading(lines: Sequence[Line]) -> list[Line]:
    """The line that says the most; with a row of a table those beside it, which together are the answer."""
    rows = list(takewhile(lambda one: one.citations == lines[0].citations and columns_of(one) == columns_of(lines[0]), lines))
    return rows if rows and len(columns_of(lines[0])) > 1 else list(lines[:1])


def columns_of(line: Line) -> list[str]:
    """The names before the cells of a row that is told; one alone is no row."""
    return [part.partition(": ")[0] for part in line.text.split("; ") if ": " in part]


def drafted(
    view: View, answer: Sequence[Line], chapters: Sequence[tuple[str, Sequence[Line]]], *, by_extraction: bool
) -> Calls:
    found = {task_of(branch): len(lines_of(branch.text)) for branch in view.branches}
    computing = [line for line in view.said if line.reason == Reason.COMPUTED]
    # With each field, as it is kept when it was called: a model that writes the same again is known by that.
    draft: dict[str, Any] = {
        "question": " ".join(view.text.split())[:1000],
        "language": language_of(view),
        "answer": [one.as_data for one in answer],
        "chapters": [
            {"heading": heading[:300], "findings": [one.as_data for one in lines[:40]]} for heading, lines in chapters if lines
        ],
        "searched": [
            *({"query": task[:600], "passages": n, "where": ""} for task, n in found.items()),
            *_distinct(view, searched_in),
        ][:40],
        "not_found": [task for task, n in found.items() if not n and not (is_whole(task, view.text) and any(found.values()))],
        "skipped": _distinct(view, unread_in)[:40],
        "computed": [one for line in computing for one in line.facts.get("computed", [])],
        "not_computed": " ".join(line.text for line in computing if not line.facts.get("computed"))[:600],
        "by_extraction": by_extraction,
    }
    return call(make_report.name, draft=draft)


def _distinct(view: View, told_in: Callable[[str], list[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """What the branches tell of the web, each once."""
    every = [one for branch in view.branches for one in told_in(branch.text)]
    return [one for n, one in enumerate(every) if one not in every[:n]]


def task_of(branch: BranchEntry) -> str:
    return branch.task.partition(PART_OF)[0]


def is_whole(task: str, question: str) -> bool:
    """Whether a task is the whole question, whose parts are looked into beside it."""
    return bare(task) == bare(" ".join(question.split()))


def heading_of(branch: BranchEntry) -> str:
    """The part of the question; "" of the question as a whole, which is the title."""
    task, _, whole = branch.task.partition(PART_OF)
    if not whole or is_whole(task, whole):
        return ""
    begins = small_words(language_of_question(task))
    return task[:1].upper() + task[1:] if task.split(" ")[0].lower() in begins else task


def language_of(view: View) -> str:
    return language_of_question(view.text, view.team_language)


def read(text: str, view: View) -> Move:
    """A model's draft: its sentences that cite what the researchers found; the rules' draft where there is none."""
    found = citations_of([line for branch in view.branches for line in lines_of(branch.text)])
    opening, *parts = f"\n{text}".split("\n## ")
    answer = lines_of("\n".join(line for line in opening.splitlines() if not line.startswith("#")), found)
    untitled = said("report.findings", language_of(view))
    chapters = [(part.partition("\n")[0].strip() or untitled, lines_of(part.partition("\n")[2], found)) for part in parts]
    if len(answer) > MOST_ANSWERS and not any(lines for _, lines in chapters):
        chapters = [(untitled, answer)]
    answer = answer[:MOST_ANSWERS] or [one for _, lines in chapters for one in lines][:1]
    return drafted(view, answer, chapters[:12], by_extraction=False) if answer else draft_of(view)


agent = AgentSpec(
    name="writer",
    description="Writes the report, and revises it.",
    prompt=PROMPT,
    tools=(make_report,),
    rules_first=True,
    read=read,
    without_model=without_model,
    model="strong",
)
