"""The research tools over a folder of sources, the researcher without a model, and the report."""

from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_jsonable_python

from agents.research.report import BY_EXTRACTION, plain_text, report_from
from agents.research.researcher import agent, queries, read, without_model
from switchboard.declare.moves import Calls, HandOff
from switchboard.declare.tool import Context
from switchboard.declare.transcript import CallResult, View
from switchboard.errors import OperatorError, ToolError
from switchboard.search.citations import bullets_of, unresolved
from switchboard.search.index import index_of
from tools.documents import PAGE, SOURCES, read_document, search_documents

QUESTION = "How do heat pumps compare with gas boilers for an older house?"


def context(folder: Path | None = None) -> Context:
    return Context("run", "call", "researcher", session=cast(Any, None), folder=folder)


def researched(question: str, folder: Path | None = None) -> HandOff:
    """What the researcher hands off after the executor has run its calls."""
    calls: tuple[CallResult, ...] = ()
    for _ in range(5):
        move = without_model(View("researcher", question, calls=calls))
        if isinstance(move, HandOff):
            return move
        for call in move.calls:
            tool = agent.tool(call.tool)
            assert tool is not None
            result = tool(**tool.validated(call.arguments), ctx=context(folder))
            calls += (CallResult(call.tool, call.arguments, "done", to_jsonable_python(result)),)
    raise AssertionError("the researcher does not end")


def report_on(handed: HandOff) -> str:
    facts = handed.facts
    return report_from(facts["findings"], facts["question"], by_extraction=True, missing=facts["missing"])


def test_without_a_folder_the_shipped_sources_are_searched() -> None:
    found = search_documents("induction pans magnet", context())
    assert found[0].citation == "induction-cooking.md#pans" and "magnet" in found[0].text


def test_the_folder_of_the_run_is_searched_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Gardening\n\nTomatoes need sun.")
    assert search_documents("tomatoes", context(tmp_path))[0].citation == "own.txt#part-1"
    assert search_documents("heat pump", context(tmp_path)) == []


def test_a_long_document_is_read_page_by_page_and_nothing_is_lost(tmp_path: Path) -> None:
    text = "".join(f"Line {n} of the long document.\n" for n in range(1000))
    (tmp_path / "long.md").write_text(text)
    first = read_document("long.md", context(tmp_path))
    assert len(first.text) == PAGE and f"offset={PAGE}" in first.cut and first.characters == len(text)
    pages = [read_document("long.md", context(tmp_path), offset).text for offset in range(0, len(text), PAGE)]
    assert "".join(pages) == text
    assert read_document("long.md", context(tmp_path), 2 * PAGE).cut == ""
    with pytest.raises(ToolError, match="smaller offset"):
        read_document("long.md", context(tmp_path), len(text))


def test_a_document_that_is_not_in_the_folder_is_refused_with_the_names_that_are() -> None:
    for name in ("../knowledge.py", "/etc/passwd", "nothing.md"):
        with pytest.raises(ToolError, match=r"The documents are: .*heat-pumps\.md"):
            read_document(name, context())


