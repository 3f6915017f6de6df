"""What orders does without a model."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.department import Document, arguments_of, ask, calls_of

from agents.desk.orders import agent
from agents.requests.reading import read
from groupchats.desk import team
from switchboard.declare.moves import Call, Calls, HandOff, Say
from switchboard.declare.transcript import CallResult, View
from switchboard.loop.drive import run_team
from tools.store import seeded_day

EMMA, JONAS, PRIYA, TOMAS = (f"{n}@example.com" for n in ("emma.lindqvist", "jonas.okafor", "priya.raman", "tomas.berg"))
CHICAGO, OSKAR, GRACE, DMITRI = (f"{n}@example.com" for n in ("m.santos", "oskar.nyman", "grace.mbeki", "dmitri.volkov"))
FULL = "12 Elm Street, Apt 5, Atlanta, GA 30305"


def orders(shop: Engine, *words: str, email: str, confirms: bool = False) -> Document:
    return ask(agent, shop, *words, email=email, confirms=confirms)


def value(shop: Engine, query: str) -> Any:
    with shop.connect() as connection:
        return connection.execute(text(query)).scalar()


def status(shop: Engine, order: str) -> str:
    return str(value(shop, f"SELECT status FROM orders WHERE id = '{order}'"))


def test_the_status_of_an_order_is_told_from_its_rows(shop: Engine) -> None:
    run = orders(shop, "Where is my order #W1000002?", email=JONAS)
    assert all(
        w in run["reply"] for w in ("processed", "500000000114", "Bluebird Freight", "Spokane", seeded_day("2026-11-03"))
    )
    assert calls_of(run) == ["get_order_details"]


def test_a_late_parcel_is_said_to_be_and_a_trace_is_opened_for_who_asks(shop: Engine) -> None:
    run = orders(shop, "Where is my order #W1000002?", email=JONAS)
    assert "days late, for which I am sorry" in run["reply"] and "open a trace" in run["reply"] and run["end"] == "resolved"
    assert "a trace for the parcel" in orders(shop, "Where is my order #W1000002? Please open a trace.", email=JONAS)["reply"]


def test_a_parcel_a_few_days_late_is_waited_for(shop: Engine) -> None:
    run = orders(shop, "Where is my order #W1000035?", email="maria.santos@example.com")
    assert "3 days late, for which I am sorry" in run["reply"] and "two business days" in run["reply"]
    assert run["end"] == "resolved"


def test_how_a_return_stands_is_told_and_needs_no_person(shop: Engine) -> None:
    run = orders(shop, "Has my return for #W1000013 reached you?", email="sana.iqbal@example.com")
    assert run["end"] == "resolved" and "Coming back: Rain Jacket" in run["reply"]
    assert "arrived with us is not recorded yet" in run["reply"]


def test_by_when_the_money_of_a_cancelled_order_is_there_is_told(shop: Engine) -> None:
    run = orders(shop, "When do I have the money for #W1000003 on my card?", email="leila.haddad@example.com")
    assert "at the latest; if it is not, write to us" in run["reply"]


def test_a_late_parcel_without_a_number_is_found_by_its_item_and_status(shop: Engine) -> None:
    run = orders(shop, "My tent is late and still has not arrived", email=JONAS)
    assert "#W1000002" in run["reply"] and "open a trace" in run["reply"]


def test_a_parcel_that_is_recorded_as_delivered_and_did_not_come_is_for_a_human(shop: Engine) -> None:
    run = orders(shop, "My parcel #W1000009 never arrived", email=GRACE)
    assert "(needs_human)" in run["reply"] and "recorded as delivered" in run["reply"]


def test_an_order_that_is_not_theirs_is_asked_for_again_and_nothing_of_it_is_told(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000019, no longer needed", email=JONAS)
    assert "I cannot find order #W1000019" in run["reply"] and "Blanket" not in run["reply"]
    assert run["end"] == "awaiting_customer" and status(shop, "#W1000019") == "pending"


def test_after_three_questions_a_human_takes_over(shop: Engine) -> None:
    wrong = [f"Where is #W109999{n}?" for n in range(4)]
    assert "(needs_human)" in orders(shop, *wrong, email=GRACE)["reply"]


def test_a_pending_order_is_cancelled_when_the_reason_is_known(shop: Engine) -> None:
    run = orders(shop, "Please cancel #W1000019, I no longer need it", email=EMMA)
    assert status(shop, "#W1000019") == "cancelled" and "103.90 USD" in run["reply"]


def test_the_reason_for_a_cancellation_is_asked_for(shop: Engine) -> None:
    run = orders(shop, "Please cancel #W1000004", "it was a mistake", email=TOMAS)
    assert arguments_of(run, "cancel_pending_order")["reason"] == "ordered by mistake"
    assert run["end"] == "resolved" and status(shop, "#W1000004") == "cancelled"


def test_two_orders_are_cancelled_in_one_go(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000063 and #W1000103, I ordered them by mistake", email=JONAS)
    assert {status(shop, "#W1000063"), status(shop, "#W1000103")} == {"cancelled"}
    assert "#W1000063 is cancelled" in run["reply"] and "#W1000103 is cancelled" in run["reply"]


def test_of_two_orders_the_one_that_cannot_be_cancelled_is_told(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000063 and #W1000002, I ordered them by mistake", email=JONAS)
    assert "#W1000063 is cancelled" in run["reply"] and "#W1000002 can no longer be cancelled" in run["reply"]
    assert status(shop, "#W1000002") == "processed"


def test_a_single_item_is_not_cancelled_by_cancelling_the_whole_order(shop: Engine) -> None:
    run = orders(shop, "Cancel the kettle in #W1000011, ordered by mistake", email=PRIYA)
    assert "as a whole" in run["reply"] and status(shop, "#W1000011") == "pending"


def test_an_order_that_only_its_status_points_to_is_shown_before_it_is_cancelled(shop: Engine) -> None:
    words = "Please cancel my order, I ordered it by mistake"
    first = orders(shop, words, email=EMMA, confirms=True)
    assert all(fact in first["reply"] for fact in ("#W1000019", "Wool Throw Blanket", "103.90 USD"))
    assert status(shop, "#W1000019") == "pending"
    orders(shop, words, "no, another one", email=EMMA, confirms=True)
    assert status(shop, "#W1000019") == "pending"
    orders(shop, words, "yes", email=EMMA, confirms=True)
    assert status(shop, "#W1000019") == "cancelled"


def test_a_question_how_to_do_it_changes_nothing_before_a_yes(shop: Engine) -> None:
    run = orders(shop, "How do I return the kettle of #W1000001?", email=EMMA, confirms=True)
    assert "42.50 USD" in run["reply"] and status(shop, "#W1000001") == "delivered"
    orders(shop, "How do I return the kettle of #W1000001?", "yes, please do it", email=EMMA, confirms=True)
    assert status(shop, "#W1000001") == "return requested"


def test_a_question_about_the_rules_is_not_about_an_order(shop: Engine) -> None:
    assert "(general_question)" in orders(shop, "How long do I have to return something?", email=EMMA)["reply"]


def test_all_pending_orders_are_cancelled_where_the_words_say_all(shop: Engine) -> None:
    orders(shop, "I changed my mind, cancel all my pending orders", email="felix.aldous@example.com")
    assert {status(shop, "#W1000047"), status(shop, "#W1000087")} == {"cancelled"}
    assert status(shop, "#W1000010") == "processed"


def test_several_orders_that_fit_are_listed_with_their_items(shop: Engine) -> None:
    run = orders(shop, "Please cancel my order", email=JONAS)
    assert "- #W1000063, pending: " in run["reply"] and "- #W1000103, pending: " in run["reply"]
    assert "#W1000023" not in run["reply"] and run["end"] == "awaiting_customer"


def test_a_delivered_order_is_offered_as_a_return_instead_of_a_cancellation(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000001, no longer needed", "yes please", email=EMMA)
    assert status(shop, "#W1000001") == "return requested" and "42.50 USD" in run["reply"]


def test_a_pending_order_goes_to_another_address(shop: Engine) -> None:
    run = orders(shop, f"Please ship #W1000008 to {FULL} instead", email=OSKAR)
    assert FULL in run["reply"]
    assert value(shop, "SELECT zip FROM orders WHERE id = '#W1000008'") == "30305"


def test_a_missing_address_is_asked_for(shop: Engine) -> None:
    run = orders(shop, "Please change the delivery address of #W1000008", FULL, email=OSKAR)
    assert value(shop, "SELECT address2 FROM orders WHERE id = '#W1000008'") == "Apt 5" and run["end"] == "resolved"


def test_a_processed_order_keeps_its_address_and_the_customer_hears_what_works(shop: Engine) -> None:
    run = orders(shop, f"Please ship #W1000002 to {FULL}", email=JONAS)
    assert "can no longer be changed" in run["reply"] and "pick-up point" in run["reply"]


def test_items_of_a_pending_order_are_changed_together(shop: Engine) -> None:
    words = "In #W1000011 please change the kettle to forest green and the bottle to graphite"
    run = orders(shop, words, email=PRIYA)
    assert arguments_of(run, "modify_pending_order_items") == {
        "order_id": "#W1000011",
        "item_ids": ["3000000101", "3000001801"],
        "new_item_ids": ["3000000102", "3000001802"],
        "payment_method_id": "credit_card_1000003",
    }
    assert "Its price stays the same" in run["reply"]


def test_nobody_is_charged_more_without_having_been_told(shop: Engine) -> None:
    words = "Please change the kettle in #W1000011 to the 1.8 l one"
    run = orders(shop, words, email=PRIYA, confirms=True)
    assert "7.40 USD more" in run["reply"] and status(shop, "#W1000011") == "pending"
    run = orders(shop, words, "yes", email=PRIYA, confirms=True)
    assert "7.40 USD was charged" in run["reply"] and status(shop, "#W1000011") == "pending (item modified)"


def test_a_price_that_was_agreed_to_beforehand_is_not_asked_about(shop: Engine) -> None:
    words = "Change the kettle in #W1000011 to the 1.8 l one, I will pay the difference"
    assert "7.40 USD was charged" in orders(shop, words, email=PRIYA)["reply"]


def test_an_option_that_is_sold_out_is_answered_with_those_that_are_there(shop: Engine) -> None:
    run = orders(shop, "Change the kettle in #W1000011 to 1.8 l in slate blue", email=PRIYA)
    assert "not available now" in run["reply"] and "- 1.2 l, forest green: 42.50 USD" in run["reply"]
    assert "- 1.2 l, cream" not in run["reply"] and run["end"] == "awaiting_customer"


def test_a_gift_card_that_does_not_cover_a_difference_is_answered_with_a_question(shop: Engine) -> None:
    made = CallResult("get_order_details", {"order_id": "#W1000004"}, "done", order_of(shop, TOMAS, "#W1000004"))
    wanted = {
        "order_id": "#W1000004",
        "item_ids": ["3000002902"],
        "new_item_ids": ["3000002903"],
        "payment_method_id": "gift_card_1000004",
    }
    why = "The gift card holds 1.00 USD, but 12.00 USD is due. Ask for another method."
    short = {"balance_cents": 100, "due_cents": 1200}
    refused = CallResult("modify_pending_order_items", wanted, "refused", None, why, code="gift_card_short", data=short)
    options = {
        "3000002903": {"options": {"size": "60 x 90 cm", "pattern": "waves"}, "available": True, "price": 34.9},
        "3000002902": {"options": {"size": "40 x 60 cm", "pattern": "waves"}, "available": True, "price": 22.9},
    }
    product = CallResult("get_product_details", {"product_id": "2000000029"}, "done", {"variants": options})
    words = "Change the door mat in #W1000004 to the 60 x 90 one, I pay the difference"
    calls = (made, product, refused)
    facts = {"kind": "change_items"}
    move = agent.without_model(View("orders", words, words, facts=facts, customer_id="tomas_berg_1004", calls=calls))
    assert isinstance(move, Say) and move.asks and "holds 1.00 USD" in move.text and "Ask for" not in move.text


def test_a_change_is_told_with_the_items_before_it_though_the_order_was_read_again(shop: Engine) -> None:
    order = order_of(shop, TOMAS, "#W1000004")
    read_before = CallResult("get_order_details", {"order_id": "#W1000004"}, "done", order)
    swap = {"order_id": "#W1000004", "item_ids": ["3000002902"], "new_item_ids": ["3000002903"], "payment_method_id": "x"}
    changed = CallResult("modify_pending_order_items", swap, "done", {"total": "57.80 USD", "refund": "0"})
    items = [i if i["item_id"] != "3000002902" else {**i, "item_id": "3000002903"} for i in order["items"]]
    read_again = replace(read_before, result={**order, "items": items, "status": "pending (item modified)"})
    words, facts = "Change the door mat in #W1000004 to the 60 x 90 one", {"kind": "change_items"}
    calls = (read_before, changed, read_again)
    move = agent.without_model(View("orders", words, words, facts=facts, customer_id="tomas_berg_1004", calls=calls))
    assert isinstance(move, Say) and "I changed Door Mat" in move.text and "57.80 USD" in move.text


def order_of(shop: Engine, email: str, order: str) -> Any:
    run = orders(shop, f"Where is {order}?", email=email)
    return next(e["result"] for e in run["transcript"] if e["kind"] == "result" and e["tool"] == "get_order_details")


def test_items_are_returned_to_the_original_method(shop: Engine) -> None:
    run = orders(shop, "I want to return the daypack from #W1000007", email=CHICAGO)
    assert arguments_of(run, "return_delivered_order_items") == {
        "order_id": "#W1000007",
        "item_ids": ["3000000901"],
        "payment_method_id": "credit_card_1000007",
    }
    assert "69.90 USD" in run["reply"] and "ending 7777" in run["reply"]


def test_a_refund_to_the_gift_card_looks_up_which_one(shop: Engine) -> None:
    run = orders(shop, "Return everything in #W1000007 except the poles, refund it to my gift card", email=CHICAGO)
    assert arguments_of(run, "return_delivered_order_items")["payment_method_id"] == "gift_card_1000007"


def test_which_items_go_back_is_asked_for(shop: Engine) -> None:
    run = orders(shop, "I want to return something from #W1000007", email=CHICAGO)
    assert "- Hiking Daypack (18 l, graphite)" in run["reply"] and run["end"] == "awaiting_customer"
    run = orders(shop, "I want to return something from #W1000007", "both", email=CHICAGO)
    assert "128.90 USD" in run["reply"]


def test_one_of_two_equal_pieces_goes_back(shop: Engine) -> None:
    run = orders(shop, "Return one of the two smart plugs without meter from #W1000017", email=DMITRI)
    assert arguments_of(run, "return_delivered_order_items")["item_ids"] == ["3000001101"]


def test_a_delivered_item_is_exchanged_for_the_option_that_is_wished_for(shop: Engine) -> None:
    run = orders(shop, "Exchange the coffee grinder from #W1000009 for the white one", email=GRACE)
    assert "no difference in price" in run["reply"] and status(shop, "#W1000009") == "exchange requested"


def test_something_damaged_is_asked_about_and_then_replaced_by_the_same(shop: Engine) -> None:
    run = orders(shop, "My grinder arrived broken, order #W1000009", "a replacement please", email=GRACE)
    assert arguments_of(run, "exchange_delivered_order_items")["new_item_ids"] == ["3000001401"]


def test_something_damaged_goes_back_for_money_where_the_words_say_so(shop: Engine) -> None:
    orders(shop, "My grinder arrived broken, order #W1000009, I want my money back", email=GRACE)
    assert status(shop, "#W1000009") == "return requested"


@pytest.mark.parametrize(
    "words",
    [
        "The daypack of #W1000006 is too small. Can I swap it for a bigger one?",
        "I would like a larger daypack than the one in #W1000006, it is too small for me",
    ],
)
def test_where_there_is_nothing_bigger_it_is_said_and_nothing_smaller_is_sent(shop: Engine, words: str) -> None:
    run = orders(shop, words, email="maria.santos@example.com")
    assert "26 l is the highest volume that we have of it" in run["reply"] and run["end"] == "awaiting_customer"
    assert "exchange_delivered_order_items" not in calls_of(run)


@pytest.mark.parametrize(
    "words",
    ["Which address is #W1000019 going to?", "please confirm the shipping address of #W1000019", "where is #W1000019 sent to"],
)
def test_to_which_address_an_order_goes_is_told(shop: Engine, words: str) -> None:
    assert "goes to 646 Mill Lane" in orders(shop, words, email=EMMA)["reply"]


def test_the_small_one_is_the_one_with_least_of_it(shop: Engine) -> None:
    run = orders(shop, "swap the daypack in #W1000006 for the small one in lichen", email="maria.santos@example.com")
    assert arguments_of(run, "exchange_delivered_order_items")["new_item_ids"] == ["3000000902"]


@pytest.mark.parametrize("words", ["I never got my refund for #W1000003!", "The money for #W1000003 has not arrived yet"])
def test_money_that_should_be_there_and_is_not_is_for_a_person(shop: Engine, words: str) -> None:
    assert "should be there by now" in orders(shop, words, email="leila.haddad@example.com")["reply"]
    told = orders(shop, "What is the status of the refund of #W1000003?", email="leila.haddad@example.com")["reply"]
    assert "It should be there since" in told


def test_what_is_late_and_cannot_be_cancelled_is_traced_for_who_wants_it(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000012, it takes too long", email="mateo.quiroga@example.com")
    assert "can no longer be cancelled" in run["reply"] and "open a trace" in run["reply"]


def test_what_is_broken_is_asked_about_with_a_word_of_regret(shop: Engine) -> None:
    run = orders(shop, "one plug of #W1000017 has a crack, refund it please", email=DMITRI)
    assert "I am sorry that it is not as it should be" in run["reply"] and "Which items of order #W1000017" in run["reply"]


def test_damage_on_an_order_whose_returns_are_over_goes_to_a_person(shop: Engine) -> None:
    run = orders(shop, "There is a tear in the blanket of #W1000005, can I exchange it?", email="noor.farouk@example.com")
    assert "damage on order #W1000005" in run["reply"] and "cannot take it back" not in run["reply"]


def test_an_order_whose_items_were_changed_already_is_told_what_it_still_allows(shop: Engine) -> None:
    run = orders(shop, "Change the bed set in #W1000015 to sage", email="ida.kowal@example.com")
    assert "cannot be changed now" in run["reply"] and "payment method can still be changed" in run["reply"]


def test_a_customer_who_takes_it_back_changes_nothing(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000004", "no, never mind", email=TOMAS)
    assert "leave it as it is" in run["reply"] and status(shop, "#W1000004") == "pending"


def test_an_order_without_a_request_gets_its_status_and_a_question(shop: Engine) -> None:
    run = orders(shop, "#W1000012", "return it", email="mateo.quiroga@example.com")
    assert "Nothing can be returned" in run["reply"]


def test_the_way_of_paying_goes_back_to_triage(shop: Engine) -> None:
    assert (
        "(other_department)" in orders(shop, "Change the payment method of #W1000004 to my credit card", email=TOMAS)["reply"]
    )


def test_a_refused_change_goes_to_a_human_with_its_reason() -> None:
    words = "Cancel #W1000004, ordered by mistake"
    order = {"order_id": "#W1000004", "status": "pending", "items": [], "total": 80.9, "payment_history": []}
    calls = (
        CallResult("get_order_details", {"order_id": "#W1000004"}, "done", order),
        CallResult(
            "cancel_pending_order",
            {"order_id": "#W1000004", "reason": "ordered by mistake"},
            "refused",
            None,
            "The operator did not approve it.",
        ),
    )
    move = agent.without_model(View("orders", words, words, customer_id="tomas_berg_1004", calls=calls))
    assert isinstance(move, HandOff) and move.reason == "needs_human" and "did not approve" in move.note


def test_nobody_is_looked_up_before_the_customer_is_verified() -> None:
    words = "Where is #W1000004?"
    assert isinstance(agent.without_model(View("orders", words, words)), HandOff)


def test_the_rules_answer_the_same_view_the_same_way() -> None:
    words = "Cancel #W1000004 and #W1000063, ordered by mistake"
    view = View("orders", words, words, facts={"kind": read(words).request.kind}, customer_id="tomas_berg_1004")
    both = Calls(tuple(Call("get_order_details", {"order_id": o}) for o in ("#W1000004", "#W1000063")))
    assert agent.without_model(view) == agent.without_model(view) == both


def test_orders_that_are_more_than_are_taken_at_a_time_are_named_as_not_looked_at(shop: Engine) -> None:
    many = " ".join(f"#W10000{number:02d}" for number in range(1, 51))
    reply = run_team(team, f"Where are {many}?", engine=shop, known={"email": "emma.lindqvist@example.com"}).document["reply"]
    assert all(f"#W10000{number:02d}" in reply for number in range(1, 51)) and "Not looked at yet" in reply
