"""The analyst of the research team: what is computed from tables that were found, when, and what the report says of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from support.absent import needs
from support.commands import document, switchboard
from support.source_files import xlsx
from support.toys import statuses

from agents.research.planner import without_model as plan
from agents.research.table_analyst import FAILED, found, handed, printed, program_of, tables_in
from agents.research.table_analyst import without_model as analyst
from groupchats.research import team
from switchboard.declare.human import Prepared
from switchboard.declare.moves import HandOffs, Unsure
from switchboard.declare.transcript import BranchEntry, CallResult, View
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls
from switchboard.reports.page import to_html
from switchboard.reports.report import Computed, Report
from switchboard.toolsets.sandbox.choice import sandbox_for
from tools.documents import read_document, search_documents

needs_sandbox = needs("" if sandbox_for().sandbox else sandbox_for().why)
BERRIES = (
    "| Berry | Jars filled | Price |\n| --- | --- | --- |\n| Sloe | 12 | 3.50 |\n| Currant | 30 | 2.25 |\n| Quince | 6 | 4 |"
)


@pytest.fixture
def rows(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path}/rows.db")


@pytest.fixture
def larder(tmp_path: Path) -> Path:
    folder = tmp_path / "larder"
    folder.mkdir()
    cells = [["Berry", "Jars filled", "Price"], ["Sloe", 12.0, 3.5], ["Currant", 30.0, 2.25], ["Quince", 6.0, 4.0]]
    (folder / "berries.xlsx").write_bytes(xlsx({"Autumn": cells}))
    (folder / "shelf.md").write_text("# Shelf\n\nThe jars of sloe stand on the upper shelf behind the door.\n")
    return folder


def researched(question: str, rows: Engine, folder: Path, *, approved: bool = True, **options: Any) -> RunResult:
    options = {"allows_code": True, **options}
    return run_team(team, question, engine=rows, folder=folder, human=Prepared(approvals=(approved,)), **options)


def report_of(ran: RunResult) -> Report:
    return Report.model_validate([e.result for e in ran.run.transcript if e.kind == "result" and e.result][-1]["report"])


def seen(question: str, *texts: str, name: str = "berries.xlsx", cut: str = "", heading: str = "Autumn A2:C4") -> View:
    """What the analyst sees once the document is read."""
    page = {"name": name, "cut": cut, "sections": [{"citation": "x", "heading": heading, "text": text} for text in texts]}
    read = CallResult(read_document.name, {"name": name}, "done", page)
    branch = BranchEntry("researcher", f"- Berry: Sloe [{name}#autumn]", case_id="C-1.1-1", task="t", end="resolved")
    searched = CallResult(search_documents.name, {}, "done", [])
    return View("table_analyst", question, calls=(searched, read), branches=(branch,))


@needs_sandbox
def test_a_column_is_summed_up_by_a_program_that_an_operator_approved_and_named_in_the_report(
    rows: Engine, larder: Path
) -> None:
    ran = researched("What is the total of the jars filled?", rows, larder)
    report = report_of(ran)
    assert ran.end == "resolved" and ("run_python", "done") in statuses(ran)
    [one] = report.computed
    assert ran.document["reply"].splitlines()[2] == "Jars filled: the total is 48. (worked out below)"
    assert one.sources == ("berries.xlsx",) and one.text.startswith("Jars filled: sum 48, mean 16, least 6, most 30, in 3 rows")
    assert "## Computed" in ran.document["reply"] and "sum 48" in ran.document["reply"]
    assert 'id="computed"' in to_html(report) and "sum 48" in to_html(report)


@needs_sandbox
def test_a_chart_is_a_file_that_the_report_names(rows: Engine, larder: Path) -> None:
    ran = researched("Draw a chart of the jars filled.", rows, larder)
    [one] = report_of(ran).computed
    [path] = one.files
    assert path.startswith("coding/") and path.endswith("chart.svg") and path in to_html(report_of(ran))


@pytest.mark.slow
@needs_sandbox
@pytest.mark.parametrize("answer", ["approve", "deny"])
def test_the_report_of_a_program_that_waits_is_written_once_an_operator_has_answered(
    tmp_path: Path, larder: Path, answer: str
) -> None:
    asking = ("research", "What is the total of the jars filled?", "--sources", "larder", "--allow-code", "--out", "report.md")
    waiting = switchboard(tmp_path, *asking)
    assert (
        waiting.returncode == 3 and "once an operator has answered" in waiting.stderr and not (tmp_path / "report.md").exists()
    )
    [asked] = document(tmp_path, "approvals")
    bound = ("--for", asked["hash"], "--as", "anna")
    answered = switchboard(tmp_path, answer, asked["case_id"], *bound, *(("--why", "No.") if answer == "deny" else ()))
    report = (tmp_path / "report.md").read_text("utf-8")
    assert "report.md" in answered.stderr and ("sum 48" in report) == (answer == "approve")


def test_without_leave_or_where_the_operator_refuses_nothing_is_computed_and_the_report_is_made(
    rows: Engine, larder: Path
) -> None:
    question = "Where do the jars of sloe stand? And what is the total of the jars filled?"
    for options, why in (({"allows_code": False}, "without --allow-code"), ({"approved": False}, "an operator refused")):
        ran = researched("What is the total of the jars filled?", rows, larder, **options)
        assert ("run_python", "refused") in statuses(ran) and report_of(ran).computed == ()
        assert ran.end == "not_found" and why in ran.document["reply"] and why in to_html(report_of(ran))
    assert researched(question, rows, larder, approved=False).end == "resolved"


def test_a_question_that_asks_for_no_computing_goes_to_no_analyst(rows: Engine, larder: Path) -> None:
    ran = researched("Where do the jars of sloe stand?", rows, larder)
    assert not [e for e in ran.run.transcript if "table_analyst" in (e.speaker, getattr(e, "to", ""))]
    planned = plan(View("planner", "What is the average price of a berry?"))
    assert isinstance(planned, Unsure) and isinstance(planned.otherwise, HandOffs)
    assert [one.to for one in planned.otherwise.items] == ["researcher", "table_analyst"]


@needs_sandbox
def test_what_the_program_of_a_model_printed_stands_in_the_report_and_nothing_that_the_model_says(
    rows: Engine, larder: Path
) -> None:
    replies: dict[str, list[Reply]] = {
        "You plan": [json.dumps({"parts": ["Which jars were filled?"]})],
        "You look into": [
            tool_calls([("quote_documents", {"query": "jars filled"})]),
            "- Sloe filled 12 jars. [berries.xlsx#autumn-a2-c4]",
        ],
        "You compute": [
            tool_calls([("run_python", {"code": "print('Broken: ' + nothing)"})]),
            tool_calls([("run_python", {"code": "print('Worth in all: ' + str(12 * 3.5 + 30 * 2.25 + 6 * 4))"})]),
            "It is worth 999.",
        ],
        "You write": ["Sloe filled 12 jars. [berries.xlsx#autumn-a2-c4]"],
        "You judge": [json.dumps({"clarity": 9, "completeness": 9, "accuracy": 9, "passes": True, "feedback": ""})],
    }

    def reply(request: dict[str, Any]) -> Reply:
        told = next(one for start, one in replies.items() if start in request["messages"][0]["content"])
        return told.pop(0) if told else 500

    with ScriptedModel(reply) as model:
        human = Prepared(approvals=(True, True))
        question = "What are all berries worth in total, by jars filled and price?"
        config = [{"model": "scripted", "api_key": "none", "base_url": model.url}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        ran = run_team(team, question, engine=rows, folder=larder, human=human, allows_code=True, gateway=gateway)
    [one] = report_of(ran).computed
    assert one.text == "Worth in all: 133.5" and one.sources == ("berries.xlsx",)
    assert "999" not in ran.document["reply"] and statuses(ran).count(("run_python", "done")) == 2


@pytest.mark.parametrize(
    "question",
    [
        "What is the total?",  # of which column?
        "What is the total of jars filled and price?",  # of which of the two?
        "What is the average price of sloe?",  # of a part of the rows
        "What is the total of the jars filled in spring?",  # what the table does not say
        "What is the average weight of a berry?",
    ],
)
def test_what_is_not_wholly_understood_is_not_computed(question: str) -> None:
    assert program_of(seen(question, BERRIES)) is None


def test_a_table_that_is_cut_that_has_totals_or_of_which_there_are_two_is_not_computed() -> None:
    question = "What is the average price of a berry?"
    meant = program_of(seen(question, BERRIES))
    assert meant and meant[1] == "berries.xlsx" and "2.25" in meant[0].code and "30" not in meant[0].code
    assert program_of(seen(question, BERRIES, cut="Cut at character 12000 of 20000")) is None
    assert program_of(seen(question, f"{BERRIES}\n| Total | 48 | 9.75 |")) is None
    assert program_of(seen(question, BERRIES.replace("2.25", "2,25"))) is None
    assert program_of(seen(question, BERRIES, BERRIES.replace("Jars filled", "Jars sold"))) is None


def test_a_long_table_that_is_cut_into_sections_is_one() -> None:
    [table] = tables_in(seen("?", BERRIES, BERRIES.replace("Sloe", "Rowan"))).values()
    assert len(table) == 7 and [row[0] for row in table][::4] == ["Berry", "Rowan"]


def test_a_program_that_fails_again_and_again_is_given_up() -> None:
    view = seen("What is the average price of a berry?", BERRIES)
    failed = CallResult("run_python", {"code": "1/0"}, "done", {"exit": 1, "stdout": "", "stderr": "no", "files": []})
    assert printed(failed) == "" and isinstance(analyst(View(**{**vars(view), "calls": (*view.calls, failed)})), Unsure)
    given_up = analyst(View(**{**vars(view), "calls": (*view.calls, failed, failed, failed)}))
    assert given_up == handed(FAILED)


def test_why_nothing_is_computed_is_told_with_the_column_and_its_cells() -> None:
    for changed, why in (
        (BERRIES.replace("2.25", "unknown"), "the column “Price” of berries.xlsx has cells that are no plain numbers: unknown"),
        (BERRIES.replace("2.25", ""), "no plain numbers: an empty one"),
        (f"{BERRIES}\n| Total | 48 | 9.75 |", "berries.xlsx has a row of totals"),
    ):
        move = analyst(seen("What is the average price of a berry?", changed))
        assert why in str(move)
    several = analyst(seen("What is the total of jars filled and price?", BERRIES))
    assert "more than one column may be meant: “Jars filled” of berries.xlsx, “Price”" in str(several)


def test_what_a_program_was_made_from_is_named_as_far_as_a_report_takes_it() -> None:
    read = [call for n in range(11) for call in seen("?", BERRIES, name=f"berries-{n}.xlsx").calls]
    ran = CallResult("run_python", {"code": "print(1)"}, "done", {"exit": 0, "stdout": "Worth in all: 1", "files": []})
    view = seen("?", BERRIES)
    (told,) = found(View(**{**vars(view), "calls": (*read, ran)}), ran)["computed"]
    assert Computed.model_validate(told).sources == tuple(f"berries-{n}.xlsx" for n in range(8))
