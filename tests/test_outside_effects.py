"""What is recorded of an effect on another side of which nobody may be told that it was done: killed, cut off, or too long."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support import toys
from support.giving import ADA, FREE, giving_rows

from switchboard.cases.documents import load
from switchboard.cases.entries import kept_of, unsaid
from switchboard.cases.runs import Environment
from switchboard.declare.moves import Say, call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import ResultEntry
from switchboard.engine.worker import Worker
from switchboard.errors import NotKnown
from switchboard.loop.journal import OUTSIDE


class Killed(BaseException):
    """As a process that dies."""


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    with giving_rows(tmp_path) as engine:
        yield engine


def giving(outside: Callable[[Context, Any], Any]) -> Any:
    @tool(effect="write", amount="cents", called="the refund of {cents} cents", outside=outside)
    def give(ctx: Context, cents: int) -> dict[str, Any]:
        """Give money."""
        ctx.session.execute(text("INSERT INTO given VALUES (:cents)"), {"cents": cents})
        return {"given": cents}

    return give


def team(give: Any, does: Callable[[Any], Any]) -> Any:
    members = {**toys.team().members, "worker": toys.agent("worker", does, give, toys.look_up)}
    return toys.team(members=members, approvals=(*FREE, Rule("approve", tool="give", up_to=50_00), Rule("ask", tool="give")))


def gives(view: Any) -> Any:
    last = view.last("give")
    return Say("That is all.") if last else call("give", cents=3000)


def looks_first(view: Any) -> Any:
    return gives(view) if view.last("look_up") else call("look_up", number=1)


def results(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(e["status"], e.get("code", "")) for e in document["transcript"] if e["kind"] == "result" and e["tool"] == "give"]


def given_up(rows: Engine, outside: Callable[[Context, Any], Any]) -> dict[str, Any]:
    """A case whose process died with the call, and whose program was changed since, so that its run is given up."""
    with pytest.raises(Killed), Worker(Environment(rows, {"toys": team(giving(outside), gives)})) as worker:
        ref = worker.open_case("toys", "Pay me.", known=ADA)
        worker.work(ref)
    with Worker(Environment(rows, {"toys": team(giving(outside), looks_first)})) as worker:
        for _ in range(2):
            for found in worker.take_up():
                worker.wait_for(found)
    return load(rows, ref.case_id)


@pytest.mark.slow
def test_what_was_not_asked_of_the_other_side_is_not_told_as_done_where_its_run_is_given_up(rows: Engine) -> None:
    def dies(ctx: Context, result: Any) -> Any:
        raise Killed

    document = given_up(rows, dies)
    assert (document["end"], results(document)) == ("failed", [("failed", NotKnown.code)])
    assert (
        "not known yet whether this was done: the refund of 3000 cents" in document["reply"]
        and "What was done" not in document["reply"]
    )


@pytest.mark.slow
def test_what_nobody_knows_of_the_other_side_stays_not_known_where_its_run_is_given_up(rows: Engine) -> None:
    def no_answer(ctx: Context, result: Any) -> Any:
        raise NotKnown("No answer came.")

    with Worker(Environment(rows, {"toys": team(giving(no_answer), gives)})) as worker:
        ref = worker.open_case("toys", "Pay me.", known=ADA)
        worker.work(ref)
    with Session(rows) as session:
        kept = kept_of(session, ref.case_id, 1)
    at = next(at for at, one in enumerate(kept) if one.name.endswith(OUTSIDE))
    found = [line for line in unsaid(kept[: at + 1]) if isinstance(line, ResultEntry)]
    assert [(line.tool, line.status, line.is_not_known) for line in found] == [("give", "failed", True)]


@pytest.mark.slow
def test_an_answer_of_another_side_that_is_too_long_is_still_of_what_was_done(rows: Engine) -> None:
    sent: list[str] = []

    def tells_all(ctx: Context, result: Any) -> Any:
        sent.append(ctx.key)
        return {"receipt": "x" * 25_000}

    with Worker(Environment(rows, {"toys": team(giving(tells_all), gives)})) as worker:
        found = [worker.work(worker.open_case("toys", "Pay me.", known=ADA)) for _ in range(3)]
    assert [one["end"] for one in found] == ["resolved", "awaiting_approval", "awaiting_approval"]
    assert (results(found[0]), len(sent)) == ([("done", "")], 1)


@pytest.mark.slow
def test_what_is_cut_off_by_hand_on_its_way_to_the_other_side_is_not_told_as_done(rows: Engine) -> None:
    def pressed(ctx: Context, result: Any) -> Any:
        raise KeyboardInterrupt

    with Worker(Environment(rows, {"toys": team(giving(pressed), gives)})) as worker:
        document = worker.work(worker.open_case("toys", "Pay me.", known=ADA))
    assert results(document) == [("failed", NotKnown.code)]
    assert "What was done" not in document["reply"]
