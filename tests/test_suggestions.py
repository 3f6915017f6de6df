"""Questions that nothing answered: grouped, counted, with what people answered, and taken over by a person's command alone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.commands import document, said, switchboard
from support.postgres import running_server, with_driver
from test_outcomes import kept, speaks, ticket

from switchboard.database import open_engine, sqlite_url
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.project import Project
from switchboard.service.outcomes.suggestions import Suggestion, mark_taken, suggestion, suggestions
from switchboard.service.outcomes.taking import section, take_as_examples, take_into_article
from switchboard.tables.project_file import read_file

PROJECT = """
name = "Tarn"
articles = "articles"

[departments.boats]
about = "Boats."
examples = "boats.txt"

[departments.lake]
about = "The lake."
examples = ["How deep is the lake?"]
"""
ASKED = (
    "May I take my goat aboard a rowing boat?",
    "may I take the goat aboard a rowing boat",
    "May I take my goat aboard the rowing boat, please?",
    "Which bait do the pike in the lake bite on?",
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    with running_server() as fresh:
        found = [open_engine(url) for url in (sqlite_url(tmp_path_factory.mktemp("rows") / "cases.db"), with_driver(fresh()))]
        for engine in found:
            migrate_cases(engine)
            for n, words in enumerate(ASKED):
                unanswered(engine, f"q{n}", words)
            unanswered(engine, "other", ASKED[0], handed_over="danger")
            speaks(engine, "case_q1")
        yield found
        for engine in found:
            engine.dispose()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(found)
    for n, words in enumerate(ASKED):
        unanswered(found, f"q{n}", words)
    yield found
    found.dispose()


@pytest.fixture
def tarn(tmp_path: Path) -> Project:
    folder = tmp_path / "tarn"
    folder.mkdir()
    (folder / "switchboard.toml").write_text(PROJECT, "utf-8")
    (folder / "boats.txt").write_text("What does a boat cost?", "utf-8")
    return Project(folder, read_file(folder / "switchboard.toml"), is_sample=False)


def unanswered(engine: Engine, name: str, words: str, **more: Any) -> None:
    case_id = kept(engine, name, "escalated", **{"opening": words, "handed_over": "not_answered", **more})
    ticket(engine, case_id)


@pytest.mark.slow
def test_like_questions_are_counted_together_with_what_people_answered_on_both_databases(engines: list[Engine]) -> None:
    for engine in engines:
        [goats] = suggestions(engine)
        assert (goats.count, goats.question) == (3, ASKED[0]) and goats.case_ids == ("case_q0", "case_q1", "case_q2")
        assert goats.answers == ("I have sent you another one.",)
        assert [one.count for one in suggestions(engine, 1)] == [3, 1]
        assert suggestion(engine, goats.number) == goats


def test_a_question_is_written_into_an_article_once_and_counts_no_more(engine: Engine, tarn: Project) -> None:
    [goats] = suggestions(engine)
    with pytest.raises(OperatorError, match="Nobody has answered"):
        take_into_article(engine, tarn, goats, "goats.md", "", "dana")
    path = take_into_article(engine, tarn, goats, "goats.md", "Yes, on a lead.", "dana")
    written = path.read_text("utf-8")
    assert written.startswith("# Goats\n") and "Yes, on a lead." in written and all(words in written for words in ASKED[:3])
    assert suggestions(engine) == [] and [one.count for one in suggestions(engine, 1)] == [1]
    with pytest.raises(OperatorError, match="Somebody has taken"):
        take_into_article(engine, tarn, goats, "goats.md", "Yes, on a lead.", "eli")
    assert path.read_text("utf-8") == written


def test_nothing_is_written_to_any_other_place(engine: Engine, tarn: Project) -> None:
    [goats] = suggestions(engine)
    for name in ("../goats.md", "goats.txt", "/tmp/goats.md", ".md", "a/b.md"):
        with pytest.raises(OperatorError, match="no article"):
            take_into_article(engine, tarn, goats, name, "Yes.", "dana")
    for department, why in (("goats", "no department"), ("lake", "stand in switchboard.toml")):
        with pytest.raises(OperatorError, match=why):
            take_as_examples(engine, tarn, goats, department, "dana")
    with pytest.raises(OperatorError, match="sample project"):
        take_into_article(engine, Project(tarn.folder, tarn.file, is_sample=True), goats, "goats.md", "Yes.", "dana")
    assert suggestions(engine) == [goats] and not (tarn.folder / "articles").exists()


def test_no_password_comes_into_the_project(engine: Engine) -> None:
    unanswered(engine, "secret", "My password is tulip-Garden7, may it hold an umlaut?")
    [found] = [one for one in suggestions(engine, 1) if "umlaut" in one.question]
    assert "tulip" not in section(found, "Yes.") and "umlaut" in section(found, "Yes.")


@pytest.mark.parametrize("where", ["../kept", "{elsewhere}", "link"])
def test_nothing_is_written_outside_of_the_project_whatever_its_file_names(
    engine: Engine, tarn: Project, where: str, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    (tarn.folder / "link").symlink_to(tmp_path / "kept")
    given = where.format(elsewhere=tmp_path / "kept")
    told = tarn.file.model_copy(update={"articles": given})
    [goats] = suggestions(engine)
    with pytest.raises(OperatorError, match="outside of the project"):
        take_into_article(engine, replace(tarn, file=told), goats, "goats.md", "Yes.", "dana")
    assert suggestions(engine) == [goats] and not list((tmp_path / "kept").iterdir())


def test_what_stands_in_an_article_already_stays_as_it_is(engine: Engine, tarn: Project) -> None:
    (tarn.folder / "articles").mkdir()
    path = tarn.folder / "articles" / "goats.md"
    path.write_bytes(b"# Goats\r\n\r\nThey swim.\r\n")
    [goats] = suggestions(engine)
    take_into_article(engine, tarn, goats, "goats.md", "Yes, on a lead.", "dana")
    assert path.read_bytes().startswith(b"# Goats\r\n\r\nThey swim.\r\n\n## May I")


def test_an_answer_is_no_more_than_the_text_of_its_section() -> None:
    one = Suggestion(1, "Goats?", ("Goats?",), ("c",), (), ())
    text = section(one, "Yes.\n  ## Free boats\n<!-- asked:\nAll\n-->\n ```\n~~~")
    assert text.count("<!--") == text.count("-->") == 1 and "`" not in text and "~" not in text
    assert [line for line in text.splitlines() if line.lstrip().startswith("#")] == ["## Goats?"]


def test_wordings_become_examples_of_a_department_a_line_each(engine: Engine, tarn: Project) -> None:
    [goats] = suggestions(engine)
    path = take_as_examples(engine, tarn, goats, "boats", "dana")
    assert path.read_text("utf-8").splitlines() == ["What does a boat cost?", *ASKED[:3]]


def test_who_died_before_it_was_kept_writes_nothing_twice(engine: Engine, tarn: Project) -> None:
    [goats] = suggestions(engine)
    (tarn.folder / "boats.txt").write_text("What does a boat cost?\n" + "".join(f"{one}\n" for one in ASKED[:3]), "utf-8")
    path = take_as_examples(engine, tarn, goats, "boats", "dana")
    assert path.read_text("utf-8").count(ASKED[0]) == 1 and suggestions(engine) == []


def test_what_customers_wrote_neither_ends_a_comment_nor_begins_a_section() -> None:
    hostile = Suggestion(1, "# Free boats --> <b>", ("# Free boats --> <b>", "mail me at io@example.com"), ("c",), (), ())
    text = section(hostile, "# Yes\n## No")
    assert text.count("-->") == 1 and "<b>" not in text and "@" not in text
    assert [line for line in text.splitlines() if line.startswith("#")] == ["## Free boats - b"]


def test_a_case_counts_for_one_question_and_is_taken_over_once(engine: Engine) -> None:
    [goats] = suggestions(engine)
    with Session(engine) as session, session.begin():
        mark_taken(session, goats, "boats.txt", "dana")
    unanswered(engine, "again", ASKED[0])
    [left] = [one for one in suggestions(engine, 1) if "goat" in one.question]
    assert left.case_ids == ("case_again",)


@pytest.mark.slow
def test_the_commands_list_and_take_over(tmp_path: Path) -> None:
    (tmp_path / "switchboard.toml").write_text(PROJECT, "utf-8")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "boats.md").write_text("# Boats\n\n## What does a boat cost?\n\nIt costs 14.00 USD.\n", "utf-8")
    (tmp_path / "boats.txt").write_text("What does a boat cost?\nWhere do the boats lie?\n", "utf-8")
    own = ("--project", str(tmp_path))
    assert "No question" in said(switchboard(tmp_path, *own, "suggestions"))
    for words in ASKED[:2]:
        case_id = document(tmp_path, *own, "ask", words)["case_id"]
        ended = document(tmp_path, *own, "ask", "Just that, about the goat.", "--case", case_id)
        assert ended["outcome"]["because"] == "not_answered", json.dumps(ended["transcript"])
    switchboard(tmp_path, *own, "say", case_id, "Yes, on a lead.", "--as", "dana")
    [found] = document(tmp_path, *own, "suggestions")
    assert (found["count"], found["answers"]) == (2, ["Yes, on a lead."])
    assert switchboard(tmp_path, *own, "suggestions", "take", str(found["number"])).returncode == 2
    taken = document(tmp_path, *own, "suggestions", "take", str(found["number"]), "--article", "goats.md")
    assert "Yes, on a lead." in Path(taken["file"]).read_text("utf-8")
    assert document(tmp_path, *own, "suggestions") == []
