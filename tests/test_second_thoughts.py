"""What the desk does with an answer to a call that was read back and that is neither a plain yes nor a plain no."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.next_run import go_on, words

from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team
from switchboard.reading.languages import said

EMMA, JONAS, SANTOS, OSKAR = (f"{n}@example.com" for n in ("emma.lindqvist", "jonas.okafor", "m.santos", "oskar.nyman"))
PENDING, DELIVERED = "#W1000019", "#W1000007"
CANCEL = f"Please cancel my order {PENDING}, I no longer need it."


def ask(shop: Engine, *said: str, email: str = EMMA) -> RunResult:
    return run_team(team, said[0], engine=shop, human=Prepared(said[1:], live=True), known={"email": email})


def read_back(result: RunResult) -> list[str]:
    """What was read back to the customer, call by call."""
    return [told for e in result.run.transcript if e.kind == "message" for _, told in e.confirms.values()]


def done(result: RunResult, tool: str) -> list[dict[str, Any]]:
    """The arguments of the calls of a tool that were made."""
    return [c["arguments"] for c in result.document["tool_calls"] if c["tool"] == tool and c["status"] == "done"]


def value(shop: Engine, query: str) -> Any:
    with shop.connect() as connection:
        return connection.execute(text(query)).scalar()


def status(shop: Engine, order: str = PENDING) -> str:
    return str(value(shop, f"SELECT status FROM orders WHERE id = '{order}'"))


@pytest.mark.slow
def test_what_is_asked_for_outright_is_asked_about_once(shop: Engine) -> None:
    result = ask(shop, CANCEL, "Yes, please.")
    assert (result.end, status(shop), len(read_back(result))) == ("resolved", "cancelled", 1)
    assert sum(e.kind == "message" and e.asks for e in result.run.transcript) == 1


@pytest.mark.parametrize("no", ["No.", "no, thanks", "Nein, danke.", "Non merci", "No, gracias"])
def test_a_plain_no_closes_the_matter(shop: Engine, no: str) -> None:
    result = ask(shop, CANCEL, no)
    assert (result.end, status(shop), len(read_back(result))) == ("resolved", "pending", 1)
    assert "I have not done that" in result.document["reply"]


@pytest.mark.parametrize(
    "no", ["No, I want to keep it.", "Do not cancel it, I changed my mind.", "No, leave it, it is a present."]
)
def test_a_no_with_its_reason_is_not_asked_again(shop: Engine, no: str) -> None:
    result = ask(shop, CANCEL, no)
    assert (status(shop), len(read_back(result))) == ("pending", 1)
    assert result.end in ("resolved", "awaiting_customer")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("No, leave it. But can you tell me when it arrives?", "It was promised for"),
        ("no. how long does a refund take in general?", "5 to 7 business days"),
        ("No thanks, but what does the door mat cost?", "Door Mat"),
        ("Nope. To which address does it go?", "646 Mill Lane"),
    ],
)
def test_what_is_asked_behind_a_no_is_answered_and_what_was_denied_is_not_asked_again(
    shop: Engine, answer: str, told: str
) -> None:
    result = ask(shop, CANCEL, answer, "ok thanks")
    assert (status(shop), len(read_back(result))) == ("pending", 1)
    assert any(told in e.text for e in result.run.transcript if e.kind == "message" and e.speaker != "customer")


@pytest.mark.slow
def test_a_unit_or_a_zip_code_puts_an_address_right(shop: Engine) -> None:
    address = f"Please send {PENDING} to 12 Peachtree St, Apt 4, Atlanta, GA 30308"
    assert "12 Peachtree St, Apt 5, Atlanta, GA 30308" in read_back(ask(shop, address, "sorry, apt 5"))[-1]
    assert "12 Peachtree St, Apt 4, Atlanta, GA 30309" in read_back(ask(shop, address, "no, the zip is 30309"))[-1]


def test_a_yes_to_what_else_is_to_be_done_does_not_bring_back_what_was_turned_down(shop: Engine) -> None:
    result = ask(shop, CANCEL, "hm, not sure about that yet", "ok")
    assert (status(shop), len(read_back(result))) == ("pending", 1)
    assert "Please write what I should do" in result.document["reply"]


def test_an_item_is_not_exchanged_for_itself(shop: Engine) -> None:
    said = ("swap the daypack in #W1000006 for the lichen one", "yes but in graphite")
    result = ask(shop, *said, email="maria.santos@example.com")
    assert "you have what you ask for already" in result.document["reply"] and status(shop, "#W1000006") == "delivered"


def test_what_an_answer_leaves_out_is_known_by_its_option(shop: Engine) -> None:
    said = ("return everything from #W1000017", "yes but not the one with the meter", "yes")
    [arguments] = done(ask(shop, *said, email="dmitri.volkov@example.com"), "return_delivered_order_items")
    assert arguments["item_ids"] == ["3000001101", "3000001101"]


def test_what_is_cancelled_and_what_is_sent_back_are_two_orders(shop: Engine) -> None:
    result = ask(shop, f"Cancel {PENDING}, I no longer need it, and return the kettle", "yes", "yes")
    assert status(shop) == "cancelled" and status(shop, "#W1000001") == "return requested"
    assert [told.split(" of ")[0] for told in read_back(result)] == ["Cancel all", "Return"]


def test_the_name_of_what_was_read_back_has_it_read_back_once_more(shop: Engine) -> None:
    result = ask(shop, "I want to return the kettle of #W1000001", "the kettle", "yes")
    assert status(shop, "#W1000001") == "return requested" and len(read_back(result)) == 2


def test_a_question_behind_a_yes_makes_nothing_more_of_what_was_read_back(shop: Engine) -> None:
    said = ("I want to return the plug with meter from #W1000017", "Yes. And what is the total I get back for everything?")
    told = read_back(ask(shop, *said, email="dmitri.volkov@example.com"))
    assert len(set(told)) == 1 and len(told) == 2


def test_the_other_options_are_listed_to_who_asks_for_them_at_a_read_back(shop: Engine) -> None:
    said = ("swap the daypack in #W1000006 for the lichen one", "which other ones are there, and at what prices?")
    result = ask(shop, *said, email="maria.santos@example.com")
    assert "All that there is of Hiking Daypack now:" in result.document["reply"] and len(read_back(result)) == 2


def test_after_a_call_is_made_its_order_is_the_one_that_is_spoken_of(shop: Engine) -> None:
    result = ask(
        shop, "please cancel my order", "the blanket", "no longer needed", "Yes, that's it", email="rosa.delacroix@example.com"
    )
    assert result.end == "resolved" and "is cancelled" in result.document["reply"]


@pytest.mark.slow
def test_what_was_read_back_and_not_answered_is_said_not_to_be_done_where_a_person_takes_over(shop: Engine) -> None:
    result = ask(shop, CANCEL, "hm, let me speak to a person first")
    assert result.end == "escalated" and f"Not done by me: the cancellation of order {PENDING}." in result.document["reply"]
    assert "Not done by me" not in ask(shop, CANCEL, "no", "a human please").document["reply"]


def test_the_tracking_number_is_told_beside_what_is_read_back(shop: Engine) -> None:
    result = ask(shop, CANCEL, "what is its tracking number?", "yes")
    assert status(shop) == "cancelled" and len(read_back(result)) == 2
    said = [e.text for e in result.run.transcript if e.kind == "message" and e.confirms][-1]
    assert said.startswith(f"Tracking of order {PENDING}: nothing was sent yet.") and "All that I know" not in said


def test_what_is_broken_is_not_dropped_beside_a_question_for_the_parcel(shop: Engine) -> None:
    words = "A plug of #W1000017 is broken. First, what is the tracking number of that order?"
    told = ask(shop, words, email="dmitri.volkov@example.com").document
    assert "Tracking of order #W1000017: 5" in told["reply"] and told["end"] == "awaiting_customer"


@pytest.mark.slow
def test_another_reason_makes_another_call_that_is_read_back(shop: Engine) -> None:
    result = ask(shop, CANCEL, "No, that is wrong, it was ordered by mistake.", "yes")
    first, second = read_back(result)
    assert "no longer needed" in first and "ordered by mistake" in second
    assert value(shop, f"SELECT cancel_reason FROM orders WHERE id = '{PENDING}'") == "ordered by mistake"


@pytest.mark.slow
def test_a_question_has_the_same_call_read_back_once_more_and_not_for_ever(shop: Engine) -> None:
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", *["How much do I get back?"] * 4, email=SANTOS)
    assert len(read_back(result)) == 2 and status(shop, DELIVERED) == "delivered"
    assert result.end == "escalated"


QUESTIONS = {
    "Which items exactly?": "It is about",
    "How long will the money take?": "to a card or PayPal in 5 to 7 business days",
    "when do I get my money back": "to a card or PayPal in 5 to 7 business days",
    "Is it raining?": "write that you want a person",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_and_then_the_read_back_stands_again(shop: Engine, question: str) -> None:
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", question, "Yes, please.", email=SANTOS)
    first, second = read_back(result)
    asked = [e.text for e in result.run.transcript if e.kind == "message" and e.confirms]
    assert first == second and QUESTIONS[question] in asked[1] and QUESTIONS[question] not in asked[0]
    assert asked[1].endswith(asked[0]) and status(shop, DELIVERED) == "return requested"


def test_a_second_question_is_answered_and_nothing_is_read_back_for_it(shop: Engine) -> None:
    asks = ("Which items exactly?", "How long will the money take?")
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", *asks, email=SANTOS)
    assert len(read_back(result)) == 2 and status(shop, DELIVERED) == "delivered"
    assert "5 to 7 business days" in result.document["reply"] and "I have not done that" in result.document["reply"]


@pytest.mark.slow
def test_a_question_about_two_orders_has_both_read_back_again(shop: Engine) -> None:
    both = "Cancel #W1000063 and #W1000103, I ordered them by mistake"
    with shop.begin() as connection:
        connection.execute(text("UPDATE orders SET status = 'pending' WHERE id = '#W1000103'"))
    result = ask(shop, both, "When do I get the money?", "only the first one", email=JONAS)
    assert len(read_back(result)) == 4
    assert (status(shop, "#W1000063"), status(shop, "#W1000103")) == ("cancelled", "pending")


@pytest.mark.slow
def test_words_that_say_nothing_to_it_are_no_yes(shop: Engine) -> None:
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", "The weather is fine.", email=SANTOS)
    assert len(read_back(result)) == 2 and "neither" not in result.document["reply"]
    assert result.document["reply"].startswith(said("read_back.unread", "en"))
    assert (result.end, status(shop, DELIVERED)) == ("awaiting_customer", "delivered")


@pytest.mark.slow
def test_an_address_that_is_put_right_is_read_back_anew(shop: Engine) -> None:
    opening = "Please ship my order #W1000008 to 48 Willow Street, Apt 7, Savannah, GA 31401 instead."
    result = ask(shop, opening, "No, it is 50 Willow Street, Apt 7, Savannah, GA 31401.", email=OSKAR)
    first, second = read_back(result)
    assert "48 Willow Street" in first and "50 Willow Street" in second


@pytest.mark.parametrize("answer", ["No, please only the poles.", "No, not the daypack.", "Keep the daypack, just the poles"])
def test_fewer_items_are_read_back_anew(shop: Engine, answer: str) -> None:
    opening = f"Please return the daypack and the poles of {DELIVERED}."
    result = ask(shop, opening, answer, "how long does that take?", "yes", email=SANTOS)
    first, *later = read_back(result)
    assert "Daypack" in first and later and not any("Daypack" in one for one in later)
    items = [
        c["arguments"]["item_ids"] for c in result.document["tool_calls"] if c["status"] == "done" and "return" in c["tool"]
    ]
    assert items == [["3000001001"]]


def test_one_item_more_is_read_back_with_the_others(shop: Engine) -> None:
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", "Yes, and the poles too.", email=SANTOS)
    first, second = read_back(result)
    assert "Poles" not in first and "Poles" in second and "Daypack" in second


def test_another_option_is_read_back_anew_and_the_first_one_is_forgotten(shop: Engine) -> None:
    opening = f"The daypack of {DELIVERED} is too small, please exchange it for the 26 litre one in graphite."
    result = ask(shop, opening, "No, rather the lichen one, please.", "yes", email=SANTOS)
    first, second = read_back(result)
    assert "for 26 l, graphite" in first and "for 26 l, lichen" in second
    assert [made["new_item_ids"] for made in done(result, "exchange_delivered_order_items")] == [["3000000904"]]


def test_another_deed_is_read_back_in_place_of_the_first(shop: Engine) -> None:
    opening = f"Please return the daypack of {DELIVERED}."
    result = ask(shop, opening, "No, I want to exchange it for the 26 litre one in graphite.", "yes", email=SANTOS)
    assert ["Exchange" in one for one in read_back(result)] == [False, True]
    assert (result.end, status(shop, DELIVERED)) == ("resolved", "exchange requested")


@pytest.mark.slow
def test_of_two_orders_one_can_be_chosen(shop: Engine) -> None:
    both = "Cancel #W1000063 and #W1000103, I ordered them by mistake"
    for answers in (("yes, 2",), ("No, only #W1000103", "yes"), ("the second one",), ("only 2, please",)):
        with shop.begin() as connection:
            connection.execute(text("UPDATE orders SET status = 'pending' WHERE id = '#W1000103'"))
        result = ask(shop, both, *answers, email=JONAS)
        assert (status(shop, "#W1000063"), status(shop, "#W1000103")) == ("pending", "cancelled")
        assert result.end == "resolved"


def test_of_two_orders_the_one_that_is_named_to_be_kept_is_not_asked_about_again(shop: Engine) -> None:
    both = "Cancel #W1000063 and #W1000103, I ordered them by mistake"
    result = ask(shop, both, "No, not #W1000063", "yes", email=JONAS)
    assert status(shop, "#W1000063") == "pending"
    assert result.end == "awaiting_customer"


def test_a_customer_who_leaves_the_question_open_can_answer_it_later(shop: Engine) -> None:
    left = ask(shop, CANCEL)
    assert (left.end, status(shop)) == ("awaiting_customer", "pending")
    assert (go_on(left, words("yes")).end, status(shop)) == ("resolved", "cancelled")


def test_a_question_that_comes_later_is_answered_with_what_it_is_about(shop: Engine) -> None:
    result = ask(shop, CANCEL, "Nein, ich meinte etwas anderes", "¿cuánto tarda el reembolso?")
    assert result.document["reply"].startswith(said("read_back.no_answer", "es")) and len(read_back(result)) == 2
    assert result.end == "awaiting_customer" and status(shop) == "pending"


def test_who_did_not_say_yes_is_not_told_that_something_is_open(shop: Engine) -> None:
    assert ask(shop, CANCEL, "Nein, ich meinte etwas anderes").document["reply"].startswith("All right, I have not done that.")


def test_whether_more_of_an_order_can_come_back_is_told_and_nothing_begun(shop: Engine) -> None:
    asked = "Would I also be able to return the bottle of #W1000013? Please don't do anything yet, I only want to know."
    result = ask(shop, asked, email="sana.iqbal@example.com")
    assert "Anything more on it, such as another return, needs a colleague" in result.document["reply"]
    assert result.document["tool_calls"][-1]["tool"] == "add_case_note"


@pytest.mark.slow
def test_who_asks_whether_something_can_come_back_is_told_until_when_and_asked_whether_it_shall(shop: Engine) -> None:
    result = ask(
        shop, "Can you check whether I can still return the kettle?", "and how long would the refund take?", "fine, do it"
    )
    told = [e.text for e in result.run.transcript if e.kind == "message" and e.confirms]
    assert told[0].startswith("Its items can be returned or exchanged until") and told[1].startswith("Money goes back")
    assert status(shop, "#W1000001") == "return requested"


def test_the_only_item_of_an_order_is_not_sent_back_in_place_of_another_thing(shop: Engine) -> None:
    result = ask(shop, "I want to return the lamp")
    assert read_back(result) == [] and "I find no lamp in order #W1000001" in result.document["reply"]


@pytest.mark.slow
def test_a_yes_that_keeps_something_hears_that_an_order_is_cancelled_as_a_whole(shop: Engine) -> None:
    said = ("cancel #W1000063, bought by mistake", "yes but keep the poles")
    result = ask(shop, *said, email=JONAS)
    assert "can only be cancelled as a whole" in result.document["reply"] and status(shop, "#W1000063") == "pending"


def test_what_is_wished_for_and_sold_out_is_said_to_be(shop: Engine) -> None:
    result = ask(shop, "I want to change the shelf in #W1000022 to a longer one", email="luca.ferrante@example.com")
    assert result.document["reply"].startswith("120 cm: not available at present.")
