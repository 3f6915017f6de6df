"""What was sent in one case, and nobody knows what came of it, is known to the next case that wants the same."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from support.kennel import ASK, ASKED, BOTH, Kennel, KennelCase

from switchboard.cases.approvals import call_that_waits
from switchboard.cases.tables import AmountRow
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.team import Rule
from switchboard.migrations import migrate_cases
from switchboard.service.approvals import card
from switchboard.service.place import Place

AGAIN = "sent once before, and it is not known yet whether it was done: the move of stay K-12"
TO_SEVEN = {"stay": "K-12", "kennel": "7"}
PASSES = (Rule("approve", tool="move_stay"),)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    is_sqlite = request.param == "sqlite"
    made = open_engine(sqlite_url(tmp_path / "rows.db") if is_sqlite else request.getfixturevalue("addresses")())
    migrate_cases(made)
    yield made
    made.dispose()


@pytest.fixture
def side() -> Kennel:
    side = Kennel()
    side.silent = True
    return side


def before(case: KennelCase, arguments: Mapping[str, Any] | None = None) -> str:
    return " / ".join(card(cast(Place, case), call_that_waits(case.engine, case.id), arguments).decided_before)


def sent(engine: Engine, side: Kennel, of: str | None = "stay") -> KennelCase:
    """A case whose call was sent once, with no answer."""
    case = KennelCase(engine, side.team(*ASK, keyed=False, of=of))
    assert "not known" not in before(case) and "nobody knows" not in before(case)
    case.answered()
    assert (case.end, len(side.moved)) == ("failed", 1)
    assert "Nothing was changed" not in case.document["reply"]
    side.silent = False
    return case


@pytest.mark.slow
@pytest.mark.parametrize("rules", [ASK, BOTH])
@pytest.mark.parametrize("of", ["stay", None])
def test_the_second_case_knows_of_it(engine: Engine, side: Kennel, rules: tuple[Rule, ...], of: str | None) -> None:
    first = sent(engine, side, of)
    second = KennelCase(engine, side.team(*rules, keyed=False, of=of))
    told = second.hears("yes") if rules == BOTH else second.replays()
    assert second.end == "awaiting_approval"
    assert AGAIN in told and "Nothing was changed" not in told and "not done yet" not in told
    assert f"in {first.id}: nobody knows what came of it" in before(second)
    assert second.answered(answer="refuse", reason="It was done the first time.") and len(side.moved) == 1
    assert "Nothing was changed" not in second.document["reply"]


@pytest.mark.slow
def test_an_operator_who_has_found_out_may_let_it_pass(engine: Engine, side: Kennel) -> None:
    sent(engine, side)
    second = KennelCase(engine, side.team(*ASK, keyed=False))
    assert second.answered() == "Stay K-12 has kennel 7 now." and len(side.moved) == 2


@pytest.mark.slow
def test_what_a_rule_lets_pass_asks_an_operator_then(engine: Engine, side: Kennel) -> None:
    first = KennelCase(engine, side.team(*PASSES))
    tries = len(side.moved)
    assert (first.end, tries > 0) == ("failed", True)
    side.silent = False
    second = KennelCase(engine, side.team(*PASSES))
    assert (second.end, len(side.moved)) == ("awaiting_approval", tries)
    assert f"in {first.id}, and nobody knows what came of it" in call_that_waits(engine, second.id).why


@pytest.mark.slow
def test_who_gives_the_first_case_back_has_found_out(engine: Engine, side: Kennel) -> None:
    first = sent(engine, side)
    first.handed_back("It was not done.")
    assert "nobody knows" not in before(KennelCase(engine, side.team(*ASK, keyed=False)))


@pytest.mark.slow
def test_another_thing_is_none_of_it(engine: Engine, side: Kennel) -> None:
    sent(engine, side)
    side.stay.update(stay="K-13")
    other = KennelCase(engine, side.team(*ASK, keyed=False), "please move the stay K-13 to kennel 7")
    assert other.end == "awaiting_approval" and "nobody knows" not in before(other)
    assert "Nothing was changed" in other.document["reply"]


@pytest.mark.slow
@pytest.mark.parametrize("of", ["stay", None])
def test_newer_calls_that_are_done_hide_none_of_which_nobody_knows(
    engine: Engine, side: Kennel, of: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchboard.cases.amounts.MOST_SENT", 1)
    first = sent(engine, side, of)
    for kennel in (3, 4):  # of the same stay where calls are about one, else of the same owner
        other = KennelCase(engine, side.team(*ASK, keyed=False, of=of), f"please move the stay K-12 to kennel {kennel}")
        assert "now" in other.answered()
    with Session(engine) as session, session.begin():
        session.execute(update(AmountRow).where(AmountRow.case_id == first.id).values(at=1.0))
    assert f"in {first.id}: nobody" in before(KennelCase(engine, side.team(*ASK, keyed=False, of=of)))


@pytest.mark.slow
@pytest.mark.parametrize("of", ["stay", None])
def test_what_an_operator_wants_instead_may_have_been_sent_before(engine: Engine, side: Kennel, of: str | None) -> None:
    first = sent(engine, side, of)
    side.others["K-14"] = {**side.stay, "stay": "K-14"}
    second = KennelCase(engine, side.team(*ASK, keyed=False, of=of), "please move the stay K-14 to kennel 8")
    assert "nobody knows" not in before(second)
    second.answered(arguments=TO_SEVEN)
    noted = [line for line in second.document["transcript"] if line.get("sent_before")]
    assert [line["sent_before"] for line in noted] == ["the move of stay K-12"] and f"in {first.id}" in noted[0]["text"]


class Slow(Kennel):
    """One that works on a call for so long that `meanwhile` something else is asked."""

    meanwhile: Callable[[], object] | None = None

    def move(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        then, self.meanwhile = self.meanwhile, None
        if then:
            then()
        return super().move(arguments, key=key, timeout=timeout)


@pytest.mark.slow
@pytest.mark.parametrize("of", ["stay", None])
@pytest.mark.parametrize("edited", [False, True])
def test_a_call_under_way_may_be_done_too(engine: Engine, of: str | None, edited: bool) -> None:
    side, found = Slow(), list[str]()
    second = KennelCase(engine, side.team(*ASK, of=of), "please move the stay K-12 to kennel 9")
    first = KennelCase(engine, side.team(*ASK, of=of), "please move the stay K-12 to kennel 8" if edited else ASKED)
    side.meanwhile = lambda: found.append(before(second, TO_SEVEN))
    first.answered(arguments=TO_SEVEN if edited else {})
    assert side.moved == ["K-12 7"] and f"in {first.id}: nobody knows" in found[0]
    assert "nobody knows" not in before(second, TO_SEVEN)
