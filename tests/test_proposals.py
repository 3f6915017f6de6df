"""Calls that programs propose: whose a call is, what the yes of a form is to, and what came of it."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.bookings import call_the_office, cancel_booking, find_member, get_booking, seed
from support.sample import prepared

from switchboard.cases.cases import hear
from switchboard.cases.documents import load
from switchboard.cases.people.drafts import drafts, send_draft
from switchboard.cases.runs import Environment
from switchboard.consent.wanted import Wanted
from switchboard.database import sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Note, Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import By, CallEntry, View
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.flows.hub import hub
from switchboard.service.programs import proposals
from switchboard.service.programs.proposals import Asked, Proposal
from switchboard.toolsets.built_in.drafts import suggest_answer

HOLDS = "The hall holds 80 people."
ASKS = "How many people fit in?"
WHY = "not needed"


def rules(view: View) -> Move:
    if view.latest.endswith("?"):
        return Say(HOLDS)
    done = view.last("cancel_booking")
    if done and done.done:
        return Say("It is cancelled.")
    if view.latest.startswith("Cancel"):
        what, _, why = view.latest.partition(": ")
        return Calls((Call("cancel_booking", {"number": what.split()[-1], "why": why or "They ask for it."}),))
    return Say("What is it about?", asks=True)


def hall(drafting: Any) -> TeamSpec:
    tools = (find_member, get_booking, cancel_booking, call_the_office, suggest_answer)
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", rules, tools, drafts=drafting)
    closer = AgentSpec("closer", "Notes.", "You write the note.", lambda view: Note("Done."))
    passes = (Rule("confirm", effect="write"), Rule("approve"))
    return TeamSpec("hall", "", {"desk": desk, "closer": closer}, hub("desk", {}, "closer"), passes)


class Desk:
    """A desk to which a program has proposed a cancellation; what is written to it waits until it is `worked`."""

    def __init__(self, engine: Engine, drafting: Any = None) -> None:
        self.engine = engine
        self.environment = Environment(engine, {"hall": hall(drafting)})
        queue = SimpleNamespace(put_on_queue=lambda: None)
        self.place: Any = SimpleNamespace(engine=engine, environment=self.environment, worker=lambda _="": nullcontext(queue))
        call = {"number": "B-101", "why": WHY}
        self.case_id = proposals.propose(
            self.place, "hall", "cancel_booking", call, "ada@example.com", "k" * 20, "robin"
        ).case_id
        self.worked()

    def worked(self) -> None:
        with Worker(self.environment) as worker:
            ref = worker.claim(self.case_id)
            assert ref
            worker.work(ref)

    def writes(self, words: str) -> None:
        assert hear(self.engine, self.case_id, words, None)[0]

    def refused(self) -> Proposal:
        """The customer says no to what is proposed."""
        self.writes("no")
        self.worked()
        return self.stands

    def says(self, asked: Asked, key: str = "yes") -> None:
        proposals.say(self.place, self.case_id, asked.hash, asked.run, key, yes=True)

    @property
    def stands(self) -> Proposal:
        return proposals.came_of(self.place, self.case_id)

    @property
    def asked(self) -> Asked:
        assert self.stands.asked
        return self.stands.asked

    @property
    def transcript(self) -> list[Any]:
        return load(self.engine, self.case_id)["transcript"]

    @property
    def state(self) -> str:
        with self.engine.connect() as rows:
            return str(rows.execute(text("SELECT state FROM bookings WHERE id = 'B-101'")).scalar())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = prepared(sqlite_url(tmp_path / "rows.db"))
    seed(engine)
    yield engine
    engine.dispose()


@pytest.mark.slow
def test_a_draft_beside_a_proposed_call_is_no_programs_and_its_words_are_shown_to_no_customer(engine: Engine) -> None:
    desk = Desk(engine, "all")
    desk.writes(ASKS)
    desk.worked()
    by = [(e["tool"], e["by"]) for e in desk.transcript if e["kind"] == "call"][-2:]
    assert by == [("suggest_answer", "rules"), ("cancel_booking", "program")]
    assert HOLDS not in "".join(e["text"] for e in desk.transcript if e["kind"] == "message")
    assert [one.text for one in drafts(engine)] == [HOLDS]
    assert desk.stands.status == "asks" and HOLDS not in desk.asked.text and "B-101" in desk.asked.text
    desk.says(desk.asked)
    desk.worked()
    assert (desk.state, desk.stands.status) == ("cancelled", "done")


def test_only_a_write_of_a_program_needs_a_yes_that_no_rule_wants() -> None:
    team = replace(hall("all"), approvals=(Rule("approve"),))
    spec = team.members["desk"]

    def needs(tool: Tool, by: By) -> bool:
        return Wanted(spec, "call_1", Call(tool.name), tool, {}, 0, by=by).confirmed_in(team)

    assert needs(cancel_booking, "program") and not needs(cancel_booking, "model") and not needs(suggest_answer, "program")


@pytest.mark.slow
def test_a_form_shows_the_question_that_its_yes_is_to_also_where_more_was_said_since(engine: Engine) -> None:
    desk = Desk(engine, "all")
    desk.writes(ASKS)
    desk.worked()
    [draft] = drafts(engine)
    send_draft(engine, desk.case_id, "dana", draft.hash)
    assert [e["text"] for e in desk.transcript if e["kind"] == "message"][-1] == HOLDS
    assert "B-101" in desk.asked.text and desk.asked.text.endswith("Please answer yes or no.") and HOLDS not in desk.asked.text
    desk.says(desk.asked)
    desk.worked()
    assert desk.state == "cancelled"


@pytest.mark.slow
def test_a_forms_yes_is_bound_to_the_words_that_were_shown(engine: Engine) -> None:
    desk = Desk(engine)
    shown = desk.asked
    desk.writes("p")  # which says nothing, so it is asked once more, in other words
    desk.worked()
    assert "B-101" in desk.asked.text and desk.asked.text != shown.text and desk.asked.hash != shown.hash
    with pytest.raises(OperatorError, match="something else"):
        desk.says(replace(shown, run=desk.asked.run))
    desk.says(desk.asked)


@pytest.mark.slow
@pytest.mark.parametrize("is_worked", [False, True])
def test_a_forms_yes_counts_no_more_once_the_customer_has_written_something_else(engine: Engine, is_worked: bool) -> None:
    desk = Desk(engine)
    shown = desk.asked
    desk.writes(ASKS)
    if is_worked:
        desk.worked()
    with pytest.raises(OperatorError, match="something else"):
        desk.says(shown)
    if not is_worked:
        desk.worked()
    customer = [e["text"] for e in desk.transcript if e["speaker"] == "customer" and e["kind"] == "message"]
    assert customer[-1] == ASKS and desk.state == "open"


@pytest.mark.slow
def test_a_form_that_is_sent_twice_before_anybody_works_on_it_is_one_yes(engine: Engine) -> None:
    desk = Desk(engine)
    shown = desk.asked
    desk.says(shown)
    desk.says(shown)
    with pytest.raises(OperatorError, match="something else"):
        desk.says(shown, "another key")
    desk.worked()
    assert (desk.state, desk.stands.status) == ("cancelled", "done")


@pytest.mark.slow
def test_what_was_refused_is_told_as_done_once_the_customer_has_it_done_all_the_same(engine: Engine) -> None:
    desk = Desk(engine)
    refused = desk.refused()
    assert (refused.status, refused.asked) == ("refused", None)
    desk.writes(f"Cancel B-101: {WHY}")
    desk.worked()
    assert desk.stands.status == "asks" and WHY in desk.asked.text
    desk.says(desk.asked)
    desk.worked()
    stands = desk.stands
    assert (stands.status, stands.result["number"], stands.result["why"]) == ("done", "B-101", WHY)
    desk.writes("Cancel B-101")
    desk.worked()
    assert desk.stands == stands, "what is asked for after that is another matter"


@pytest.mark.slow
def test_what_was_done_with_other_arguments_is_named_and_is_not_what_was_proposed(engine: Engine) -> None:
    desk = Desk(engine)
    refused = desk.refused()
    desk.writes("Cancel B-101")
    desk.worked()
    assert desk.stands == refused, "the customer's yes is to another call"
    desk.writes("yes")
    desk.worked()
    stands = desk.stands
    assert (stands.status, stands.result, desk.state) == ("refused", refused.result, "cancelled")
    others = '{"number":"B-101","why":"They ask for it."}'
    assert stands.why == f"{refused.why} With other arguments it was made since: {others}."


def test_another_amount_of_the_same_order_is_not_what_was_proposed() -> None:
    def line(call_id: str, cents: int, by: By) -> CallEntry:
        return CallEntry("desk", "", by, tool="give", arguments={"order": "5", "cents": cents}, call_id=call_id)

    lines: list[Any] = [line("call_1", 1000, "program"), line("call_2", 2000, "rules"), line("call_3", 1000, "rules")]
    assert proposals._calls(lines) == {"call_1", "call_3"}


@pytest.mark.slow
def test_what_the_customer_has_done_of_something_else_is_not_what_was_proposed(engine: Engine) -> None:
    desk = Desk(engine)
    refused = desk.refused()
    desk.writes("Cancel B-102")
    desk.worked()
    assert desk.stands == refused
    desk.writes("yes")
    desk.worked()
    assert desk.stands == refused and refused.status == "refused" and desk.state == "open"
