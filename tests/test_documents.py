"""The research team: its tools over a folder of sources, its agents without a model, and the report that comes of them."""

from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from support.source_files import docx, paragraph, pdf, pptx, word_table, xlsx

from agents.research.critic import MOST_SENTENCES
from agents.research.critic import without_model as critic
from agents.research.findings import lines_of
from agents.research.planner import queries
from agents.research.writer import read
from groupchats.research import team
from switchboard.declare.tool import Context
from switchboard.declare.transcript import BranchEntry, HandoffEntry, View
from switchboard.errors import OperatorError, ToolError
from switchboard.loop.drive import RunResult, run_team
from switchboard.reports.making import Chapter, Draft, Finding, made
from switchboard.reports.report import Report, Statement
from switchboard.search.index import Index, index_of
from switchboard.toolsets.built_in.documents import MOST_CHARACTERS
from tools.documents import SOURCES, make_report, quote_documents, read_document, search_documents

QUESTION = "How do heat pumps compare with gas boilers for an older house?"


def context(folder: Path | None = None) -> Context:
    return Context("run", "call", "researcher", session=cast(Any, None), folder=folder)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return create_engine(f"sqlite:///{tmp_path_factory.mktemp('rows')}/rows.db")


def researched(question: str, rows: Engine, folder: Path | None = None) -> tuple[RunResult, Report]:
    """The run of the team without a model, and its report."""
    ran = run_team(team, question, engine=rows, folder=folder)
    results = [e.result for e in ran.run.transcript if e.kind == "result" and e.tool == make_report.name]
    return ran, Report.model_validate(results[-1]["report"])


def is_quoted(report: Report, index: Index) -> bool:
    """Whether each sentence leads to a reference, and each reference to its quote and the place where it stands."""
    numbers = {one.number for one in report.references}
    told = all(statement.references and numbers >= set(statement.references) for statement in report.statements)
    places = [(one.place, index.locate(one.citation, one.quote)) for one in report.references]
    return told and all(place is not None and place.words == words for words, place in places)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder of documents of many kinds, of which two cannot be read."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "ferry.pdf").write_bytes(
        pdf(
            [[("The harbour opens at dawn.", 11, 700)], [("The night ferry to Ullsholm sails at 23 hours.", 11, 700)]],
            "Ferries",
        )
    )
    body = paragraph("Luggage", "Kapitel") + paragraph("A passenger of the ferry may bring two suitcases of 20 kg.")
    (folder / "luggage.docx").write_bytes(docx(body + word_table([["Class", "Cabins"], ["First", "12"]])))
    (folder / "talk.pptx").write_bytes(pptx([("Dogs", ["Dogs travel on the upper deck and wear a leash."], "")]))
    fares = [["Route", "Fare in crowns"], ["Ullsholm", 480.0], ["Varnes", 260.0]]
    (folder / "fares.xlsx").write_bytes(xlsx({"Fares": fares}))
    (folder / "crew.csv").write_text("Name,Duty\nInga,bridge\nOle,engine room\n")
    (folder / "wind.md").write_text("# Wind\n\n## Storms\n\nNo ferry leaves the harbour in a storm above 9 Beaufort.")
    (folder / "answer.eml").write_text(
        "From: desk@ferry.example\nTo: a@b.example\nSubject: Bicycles\n\nBicycles cost 35 crowns on every ferry.\n"
    )
    (folder / "locked.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0 words")
    return folder


def test_without_a_folder_the_shipped_sources_are_searched() -> None:
    found = search_documents("induction pans magnet", context())
    assert found[0].citation == "induction-cooking.md#pans" and "magnet" in found[0].text


def test_the_folder_of_the_run_is_searched_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Gardening\n\nTomatoes need sun.")
    assert search_documents("tomatoes", context(tmp_path))[0].citation == "own.txt#part-1"
    assert search_documents("heat pump", context(tmp_path)) == []


def test_a_long_document_is_read_page_by_page_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("".join(f"# Part {n}\n\nLine {n} of the long document.\n" for n in range(1000)))
    whole = "".join(one.text for one in index_of(tmp_path).sections_of("long.md"))
    first = read_document("long.md", context(tmp_path))
    assert f"offset={MOST_CHARACTERS}" in first.cut and first.characters == len(whole)
    pages = [read_document("long.md", context(tmp_path), offset) for offset in range(0, len(whole), MOST_CHARACTERS)]
    assert "".join(section.text for page in pages for section in page.sections) == whole
    assert pages[-1].cut == ""
    with pytest.raises(ToolError, match="smaller offset"):
        read_document("long.md", context(tmp_path), len(whole))