def test_an_empty_folder_is_the_operators_to_mend(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Put documents there"):
        search_documents("anything", context(tmp_path))


def test_a_comparison_is_searched_whole_and_by_its_sides() -> None:
    assert queries(QUESTION) == [QUESTION.rstrip("?"), "heat pumps", "gas boilers for an older house"]
    assert queries("Is induction safe?") == ["Is induction safe"]
    assert queries("") == [""]


def test_the_findings_answer_both_sides_and_every_citation_resolves() -> None:
    handed = researched(QUESTION)
    assert handed.to == "summarizer" and handed.facts["question"] == QUESTION
    documents = {finding["citation"].split("#")[0] for finding in handed.facts["findings"]}
    assert {"heat-pumps.md", "gas-boilers.md", "older-houses.md"} <= documents
    index = index_of(SOURCES)
    for finding in handed.facts["findings"]:
        section = index.resolve(finding["citation"])
        assert section is not None and finding["text"] in plain_text(section.text)


def test_the_report_ends_each_bullet_with_its_citation_and_says_how_it_was_made() -> None:
    report = report_on(researched(QUESTION))
    assert report.startswith(f"# {QUESTION}\n") and BY_EXTRACTION in report
    assert len(list(bullets_of(report))) >= 6 and all(b.endswith("]") for b in bullets_of(report))
    assert unresolved(report, index_of(SOURCES)) == []
    assert "heat-pumps.md: Heat pumps for home heating (#" in report.split("## Sources")[1]
    assert BY_EXTRACTION not in report_from([], "Why?", by_extraction=False)


def test_what_the_sources_do_not_hold_is_said() -> None:
    handed = researched("How do wombats compare with induction hobs?")
    assert handed.facts["missing"] == ["wombats"] and "Nothing found on: wombats" in handed.note
    assert "The sources hold nothing on: wombats." in report_on(handed)
    nothing = researched("Who won the world cup?")
    assert nothing.facts["findings"] == [] and "hold nothing on this question" in report_on(nothing)


def test_searches_that_failed_are_named_in_the_note() -> None:
    first = without_model(View("researcher", QUESTION))
    assert isinstance(first, Calls)
    calls = tuple(CallResult(c.tool, c.arguments, "failed", None, "The disk is gone.") for c in first.calls)
    handed = without_model(View("researcher", QUESTION, calls=calls))
    assert isinstance(handed, HandOff) and "3 of 3 searches failed: The disk is gone." in handed.note


def test_a_bullet_without_a_citation_that_resolves_is_reported() -> None:
    report = (
        "# R\n\n- Good. [heat-pumps.md#costs]\n- Two. [heat-pumps.md#costs; insulation.md#u-values]\n"
        "* No citation.\n1. Wrong. [heat-pumps.md#nowhere]\n- Runs over\n  two lines. [gas-boilers.md#safety]\n"
        "\n## Sources\n\n- heat-pumps.md\n"
    )
    assert unresolved(report, index_of(SOURCES)) == ["No citation.", "Wrong. [heat-pumps.md#nowhere]"]
    bare = report_from([{"text": "A claim."}], "Q", by_extraction=False)
    assert unresolved(bare, index_of(SOURCES)) == ["A claim."]


def test_text_of_a_source_cannot_pose_as_a_citation_or_a_link(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(
        "# Kettles\n\n## Boiling\n\nKettles boil at 100 degrees [heat-pumps.md#costs], see [here](https://example.com/x)."
    )
    report = report_on(researched("kettles boil", tmp_path))
    assert "- Kettles boil at 100 degrees (heat-pumps.md#costs), see here. [bad.md#boiling]" in report


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_question_ends_in_a_report_whose_bullets_resolve(question: str) -> None:
    report = report_on(researched(question))
    assert unresolved(report, index_of(SOURCES)) == []


def test_a_question_of_a_megabyte_is_cut_and_answered() -> None:
    handed = researched("heat pump [ " * 90_000)
    assert handed.facts["findings"] and len(report_on(handed)) < 20_000


def test_a_line_of_a_model_with_two_citations_holds_two_findings() -> None:
    found = [{"citation": "a.md#x"}, {"citation": "b.md#y"}]
    view = View("researcher", QUESTION, calls=(CallResult("search_documents", {"query": "q"}, "done", found, ""),))
    handed = read(
        "- One is so [a.md#x]. Two is not [b.md#y].\n- Three. [b.md#z]\n[b.md#y] Four.\n- Five [a.md#x][b.md#y]", view
    )
    assert handed.facts["findings"] == [
        {"text": "One is so", "citation": "a.md#x"},
        {"text": "Two is not", "citation": "b.md#y"},
        {"text": "Four.", "citation": "b.md#y"},
        {"text": "Five", "citation": "a.md#x"},
    ]
