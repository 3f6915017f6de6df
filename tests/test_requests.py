"""What a customer asks for."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import in_proportion

from agents.requests.facts import facts_in
from agents.requests.request_words import CUES, FORMS
from agents.requests.requests import KINDS, ORDER_ID, RequestKind, request_in
from agents.routing.assignment import assigned
from switchboard.reading.words import Spelling, one_apart, sentences

SAID: tuple[tuple[RequestKind, str], ...] = (
    ("refund_duplicate", "I was charged twice for order #W1000001"),
    ("refund_duplicate", "My card shows the same amount two times, please give one back"),
    ("refund_duplicate", "You billed me twice, I want my money back"),
    ("refund_full", "I want a refund for W1000002"),
    ("refund_full", "Give me my money back, all of it"),
    ("refund_partial", "Can I get a partial refund because one cup was chipped?"),
    ("refund_partial", "I'd like part of the price refunded"),
    ("refund_status", "Where is my refund? It has been ten days"),
    ("refund_status", "I still haven't received the refund you promised"),
    ("refund_status", "when will i get my money back"),
    ("explain_charge", "What is this charge of $12.99 on my statement?"),
    ("explain_charge", "I don't understand why I was charged a fee"),
    ("explain_charge", "I do not recognise a payment of 30 dollars"),
    ("invoice", "Please send me the invoice for my last order"),
    ("payment_method", "Which cards do you accept?"),
    ("payment_method", "How do I add a new credit card to my account?"),
    ("order_status", "Where is my order W1000004?"),
    ("order_status", "has my parcel shipped yet"),
    ("order_status", "when will my headphones arrive"),
    ("late_parcel", "My parcel should have arrived last Monday and it is still not here"),
    ("late_parcel", "order #W1000005 is a week late"),
    ("late_parcel", "I never received my package"),
    ("cancel_order", "Please cancel order W1000006, I ordered it by mistake"),
    ("change_address", "Can you ship W1000007 to a different address?"),
    ("change_address", "I need to change the delivery address of my order"),
    ("change_items", "Can I change the colour of the lamp in my pending order?"),
    ("change_items", "I'd like the bigger size in order W1000008 instead, please modify it"),
    ("change_payment", "Can I pay for order W1000009 with a different card?"),
    ("change_payment", "switch the payment of W1000009 to my gift card"),
    ("return_items", "I want to send back the boots"),
    ("return_items", "How do I return the kettle from W1000010?"),
    ("exchange_items", "I'd like to exchange the jacket for a larger one"),
    ("damaged", "The lamp arrived broken"),
    ("damaged", "You sent me the wrong item"),
    ("damaged", "My mugs came in pieces"),
    ("password", "I forgot my password"),
    ("password", "I can't log in any more"),
    ("locked", "My account is locked"),
    ("two_factor", "I'm not getting the verification code on my phone"),
    ("user_address", "I moved, please update my address"),
    ("user_address", "Please change the default address in my profile"),
    ("close_account", "Please delete my account"),
    ("plan_question", "What is included in Fernhill Plus?"),
    ("plan_question", "Which plans do you have?"),
    ("price_question", "How much is the camping stove?"),
    ("price_question", "do you have any discounts on tents"),
    ("product_question", "Is the blue tent in stock?"),
    ("product_question", "Is the lantern waterproof?"),
    ("subscription_change", "Cancel my Fernhill Plus subscription"),
    ("subscription_change", "I want to upgrade my plan"),
    ("technical", "My thermostat will not connect to the wifi"),
    ("technical", "The app keeps crashing with error E23"),
    ("technical", "How do I set up the speaker?"),
    ("technical", "my charger stopped working"),
    ("area", "What is the area of a 10.5 by 4 metre rectangle?"),
    ("area", "how many square metres is a circle with a radius of 3 m"),
    ("arithmetic", "What is 12 * (3 + 4)?"),
    ("arithmetic", "calculate 15% of 80"),
    ("contact_me", "Please call me back at 555-0100"),
    ("human", "I want to talk to a real person"),
    ("human", "get me your manager now"),
    ("complaint", "I want to file a complaint about your driver"),
    ("complaint", "This is the worst shop ever, you are rude"),
    ("greeting", "Hello there"),
    ("thanks", "Thank you so much!"),
    ("unknown", "the moon is made of cheese"),
    ("unknown", "asdf qwer"),
)


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_a_request_is_understood(kind: RequestKind, text: str) -> None:
    assert request_in(text).kind == kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("refund_full", "plese refnud my order"),
        ("refund_duplicate", "there is a duplciate charge on my card"),
        ("invoice", "i need a reciept for W1000003"),
        ("cancel_order", "I no longer need the lamp, cansel it"),
        ("password", "i forgott my pasword"),
        ("exchange_items", "can I echange the jacket"),
    ],
)
def test_typing_errors_do_not_hide_a_request(kind: RequestKind, text: str) -> None:
    assert request_in(text).kind == kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("exchange_items", "I do not want a refund, just a replacement"),
        ("exchange_items", "A replacement instead of a refund, please"),
        ("return_items", "I don't want to exchange it, I want to return it"),
        ("order_status", "don't cancel my order, just tell me where it is"),
        ("password", "I don't want to close my account, I only forgot my password"),
        ("refund_full", "not a replacement, a refund"),
    ],
)
def test_what_is_not_wanted_is_not_the_request(kind: RequestKind, text: str) -> None:
    assert request_in(text).kind == kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cancel_order", "why can I not cancel my order"),
        ("refund_status", "I have not been refunded yet"),
        ("explain_charge", "I do not understand this charge"),
        ("late_parcel", "my parcel has not arrived"),
    ],
)
def test_a_not_that_belongs_to_the_trouble_denies_nothing(kind: RequestKind, text: str) -> None:
    assert request_in(text).kind == kind


def test_the_order_of_the_words_does_not_matter() -> None:
    assert request_in("refund, where is my?").kind == request_in("where is my refund?").kind == "refund_status"


def test_the_requests_of_one_specialist_can_be_asked_for_alone() -> None:
    text = "Cancel my Fernhill Plus subscription"
    assert request_in(text, among={"cancel_order", "order_status"}).kind == "cancel_order"
    assert request_in("The moon is far away", among={"cancel_order"}).kind == "unknown"


def test_a_clear_request_is_surer_than_a_mixed_one() -> None:
    clear = request_in("Please cancel my order")
    mixed = request_in("Please cancel my order or refund it or exchange the lamp")
    assert clear.confidence >= 0.8 > mixed.confidence


def test_a_greeting_before_a_request_does_not_hide_it() -> None:
    assert request_in("Hello, good morning! Thank you for your help. I forgot my password.").kind == "password"


def test_every_request_has_cues_and_every_cue_has_words() -> None:
    assert set(CUES) == set(get_args(RequestKind)) - {"greeting", "thanks", "unknown"}
    used = {name for line in CUES.values() for cue in line.split(";") for name in cue.split()[1:]}
    assert used - set(FORMS) == {"number", "measure", "sum", "itemid"}
    assert set(FORMS) - used == {"hello", "thanks"}


def test_sentences_become_plain_words() -> None:
    known = Spelling(["cancel", "order"], ids=(ORDER_ID, "orderid"))
    assert list(sentences("I can’t cansel #W1000001! Don't", known)) == [
        ["i", "can", "not", "cancel", "orderid"],
        ["do", "not"],
    ]


@pytest.mark.parametrize(
    ("a", "b"),
    [("refund", "refnud"), ("refund", "refun"), ("refund", "refundd"), ("refund", "rafund"), ("refund", "refund")],
)
def test_one_letter_apart_is_missing_extra_wrong_or_swapped(a: str, b: str) -> None:
    assert one_apart(a, b) and one_apart(b, a)
    assert not one_apart(a, b + "xy")


def test_real_words_are_not_mended_into_others() -> None:
    known = Spelling(["charges", "refund", "locked"])
    for word in ("chargers", "looked", "rebound"):
        assert known.mended(word) == word


@given(st.one_of(st.text(), st.lists(st.sampled_from([text for _, text in SAID]), max_size=4).map(" ".join)))
def test_any_text_has_one_request_with_a_confidence(text: str) -> None:
    request = request_in(text)
    assert request.kind in KINDS
    assert 0 <= request.confidence < 1
    assert (request.kind == "unknown") == (request.confidence == 0)


@pytest.mark.parametrize(
    "part", ["not ", "not want a ", "refnud ", "charge twice. ", "\n", "a", "don't ", "1 x 4 ", "order ", "é"]
)
def test_a_megabyte_of_anything_is_read_in_one_go(part: str) -> None:
    text = (part * (1_000_000 // len(part) + 1))[:1_000_000]
    with in_proportion():
        request_in(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The jacket that I ordered hasn't shipped yet, could you make it a size L?", "change_items"),
        ("Could you make the tent in my pending order a two-person one?", "change_items"),
        ("I'd rather have the mug in green", "change_items"),
        ("Can I get the rug in a bigger size instead?", "change_items"),
        ("The tent I got is too small, I'd like a larger one", "exchange_items"),
        ("I'd like to give back all I bought except the kettle", "return_items"),
        ("I want to send the tent back", "return_items"),
        ("Please take the lamp out of my order", "cancel_order"),
        ("My order has not been sent yet, why?", "order_status"),
        ("Has my order shipped yet?", "order_status"),
        ("Send my money back to the card", "refund_full"),
    ],
)
def test_a_request_is_read_in_other_than_the_shops_words(text: str, kind: str) -> None:
    assert request_in(text).kind == kind


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("I got a kettle and would like to return it, please. The refund should go to how I paid.", ("orders", "return_items")),
        ("Can I send the tent back and get a refund to my card?", ("orders", "return_items")),
        ("I want a refund of the second charge", ("billing", "refund_duplicate")),
        ("Please send my money back, I want a refund", ("billing", "refund_full")),
        ("I'd also like that lamp changed to item 3000000802", ("orders", "change_items")),
    ],
)
def test_goods_that_go_back_are_for_orders_and_money_alone_for_billing(text: str, whose: tuple[str, str]) -> None:
    assert assigned(text, facts_in(text), ()) == whose
