"""What is asked for and taken back in the same breath, only imagined, or to wait: nothing is paid for it."""

import pytest
from sqlalchemy import Engine, text

from agents.requests.reading import read
from groupchats.desk import team
from switchboard.loop.drive import run_team

ASKED = (
    "I was charged twice for #W1000001, please send the second charge back.",
    "Please refund the second charge of #W1000001.",
    "#W1000001 was charged twice. Could you refund it, please?",
)
TAKEN_BACK = (
    "Ah no, forget it, my mistake.", "Sorry, ignore that.", "Just kidding.", "Scratch that.", "Never mind, I found it.",
    "Actually, never mind.", "Please disregard my request.", "I changed my mind.", "Oh wait, I was joking.",
    "You can forget what I wrote.", "I take it back.", "I am only asking.", "I only ask.",
)  # fmt: skip
NOT_NOW = (
    "If I had been charged twice for #W1000001, would you refund me?",
    "Suppose I was charged twice for #W1000001. Would you send the second charge back?",
    "Let's say #W1000001 was charged twice. Would I get a refund of the second charge?",
    "I was charged twice for #W1000001, please wait with the refund until Monday.",
    "I was charged twice for #W1000001. Please stop the refund.",
    "Please hold off on the refund for #W1000001, I was charged twice but may keep it so.",
    "I was charged twice for #W1000001, please cancel my refund.",
)
STILL = (
    "Never mind the delay, please refund the second charge of #W1000001.",
    "Forget it was a gift. Please refund the second charge of #W1000001.",
    "Never mind, I found my receipt. Please refund the second charge of #W1000001.",
    "I only ask for the second charge of #W1000001 back.",
    "Please cancel the second charge of #W1000001 and give the money back.",
    "I was charged twice for #W1000001. I ask you to refund one of the charges, I take it back to my bank otherwise.",
)


def refunded(shop: Engine, words: str) -> int:
    run_team(team, words, engine=shop, known={"email": "emma.lindqvist@example.com"})
    with shop.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM refunds WHERE order_id = '#W1000001'")).scalar() or 0)


@pytest.mark.parametrize("after", TAKEN_BACK)
@pytest.mark.parametrize("before", ASKED)
def test_a_request_that_is_taken_back_is_none(before: str, after: str) -> None:
    assert read(before).verdict("refund_duplicate") == "asked"
    assert read(f"{before} {after}").verdict("refund_duplicate") != "asked"
    assert read(f"{after} {before}").verdict("refund_duplicate") == "asked" or "ask" in after


@pytest.mark.parametrize("words", [f"{ASKED[0]} {after}" for after in TAKEN_BACK[:6]] + list(NOT_NOW))
def test_for_what_is_taken_back_or_only_imagined_nothing_is_paid(shop: Engine, words: str) -> None:
    assert refunded(shop, words) == 0


@pytest.mark.parametrize("words", STILL)
def test_what_only_sounds_like_taking_back_is_paid(shop: Engine, words: str) -> None:
    assert refunded(shop, words) == 1


@pytest.mark.parametrize("words", ["Please cancel #W1000004. Never mind, keep it.", "Please cancel my return of #W1000004."])
def test_other_deeds_are_taken_back_alike(words: str) -> None:
    assert read(words).verdict("cancel_order" if "keep" in words else "return_items") == "denied"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Please put the refund on my card.", "asked"),
        ("Put the refund on hold.", "denied"),
        ("Please put off the return.", "denied"),
        ("Put the return on ice for now.", "denied"),
    ],
)
def test_money_that_is_put_somewhere_is_not_put_off(said: str, verdict: str) -> None:
    assert read(said).verdict("return_items") == verdict
