"""What an agent may tell a customer: amounts that are read, and answers of a model that are held to what was done."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.own_shop import seeded
from support.told_answers import EMMA, told

from groupchats import desk
from switchboard.declare.human import Prepared
from switchboard.declare.vocabulary import Vocabulary
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls
from switchboard.money import amounts, cents_in, made_of, money_in


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$42.50", [4250]),
        ("42.50 USD", [4250]),
        ("1,249.00 USD and $7", [124_900, 700]),
        ("42,50 EUR", [4250]),
        ("€ 3.5", [350]),
        ("1.249,00 USD, 1.249 EUR and 1,249 USD", [124_900, 124_900, 124_900]),
        ("103,90 $ and 7 €", [10_390, 700]),
        ("USD50 and eur 7,5", [5000, 750]),
        ("us$ 5 000.00, 7 bucks, 20 quid and 99 cents", [500_000, 700, 2000, 99]),
        ("$" + "9" * 400, [int("9" * 18) * 100]),
        ("order #W1000001, room 12, 5 to 7 business days", []),
    ],
)
def test_amounts_of_money_are_read_and_other_numbers_are_not(text: str, cents: list[int]) -> None:
    assert list(amounts(text)) == cents
    assert list(amounts(text, money_in("CHF"))) == cents


def test_amounts_in_a_teams_own_currency_are_read() -> None:
    assert list(amounts("CHF 12.50, 7 CHF and 3 CHFX", money_in("CHF"))) == [1250, 700]
    assert list(amounts("₹500 or 20 ₹", money_in("₹"))) == [50_000, 2000]
    assert list(amounts("CHF 12.50")) == []


def test_the_number_of_a_handed_over_case_is_found_without_a_pattern() -> None:
    assert Vocabulary().references("A human takes over, with case INC-0042.") == ["INC-0042"]
    assert Vocabulary().references("A human comes.") == []


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(isinstance(cents, int) for cents in amounts(text))
    assert made_of(0, set())


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e308, 10**400, True, None, "9" * 5000 + " USD"])
def test_a_number_that_is_no_amount_is_passed_over(number: Any) -> None:
    assert all(isinstance(cents, int) for cents in cents_in("", {"amount": number, "amount_cents": [number]}))


ORDER = "#W1000001"
OPENING = f"Hello, I was charged twice for my order {ORDER}. Please refund the second charge."
LOOK = tool_calls([("list_charges", {"order_id": ORDER})])
PAY = tool_calls(
    [("refund_order", {"order_id": ORDER, "kind": "duplicate_charge", "amount_cents": 4250, "reason": "Charged twice."})]
)
ANSWER = f"I have refunded the duplicate charge of 42.50 USD on order {ORDER}."


def ask(folder: Path, *replies: Reply) -> tuple[RunResult, ScriptedModel]:
    """Run the desk with a model that answers in this order."""
    engine = seeded(folder)
    with ScriptedModel(replies) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        result = run_team(desk.team, OPENING, engine=engine, gateway=gateway, known={"email": "emma.lindqvist@example.com"})
    engine.dispose()
    return result, model


def test_a_model_is_told_why_its_answer_was_not_sent_and_may_call_a_tool_then(tmp_path: Path) -> None:
    result, model = ask(tmp_path, LOOK, "I have refunded $42.50.", PAY, ANSWER)
    assert (result.document["reply"], result.document["model_calls"], model.count) == (ANSWER, 4, 4)
    *_, own, told = model.requests[2]["messages"]
    assert own == {"role": "assistant", "content": "I have refunded $42.50."}
    assert told["role"] == "user"
    assert "Not sent: refund_order was not done yet" in told["content"]


def test_a_model_that_lies_again_is_not_asked_a_third_time(tmp_path: Path) -> None:
    result, model = ask(tmp_path, LOOK, "I have refunded $42.50.", "It has been refunded.", ANSWER)
    assert model.count == 4, "one call for the lie, one more for the second, then the rules paid"
    assert [c["status"] for c in result.document["tool_calls"] if c["tool"] == "refund_order"] == ["done"]
    assert result.document["reply"] == ANSWER


@pytest.mark.parametrize(
    "words", ["Rahat on palautettu.", "Everything is taken care of.", "One moment please.", "Which one do you mean?"]
)
def test_no_answer_and_no_question_is_sent_while_the_rules_see_what_to_do(tmp_path: Path, words: str) -> None:
    result, _ = ask(tmp_path, LOOK, words, words)
    assert words not in result.document["reply"]
    assert [c["status"] for c in result.document["tool_calls"] if c["tool"] == "refund_order"] == ["done"]


def test_an_answer_may_be_given_as_a_structure_that_names_its_grounds(tmp_path: Path) -> None:
    engine = seeded(tmp_path)
    search = tool_calls([("search_articles", {"query": "Fernhill Plus plans prices"})])
    text = "Fernhill Plus costs $79.00 a year for one person. [fernhill-plus-plans.md#plans]"
    answer = tool_calls([("reply", {"text": text, "rests_on": ["fernhill-plus-plans.md#plans"], "asks": ""})])
    with ScriptedModel([search, answer]) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        result = run_team(desk.team, "How much is Fernhill Plus per year?", engine=engine, gateway=gateway)
    assert (result.end, result.document["reply"]) == ("resolved", text)


def test_a_structured_request_keeps_its_matter_open_without_a_question_mark(tmp_path: Path) -> None:
    look = tool_calls([("get_order_details", {"order_id": "#W1000008"})])
    wish = tool_calls([("reply", {"text": "I need the full new address.", "asks": "the new address"})])
    with ScriptedModel([look, wish]) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        opening, known = "Hello, please ship my order #W1000008 to another address.", {"email": "oskar.nyman@example.com"}
        result = run_team(desk.team, opening, engine=seeded(tmp_path), gateway=gateway, known=known)
    assert (result.end, result.document["reply"]) == ("awaiting_customer", "I need the full new address.")


def test_what_was_done_is_told_or_the_answer_is_not_sent(tmp_path: Path) -> None:
    case = told(tmp_path, OPENING, EMMA)
    assert "does not tell that this was done" in str(case.why_not_sent("Thank you for your patience, I am glad to help."))
    assert case.why_not_sent(ANSWER) is None


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("I have refunded $42.50 of the two charges.", True),
        ("I refunded the second charge, 42.50 USD.", True),
        ("I have refunded $85.00.", False),
        ("Your refund of $127.50 is on its way.", False),
        ("I have refunded 42.50 USD and cancelled the order.", False),
    ],
)
def test_a_refund_is_spoken_of_with_its_own_amount(tmp_path: Path, text: str, sent: bool) -> None:
    assert (told(tmp_path, OPENING, EMMA).why_not_sent(text) is None) == sent


def test_a_note_writer_who_calls_tools_or_says_nonsense_spoils_no_finished_case(tmp_path: Path) -> None:
    both = f"{OPENING} Also, please cancel my order #W1000019, I no longer need it."
    cancel: list[Reply] = [
        tool_calls([("get_order_details", {"order_id": "#W1000019"})]),
        tool_calls([("cancel_pending_order", {"order_id": "#W1000019", "reason": "no longer needed"})]),
        "Order #W1000019 is cancelled.",
    ]
    engine = seeded(tmp_path)
    with ScriptedModel([LOOK, PAY, ANSWER, *cancel, LOOK]) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        human = Prepared(("Yes, please.",), (), live=True)
        result = run_team(desk.team, both, engine=engine, gateway=gateway, human=human, known={"email": EMMA})
    assert result.end == "resolved"
    assert [c["tool"] for c in result.document["tool_calls"]].count("transfer_to_human_agents") == 0
    assert result.document["tool_calls"][-1]["tool"] == "add_case_note"


def test_many_hand_overs_in_one_message_leave_one_ticket(tmp_path: Path) -> None:
    many = tool_calls([("transfer_to_human_agents", {"summary": f"Summary {n}."}) for n in range(12)])
    result, _ = ask(tmp_path, LOOK, many)
    statuses = [c["status"] for c in result.document["tool_calls"] if c["tool"] == "transfer_to_human_agents"]
    assert (result.end, statuses.count("done"), len(statuses)) == ("escalated", 1, 12)
