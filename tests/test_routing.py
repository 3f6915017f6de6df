"""Routing and mood of free text, without a model. Every sentence here was written for these tests."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.effort import in_proportion

from agents.requests.lexicon import lexicon
from agents.requests.reading import read
from agents.routing.departments import DEPARTMENTS, route
from agents.routing.learned import examples
from agents.routing.matters import matters
from agents.routing.mood import is_unclear, urgency, wants_human
from switchboard.reading.learning.classifier import learned_from

MESSAGES = {
    "billing": [
        "My statement has the same grocery payment on it two times",
        "Why is there a fee of 3 euros for taking cash out in Spain?",
        "You have billed me 49.90 for a subscription that ended in May",
        "The refund for the returned coat still isn't on my credit card",
        "could i settle my phone bill in three instalments",
        "refnd the secound charge pls",
    ],
    "sales": [
        "We are ten people and look for a plan with unlimited data, what would that cost?",
        "Is the trail backpack available in green, and how big is it?",
        "I'd like to buy five more licences for the design suite",
        "Do you have any offers for students at the moment?",
        "Hello, I want to sign up for home internet in my new flat",
    ],
    "support": [
        "After the latest update the editor crashes whenever I save a file",
        "My router's light blinks orange and nothing connects",
        "Paying contactless fails at every till since yesterday",
        "the smart thermostat doesnt connect to wifi anymore",
        "Is your server down? I get an error 503",
    ],
    "orders": [
        "The parcel should have been here on Tuesday, where is it?",
        "Please cancel order #W4417203, I picked the wrong one",
        "I'd like to exchange the hiking boots for size 43",
        "Can the kettle from my order be sent to my office address instead?",
        "wheres my pakage, it was ment to arive last week",
        "How long will it take until my new debit card comes in the post?",
    ],
    "account": [
        "I can't remember my password and the reset mail never comes",
        "We moved to Leeds, please change the address in my profile",
        "Why was my passport photo rejected in the identity check?",
        "Close my account and delete what you know about me",
        "i typed my pin wrong three times and now its blocked",
    ],
    "general": [
        "What would be a nice name for a hamster?",
        "Will it rain in Oslo tomorrow?",
        "Tell me a joke about penguins",
        "how long do I have to boil potatoes",
        "Thank you, that was all",
        "Are you a robot?",
    ],
}


@pytest.mark.parametrize(("department", "text"), [(d, text) for d, texts in MESSAGES.items() for text in texts])
def test_a_plain_message_reaches_its_department(department, text):
    assert route(text).department == department


NAMED_OUTRIGHT = [
    ("Cancel #W1000019", "orders"),
    ("I'd like to cancel W1000019, I no longer need it", "orders"),
    ("Return the poles from #W1000007", "orders"),
    ("Where is #W1000002?", "orders"),
    ("has #W1000003 shipped", "orders"),
    ("Exchange the tent in #W1000005 for the green one", "orders"),
    ("please send #W1000004 to 12 Elm Street instead", "orders"),
    ("#W1000008 never came", "orders"),
    ("Refund #W1000007", "billing"),
    ("I was charged twice for #W1000001", "billing"),
    ("Why was I charged $12 for #W1000003?", "billing"),
    ("The lantern from #W1000009 does not turn on", "support"),
    ("my coffee machine is broken", "support"),
    ("how much are 2 smart plugs?", "sales"),
    ("do you sell tents?", "sales"),
    ("how much is Fernhill Plus?", "sales"),
    ("what would five insulated bottles cost me", "sales"),
    ("How much is express shipping?", "sales"),
    ("what do you charge for delivery?", "sales"),
    ("why did you charge me for shipping", "billing"),
    ("how long does delivery take", "orders"),
    ("how much is 12 times 3?", "general"),
    ("how much does an elephant weigh", "general"),
    ("how do I boil an egg on a camping stove", "general"),
]


@pytest.mark.parametrize(("text", "department"), NAMED_OUTRIGHT)
def test_what_is_named_outright_is_routed_with_confidence(text, department):
    assert route(text).department == department
    assert route(text).confidence >= 0.7


def test_scores_cover_every_department_and_sum_to_one():
    routing = route("Where is my parcel?")
    assert set(routing.scores) == set(DEPARTMENTS)
    assert sum(routing.scores.values()) == pytest.approx(1)
    assert routing.confidence == max(routing.scores.values())


@pytest.mark.slow
def test_confidence_is_honest_on_examples_that_were_held_back():
    rows = examples()
    learned = learned_from((row for i, row in enumerate(rows) if i % 5), lexicon())
    answers = [(learned.scores(text), label) for i, (text, label) in enumerate(rows) if i % 5 == 0]
    sure = [(scores, label) for scores, label in answers if max(scores.values()) >= 0.8]
    assert sum(max(s, key=s.__getitem__) == label for s, label in answers) / len(answers) > 0.91
    assert sum(max(s, key=s.__getitem__) == label for s, label in sure) / len(sure) > 0.96
    assert len(sure) / len(answers) > 0.7


@pytest.mark.slow
def test_the_same_text_gets_the_same_scores_in_another_process():
    text = "My card was charged twice and the parcel is late"
    code = f"from agents.routing.departments import route; print(route({text!r}))"
    runs = {subprocess.check_output([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": p})
            for p in [":".join(sys.path)] for seed in ("1", "2")}  # fmt: skip
    assert runs == {f"{route(text)}\n".encode()}


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01\x02", "😡🙏🎉", "?!?!"])
def test_a_text_without_words_is_general_and_unsure(text):
    assert route(text).department == "general"
    assert route(text).confidence == 0


@pytest.mark.parametrize("text", ["أين طلبي من فضلك", "¿dónde está mi paquete, por favor?", "Wo bleibt denn bloß mein Paket"])
def test_a_text_in_another_language_is_never_sure(text):
    assert route(text).confidence < 0.5


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "where is my order? " * 60_000, " " * 1_000_000, "and i want, " * 90_000, "\x00" * 1_000_000,
     "also " * 390, " " * 1_990 + "a", "\n" * 1_999, "1) " * 600, "(" * 1_999, "my is " * 330, "a@" * 990, "a." * 999],
    ids=lambda text: f"{len(text)} of {text[:5]!r}",
)  # fmt: skip
def test_long_and_odd_texts_are_answered_at_once(text):
    with in_proportion():
        answers = (route(text), matters(text), urgency(text), read(text).sentiment, wants_human(text), is_unclear(text))
    assert answers[0].department in DEPARTMENTS


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text):
    assert route(text).department in DEPARTMENTS
    assert route(text) == route(text)
    assert matters(text)
    assert (urgency(text), read(text).sentiment, wants_human(text), is_unclear(text)) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My account was hacked, do something immediately!", "high"),
        ("We need this fixed by tomorrow, the deadline is near", "high"),
        ("No rush, but could you send me the invoice again?", "low"),
        ("Just wondering whether you ship to Norway", "low"),
        ("Where is my parcel?", "normal"),
    ],
)
def test_urgency_is_what_the_words_say(text, expected):
    assert urgency(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is unacceptable, your service is terrible", "negative"),
        ("I am not happy with this at all", "negative"),
        ("WHERE IS MY PARCEL???", "negative"),
        ("Thank you so much, you were great", "positive"),
        ("not bad at all", "positive"),
        ("I'd like to change my address", "neutral"),
        ("The kettle arrived with a crack", "neutral"),
    ],
)
def test_sentiment_is_what_is_put_into_words(text, expected):
    assert read(text).sentiment == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let me talk to a human", True),
        ("Can I speak with one of your managers?", True),
        ("put me through to a real person please", True),
        ("I want a supervisor", True),
        ("stop the bot, get me an agent", True),
        ("Are you a real person?", False),
        ("Which person signed for my parcel?", False),
        ("I want to return the lamp", False),
    ],
)
def test_asking_for_a_person_is_seen(text, expected):
    assert wants_human(text) is expected


@pytest.mark.parametrize(
    "text", ["help", "It doesn't work!", "hello??", "😡😡", "", "i have a problem", "asdfgh", "cancel it", "???"]
)
def test_a_message_with_nothing_to_go_on_is_unclear(text):
    assert is_unclear(text)


@pytest.mark.parametrize(
    "text", ["my order", "refund", "the app crashes", "what's the capital of Peru?", "a human please", "thanks"]
)
def test_a_message_with_a_subject_is_clear(text):
    assert not is_unclear(text)
