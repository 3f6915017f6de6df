"""What a play demands of a record holds when its call is made, too: after a yes of the customer, and of an operator."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine, text
from support.kennel import ASK, BOTH, CONFIRM, LEFT, Kennel, KennelCase
from support.postgres import with_driver

from switchboard import database
from switchboard.cases.approvals import call_that_waits
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.flows.hub import hub
from switchboard.migrations import migrate_cases
from switchboard.service.approvals import Card, card, edited
from switchboard.service.place import Place


@pytest.fixture
def side() -> Kennel:
    return Kennel()


def left(side: Kennel) -> str:
    side.stay.update(state="LEFT")
    return "Stay K-12 is LEFT: nothing of it can be moved."


def ran_out(side: Kennel) -> str:
    side.passes.update(shots="expired")
    return "The pass of D-4 has run out, so K-12 stays where it is."


CHANGES = pytest.mark.parametrize("changes", [left, ran_out])
Changes = Callable[[Kennel], str]


@pytest.mark.slow
@pytest.mark.parametrize("rules", [CONFIRM, ASK, BOTH])
@pytest.mark.parametrize("check", [True, False])
def test_what_is_as_it_was_is_done(engine: Engine, side: Kennel, rules: tuple[Rule, ...], check: bool) -> None:
    case = KennelCase(engine, side.team(*rules, check=check))
    if rules != ASK:
        case.hears("yes")
    if rules != CONFIRM:
        case.answered()
    assert (case.document["reply"], side.moved) == ("Stay K-12 has kennel 7 now.", ["K-12 7"])


@pytest.mark.slow
@CHANGES
@pytest.mark.parametrize("check", [True, False])
def test_a_customers_yes_is_not_enough_where_the_record_is_another_by_now(
    engine: Engine, side: Kennel, changes: Changes, check: bool
) -> None:
    case = KennelCase(engine, side.team(*CONFIRM, check=check))
    told = changes(side)
    assert (case.hears("yes"), side.moved, case.end) == (told, [], "resolved")


@pytest.mark.slow
@CHANGES
@pytest.mark.parametrize("rules", [ASK, BOTH])
@pytest.mark.parametrize("check", [True, False])
def test_an_operators_yes_is_not_enough_either(
    engine: Engine, side: Kennel, changes: Changes, rules: tuple[Rule, ...], check: bool
) -> None:
    case = KennelCase(engine, side.team(*rules, check=check))
    if rules == BOTH:
        case.hears("yes")
    assert case.end == "awaiting_approval"
    told = changes(side)
    assert (case.answered(), side.moved, case.end) == (told, [], "resolved")
    [said] = [line for line in case.document["transcript"] if line["kind"] == "decision"]
    assert said["speaker"] == "olga" and "which was not done" in said["text"]


@pytest.mark.slow
def test_an_operators_other_arguments_are_not_done_either(engine: Engine, side: Kennel) -> None:
    case = KennelCase(engine, side.team(*ASK))
    told = left(side)
    assert (case.answered(arguments={"stay": "K-12", "kennel": "9"}), side.moved) == (told, [])


@pytest.mark.slow
@pytest.mark.parametrize(("state", "moved"), [("LEFT", []), ("BOOKED", ["K-31 9"])])
@pytest.mark.parametrize("check", [True, False])
def test_another_record_that_an_operator_names_is_read(
    engine: Engine, side: Kennel, state: str, moved: list[str], check: bool
) -> None:
    side.others["K-31"] = {**side.stay, "stay": "K-31", "state": state}
    case = KennelCase(engine, side.team(*ASK, check=check))
    case.answered(arguments={"stay": "K-31", "kennel": "9"})
    assert (side.moved, case.end) == (moved, "resolved" if moved else "escalated")


@pytest.mark.slow
def test_a_no_stays_a_no_whatever_changed(engine: Engine, side: Kennel) -> None:
    case = KennelCase(engine, side.team(*BOTH))
    case.hears("yes")
    left(side)
    assert "LEFT" not in case.answered(answer="refuse", reason="No kennel is free.") and side.moved == []


@pytest.mark.slow
def test_a_record_that_cannot_be_read_any_more_is_a_persons(engine: Engine, side: Kennel) -> None:
    case = KennelCase(engine, side.team(*CONFIRM))
    side.gone = True
    case.hears("yes")
    assert (case.end, side.moved) == ("escalated", [])


def straight(view: View) -> Move:
    """A caller that walks no play, as a model may be: it calls what changes the record at once."""
    if not view.customer_id:
        return call("find_owner", email="ada@example.com")
    made = view.last("move_stay")
    return Say(made.code or "Moved.") if made else call("move_stay", stay="K-12", kennel="7")


@pytest.mark.slow
@pytest.mark.parametrize(("state", "code", "moved"), [("BOOKED", "Moved.", ["K-12 7"]), ("LEFT", "no_longer_so", [])])
@pytest.mark.parametrize("check", [True, False])
def test_a_call_that_walks_no_play_is_held_to_its_demands(
    engine: Engine, side: Kennel, state: str, code: str, moved: list[str], check: bool
) -> None:
    side.stay.update(state=state)
    case = KennelCase(engine, side.team(Rule("approve", tool="move_stay"), check=check, does=straight))
    assert (case.document["reply"].split()[0], side.moved) == (code, moved)


@pytest.mark.slow
def test_what_was_read_since_the_last_words_is_not_read_again(engine: Engine, side: Kennel) -> None:
    KennelCase(engine, side.team(Rule("approve", tool="move_stay"), check=False))
    assert (side.looks, side.moved) == (["stay", "pass"], ["K-12 7"])


def shown(case: KennelCase) -> Card:
    return card(cast(Place, case), call_that_waits(case.engine, case.id))


@pytest.mark.slow
@CHANGES
@pytest.mark.parametrize("check", [True, False])
def test_the_card_shows_what_is_there_now_and_what_changed(engine: Engine, side: Kennel, changes: Changes, check: bool) -> None:
    case = KennelCase(engine, side.team(*BOTH, check=check))
    case.hears("yes")
    before = shown(case)
    assert (before.changed, before.refused) == ((), "")
    assert before.in_words == "Stay K-12 is moved to kennel 7."
    changes(side)
    after = shown(case)
    word, was, of = ("LEFT", "BOOKED", "state") if changes is left else ("expired", "valid", "shots")
    assert word in " ".join(after.looked_up) and was not in " ".join(after.looked_up)
    assert f"{of} is {word}" in after.refused and after.in_words == ""
    of_tool = "get stay" if changes is left else "get pass"
    assert after.changed == (f"{of_tool}: {of} was {was}, is {word}",)
    with pytest.raises(OperatorError, match="Nothing was approved"):
        edited(cast(Place, case), call_that_waits(engine, case.id), {"kennel": "9"})


def test_the_card_names_what_changed_and_forbids_nothing(engine: Engine, side: Kennel) -> None:
    case = KennelCase(engine, side.team(*ASK))
    side.stay.update({"from": "2031-05-09"})
    assert shown(case).changed == ("get stay: from was 2031-05-02, is 2031-05-09",)
    case.answered()
    assert side.moved == ["K-12 7"]


@pytest.mark.slow
def test_a_call_on_another_side_whose_words_always_change_is_not_asked_about_for_ever(engine: Engine, side: Kennel) -> None:
    case, asked = KennelCase(engine, side.team(*CONFIRM, told=" It is from {check.from}.")), 0
    while case.end == "awaiting_customer" and asked < 10:
        asked += 1
        side.stay["from"] = f"2031-05-{asked:02}"
        case.hears("yes")
    assert (asked, side.moved) == (3, [])


@pytest.mark.slow
def test_nonsense_behind_a_question_leaves_its_terms_to_be_asked_about_anew(engine: Engine, side: Kennel) -> None:
    case = KennelCase(engine, side.team(*CONFIRM, told=" It is from {check.from}."))
    for words in ("p", "x"):
        case.hears(words)
    side.stay["from"] = "2031-05-09"
    assert "2031-05-09" in case.hears("yes") and case.end == "awaiting_customer"
    case.hears("yes")
    assert side.moved == ["K-12 7"]


IDLE = 1.0
"""Seconds: longer than a busy machine stops in a transaction, shorter than the other sides here take."""


class Busy(Kennel):
    """While it is asked somebody else writes a row, who waits for nobody, and the server waits for no idle transaction."""

    def __init__(self, other: Engine) -> None:
        super().__init__()
        self.other, self.written = other, 0

    def get(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        with self.other.begin():
            self.written += 1
        time.sleep(1.5 * IDLE)
        return super().get(arguments, key=key, timeout=timeout)


@pytest.fixture(params=["sqlite", "postgres"])
def impatient(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Rows on which a lock and an idle transaction last for a moment, once their tables are made."""
    fresh = request.getfixturevalue("fresh") if request.param == "postgres" else None
    url = with_driver(fresh()) if fresh else sqlite_url(tmp_path / "rows.db")
    patient = open_engine(url)
    migrate_cases(patient)
    patient.dispose()
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    monkeypatch.setattr(database, "IDLE_TRANSACTION_SECONDS", IDLE)
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("check", [True, False])
def test_nobody_waits_while_another_side_is_asked_for_a_card(impatient: Engine, check: bool) -> None:
    side = Busy(impatient)
    case = KennelCase(impatient, side.team(*ASK, check=check))
    asked = side.written
    card_ = shown(case)
    assert (card_.refused, card_.in_words) == ("", "Stay K-12 is moved to kennel 7.")
    assert side.written > asked
    assert edited(cast(Place, case), call_that_waits(impatient, case.id), {"kennel": "9"})["kennel"] == "9"


