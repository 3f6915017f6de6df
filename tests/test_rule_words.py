"""Whoever is asked for an approval is shown the rule that asks, in its own words."""

import pytest

from groupchats.desk import team
from switchboard.declare.team import Decision, Rule


def told(rule: Rule) -> str:
    return rule.in_words(team.vocabulary.money)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("ask", tool="pay"), "pay asks one operator."),
        (Rule("ask", tool="pay", above=1000_00, operators=2), "pay above 1,000.00 USD asks 2 operators."),
        (Rule("ask", tool="pay", above=50_00, up_to=500_00), "pay above 50.00 USD and up to 500.00 USD asks one operator."),
        (Rule("ask", effect="write"), "every call with the effect write asks one operator."),
        (Rule("ask"), "every call asks one operator."),
        (Rule("ask", tool="pay", because="It is gone then."), "pay asks one operator. It is gone then."),
        (Rule("ask", tool="pay", up_to=0), "pay up to 0.00 USD asks one operator."),
    ],
)
def test_a_rule_says_what_it_holds_for_whom_it_asks_and_why(rule: Rule, words: str) -> None:
    assert told(rule) == words


@pytest.mark.parametrize(
    ("decision", "words"), [("approve", "pay passes."), ("confirm", "pay asks the customer."), ("reject", "pay is refused.")]
)
def test_a_rule_that_asks_no_operator_says_what_it_does(decision: Decision, words: str) -> None:
    assert told(Rule(decision, tool="pay")) == words


def test_each_rule_of_the_sample_that_asks_operators_says_why() -> None:
    assert all(rule.because for rule in team.approvals if rule.decision == "ask")
