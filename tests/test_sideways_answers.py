"""What people write beside the point: wishes on a condition, places in a list, half answers, and words after the end."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.next_run import go_on, words

from agents.orders.conditions import hangs_on_later
from agents.requests.reading import read
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team

EMMA, OSKAR, FELIX, PRIYA, SANTOS = (
    f"{name}@example.com" for name in ("emma.lindqvist", "oskar.nyman", "felix.aldous", "priya.raman", "m.santos")
)
HAPPENS = "I cannot wait for a day"


def ask(shop: Engine, email: str, *said: str) -> RunResult:
    return run_team(team, said[0], engine=shop, human=Prepared(said[1:], live=True), known={"email": email})


def read_back(result: RunResult) -> list[str]:
    return [told for e in result.run.transcript if e.kind == "message" for _, told in e.confirms.values()]


def reply(result: RunResult) -> str:
    return str(result.document["reply"])


def statuses(shop: Engine, *orders: str) -> list[Any]:
    with shop.connect() as rows:
        return [rows.execute(text("SELECT status FROM orders WHERE id = :id"), {"id": order}).scalar() for order in orders]


@pytest.mark.parametrize(
    ("said", "later"),
    [
        ("Cancel #W1000121 in case the plugs do not get here before Sunday.", True),
        ("should it not turn up by the 3rd i want my money back", True),
        ("unless it ships this week I no longer want it", True),
        ("cancel it if it wont be delivered on time", True),
        ("Cancel it if it has not been sent yet", False),
        ("If that is still possible, please cancel it", False),
        ("If I send it back next week, will you refund all of it?", False),
        ("How much do I get back if I cancel before Friday?", False),
        ("My birthday is on Monday. Please cancel #W1000121.", False),
    ],
)
def test_a_wish_hangs_on_later_where_nobody_can_see_it_now(said: str, later: bool) -> None:
    assert hangs_on_later(said) is later


def test_no_condition_is_kept_and_that_is_said(shop: Engine) -> None:
    result = ask(shop, OSKAR, "If #W1000121 has not got here by Tuesday and does not come soon, please cancel it.")
    assert (result.end, HAPPENS in reply(result), read_back(result)) == ("awaiting_customer", True, [])


def test_what_was_to_hang_on_later_can_be_done_now(shop: Engine) -> None:
    wish = "unless #W1000121 ships this week I no longer want it"
    ask(shop, OSKAR, wish, "yes, cancel it now", "no longer needed", "yes")
    assert statuses(shop, "#W1000121") == ["cancelled"]


def test_who_would_rather_wait_is_left_in_peace(shop: Engine) -> None:
    result = ask(shop, OSKAR, "unless #W1000121 ships this week I no longer want it", "ok then I wait")
    assert (result.end, statuses(shop, "#W1000121"), read_back(result)) == ("resolved", ["pending"], [])


def test_a_question_where_it_is_does_not_swallow_its_cancellation(shop: Engine) -> None:
    ask(shop, EMMA, "where is #W1000019? and please cancel it as long as it has not been sent", "dont need it", "yes")
    assert statuses(shop, "#W1000019") == ["cancelled"]


@pytest.mark.parametrize(
    ("answer", "cancelled"),
    [("the second one", ["pending", "cancelled"]), ("1", ["cancelled", "pending"]), ("both pls", ["cancelled", "cancelled"])],
)
def test_an_answer_may_be_a_place_in_the_list(shop: Engine, answer: str, cancelled: list[str]) -> None:
    result = ask(shop, FELIX, "please cancel my order", answer, "no longer needed", "yes")
    assert statuses(shop, "#W1000087", "#W1000047") == cancelled, reply(result)


def test_a_place_in_the_list_of_orders_is_no_reason(shop: Engine) -> None:
    result = ask(shop, FELIX, "please cancel my order", "the first one")
    assert (read_back(result), "by mistake?" in reply(result)) == ([], True)


def test_everything_is_every_order_that_allows_it(shop: Engine) -> None:
    result = ask(shop, FELIX, "cancel everything", "not needed", "yes")
    assert (result.end, statuses(shop, "#W1000087", "#W1000047")) == ("resolved", ["cancelled", "cancelled"])


def test_which_orders_allow_a_change_is_answered_with_them(shop: Engine) -> None:
    result = ask(shop, FELIX, "What orders of mine can be cancelled now?")
    assert all(order in reply(result) for order in ("#W1000087", "#W1000047")) and "Which order" not in reply(result)


def test_a_wish_for_the_money_to_go_elsewhere_is_answered(shop: Engine) -> None:
    said = ("Cancel #W1000008 please", "ok but put the money on a gift card", "yes, no longer needed", "yes")
    asked, result = ask(shop, OSKAR, *said[:2]), None
    assert "not to a gift card" in reply(asked) and read_back(asked) == []
    result = ask(shop, OSKAR, *said)
    assert (result.end, statuses(shop, "#W1000008")) == ("resolved", ["cancelled"])


def test_an_order_number_in_answer_to_what_was_read_back_has_it_read_back_once_more(shop: Engine) -> None:
    result = ask(shop, EMMA, "send the kettle back please", "order #W1000001", "yes")
    assert (len(read_back(result)), statuses(shop, "#W1000001")) == (2, ["return requested"])


@pytest.mark.parametrize("said", ["nope do not cancel anything", "no, please don't cancel it"])
def test_a_refusal_after_the_end_asks_for_nothing(shop: Engine, said: str) -> None:
    before = ask(shop, FELIX, "cancel #W1000047", "stop")
    after = go_on(before, words(said))
    assert (after.end, read_back(after), "as it is" in reply(after)) == ("resolved", [], True)


@pytest.mark.parametrize("said", ["yes it helped, bye", "thx, that works"])
def test_what_closes_after_an_answer_is_thanked_for(shop: Engine, said: str) -> None:
    after = go_on(ask(shop, EMMA, "How long does a refund take?"), words(said))
    assert (after.end, "welcome" in reply(after)) == ("resolved", True)


def test_a_condition_denies_nothing() -> None:
    assert read("I want my money back but only if you do not charge me for sending it back").verdict("refund_full") != "denied"
    assert read("no, do not cancel it").verdict("cancel_order") == "denied"


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("The poles are lovely and stay with me, the other item of #W1000007 goes back.", "Hiking Daypack"),
        ("From #W1000007 I'm keeping the daypack; the rest should go back please", "Trekking Poles"),
    ],
)
def test_what_stays_is_not_sent_back_and_the_other_thing_is(shop: Engine, said: str, back: str) -> None:
    [told] = read_back(ask(shop, SANTOS, said))
    assert [name for name in ("Hiking Daypack", "Trekking Poles") if name in told] == [back]


@pytest.mark.parametrize("said", ["could you end my Outdoor Club membership", "cancel my Home Care Plus"])
def test_a_subscription_that_is_not_theirs_is_said_to_be_missing(shop: Engine, said: str) -> None:
    result = ask(shop, EMMA, said)
    assert (result.end, "There is no" in reply(result), "Coffee Beans Monthly" in reply(result)) == (
        "awaiting_customer",
        True,
        True,
    )
    assert "#W1000019" not in reply(result)


def test_the_subscription_that_they_meant_after_all_is_ended_by_a_person(shop: Engine) -> None:
    assert ask(shop, EMMA, "cancel my Home Care Plus", "yes, the coffee one").end == "escalated"


def test_somebody_elses_account_is_not_looked_into(shop: Engine) -> None:
    result = ask(shop, EMMA, "my husband ordered a tent with his account, when does it come?")
    assert (result.end, "only see the account" in reply(result), "#W" in reply(result)) == ("awaiting_customer", True, False)


def test_an_address_may_come_piece_by_piece(shop: Engine) -> None:
    result = ask(shop, PRIYA, "please change the address of #W1000011", "18 Cedar Lane", "Portland OR 97201")
    assert "18 Cedar Lane, Portland, OR 97201" in read_back(result)[0]


def test_a_cancellation_in_answer_to_a_question_about_payment_is_one(shop: Engine) -> None:
    said = ("pay #W1000047 with another card", "cancel it then", "no longer needed", "yes")
    assert (ask(shop, FELIX, *said).end, statuses(shop, "#W1000047")) == ("resolved", ["cancelled"])


def test_a_clear_question_after_small_talk_is_answered(shop: Engine) -> None:
    result = ask(shop, OSKAR, "hello??", "i wrote to you before", "where is my office chair")
    assert (result.end, "#W1000008" in reply(result)) == ("resolved", True)
