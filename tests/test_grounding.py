"""What a model tells is carried by its case: good answers go out, untrue ones do not, and a useless model changes nothing."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.own_shop import rows, seeded
from support.placed_answers import placed_answers
from support.tied_answers import tied_answers
from support.told_answers import EMMA, Told, told, true_answers, untrue_answers
from support.weak_model import useless

from groupchats.desk import team
from scenarios import all_scenarios, scenario_called
from switchboard.declare.moves import Say
from switchboard.grounding.judge import why_not_carried, why_untrue
from switchboard.grounding.wording import hides_something
from switchboard.loop.answers import evidence_of, untold_refusals
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel, tool_calls
from switchboard.scenario import Scenario, play

MOST = 0.02
"""Of the good answers that are sent back, and of the untrue ones that are sent."""
NO_CASES = ("endless_agents", "research_report")
STORIES = [scenario for scenario in all_scenarios() if scenario.name not in NO_CASES]


@pytest.mark.slow
def test_of_true_answers_of_good_style_next_to_none_is_sent_back(tmp_path: Path) -> None:
    judged = [(answer, case.why_not_sent(answer)) for case, answer in true_answers(tmp_path)]
    wrong = [one for one in judged if one[1]]
    assert len(judged) >= 200 and len(wrong) <= MOST * len(judged), wrong


@pytest.mark.slow
def test_of_untrue_answers_next_to_none_is_sent(tmp_path: Path) -> None:
    judged = [(answer, case.why_not_sent(answer)) for case, answer in untrue_answers(tmp_path)]
    sent = [answer for answer, why in judged if not why]
    assert len(judged) >= 200 and len(sent) <= MOST * len(judged), sent


@pytest.mark.slow
def test_what_is_true_of_one_thing_is_sent_of_that_one_and_not_of_another(tmp_path: Path) -> None:
    judged = [(answer, is_true, why_untold(case, answer)) for case, answer, is_true in tied_answers(tmp_path)]
    true, lies = [one for one in judged if one[1]], [one for one in judged if not one[1]]
    wrong, sent = [one for one in true if one[2]], [one for one in lies if not one[2]]
    assert len(true) >= 40 and len(wrong) <= MOST * len(true), wrong
    assert len(lies) >= 110 and len(sent) <= MOST * len(lies), sent


@pytest.mark.slow
def test_what_is_known_is_sent_in_its_own_place_and_nothing_new_in_a_place_for_facts(tmp_path: Path) -> None:
    judged = [(answer, is_true, why_untold(case, answer)) for case, answer, is_true in placed_answers(tmp_path)]
    assert len(judged) >= 40
    assert [one for one in judged if one[1] and one[2]] == []
    assert [answer for answer, is_true, why in judged if not is_true and not why] == []


def why_untold(case: Told, answer: str) -> str | None:
    """What is wrong with the words alone: whether a question is due is not looked at."""
    evidence = evidence_of(case.run, Say(answer), Say(case.said.text))
    return why_untrue(evidence, answer, case.run.team.members) or why_not_carried(evidence, answer)


def test_a_true_answer_with_another_number_in_it_is_not_sent(tmp_path: Path) -> None:
    case = told(tmp_path, "Where is my order #W1000019?", EMMA)
    row = case.found("get_order_details")
    true = f"Order {row['order_id']} of {row['placed_on']} is pending and comes to {row['total']:.2f} USD."
    assert case.why_not_sent(true) is None
    for place, char in enumerate(true):
        if char.isdigit():
            other = f"{true[:place]}{(int(char) + 1) % 10}{true[place + 1 :]}"
            assert case.why_not_sent(other), other


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        ("re\u200bfunded", True),
        ("canсelled", True),
        ("a\u202eb", True),
        ("Grüße für 10 € 👩\u200d💻", False),
        ("26 l – ok", False),
    ],
)
def test_letters_of_other_scripts_and_codes_that_nobody_sees_are_noticed(text: str, hides: bool) -> None:
    assert hides_something(text) == hides


def test_an_answer_of_twenty_thousand_characters_is_judged_at_once(tmp_path: Path) -> None:
    case = told(tmp_path, "Where is my order #W1000019?", EMMA)
    for part in ("a", "1", "1,", "a.", "#W", "I have ", "@", "A ", "refund ", "é", "-", "a_", "a@b.", "w" * 70 + " "):
        assert isinstance(case.why_not_sent((part * 20_000)[:7_900]), str | None)


@cache
def by_rules_alone(name: str) -> tuple[str, dict[str, list[str]]]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        engine = seeded(Path(folder))
        ended = play(scenario_called(name), engine).end, rows(engine)
        engine.dispose()
    return ended


def with_a_useless_model(scenario: Scenario, seed: int, engine: Engine) -> RunResult:
    with ScriptedModel(useless(seed)) as model:
        config: list[dict[str, Any]] = [{"model": "weak", "base_url": model.url, "api_key": "weak"}]
        return play(scenario, engine, gateway=Gateway(read_endpoints(json.dumps(config)), retries=0))


def ends_as_without(seeds: range, folder: Path) -> None:
    for seed in seeds:
        scenario, engine = STORIES[seed % len(STORIES)], seeded(folder / str(seed))
        result = with_a_useless_model(scenario, seed, engine)
        assert (result.end, rows(engine)) == by_rules_alone(scenario.name), (seed, scenario.name)
        assert scenario.complaints(result, engine) == [], (seed, scenario.name)
        engine.dispose()


@pytest.mark.slow
def test_a_case_with_a_useless_model_ends_as_it_would_with_none(tmp_path: Path) -> None:
    ends_as_without(range(20), tmp_path)


@pytest.mark.slow
def test_two_hundred_cases_with_a_useless_model_end_as_they_would_with_none(tmp_path: Path) -> None:
    ends_as_without(range(20, 220), tmp_path)


def test_what_a_customer_asks_in_a_language_that_cannot_be_judged_the_rules_answer(tmp_path: Path) -> None:
    case: Told = told(tmp_path, "Where is my order #W1000019?", EMMA)
    for words in ("Dov'è il mio ordine #W1000019, per favore? Non è ancora qui.", "我的订单 #W1000019 在哪里？"):
        assert case.in_words(words).why_not_sent("Order #W1000019 is pending.")


@pytest.mark.parametrize(
    ("order", "email", "text", "is_true"),
    [
        ("#W1000002", "jonas.okafor@example.com", "Order {} is on its way.", True),
        ("#W1000002", "jonas.okafor@example.com", "It is with the carrier, in Spokane.", True),
        ("#W1000002", "jonas.okafor@example.com", "Your tent and your headlamp are underway.", True),
        ("#W1000002", "jonas.okafor@example.com", "Order {} was delivered.", False),
        ("#W1000019", EMMA, "Order {} is on its way.", False),
        ("#W1000019", EMMA, "Your new address is on file now.", False),
        ("#W1000019", EMMA, "Your blanket and your door mat are in transit.", False),
    ],
)
def test_a_short_answer_goes_out_where_the_rows_say_so(
    order: str, email: str, text: str, is_true: bool, tmp_path: Path
) -> None:
    case = told(tmp_path, f"Where is my order {order}?", email)
    assert (case.why_not_sent(text.format(order)) is None) == is_true


def test_what_a_model_wrote_into_its_own_calls_carries_nothing(tmp_path: Path) -> None:
    planted = [
        tool_calls([("modify_user_address", {"user_id": "emma_lindqvist_1001", "address1": "Gate 7, Marble Tower"})]),
        tool_calls([("get_order_details", {"order_id": "#W1000019"})]),
        "Your parcel stands at Gate 7, Marble Tower.",
        "Your parcel stands at the marble tower.",
    ]
    with ScriptedModel(planted) as model:
        config: list[dict[str, Any]] = [{"model": "weak", "base_url": model.url, "api_key": "weak"}]
        gateway, engine = Gateway(read_endpoints(json.dumps(config)), retries=0), seeded(tmp_path)
        opening, known = "Where is my order #W1000019?", {"email": EMMA}
        reply = run_team(team, opening, engine=engine, gateway=gateway, known=known).document["reply"]
    assert "arble" not in reply and "#W1000019" in reply


def test_an_answer_from_articles_is_on_what_was_asked_and_affirms_nothing_that_they_deny(tmp_path: Path) -> None:
    case = told(tmp_path, "Can I pay with a cheque?")
    assert case.why_not_sent("We do not accept cheques, cash or bank transfers.") is None
    for lie in (
        "We accept cheques, cash and bank transfers.",
        "Your new address is on file now.",
        "Returns take a full year.",
    ):
        assert case.why_not_sent(lie), lie


def test_the_sentence_of_a_refusal_carries_no_deed(tmp_path: Path) -> None:
    case = told(tmp_path, "Where is my order #W1099999?", "mateo.quiroga@example.com", "Sorry, it is #W1000012.")
    assert case.why_not_sent("You've successfully verified the order.")


def test_who_asks_how_much_is_not_answered_by_what_tells_no_number(tmp_path: Path) -> None:
    case = told(tmp_path, "How much is Fernhill Plus per year?")
    assert case.why_not_sent("Fernhill Plus is 79.00 USD per year.") is None
    assert "no number" in str(case.why_not_sent("You can add people to the Fernhill Plus membership."))
    assert case.in_words("Can I add people?").why_not_sent("You can add people to the Fernhill Plus membership.") is None


def test_what_an_operator_refused_is_told(tmp_path: Path) -> None:
    opening = "Please ship my order #W1000008 to 48 Willow Street, Apt 7, Savannah, GA 31401 instead."
    case = told(tmp_path, opening, "oskar.nyman@example.com", "Yes.", approvals=(False,))
    assert "did not approve" in case.said.text
    assert case.why_not_sent("My colleague did not approve the new address, so order #W1000008 stays as it was.") is None
    assert "refused" in str(case.why_not_sent("You can't. I'm sorry."))
    assert "refused" in str(case.why_not_sent("I am sorry for the trouble with your order, Oskar."))


@pytest.mark.parametrize(
    ("answer", "is_told"),
    [
        ("The new address of order #W1000008 was declined by a colleague.", True),
        ("I am sorry: order #W1000008 couldn't be changed to the new address.", True),
        ("About order #W1000008: a colleague of mine looked at it. They did not agree to the change.", True),
        ("Order #W1000008 goes to 12 Harbour Street as before.", False),
        ("I am sorry about order #W1000008. It has not been shipped yet.", False),
        ("Your wish for order #W1000008, a new address, was looked at by a colleague.", False),
        ("Is order #W1000008 not to be changed then?", False),
        ("Nothing was approved for order #W1000019.", False),
    ],
)
def test_that_an_operator_refused_is_said_and_not_only_the_thing_named(answer: str, is_told: bool, tmp_path: Path) -> None:
    opening = "Please ship my order #W1000008 to 48 Willow Street, Apt 7, Savannah, GA 31401 instead."
    case = told(tmp_path, opening, "oskar.nyman@example.com", "Yes.", approvals=(False,))
    evidence = evidence_of(case.run, Say(answer), Say(case.said.text))
    assert (untold_refusals(case.run, evidence, answer) == []) is is_told


def test_that_an_operator_refused_is_said_in_the_customers_language(tmp_path: Path) -> None:
    opening = "Please ship my order #W1000008 to 48 Willow Street, Apt 7, Savannah, GA 31401 instead."
    case = told(tmp_path, opening, "oskar.nyman@example.com", "Yes.", approvals=(False,))
    case = case.in_words("Bitte liefern Sie meine Bestellung #W1000008 an 48 Willow Street, Apt 7, Savannah, GA 31401.")
    evidence = evidence_of(case.run, Say(""), Say(case.said.text))
    for answer, is_told in (
        ("Die neue Adresse der Bestellung #W1000008 wurde leider nicht genehmigt.", True),
        ("Die Änderung der Bestellung #W1000008 wurde abgelehnt.", True),
        ("Die Bestellung #W1000008 wurde noch nicht versandt.", False),
    ):
        assert (untold_refusals(case.run, evidence, answer) == []) is is_told


OF_ARTICLES = (
    ("Can I give back something engraved?", "Engraved goods can't be returned.", "Yes, within 30 days of delivery."),
    ("Can I use vinegar to descale the coffee machine?", "Better not, vinegar damages the seals.", "A bit of vinegar is fine."),
    ("Can I pay with PayPal?", "Yes, PayPal is fine.", "Sorry, we don't accept PayPal."),
    ("Can I pay in instalments?", "I'm sorry, we don't offer that.", "Yes, you can pay in three instalments."),
    ("Do you have a student discount?", "Students get 10 % off, once the school address is checked.", "No, only teachers do."),
    ("How much is express delivery?", "Express is $12.95.", "Express delivery is $5.00 for everyone."),
    ("What is included in Fernhill Plus?", "Standard shipping is free on every order.", "Express shipping is always free."),
    ("How long is the warranty?", "All devices have a 2-year warranty.", "The warranty covers everything for two years."),
    ("What is your return policy?", "You may return some items or all of them.", "All items can be returned."),
    ("My espresso machine shows E23, why?", "E23 means the heater got too hot.", "E23 means that the tank is empty."),
    ("Why is my account locked?", "It may be five wrong passwords in a row.", "Your account is locked because of a dispute."),
    ("Do you offer a financing scheme?", "Sorry, that we don't offer.", "Yes, we have a financing scheme."),
    ("How much is Fernhill Plus for a family?", "Family is $119.00; monthly, for one, it is $7.99.", "Family is $7.99."),
    ("I forgot my password.", "Never give us your password.", "Please give us your password."),
    ("How long does delivery of garden furniture take?", "5 to 10 business days.", "It costs $12.95 and takes 5 to 10 days."),
)  # fmt: skip
"""What is asked, what is true by the articles, and what is not."""
OF_ROWS = (
    ("Your tent left us and is with the carrier.", "Your tent arrived in Spokane already."),
    ("I can confirm that it is with the carrier.", "I can confirm that it was delivered."),
    ("It is already with Bluebird Freight.", "It is already back at our warehouse."),
    ("It is late, sorry.", "Bluebird Freight could not reach your house."),
    ("It is held in Spokane.", "I asked the driver to hurry, it is in Spokane."),
)  # fmt: skip


@pytest.mark.parametrize(("asked", "true", "lie"), OF_ARTICLES)
def test_policy_is_told_as_the_articles_have_it(asked: str, true: str, lie: str, tmp_path: Path) -> None:
    case = told(tmp_path, asked)
    assert (case.why_not_sent(true), bool(case.why_not_sent(lie))) == (None, True)


@pytest.mark.parametrize(("true", "lie"), OF_ROWS)
def test_what_became_of_an_order_is_told_as_its_rows_have_it(true: str, lie: str, tmp_path: Path) -> None:
    case = told(tmp_path, "Where is my order #W1000002?", "jonas.okafor@example.com")
    assert (case.why_not_sent(true), bool(case.why_not_sent(lie))) == (None, True)


def test_a_courteous_question_at_the_end_keeps_nothing_open(tmp_path: Path) -> None:
    case = told(tmp_path, "How much is express delivery?")
    assert case.why_not_sent("Express is $12.95. Does that answer your question?") is None


def test_a_refund_of_an_earlier_day_is_told_as_ours(tmp_path: Path) -> None:
    case = told(tmp_path, "Where is the refund for my cancelled order #W1000003?", "leila.haddad@example.com")
    refunded = date.fromisoformat(case.found("get_order_details")["payment_history"][1]["date"])
    another = refunded + timedelta(days=12)
    assert case.why_not_sent(f"We refunded 129.90 USD to your credit card on {refunded:%-d %B}.") is None
    assert case.why_not_sent(f"We refunded 129.90 USD to your credit card on {another:%-d %B}.")


def test_an_order_of_december_that_comes_in_january_is_told_of_its_own_days(tmp_path: Path) -> None:
    case = told(tmp_path, "Where is my order #W1000019?", EMMA)
    row = case.found("get_order_details")
    row["placed_on"], row["promised_on"] = "2026-12-26", "2027-01-01"
    order = f"Order {row['order_id']}"
    assert case.why_not_sent(f"{order} of 2026-12-26 is pending. It is promised 6 days later, for 2027-01-01.") is None
    assert case.why_not_sent(f"{order} of 2027-01-01 is pending.")
    assert case.why_not_sent(f"{order} of 2026-12-26 is pending. It is promised 8 days later, for 2027-01-01.")
    row["placed_on"], row["promised_on"] = "2026-01-05", "2026-12-31"
    assert case.why_not_sent(f"{order} of 2026-01-05 is pending.") is None
    assert case.why_not_sent(f"{order} of 2026-12-31 is pending.")
