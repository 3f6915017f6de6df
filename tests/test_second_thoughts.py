"""What the desk does with an answer to a call that was read back and that is neither a plain yes nor a plain no."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team

EMMA, JONAS, SANTOS, OSKAR = (f"{n}@example.com" for n in ("emma.lindqvist", "jonas.okafor", "m.santos", "oskar.nyman"))
PENDING, DELIVERED = "#W1000019", "#W1000007"
CANCEL = f"Please cancel my order {PENDING}, I no longer need it."


def ask(shop: Engine, *words: str, email: str = EMMA) -> RunResult:
    return run_team(team, words[0], engine=shop, human=Prepared(words[1:], live=True), known={"email": email})


def read_back(result: RunResult) -> list[str]:
    """What was read back to the customer, call by call."""
    return [words for e in result.run.transcript if e.kind == "message" for _, words in e.confirms.values()]


def value(shop: Engine, query: str) -> Any:
    with shop.connect() as connection:
        return connection.execute(text(query)).scalar()


def status(shop: Engine, order: str = PENDING) -> str:
    return str(value(shop, f"SELECT status FROM orders WHERE id = '{order}'"))


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


def test_another_reason_makes_another_call_that_is_read_back(shop: Engine) -> None:
    result = ask(shop, CANCEL, "No, that is wrong, it was ordered by mistake.", "yes")
    first, second = read_back(result)
    assert "no longer needed" in first and "ordered by mistake" in second
    assert value(shop, f"SELECT cancel_reason FROM orders WHERE id = '{PENDING}'") == "ordered by mistake"


def test_a_question_has_the_same_call_read_back_once_more_and_not_for_ever(shop: Engine) -> None:
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", *["How much do I get back?"] * 4, email=SANTOS)
    assert len(read_back(result)) == 2 and status(shop, DELIVERED) == "delivered"
    assert result.end == "escalated"


def test_words_that_say_nothing_to_it_are_no_yes(shop: Engine) -> None:
    result = ask(shop, f"Please return the daypack of {DELIVERED}.", "The weather is fine.", email=SANTOS)
    assert len(read_back(result)) == 1 and "What would you like me to do instead?" in result.document["reply"]
    assert (result.end, status(shop, DELIVERED)) == ("awaiting_customer", "delivered")


def test_an_address_that_is_put_right_is_read_back_anew(shop: Engine) -> None:
    opening = "Please ship my order #W1000008 to 48 Willow Street, Apt 7, Savannah, GA 31401 instead."
    result = ask(shop, opening, "No, it is 50 Willow Street, Apt 7, Savannah, GA 31401.", email=OSKAR)
    first, second = read_back(result)
    assert "48 Willow Street" in first and "50 Willow Street" in second


def test_another_option_is_read_back_anew_and_the_first_one_is_forgotten(shop: Engine) -> None:
    opening = f"The daypack of {DELIVERED} is too small, please exchange it for the 26 litre one in graphite."
    result = ask(shop, opening, "No, please in another colour: forest.", "yes", email=SANTOS)
    assert len(read_back(result)) <= 2 and result.document["tool_calls"]
