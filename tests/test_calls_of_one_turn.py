"""Several calls of one turn that operators decide on: each waits on its own, none is forgotten, or made by another's yes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from support import toys
from support.own_shop import seeded

from switchboard.cases.approvals import WaitingCall, answer, expire, open_approvals
from switchboard.cases.runs import Environment
from switchboard.cases.tables import ApprovalRow
from switchboard.declare.human import Approval
from switchboard.declare.moves import Call, Calls, Say
from switchboard.declare.team import Rule
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError

READS = (Rule("approve", effect="read"), Rule("approve", effect="compute"), Rule("approve", effect="send"))


def pays_twice(view: Any) -> Any:
    """Two payments in one turn, and then what came of each."""
    made = [one for one in view.calls if one.tool == "pay"]
    if not made:
        return Calls((Call("pay", {"cents": 300}), Call("pay", {"cents": 400})))
    return Say(" ".join(f"{one.arguments['cents']} {one.status}." for one in made))


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Worker]:
    toys.PAID.clear()
    engine = seeded(tmp_path)
    team = toys.team(pays_twice, approvals=(*READS, Rule("ask", tool="pay")))
    with Worker(Environment(engine, {"toys": team})) as worker:
        yield worker
    engine.dispose()


def parked(worker: Worker) -> str:
    ref = worker.open_case("toys", "Please pay me twice.", known={"email": "ada@example.com"})
    assert ref and worker.work(ref)["end"] == "awaiting_approval"
    return ref.case_id


def the_one_that_waits(worker: Worker, case_id: str) -> WaitingCall:
    [found] = open_approvals(worker.environment.engine, case_id)
    return found


def say(worker: Worker, case_id: str, asked: WaitingCall, word: Any, **given: Any) -> str:
    approval = Approval(word, "dana", **given)
    ref = answer(worker.environment.engine, case_id, asked.hash, approval, worker.workflows.executor)
    assert ref
    return str(worker.work(ref)["end"])


def lapse(worker: Worker, case_id: str, asked: WaitingCall) -> str:
    """The deadline of the call passes."""
    with Session(worker.environment.engine) as session, session.begin():
        session.execute(update(ApprovalRow).where(ApprovalRow.state == "open").values(deadline=asked.asked_at))
    [ref] = expire(worker.environment.engine)
    return str(worker.work(ref)["end"])


def edit(worker: Worker, case_id: str, asked: WaitingCall) -> str:
    return say(worker, case_id, asked, "approve", arguments={"cents": asked.arguments["cents"] - 50})


DECIDED = {
    "approved": (lambda worker, case_id, asked: say(worker, case_id, asked, "approve"), "300 done."),
    "refused": (lambda worker, case_id, asked: say(worker, case_id, asked, "refuse", reason="No."), "300 refused."),
    "edited": (edit, "250 done."),
    "expired": (lapse, "300 refused."),
}


@pytest.mark.parametrize("first", DECIDED)
@pytest.mark.parametrize("second", DECIDED)
def test_the_second_call_waits_on_its_own_whatever_became_of_the_first(bank: Worker, first: str, second: str) -> None:
    case_id = parked(bank)
    one = the_one_that_waits(bank, case_id)
    decide, told = DECIDED[first]
    assert one.arguments == {"cents": 300} and toys.PAID == []
    assert decide(bank, case_id, one) == "awaiting_approval"
    other = the_one_that_waits(bank, case_id)
    assert other.arguments == {"cents": 400} and other.hash != one.hash and other.approved_by == []
    assert len(toys.PAID) == (first in ("approved", "edited"))
    with pytest.raises(OperatorError, match="waits for another call by now"):
        say(bank, case_id, one, "approve")
    decide, _ = DECIDED[second]
    assert decide(bank, case_id, other) == "resolved"
    paid = [(first, "call_2"), (second, "call_3")]
    assert [f"{case_id}:{call}" for how, call in paid if how in ("approved", "edited")] == toys.PAID
    assert told in bank.document(case_id)["reply"]