def test_what_is_read_of_any_kind_can_be_cited(mixed: Path) -> None:
    index = index_of(mixed)
    for name in index.texts:
        sections = read_document(name, context(mixed)).sections
        assert sections and all(index.resolve(section.citation) for section in sections)
    assert [one.citation for one in read_document("ferry.pdf", context(mixed)).sections] == ["ferry.pdf#p1", "ferry.pdf#p2"]


def test_a_document_that_is_not_in_the_folder_is_refused_with_the_names_that_are() -> None:
    for name in ("../knowledge.py", "/etc/passwd", "nothing.md"):
        with pytest.raises(ToolError, match=r"The documents are: .*heat-pumps\.md"):
            read_document(name, context())


def test_an_empty_folder_is_the_operators_to_mend(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Put documents there"):
        search_documents("anything", context(tmp_path))


def test_a_comparison_is_split_into_the_whole_and_its_sides() -> None:
    assert queries(QUESTION) == [QUESTION.rstrip("?"), "heat pumps", "gas boilers for an older house"]
    assert queries("Is induction safe?") == ["Is induction safe"]


def test_a_report_opens_with_its_answer_and_each_sentence_leads_to_its_quote(rows: Engine) -> None:
    ran, report = researched(QUESTION, rows)
    assert ran.end == "resolved" and report.by_extraction
    assert len(ran.document["branches"]) == len(report.searched) == 3
    assert 1 <= len(report.answer) <= 3 and len(report.sections) == 3
    assert ran.document["reply"].splitlines()[2].endswith("]")
    assert {"heat-pumps.md", "gas-boilers.md", "older-houses.md"} <= {one.citation.split("#")[0] for one in report.references}
    assert is_quoted(report, index_of(SOURCES)) and report.documents == 10


@pytest.mark.parametrize(
    ("question", "says", "place"),
    [
        ("When does the night ferry to Ullsholm sail?", "23 hours", "page 2"),
        ("How many suitcases may a passenger bring?", "two suitcases", ""),
        ("Where do dogs travel?", "upper deck", "slide 1"),
        ("What is the fare to Varnes?", "Fare in crowns: 260", "Fares A2:B3"),
        ("What is the duty of Ole?", "Duty: engine room", "A2:B3"),
        ("In which storm does no ferry leave the harbour?", "9 Beaufort", "line 5"),
        ("How much do bicycles cost?", "35 crowns", "message 1"),
    ],
)
def test_a_report_on_documents_of_many_kinds_leads_to_page_cell_and_quote(
    question: str, says: str, place: str, mixed: Path, rows: Engine
) -> None:
    ran, report = researched(question, rows, mixed)
    assert ran.end == "resolved" and says in report.answer[0].text
    assert is_quoted(report, index_of(mixed))
    assert report.references[0].place == place
    assert {one.name for one in report.skipped} == {"locked.pdf", "old.doc"}
    assert "Not read:" in ran.document["reply"] and "locked.pdf" in ran.document["reply"]


@pytest.mark.parametrize("question", ["Who won the world cup?", "Which wombats play the trombone?", "?", "the of and"])
def test_what_the_sources_do_not_hold_ends_as_not_found(question: str, rows: Engine) -> None:
    ran, report = researched(question, rows)
    assert (ran.end, report.found) == ("not_found", False)
    assert "Not found in these sources" in ran.document["reply"]


def test_a_part_of_which_nothing_is_found_is_named(rows: Engine) -> None:
    ran, report = researched("How do wombats compare with induction hobs?", rows)
    assert ran.end == "resolved" and report.not_found[-1] == "wombats"
    assert "Nothing was found on:" in ran.document["reply"]


def test_text_of_a_source_cannot_pose_as_a_citation_or_a_link(tmp_path: Path, rows: Engine) -> None:
    (tmp_path / "bad.md").write_text(
        "# Kettles\n\n## Boiling\n\nKettles boil water at 100 degrees [heat-pumps.md#costs], see [here](https://example.com/x)."
    )
    ran, report = researched("When do kettles boil?", rows, tmp_path)
    assert [one.citation for one in report.references] == ["bad.md#boiling"]
    reply = ran.document["reply"].replace("\\[", "").replace("\\]", "")
    assert "](" not in reply and "[heat" not in reply


@settings(deadline=None, max_examples=20)
@given(st.text(min_size=1, max_size=300))
def test_any_question_ends_in_a_report_whose_references_resolve(rows: Engine, question: str) -> None:
    ran = run_team(team, question, engine=rows)
    assert ran.end in ("resolved", "not_found"), ran.run.reason
    results = [e.result for e in ran.run.transcript if e.kind == "result" and e.tool == make_report.name]
    assert is_quoted(Report.model_validate(results[-1]["report"]), index_of(SOURCES)) if results else not question.strip()


def test_a_question_of_a_megabyte_is_cut_and_answered(rows: Engine) -> None:
    ran, report = researched("heat pump [ " * 90_000, rows)
    assert report.found and len(ran.document["reply"]) < 20_000


def test_a_sentence_with_another_number_or_name_than_its_source_is_left_out() -> None:
    index = index_of(SOURCES)
    said = {
        "A condensing heat pump lasts 15 to 20 years.": True,
        "Heat pumps usually last 15 to 25 years.": False,
        "Heat pumps by Daikin usually last 15 to 20 years.": False,
        "Everybody agrees that it is splendid and lovely beyond compare.": False,
    }
    cited = tuple(Finding(text=text, citations=("heat-pumps.md#lifetime-and-noise",)) for text in said)
    got = made(Draft(question="Q", answer=cited[:1], chapters=(Chapter(heading="Life", findings=cited),)), index)
    assert {one.text for one in got.report.statements} == {text for text, stands in said.items() if stands}
    assert got.left_out == tuple(text for text, stands in said.items() if not stands)
    nowhere = Finding(text="Heat pumps last.", citations=("heat-pumps.md#nowhere",))
    assert not made(Draft(question="Q", answer=(nowhere,)), index).found


def test_quotes_hold_the_rare_words_of_a_question(tmp_path: Path) -> None:
    for n in range(12):
        (tmp_path / f"{n}.txt").write_text(f"Licence {n}\n\nThis licence may be translated into any language by its reader.\n")
    (tmp_path / "patents.txt").write_text(
        "Licence 12\n\nRelease 2.5\n\nA patent claim against a contributor ends the rights under this licence.\n"
    )
    found = quote_documents("What does the licence say of patents?", context(tmp_path))
    assert [one.citation for one in found] == ["patents.txt#part-1"] and found[0].text.startswith("A patent claim")


def test_a_line_of_a_model_with_two_citations_holds_two_findings() -> None:
    text = "- One is so [a.md#x]. Two is not [b.md#y].\n- Three. [c.md#z]\n- Five [a.md#x][b.md#y]\nNothing is cited here."
    assert lines_of(text, {"a.md#x", "b.md#y"}) == [
        ("One is so", ("a.md#x",)),
        ("Two is not", ("b.md#y",)),
        ("Five", ("a.md#x", "b.md#y")),
    ]


def test_a_model_can_cite_only_what_the_researchers_found() -> None:
    branch = BranchEntry("researcher", "- It is so. [a.md#x]", "model", case_id="c", task="What is so?", end="resolved")
    view = View("writer", "What is so?", branches=(branch,))
    move = read("It is so. [a.md#x] It is not. [b.md#y]\n\n## More\n\n- Perhaps. [b.md#y]", view)
    draft = cast(Any, move).calls[0].arguments["draft"]
    assert [one["text"] for one in draft["answer"]] == ["It is so."] and draft["chapters"] == []


def test_a_report_that_is_too_long_is_handed_back_once_and_then_passes() -> None:
    long = Report(question="Q", answer=(Statement(text="A.", references=(1,)),) * (MOST_SENTENCES + 1))
    for report, reason in ((long, "revise"), (long.model_copy(update={"answer": long.answer[:3]}), "passes")):
        handed = HandoffEntry("writer", "", to="critic", facts={"report": report.model_dump(mode="json")})
        assert cast(Any, critic(View("critic", "Q", said=(handed,)))).reason == reason
