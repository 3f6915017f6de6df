"""Tools of other sides as sources of research: their answers are kept, quoted and cited, asked once, and only read."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy.orm import Session

from groupchats.research import team
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.tool import Context, Tool, tool
from switchboard.engine.worker import Worker
from switchboard.errors import DeclarationError, ToolError
from switchboard.migrations import migrate_cases
from switchboard.project import open_project
from switchboard.reports.report import Report
from switchboard.search.web.pages import resolve
from switchboard.tables.project_file import read_file
from switchboard.toolsets.built_in.answers_as_sources import as_source, blocks_of, with_sources
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.functions import as_data
from switchboard.toolsets.opened import open_sources
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.table import SourceTable

QUESTION = "For how long is the clay oven fired?"


def researched(tmp_path: Path, tools: list[Tool], question: str = QUESTION) -> tuple[Report, str, Callable[[str], Any]]:
    """The team's report with these tools, how its case ended, and what a citation leads to."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "kites.md").write_text("# Kites\n\nA kite with a long tail flies steadily in a strong wind.\n")
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    asking = replace(team, members={**team.members, "researcher": with_sources(team.members["researcher"], tools)})
    with Worker(Environment(engine, {"research": asking})) as worker:
        document = worker.work(worker.open_case("research", question, folder=tmp_path / "notes"))
    results = [
        line["result"] for line in document["transcript"] if line["kind"] == "result" and "report" in (line["result"] or {})
    ]

    def led_to(citation: str) -> Any:
        with Session(engine) as session:
            return resolve(session, citation)

    return Report.model_validate(results[-1]["report"]), document["end"], led_to


