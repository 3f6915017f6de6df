"""In draft mode the answer to what was asked in place of a yes waits, and the call is read back once more: nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from support.bookings import call_the_office, cancel_booking, find_member, get_booking, seed
from support.sample import prepared

from switchboard.cases.cases import hear, speak
from switchboard.cases.documents import load
from switchboard.cases.people.drafts import drafts, drop_draft, send_draft
from switchboard.cases.runs import Environment
from switchboard.database import sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Note, Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.flows.hub import hub
from switchboard.toolsets.built_in.drafts import suggest_answer

HOLDS = "The hall holds 80 people."
TOOLS = (find_member, get_booking, cancel_booking, call_the_office, suggest_answer)


def rules(view: View) -> Move:
    if view.latest.endswith("?"):
        return Say(HOLDS)
    done = view.last("cancel_booking")
    if done and done.done:
        return Say("It is cancelled.")
    if not view.customer_id:
        return Calls((Call("find_member", {"email": view.facts["email"]}),))
    return Calls((Call("cancel_booking", {"number": "B-101", "why": "not needed"}),))


def hall() -> TeamSpec:
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", rules, TOOLS, drafts="all")
    closer = AgentSpec("closer", "Notes.", "You write the note.", lambda view: Note("Done."))
    passes = (Rule("confirm", effect="write"), Rule("approve"))
    return TeamSpec("hall", "", {"desk": desk, "closer": closer}, hub("desk", {}, "closer"), passes)


class Desk:
    """A case in which the cancellation was read back, and the customer has asked something else instead."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with self._worker() as worker:
            ref = worker.open_case("hall", "Please cancel B-101.", known={"email": "ada@example.com"})
            assert ref
            worker.work(ref)
        self.case_id = ref.case_id
        self.writes("How many people fit in?")

    def _worker(self) -> Worker:
        return Worker(Environment(self.engine, {"hall": hall()}))

    def writes(self, words: str) -> None:
        with self._worker() as worker:
            ref, _ = hear(self.engine, self.case_id, words, worker.workflows.executor)
            if ref:
                worker.work(ref)

    @property
    def said(self) -> list[str]:
        return [e["text"] for e in load(self.engine, self.case_id)["transcript"] if e["kind"] == "message"]

    @property
    def waits(self) -> list[str]:
        return [one.text for one in drafts(self.engine)]

    @property
    def state(self) -> str:
        with self.engine.connect() as rows:
            return str(rows.execute(text("SELECT state FROM bookings WHERE id = 'B-101'")).scalar())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = prepared(sqlite_url(tmp_path / "rows.db"))
    seed(engine)
    yield Desk(engine)
    engine.dispose()


@pytest.mark.slow
def test_the_answer_waits_and_the_call_is_read_back_once_more(desk: Desk) -> None:
    document = load(desk.engine, desk.case_id)
    assert (document["end"], desk.waits, desk.state) == ("awaiting_customer", [HOLDS], "open")
    assert "A colleague answers" in desk.said[-1] and desk.said[-1].endswith("Please answer yes or no.")
    assert HOLDS not in "".join(desk.said) and "suggest" not in "".join(desk.said)


@pytest.mark.slow
def test_a_yes_does_the_call_once_and_the_answers_wait_together(desk: Desk) -> None:
    desk.writes("yes")
    assert (desk.state, desk.waits) == ("cancelled", [f"{HOLDS}\n\nIt is cancelled."])
    done = [e for e in load(desk.engine, desk.case_id)["tool_calls"] if e["tool"] == "cancel_booking" and e["status"] == "done"]
    assert len(done) == 1


@pytest.mark.slow
def test_an_answer_that_is_sent_in_between_leaves_the_question_open(desk: Desk) -> None:
    [one] = drafts(desk.engine)
    send_draft(desk.engine, desk.case_id, "dana", one.hash)
    assert desk.said[-1] == HOLDS and load(desk.engine, desk.case_id)["end"] == "awaiting_customer"
    desk.writes("yes")
    assert desk.state == "cancelled" and desk.waits == ["It is cancelled."]


@pytest.mark.slow
def test_a_no_leaves_the_booking_and_the_answer_waits_on(desk: Desk) -> None:
    desk.writes("no")
    assert (desk.state, desk.waits) == ("open", [HOLDS])
    [one] = drafts(desk.engine)
    send_draft(desk.engine, desk.case_id, "dana", one.hash)
    assert desk.said[-1] == HOLDS and load(desk.engine, desk.case_id)["outcome"]["outcome"] == "resolved_by_human"


@pytest.mark.slow
def test_other_words_drop_the_answer_and_get_their_own(desk: Desk) -> None:
    [one] = drafts(desk.engine)
    desk.writes("Is there a stage as well?")
    [other] = drafts(desk.engine)
    assert (other.ticket, other.text) == (one.ticket, HOLDS), "it is the answer to the newest words, once"
    assert desk.state == "open" and "Not done by me: the cancellation of booking B-101." in desk.said[-1]


@pytest.mark.slow
def test_who_drops_it_leaves_the_question_open_and_speaks_only_with_the_case(desk: Desk) -> None:
    [one] = drafts(desk.engine)
    drop_draft(desk.engine, desk.case_id, "dana", one.hash)
    with pytest.raises(OperatorError, match="with the agents"):
        speak(desk.engine, desk.case_id, "dana", "Eighty.")
    desk.writes("yes")
    assert desk.state == "cancelled"
