"""How many matters a message holds. Every sentence here was written for these tests."""

import pytest

from agents.routing.departments import route
from agents.routing.listed import listed
from agents.routing.matters import matters
from agents.routing.pieces import pieces_of

TWO_MATTERS = [
    (
        "I was charged twice for order #W1234567. Also I want to change the address of order #W7654321.",
        "billing",
        "orders",
    ),
    ("Where is my parcel? And can you also reset my password?", "orders", "account"),
    ("1. I was billed twice for March\n2. The app crashes when I open it", "billing", "support"),
    ("Two things: 1. where is #W1000002? 2. I forgot my password", "orders", "account"),
    ("(1) The app crashes when I open it (2) I was billed twice for March", "support", "billing"),
    ("i forgot my password and i also was charged twice", "account", "billing"),
    ("Where is #W1000002? Do you sell tents?", "orders", "sales"),
    ("I was charged twice for #W1000001. How much are 2 smart plugs?", "billing", "sales"),
    ("Where is my parcel? What is the area of a 3 by 4 metre rectangle?", "orders", "general"),
    ("How do I reset my password? What is the price of the family plan?", "account", "sales"),
]


@pytest.mark.parametrize(("text", "first", "second"), TWO_MATTERS)
def test_two_requests_in_one_message_are_two_matters(text, first, second):
    pieces = matters(text)
    assert [route(piece).department for piece in pieces] == [first, second]


def test_requests_about_two_orders_are_two_matters():
    for text in (
        "Please cancel order #W2000001. Please return the lamp of order #W2000002.",
        "Cancel #W2000001 and return the poles from #W2000002.",
        "1. Cancel #W2000001 2. Return the poles from #W2000002",
    ):
        pieces = matters(text)
        assert ["#W2000001" in piece for piece in pieces] == [True, False]
        assert ["#W2000002" in piece for piece in pieces] == [False, True]


def test_each_matter_keeps_who_writes_and_which_order():
    text = "My name is Ana Lopez. I was charged twice for order #W1234567. Also, please change the address of that order."
    pieces = matters(text)
    assert len(pieces) == 2
    assert all("Ana Lopez" in piece and "#W1234567" in piece for piece in pieces)


@pytest.mark.parametrize(
    "text",
    [
        "I was charged twice for order #W1234567. I want my money back.",
        "Hello there. I hope you are well. Where is my parcel? Thanks a lot!",
        "I ordered a blender three weeks ago. It has not come. Please refund it.",
        "My internet is down and I have tried everything, can you help me please?",
        "I want to cancel order #W1234567 and order #W7654321",
        "The kettle leaks. I would also like to speak to a manager.",
        "My name is Ana Lopez and my zip is 10001. I'd like to return the lamp and exchange the rug of #W1234567.",
        "The app says 2. What does that mean?",
        "I pressed 1. The app crashed when I pressed 2. I have tried it again.",
        "1. Where is my parcel? 2. When will it come?",
        "My order #W1000009 arrived yesterday. The lantern in the box does not turn on. Can I get another one?",
        "The coffee machine leaks. I cleaned it twice. The manual says nothing about it.",
        "Can you help me? I can't log in.",
    ],
)
def test_context_courtesy_and_remedies_stay_with_their_matter(text):
    assert matters(text) == [text]


@pytest.mark.parametrize(
    "matter", ["I was charged twice for order #W1000001.", "My coffee machine is broken.", "Where is my parcel?"]
)
@pytest.mark.parametrize(
    "question",
    [
        "Please tell me what to do.",
        "What can I do?",
        "Can you help me with that?",
        "Also, can you help me?",
        "What happens next?",
        "How is that possible?",
        "Can you explain?",
        "What are my options?",
        "Please advise.",
        "I have a question.",
        "I want to know what is going on.",
        "Is anyone there?",
    ],
)
def test_a_question_about_nothing_is_no_matter_of_its_own(matter, question):
    assert matters(f"{matter} {question}") == [f"{matter} {question}"]


COUNTED = [
    ("Three things: 1) the chair of #W2000001 has a scratch 2) do you deliver to Norway? 3) how long is the warranty", 3),
    ("a) where is #W2000001 b) what does the family plan cost?", 2),
    ("First, the pan of #W2000001 came with a crack. Second, how do I get an invoice? And also, when are you open?", 3),
    ("- where is #W2000001\n- send me the invoice of #W2000002\n- the speaker does not connect", 3),
    ("1. cancel #W2000001 2. cancel #W2000002", 2),
    ("I want to return it because 1. it is too small 2. it is ugly", 1),
    ("First I was charged 20, then again 20", 1),
]


@pytest.mark.parametrize(("text", "count"), COUNTED)
def test_what_a_customer_counts_is_a_matter_each(text, count):
    assert len(pieces_of(text)) == count


def test_a_counted_list_loses_no_word():
    for text in (
        "Hi: 1) the lamp broke 2) how do I pay? Also, are you open?",
        f"a) {'very ' * 2000}long story b) where is #W2000001",
    ):
        assert " ".join(listed(text)) in (text, "")


def test_that_nothing_is_to_be_done_yet_is_no_matter_of_its_own():
    text = "Could the mat of #W2000001 be returned as well? Please don't start anything now."
    assert len(pieces_of(text)) == 1