@pytest.mark.slow
def test_a_tool_of_an_mcp_server_is_a_source(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    asked = tmp_path / "asked"
    shelf = str(Path(__file__).parent / "support" / "shelf.py")
    calls = {"search_notes": Facts(effect="read", public=True)}
    table = SourceTable(mcp=[sys.executable, shelf], calls=calls, environment={"SHELF_ASKED": str(asked)})
    sources = open_sources({"shelf": table}, tmp_path)
    try:
        tools = tools_from(sources["shelf"].operations(), calls)
        report, end, led_to = researched(tmp_path, [*tools.values()])
    finally:
        sources["shelf"].close()
    assert (end, asked.read_text()) == ("resolved", "For how long is the clay oven fired\n")
    (reference,) = report.references
    assert "fired with beech wood for four hours" in report.answer[0].text and "beech wood" in reference.quote
    assert reference.url == "tool:search_notes?words=For+how+long+is+the+clay+oven+fired" and len(reference.fetched) == 10
    assert reference.citation.startswith("search_notes-") and reference.quote in " ".join(
        led_to(reference.citation).text.split()
    )


def test_a_tool_that_fails_is_named_and_the_documents_answer(tmp_path: Path) -> None:
    @tool(effect="read", public=True)
    def ask_the_mill(words: str) -> str:
        """Ask the mill."""
        raise ToolError("The mill is closed.", code="closed")

    report, end, _ = researched(tmp_path, [ask_the_mill], "How does a kite fly steadily in a strong wind?")
    assert end == "resolved" and report.references[0].citation == "kites.md#kites"
    assert [(one.name, one.why) for one in report.skipped] == [("ask_the_mill", "The mill is closed.")]


def test_what_is_no_reading_of_what_is_public_is_no_source() -> None:
    @tool(effect="write", public=True)
    def order_flour(ctx: Context, sacks: str) -> str:
        """Order flour."""
        return sacks

    @tool(effect="read")
    def get_order(ctx: Context, number: str) -> str:
        """Get an order."""
        return number

    @tool(effect="read", public=True, verifies=True)
    def verify_miller(ctx: Context, number: str) -> str:
        """Find out who asks."""
        return number

    for one in (order_flour, get_order, verify_miller):
        with pytest.raises(DeclarationError, match="no source of research"):
            as_source(one)


def test_a_project_gives_tools_to_its_research_team(tmp_path: Path) -> None:
    """The sample's, with [research] in its file."""
    root = Path(__file__).parent.parent
    text = (root / "switchboard.toml").read_text()
    for name in ("agents", "groupchats", "tools", "scenarios"):
        (tmp_path / name).symlink_to(root / name)
    project = open_project(root)
    good = '["tools.catalog.list_all_product_types"]'
    for tools, told in ((good, ""), ('["search_nothing"]', r"\[research\]: no source has a call")):
        (tmp_path / "switchboard.toml").write_text(f"{text}\n[research]\ntools = {tools}\n")
        asking = replace(project, folder=tmp_path, file=read_file(tmp_path / "switchboard.toml"))
        if told:
            with pytest.raises(DeclarationError, match=told):
                asking.teams  # noqa: B018 - it is made when it is asked for
        else:
            names = [one.name for one in asking.teams["research"].members["researcher"].tools]
            assert names[-1] == "list_all_product_types" and asking.teams["desk"] == project.teams["desk"]


def test_answers_are_read_as_tables_and_texts() -> None:
    told = [(one.kind, one.text) for one in blocks_of([{"a": 1, "b": "x|y"}, {"a": 2, "c": None}], [])]
    assert told == [("table", "| a | b | c |\n| --- | --- | --- |\n| 1 | x¦y |  |\n| 2 |  |  |")]
    nested = {"count": 1, "rows": [{"text": "One.", "tags": ["p", "q"]}]}
    assert [one.text for one in blocks_of(nested, [])] == ["count: 1", "text: One.", "p", "q"]
    assert [one.text for one in blocks_of("One.\n\nTwo.", [])] == ["One.", "Two."]


class Mill(BaseModel):
    name: str
    built: date
    owner: str | None = None


def asked(function: Callable[..., Any], tmp_path: Path, **given: Any) -> Any:
    """What a function answers as a source."""
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    with Session(engine) as session:
        source = as_source(tool(effect="read", public=True)(function))
        return source(ctx=Context("case_1", "call_1", "researcher", session), **given)


def test_models_are_read_as_the_data_that_they_are(tmp_path: Path) -> None:
    mills = [Mill(name="Upper", built=date(1790, 5, 1), owner="Ada"), Mill(name="Lower", built=date(1811, 2, 3))]

    def list_mills(by: str) -> Any:
        """List the mills."""
        return {"one": mills[0], "list": mills, "pair": (mills[1],)}[by]

    told = {by: [one.text for one in asked(list_mills, tmp_path, by=by).sections] for by in ("one", "list", "pair")}
    assert told == {
        "one": ["name: Upper\nbuilt: 1790-05-01\nowner: Ada"],
        "list": ["| name | built | owner |\n| --- | --- | --- |\n| Upper | 1790-05-01 | Ada |\n| Lower | 1811-02-03 |  |"],
        "pair": ["| name | built |\n| --- | --- |\n| Lower | 1811-02-03 |"],
    }
    assert as_data({"mills": [{"first": mills[1]}]}) == {"mills": [{"first": {"name": "Lower", "built": "1811-02-03"}}]}


def test_what_of_an_answer_is_not_kept_or_not_shown_is_said(tmp_path: Path) -> None:
    def list_sacks(words: str) -> list[dict[str, Any]]:
        """List sacks."""
        return [{"sack": f"sack number {n}", "weighs": n} for n in range(int(words))]

    few, many = asked(list_sacks, tmp_path, words="7"), asked(list_sacks, tmp_path, words="630")
    assert (few.note, few.cut) == ("", "")
    assert many.note == "only the first 500 of its 630 records are read"
    assert many.cut.startswith("Only its first 12,000 of ")


@pytest.mark.slow
def test_a_report_says_what_of_an_answer_was_not_read(tmp_path: Path) -> None:
    @tool(effect="read", public=True)
    def list_ovens(words: str) -> list[dict[str, Any]]:
        """List ovens."""
        return [{"oven": f"clay oven {n}", "fired": f"{n} hours"} for n in range(501)]

    report, _, _ = researched(tmp_path, [list_ovens])
    why = "only the first 500 of its 501 records are read"
    assert ("list_ovens", why) in [(one.name, one.why) for one in report.skipped]
