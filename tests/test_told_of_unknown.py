"""What the customer hears at the end of a run of calls that may be done or not, and of those that nobody said yes to."""

from typing import Any

import pytest
from sqlalchemy import Engine
from support import toys
from support.kennel import ASK, Kennel, KennelCase

from switchboard.declare.flow import CUSTOMER, EXECUTOR, OPERATOR
from switchboard.declare.human import Nobody
from switchboard.declare.moves import Say
from switchboard.declare.team import Rule
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import ConsentEntry, DecisionEntry, Entry, MessageEntry, ResultEntry
from switchboard.loop.closing import close
from switchboard.loop.state import Run

ONCE, UNKNOWN, NOTHING = "This was sent once before", "It is not known yet whether this was done", "Nothing was changed"


@tool(effect="write", about="gates", called="the opening of {gates}")
def open_gates(ctx: Context, gates: list[str]) -> str:
    """Open gates."""
    return "open"


@tool(effect="write", about="boat", called="the mooring of {boat}")
def moor(ctx: Context, boat: str) -> str:
    """Moor a boat."""
    return "moored"


def told(engine: Engine, *lines: Entry) -> str:
    """What is said at the end of a run with these lines."""
    members = {**toys.team().members, "worker": toys.agent("worker", lambda view: Say("Hm."), open_gates, moor)}
    team = toys.team(members=members, approvals=(Rule("approve"),))
    run = Run("case_1", team, engine, Nobody(), None)
    run.transcript.extend([MessageEntry(CUSTOMER, "hello", "human"), *lines])
    run.end = "escalated" if isinstance(lines[-1], ConsentEntry) else "awaiting_approval"
    before = len(run.transcript)
    close(run)
    return " ".join(line.text for line in run.transcript[before:])


def made(status: Any, boat: str, **facts: Any) -> ResultEntry:
    given = {"tool": "moor", "arguments": {"boat": boat}, "call_id": f"c-{boat}", "to": "worker", **facts}
    return ResultEntry(EXECUTOR, "", "tool", status=status, **given)


def sent(boat: str) -> DecisionEntry:
    return DecisionEntry(EXECUTOR, "It was sent.", call_id=f"c-{boat}", sent_before=f"the mooring of {boat}")


LOST = made("failed", "Ida", code="not_known")
BACK = DecisionEntry(OPERATOR, "I looked: it was done.", "human", handed_back=True, operator="olga")


def test_what_was_read_back_about_several_things_is_told_where_it_was_not_answered(engine: Engine) -> None:
    given = {"tool": "open_gates", "arguments": {"gates": ["north", "east"]}, "call_id": "c-1"}
    result = ResultEntry(EXECUTOR, "", "tool", status="refused", dropped=True, to="worker", **given)  # type: ignore[arg-type]
    other = ConsentEntry(CUSTOMER, by="human", call_id="c-1", bound="x", stance="other")
    assert "Not done by me: the opening of" in told(engine, result, other)


@pytest.mark.parametrize("before", [(), (made("done", "Ida"),), (LOST,)])
def test_what_was_sent_before_is_told_once_whatever_else_is_told(engine: Engine, before: tuple[Entry, ...]) -> None:
    text = told(engine, *before, sent("Una"), made("waiting", "Una"))
    assert (text.count(ONCE), text.count("the mooring of Una")) == (1, 1)
    assert text.count(UNKNOWN) == (1 if before == (LOST,) else 0) and NOTHING not in text


def test_what_was_sent_before_and_now_again_is_told_once(engine: Engine) -> None:
    text = told(engine, sent("Ida"), LOST, made("waiting", "Una"))
    assert (text.count("the mooring of Ida"), text.count(UNKNOWN), text.count(ONCE)) == (1, 1, 0)


@pytest.mark.parametrize("before", [(LOST,), (sent("Ida"),)])
def test_who_gave_the_case_back_has_found_out(engine: Engine, before: tuple[Entry, ...]) -> None:
    text = told(engine, *before, BACK, made("waiting", "Una"))
    assert UNKNOWN not in text and ONCE not in text and "Ida" not in text
    assert NOTHING not in text  # they may have found that it was done
    assert "  " not in text and text.strip() == text


@pytest.mark.slow
def test_a_case_that_was_given_back_says_no_more_that_it_is_not_known(engine: Engine) -> None:
    side = Kennel()
    side.silent = True
    case = KennelCase(engine, side.team(*ASK, keyed=False))
    case.answered()
    assert UNKNOWN in case.document["reply"]
    side.silent = False
    side.stay.update(stay="K-15")
    case.handed_back("I looked, and it was done.")
    assert UNKNOWN not in case.hears("please move the stay K-15 to kennel 3")
    assert case.end == "awaiting_approval" and NOTHING not in case.document["reply"]
