"""A call that waits for an operator, in a case that one takes and gives back: never done by that, and never forgotten."""

import pytest
from sqlalchemy import Engine
from support.kennel import ASK, ASKED, BOTH, Kennel, KennelCase

from switchboard.cases import cases
from switchboard.cases.approvals import open_approvals
from switchboard.declare.agent import Twin
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.team import Rule
from switchboard.declare.transcript import View

OFFER = "Tell me more, please."


@pytest.fixture
def side() -> Kennel:
    return Kennel()


def taken(engine: Engine, side: Kennel, *rules: Rule, does: Twin | None = None) -> KennelCase:
    case = KennelCase(engine, side.team(*rules, does=does))
    if rules == BOTH:
        case.hears("yes")
    assert case.end == "awaiting_approval"
    told = cases.take(engine, case.id, "olga")
    assert 'move_stay(stay="K-12", kennel="7") waited for an approval. It is not done' in told
    assert open_approvals(engine) == []
    return case


@pytest.mark.slow
def test_it_waits_again_after_the_hand_back_and_no_note_does_it(engine: Engine, side: Kennel) -> None:
    case = taken(engine, side, *ASK)
    case.handed_back("All right, do it.")
    assert (case.end, side.moved) == ("awaiting_approval", [])
    assert case.answered() == "Stay K-12 has kennel 7 now." and side.moved == ["K-12 7"]


@pytest.mark.slow
def test_a_customer_who_had_said_yes_is_asked_once_more(engine: Engine, side: Kennel) -> None:
    case = taken(engine, side, *BOTH)
    assert "Stay K-12 is moved to kennel 7." in case.handed_back("All right, do it.")
    assert (case.end, side.moved) == ("awaiting_customer", [])
    case.hears("yes")
    assert case.end == "awaiting_approval"
    assert case.answered() == "Stay K-12 has kennel 7 now."


@pytest.mark.slow
def test_it_is_held_to_what_is_there_by_then(engine: Engine, side: Kennel) -> None:
    case = taken(engine, side, *ASK)
    side.stay.update(state="LEFT")
    case.handed_back("All right, do it.")
    assert side.moved == [] and "moved" in case.document["reply"]


def asks_anew(view: View) -> Move:
    """An agent that finds nothing in the newest words."""
    if not view.customer_id:
        return call("find_owner", email="ada@example.com")
    return call("move_stay", stay="K-12", kennel="7") if view.latest == ASKED else Say(OFFER, asks=True)


@pytest.mark.slow
def test_what_no_agent_takes_up_is_told_to_be_undone_once(engine: Engine, side: Kennel) -> None:
    case = taken(engine, side, *ASK, does=asks_anew)
    cases.hear(engine, case.id, "Are you there?", None)
    told = case.handed_back("All right, do it.")
    assert OFFER in told and "Not done by me: the move of stay K-12." in told and side.moved == []
    assert "Not done by me" not in case.hears("Hm.")


@pytest.mark.slow
def test_who_has_spoken_to_the_customer_leaves_it_undone_and_they_hear_so(engine: Engine, side: Kennel) -> None:
    case = taken(engine, side, *ASK)
    cases.speak(engine, case.id, "olga", "I look into it.")
    assert "Not done by me: the move of stay K-12." in case.handed_back() and side.moved == []


@pytest.mark.slow
def test_one_that_is_cancelled_is_not_done(engine: Engine, side: Kennel) -> None:
    case = taken(engine, side, *ASK)
    case.begins(lambda executor: cases.cancel(engine, case.id, "olga", executor))
    assert (case.end, side.moved) == ("cancelled", []) and "Nothing was changed" in case.document["reply"]
