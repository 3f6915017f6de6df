"""Draft mode below a confidence: what is less sure than a number waits for an operator, and what is surer goes out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.sample import prepared

from groupchats import desk
from switchboard.cases.people.drafts import drafts
from switchboard.cases.runs import Environment
from switchboard.database import sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Nobody
from switchboard.declare.moves import Note, Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Tool
from switchboard.engine.worker import Worker
from switchboard.errors import DeclarationError, OperatorError
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.plays.articles import how_sure
from switchboard.search.passages import Excerpt
from switchboard.tables.project_file import read_file
from switchboard.tables.team import desk_of
from switchboard.tickets.confidence import BOTH, FOUND, SURE
from switchboard.tickets.rows import Ticket
from switchboard.toolsets.built_in.drafts import suggest_answer

PROJECT = """
name = "Loom"
articles = "articles"
{whole}

[departments.yarn]
about = "Yarn: what it is made of and how it is washed."
examples = ["How do I wash the yarn?", "What is the yarn made of?", "Does the wool felt?"]
{own}
"""
ARTICLE = """# Wool yarn

## How do I wash wool yarn?

Wash wool yarn by hand in cold water, and dry it flat.

## What does a skein weigh?

A skein weighs 100 grams.
"""
THE_HEADING, NEARLY = "How do I wash wool yarn?", "Can I wash wool yarn in cold water?"
TOLD = "Wash wool yarn by hand in cold water, and dry it flat."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = prepared(sqlite_url(tmp_path / "rows.db"))
    yield found
    found.dispose()


def project(folder: Path, own: str = "", whole: str = "") -> Path:
    (folder / "articles").mkdir(exist_ok=True)
    (folder / "articles" / "wool.md").write_text(ARTICLE, "utf-8")
    (folder / "switchboard.toml").write_text(PROJECT.format(own=own, whole=whole), "utf-8")
    return folder


def asked(folder: Path, engine: Engine, words: str, model: str = "", **said: str) -> dict[str, Any]:
    folder = project(folder, **said)
    with ScriptedModel(lambda request: model) as server:
        entry = [{"model": "scripted", "base_url": server.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(entry)), retries=0) if model else None
        team = desk_of(folder, read_file(folder / "switchboard.toml"))
        with Worker(Environment(engine, {"desk": team}, gateway)) as worker:
            ref = worker.open_case("desk", words, known={"email": "io@example.com"})
            assert ref
            return dict(worker.work(ref))


@pytest.mark.parametrize(
    ("words", "said", "waits"),
    [
        (THE_HEADING, {"own": "drafts = 90"}, False),
        (NEARLY, {"own": "drafts = 90"}, True),
        (NEARLY, {"own": f"drafts = {SURE}"}, False),
        (THE_HEADING, {"own": "drafts = 100"}, True),
        (THE_HEADING, {"whole": "drafts = true", "own": "drafts = 90"}, False),
        (NEARLY, {"whole": "drafts = 90"}, True),
        (NEARLY, {"whole": "drafts = 90", "own": "drafts = false"}, False),
    ],
)
def test_an_answer_waits_that_is_less_sure_than_the_number(
    tmp_path: Path, engine: Engine, words: str, said: dict[str, str], waits: bool
) -> None:
    found = asked(tmp_path, engine, words, **said)
    assert ("cold water" not in found["reply"], [one.text[: len(TOLD)] for one in drafts(engine)]) == (
        waits,
        [TOLD] if waits else [],
    )


CITED = "[wool.md#how-do-i-wash-wool-yarn]"


@pytest.mark.parametrize(
    ("model", "waits"),
    [
        (f"Wash it by hand in cold water, and dry it flat. {CITED}", False),
        ("Wash it by hand in cold water, and dry it flat.", False),
        (f"{TOLD} {CITED} A skein weighs 100 grams. [wool.md#what-does-a-skein-weigh]", True),
        ("Wash it by hand in cold water. A skein weighs 100 grams.", True),
    ],
)
def test_a_model_s_answer_is_as_sure_as_the_section_that_the_rules_answer_with_where_that_carries_it(
    tmp_path: Path, engine: Engine, model: str, waits: bool
) -> None:
    found = asked(tmp_path, engine, THE_HEADING, model, own="drafts = 90")
    assert (bool(drafts(engine)), "cold water" in found["reply"]) == (waits, not waits)


def test_an_answer_of_several_sections_is_as_sure_as_the_least_sure_of_them(tmp_path: Path, engine: Engine) -> None:
    asked(tmp_path, engine, f"{THE_HEADING} What does a skein weigh?", own="drafts = 90")
    assert drafts(engine) == []
    asked(tmp_path, engine, f"{NEARLY} What does a skein weigh?", own="drafts = 90")
    assert len(drafts(engine)) == 1


def test_a_section_is_the_surer_the_more_of_the_question_it_holds() -> None:
    one = Excerpt(citation="a#b", title="Wool yarn", heading="How do I wash wool yarn?", text=TOLD, score=0.9)
    assert how_sure("How do I wash wool yarn", one) == BOTH
    assert how_sure("Is wool yarn for washing", one.model_copy(update={"score": 1.0})) == SURE
    assert how_sure("Is wool yarn for washing", one) == FOUND


def told_by(shop: Engine, move: Say, drafts: int) -> RunResult:
    tools: tuple[Tool, ...] = (suggest_answer,)
    desk = AgentSpec("desk", "Looms.", "You look after looms.", lambda view: move, tools, drafts=drafts)
    closer = AgentSpec("closer", "Notes.", "You write the note.", lambda view: Note("Done."))
    team = TeamSpec("desk", "", {"desk": desk, "closer": closer}, hub("desk", {}, "closer"), (Rule("approve", effect="send"),))
    return run_team(team, "How is it?", engine=shop, human=Nobody())


@pytest.mark.parametrize(
    ("move", "waits"),
    [
        (Say("Your loom is on its way."), False),
        (Say("A loom is made of ash. [looms.md#wood]"), True),
        (Say("A loom is made of ash. [looms.md#wood]", confidence=81), False),
        (Say("Your loom may be on its way.", confidence=79), True),
        (Say("Which loom is it?", asks=True, confidence=1), False),
    ],
)
def test_rules_of_a_project_say_how_sure_they_are_and_rows_are_sure(engine: Engine, move: Say, waits: bool) -> None:
    result = told_by(engine, move, 80)
    with Session(engine) as session:
        left = [one.draft for one in session.query(Ticket) if one.draft]
    assert (left, move.text in result.document["reply"]) == ([move.text] if waits else [], not waits)


@pytest.mark.parametrize("number", [0, 101, "true"])
def test_what_is_no_such_number_is_refused(tmp_path: Path, number: object) -> None:
    if number != "true":
        with pytest.raises(OperatorError, match="drafts"):
            read_file(project(tmp_path, f"drafts = {number}") / "switchboard.toml")
    with pytest.raises(DeclarationError, match="drafts"):
        AgentSpec("desk", "Looms.", "You look after looms.", drafts=True if number == "true" else number)  # type: ignore[arg-type]


@pytest.mark.parametrize(("least", "waits"), [(SURE, False), (SURE + 1, True)])
def test_the_shop_s_desk_is_as_sure_as_customers_ask_for_a_passage(shop: Engine, least: int, waits: bool) -> None:
    members = {
        name: replace(one, tools=(*one.tools, suggest_answer), drafts=least) if name != desk.team.flow.closer else one
        for name, one in desk.team.members.items()
    }
    rules = (*desk.team.approvals, Rule("approve", tool=suggest_answer.name))
    result = run_team(replace(desk.team, members=members, approvals=rules), "Can I pay with a gift card?", engine=shop)
    assert (result.end == "escalated", "gift-cards.md" in result.document["reply"]) == (waits, not waits)
