"""What was sent in one case, and nobody knows what came of it, is known to the next case that wants the same."""

from typing import cast

import pytest
from sqlalchemy import Engine
from support.kennel import ASK, BOTH, Kennel, KennelCase

from switchboard.cases.approvals import call_that_waits
from switchboard.declare.team import Rule
from switchboard.service.approvals import card
from switchboard.service.place import Place

AGAIN = "sent once before, and it is not known yet whether it was done: the move of stay K-12"
PASSES = (Rule("approve", tool="move_stay"),)


@pytest.fixture
def side() -> Kennel:
    side = Kennel()
    side.silent = True
    return side


def before(case: KennelCase) -> str:
    return " / ".join(card(cast(Place, case), call_that_waits(case.engine, case.id)).decided_before)


def sent(engine: Engine, side: Kennel, of: str | None = "stay") -> KennelCase:
    """A case whose call was sent once, with no answer."""
    case = KennelCase(engine, side.team(*ASK, keyed=False, of=of))
    assert "not known" not in before(case) and "nobody knows" not in before(case)
    case.answered()
    assert (case.end, len(side.moved)) == ("failed", 1)
    assert "Nothing was changed" not in case.document["reply"]
    side.silent = False
    return case


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


def test_an_operator_who_has_found_out_may_let_it_pass(engine: Engine, side: Kennel) -> None:
    sent(engine, side)
    second = KennelCase(engine, side.team(*ASK, keyed=False))
    assert second.answered() == "Stay K-12 has kennel 7 now." and len(side.moved) == 2


def test_what_a_rule_lets_pass_asks_an_operator_then(engine: Engine, side: Kennel) -> None:
    first = KennelCase(engine, side.team(*PASSES))
    tries = len(side.moved)
    assert (first.end, tries > 0) == ("failed", True)
    side.silent = False
    second = KennelCase(engine, side.team(*PASSES))
    assert (second.end, len(side.moved)) == ("awaiting_approval", tries)
    assert f"in {first.id}, and nobody knows what came of it" in call_that_waits(engine, second.id).why


def test_who_gives_the_first_case_back_has_found_out(engine: Engine, side: Kennel) -> None:
    first = sent(engine, side)
    first.handed_back("It was not done.")
    assert "nobody knows" not in before(KennelCase(engine, side.team(*ASK, keyed=False)))


def test_another_thing_is_none_of_it(engine: Engine, side: Kennel) -> None:
    sent(engine, side)
    side.stay.update(stay="K-13")
    other = KennelCase(engine, side.team(*ASK, keyed=False), "please move the stay K-13 to kennel 7")
    assert other.end == "awaiting_approval" and "nobody knows" not in before(other)
    assert "Nothing was changed" in other.document["reply"]