@pytest.mark.slow
def test_a_card_that_cannot_be_told_now_says_so(impatient: Engine) -> None:
    case = Till(impatient)
    asked, seconds = call_that_waits(impatient, case.id), 1.5 * IDLE if impatient.dialect.name == "postgresql" else 0.0
    locks = nullcontext() if seconds else impatient.begin()
    with locks:
        case.slow = seconds
        told = card(cast(Place, case), asked).refused
    case.slow = 0.0
    assert told == "The database could not be asked. Look again in a moment."
    assert card(cast(Place, case), asked).refused == ""


class Till:
    """A case whose payment, which is tried on our rows, waits; it looks at them, and is `slow` then."""

    def __init__(self, engine: Engine) -> None:
        self.slow = 0.0

        @tool(effect="write", amount="cents", public=True)
        def pay(ctx: Context, cents: int) -> dict[str, int]:
            """Pay a sum."""
            ctx.session.execute(text("SELECT 1"))
            time.sleep(self.slow)
            return {"cents": cents}

        teller = AgentSpec("teller", "Pays.", "You pay.", tools=(pay,), without_model=lambda _: call("pay", cents=7000))
        rules = (Rule("ask", tool="pay"), Rule("approve"))
        team = TeamSpec("till", "", {"teller": teller}, hub("teller", {}), rules, rescue=lambda _: LEFT)
        self.engine, self.environment = engine, Environment(engine, {"till": team})
        with Worker(self.environment) as worker:
            ref = worker.open_case("till", "Please pay me.", known={"email": "ada@example.com"})
            self.id, self.document = ref.case_id, worker.work(ref)
