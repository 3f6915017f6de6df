"""What an agent may tell a customer: things that were done, and amounts that the run knows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.own_shop import seeded
from support.toys import PAID, agent, find_customer, team, triage
from switchboard.loop.grounding import unsupported

from groupchats import desk
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Nobody
from switchboard.declare.team import Rule
from switchboard.declare.tool import tool
from switchboard.declare.transcript import MessageEntry, ResultEntry
from switchboard.declare.vocabulary import NEVER, Deed, Vocabulary
from switchboard.loop.closing import close, reply
from switchboard.loop.drive import RunResult, run_team
from switchboard.loop.state import Run
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls
from switchboard.money import amounts, cents_in, made_of, money_in
from tools.vocabulary import vocabulary


@tool(effect="write", amount="cents")
def refund_order(cents: int) -> dict[str, int]:
    """Refund."""
    return {"amount_cents": cents}


def result_of(agent: str, tool: str, arguments: dict[str, Any], result: Any) -> ResultEntry:
    """The line that a call was done."""
    done = {"status": "done", "call_id": "call_1", "to": agent}
    return ResultEntry("executor", by="tool", tool=tool, arguments=arguments, result=result, **done)


def run_with(folder: Path, *results: tuple[str, Any]) -> Run:
    """A run in which these tools were done, with these results."""
    PAID.clear()
    run = Run("r", team(vocabulary=vocabulary), open_engine(sqlite_url(folder / "x.db")), Nobody())
    run.add(MessageEntry("customer", "I paid $12.99 and want it back.", "human"))
    for name, result in results:
        run.add(result_of("worker", name, {}, result))
    return run


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


@pytest.mark.parametrize(
    "text",
    [
        "Your order is on its way.",
        "You paid $12.99.",
        "It costs 20.00 USD, together 32.99 USD.",
        "The order was cancelled on 3 March.",
        "I can refund it. Shall I?",
        "I could not cancel it.",
        "We cancel only pending orders.",
        "Nothing was changed, and no order was refunded.",
    ],
)
def test_what_the_run_knows_may_be_said(tmp_path: Path, text: str) -> None:
    run = run_with(tmp_path, ("look_up", {"price": 20, "status": "cancelled", "refundable_cents": 1299}))
    assert unsupported(run, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I have refunded it.",
        "I've now refunded you.",
        "We already cancelled the order.",
        "Your refund is on its way.",
        "The address has been updated.",
        "You get 99.00 USD.",
        "I have opened a ticket.",
    ],
)
def test_what_nobody_did_and_no_result_holds_may_not_be_said(tmp_path: Path, text: str) -> None:
    assert unsupported(run_with(tmp_path, ("look_up", {"price": 20, "refundable_cents": 1299})), text)


def test_what_was_done_may_be_said(tmp_path: Path) -> None:
    run = run_with(tmp_path, ("pay", {"note": "refund of an order", "amount": "5.00 USD"}))
    assert unsupported(run, "I have refunded 5.00 USD.") is None


def test_a_team_without_a_vocabulary_claims_no_deeds_and_is_still_held_to_amounts(tmp_path: Path) -> None:
    run = Run("r", team(vocabulary=Vocabulary()), open_engine(sqlite_url(tmp_path / "x.db")), Nobody())
    run.add(MessageEntry("customer", "I paid $12.99.", "human"))
    assert unsupported(run, "I have refunded it, with number T000099.") is None
    assert unsupported(run, "You get 99.00 USD.") and unsupported(run, "All done!")


def test_a_team_may_be_about_anything(tmp_path: Path) -> None:
    booked = Deed("book", "booked", "book", "booking", NEVER, "booked")
    hotel = Vocabulary(ids=(r"\bB-\d{4}\b",), deeds=(booked,), currency="CHF")
    run = Run("r", team(vocabulary=hotel), open_engine(sqlite_url(tmp_path / "x.db")), Nobody())
    found = {"booking": "B-1234", "price": "CHF 180.00"}
    run.add(result_of("worker", "look_up", {}, found))
    assert unsupported(run, "Booking B-1234 comes to 180.00 CHF; two nights are CHF 360.00.") is None
    for lie in ("I have booked it.", "Your booking has been processed.", "It is booking B-4321.", "It costs CHF 170."):
        assert unsupported(run, lie), lie


def test_the_number_of_a_handed_over_case_is_found_without_a_pattern() -> None:
    assert Vocabulary().references("A human takes over, with case INC-0042.") == ["INC-0042"]
    assert Vocabulary().references("A human comes.") == []


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(isinstance(cents, int) for cents in amounts(text))
    assert made_of(0, set())


def refunded(folder: Path, *cents: int) -> Run:
    """A run in which these refunds were made, and a look showed two charges and an older refund."""
    worker = agent("worker", triage, refund_order)
    members = {"triage": agent("triage", triage, find_customer), "worker": worker, "closer": agent("closer", triage)}
    rules = (Rule("approve", effect="read"), Rule("approve", effect="write"))
    spec = team(members=members, approvals=rules, vocabulary=vocabulary)
    run = Run("r", spec, open_engine(sqlite_url(folder / "x.db")), Nobody())
    run.add(MessageEntry("customer", "Please look at order #W1000001.", "human"))
    seen = {"charges": [4250, 4250], "total": "103.90 USD", "refunds": ["129.90 USD"], "transaction_type": "refund"}
    run.add(result_of("worker", "look", {}, seen))
    for one in cents:
        given, paid = {"cents": one}, {"amount_cents": one, "refund_id": "RF000007"}
        run.add(result_of("worker", "refund_order", given, paid))
    return run


@pytest.mark.parametrize(
    "lie",
    [
        "The cancellation of your order went through.",
        "All done!",
        "I'll cancel order #W1000001 at once and you get $12.99 back.",
        "Your $12.99 refund is being processed.",
        "I also sent you a free replacement.",
        "The new address is saved.",
        "Your order is being cancelled.",
        "No problem, I have refunded it.",
        "I have created a support case for you.",
        "I have just processed your refund.",
        "I went ahead and cancelled your order.",
        "It's cancelled.",
        "Your order has already been cancelled.",
        "Ich habe Ihnen das Geld erstattet.",
        "Ihre Bestellung wurde storniert.",
        "Ich habe Ihre Adresse geändert.",
        "J'ai remboursé votre commande.",
        "Votre commande est annulée.",
        "Nous avons modifié votre adresse.",
        "Hemos reembolsado su pedido.",
        "He cancelado su pedido.",
        "Su pedido ha sido cancelado.",
        "Su reembolso está en camino.",
        "Your case has the number T000099.",
        "The refund has the number RF000099.",
        "It belongs to order #W7654321.",
    ],
)
def test_a_deed_or_a_number_that_is_made_up_may_not_be_said(tmp_path: Path, lie: str) -> None:
    assert unsupported(run_with(tmp_path, ("look_up", {"price": 20, "order_id": "#W1000001"})), lie)


@pytest.mark.parametrize(
    "truth",
    [
        "Once returned, the money is refunded within 5-7 days.",
        "An order that is cancelled before shipping is refunded in full.",
        "If it is changed after shipping, the parcel comes back.",
        "If it is returned to us, you get your money.",
        "Orders are cancelled free of charge while they are pending.",
        "A phone can only be unlocked with the account that it was opened with.",
        "I will refund the $12.99 to your card. Shall I do that?",
        "I will cancel it as soon as you tell me the reason.",
        "After the order has been returned, your money comes back.",
        "Die Bestellung kann noch storniert werden.",
        "Ich habe nichts storniert.",
        "Je n'ai pas annulé la commande.",
        "No hemos cancelado nada.",
        "Order 1000001 is #W1000001.",
    ],
)
def test_rules_conditions_and_denials_are_no_claims(tmp_path: Path, truth: str) -> None:
    assert unsupported(run_with(tmp_path, ("look_up", {"price": 20, "order_id": "#W1000001"})), truth) is None


@pytest.mark.parametrize(
    "sum_of",
    [
        "3 tents and 2 headlamps: $687.00 + $109.80 = $796.80.",
        "3 tents and 2 headlamps come to $796.80.",
        "It is $18.00 a month, so $216.00 a year.",
        "10 % off $649.00 is $584.10, which saves $64.90.",
        "12 months are $95.88, so the year saves $16.88.",
        "Anything under $250, or more than $700?",
    ],
)
def test_what_a_customer_would_work_out_may_be_said(tmp_path: Path, sum_of: str) -> None:
    prices = ["229.00 USD", "54.90 USD", "18.00 USD", "649.00 USD", "7.99 USD a month", "79.00 USD a year", "10 % off"]
    assert unsupported(run_with(tmp_path, ("look_up", prices)), sum_of) is None


@pytest.mark.parametrize("lie", ["It costs $231.17.", "10 % off $649.00 is $548.10.", "3 tents cost $678.00.", "$" + "7" * 400])
def test_a_sum_that_is_worked_out_wrongly_may_not_be_said(tmp_path: Path, lie: str) -> None:
    assert unsupported(run_with(tmp_path, ("look_up", ["229.00 USD", "649.00 USD", "10 % off"])), lie)


@pytest.mark.parametrize(
    ("made", "text", "carried"),
    [
        ([4250], "I have refunded $42.50 of the $103.90 that you paid.", True),
        ([4250], "I have refunded the charge of 42.50 USD, refund RF000007.", True),
        ([4250, 4250], "I have refunded $85.00.", True),
        ([4250, 4250], "I refunded $42.50 twice.", True),
        ([4250], "We refunded $129.90 on October 20.", True),
        ([], "We refunded $129.90 earlier.", True),
        ([], "I refunded $129.90 earlier.", False),
        ([4250], "I have refunded $85.00.", False),
        ([4250], "I refunded $42.50 twice.", False),
        ([4250], "$103.90 has been refunded.", False),
        ([4250], "Your refund of $103.90 is on its way.", False),
        ([4250], "Ich habe Ihnen 85,00 USD erstattet.", False),
        ([4250], "Ich habe Ihnen 42,50 USD erstattet.", True),
    ],
)
def test_a_refund_is_spoken_of_with_its_own_amount(tmp_path: Path, made: list[int], text: str, carried: bool) -> None:
    assert (unsupported(refunded(tmp_path, *made), text) is None) == carried


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
    assert "Not sent: it says 'I have refunded'" in told["content"]


def test_a_model_that_lies_again_is_not_asked_a_third_time(tmp_path: Path) -> None:
    result, model = ask(tmp_path, LOOK, "I have refunded $42.50.", "It has been refunded.", ANSWER)
    assert model.count == 4, "one call for the lie, one more for the second, then the rules paid"
    assert [c["status"] for c in result.document["tool_calls"] if c["tool"] == "refund_order"] == ["done"]
    assert result.document["reply"] == ANSWER


@pytest.mark.parametrize("words", ["Rahat on palautettu.", "Dit beløb er på vej.", "Everything is taken care of."])
def test_an_answer_is_not_sent_in_any_language_while_the_rules_see_something_left_to_do(tmp_path: Path, words: str) -> None:
    result, _ = ask(tmp_path, LOOK, words, words)
    assert words not in result.document["reply"]
    assert [c["status"] for c in result.document["tool_calls"] if c["tool"] == "refund_order"] == ["done"]


def test_a_question_may_be_asked_while_the_rules_see_something_left_to_do(tmp_path: Path) -> None:
    result, model = ask(tmp_path, LOOK, "Which of the two charges do you mean?")
    assert (result.end, model.count) == ("awaiting_customer", 2)


@pytest.mark.parametrize(("by", "put_right"), [("model", True), ("rules", False)])
def test_only_what_a_model_said_is_doubted_at_the_end(tmp_path: Path, by: Any, put_right: bool) -> None:
    run = run_with(tmp_path)
    run.add(MessageEntry("worker", "I have refunded $12.99.", by))
    close(run)
    assert ("nothing was changed" in reply(run)) == put_right
