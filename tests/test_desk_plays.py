"""The plays of the desk: a matter is closed where its play has ended, whoever does the talking."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.own_shop import seeded
from support.toys import statuses, told

from agents.desk import account, general, orders, payments, refunds, sales, support
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, Script, ScriptedModel, tool_calls

EMMA, TOMAS, LUCA, PRIYA = (f"{n}@example.com" for n in ("emma.lindqvist", "tomas.berg", "luca.ferrante", "priya.raman"))
MATTERS = (
    (TOMAS, "Please change the payment of order #W1000004 to my Visa", ("yes",)),
    (EMMA, "What was I charged for order #W1000001?", ("yes please",)),
    (EMMA, "I was charged twice for #W1000001, please refund the second charge", ()),
    (EMMA, "What is the status of my refund for #W1000007?", ()),
    (TOMAS, "Which payment methods are saved on my account?", ()),
    (PRIYA, "Which invoices of mine are still open?", ()),
    (LUCA, "Please change my default address to 12 Elm Street, Boston, MA 02118", ("yes",)),
    (LUCA, "Which e-mail address do you have on file for me?", ()),
    (LUCA, "Please close my account", ()),
    (EMMA, "Please cancel #W1000019", ("I no longer need it", "yes")),
    (TOMAS, "Please send #W1000004 to 12 Elm Street, Boston, MA 02118", ("yes",)),
    (EMMA, "I want to return the kettle of #W1000001", ("yes",)),
    (EMMA, "The kettle of #W1000001 arrived broken", ("I want my money back", "yes")),
    (TOMAS, "Where is my order #W1000004?", ()),
    (EMMA, "How big is the area of a rectangle of 6 by 2.5 m, plus 5 percent?", ()),
    (EMMA, "What is 18 percent of 350?", ()),
    (LUCA, "Please have somebody call me at 555-0187", ()),
    (TOMAS, "Your service is awful, I want to complain about your company", ()),
    (TOMAS, "How can I reach your customer service?", ()),
    (LUCA, "The speaker makes no sound", ("it still does not work",)),
    (LUCA, "How long is the warranty of my speaker?", ()),
    (TOMAS, "My toaster oven hums loudly and sparks", ()),
    (TOMAS, "What do 2 picnic hampers cost?", ()),
    (TOMAS, "Is item 3000001503 in stock?", ()),
    (TOMAS, "Which plans of Fernhill Plus are there?", ()),
)


def answered(shop: Engine, email: str, *words: str, replies: Sequence[Reply] | Script = ()) -> RunResult:
    human = Prepared(words[1:], live=len(words) > 1)
    if not replies:
        return run_team(team, words[0], engine=shop, human=human, known={"email": email})
    with ScriptedModel(replies) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        return run_team(team, words[0], engine=shop, human=human, gateway=gateway, known={"email": email})


@pytest.mark.parametrize("goodbye", ["All of it is settled. Goodbye!", "You are welcome.", "Done."])
@pytest.mark.parametrize(("email", "opening", "later"), MATTERS)
def test_a_model_that_says_goodbye_closes_no_matter_whose_play_has_not_ended(
    shop: Engine, tmp_path: Path, email: str, opening: str, later: tuple[str, ...], goodbye: str
) -> None:
    other = seeded(tmp_path / "other")
    ruled = answered(other, email, opening, *later)
    other.dispose()
    result = answered(shop, email, opening, *later, replies=[goodbye] * 12)
    assert (result.end, told(result)) == (ruled.end, told(ruled))
    assert [name for name, _ in statuses(result)] == [name for name, _ in statuses(ruled)]


def test_what_a_play_looks_up_for_anybody_is_looked_up_before_a_model_closes_the_matter(shop: Engine) -> None:
    look = tool_calls([("get_user_details", {"user_id": "priya_raman_1003"})])
    early = "INV2003 is paid, 79.00 USD."
    result = answered(shop, PRIYA, "Which invoices of mine are still open?", replies=[look, early, early, early, early])
    assert ("search_articles", "done") in statuses(result)
    assert "answer was not sent: search_articles was not done yet" in json.dumps(result.document["transcript"])


def test_what_a_model_has_looked_up_in_its_own_words_is_looked_up(shop: Engine) -> None:
    look = [("get_user_details", {"user_id": "priya_raman_1003"}), ("search_articles", {"query": "open invoice"})]
    answer = "INV2003 is paid, 79.00 USD."
    result = answered(shop, PRIYA, "Which invoices of mine are still open?", replies=[tool_calls(look), answer, "A note."])
    assert told(result) == answer


def test_a_question_in_place_of_a_yes_to_another_way_of_paying_is_answered_and_it_is_read_back_again(shop: Engine) -> None:
    result = answered(shop, LUCA, "Change the payment of #W1000022 to PayPal", "Which items?", "yes")
    assert result.end == "resolved" and "#W1000022 is now paid differently" in told(result)


@pytest.mark.parametrize("again", ["#W1000022", "the order #W1000022"])
def test_the_order_alone_in_place_of_a_yes_has_it_read_back_again(shop: Engine, again: str) -> None:
    result = answered(shop, LUCA, "Change the payment of #W1000022 to PayPal", again, "yes")
    assert result.end == "resolved" and "#W1000022 is now paid differently" in told(result)


def test_what_is_told_not_to_be_meant_is_not_read_back_again(shop: Engine) -> None:
    result = answered(shop, LUCA, "Change the payment of #W1000022 to PayPal", "not #W1000022")
    assert result.end == "awaiting_customer" and "I have not done that" in told(result)
    with shop.connect() as rows:
        assert rows.execute(text("SELECT count(*) FROM payments WHERE order_id = '#W1000022'")).scalar() == 1


@pytest.mark.parametrize("module", [account, general, orders, payments, refunds, sales, support])
def test_every_kind_of_a_department_has_a_play_whose_tools_it_holds(module: ModuleType) -> None:
    names = [play.name for play in module.agent.plays]
    assert {play.name for play in getattr(module, "PLAYS", {}).values()} <= {*names}
    assert all(play.process for play in module.agent.plays) and len(names) == len({*names})


def test_a_model_may_not_ask_again_for_what_the_customer_denied_before_they_asked_something(shop: Engine) -> None:
    cancel = tool_calls([("cancel_pending_order", {"order_id": "#W1000019", "reason": "no longer needed"})])
    look = tool_calls([("get_order_details", {"order_id": "#W1000019"})])
    replies = [look, cancel, cancel, "Money goes back in 5 to 7 business days.", cancel, "All right."]
    words = ("Please cancel #W1000019, I no longer need it", "no. how long does a refund take in general?", "ok thanks")
    result = answered(shop, EMMA, *words, replies=[*replies, *["All right."] * 6])
    assert ("cancel_pending_order", "done") not in statuses(result)
    assert sum(bool(e.confirms) for e in result.run.transcript if e.kind == "message") == 1


@pytest.mark.parametrize(
    ("giver", "words", "reason", "end", "then"),
    [
        ("refunds", "Please refund the whole of order #W1000019", "", "escalated", "billing"),
        ("refunds", "Please refund the whole of order #W1000019", "needs_human", "escalated", "billing"),
        ("refunds", "Please refund the whole of order #W1000019", "goods_first", "awaiting_customer", "orders"),
        ("refunds", "Please refund the whole of order #W1000019", "other_department", "awaiting_customer", "orders"),
        ("payments", "Which amounts did you charge for #W1000001?", "", "escalated", "billing"),
        ("payments", "Which amounts did you charge for #W1000001?", "charged_twice", "awaiting_customer", "refunds"),
    ],
)
def test_what_a_model_gives_back_to_billing_does_not_go_down_to_the_same_one_again(
    shop: Engine, giver: str, words: str, reason: str, end: str, then: str
) -> None:
    up = {"to": "billing", "note": "Not mine to settle."} | ({"reason": reason} if reason else {})

    def reply(request: Any) -> Reply:
        is_giver = team.members[giver].prompt in request["messages"][0]["content"]
        return tool_calls([("hand_off", up)]) if is_giver else ""

    result = answered(shop, EMMA, words, replies=reply)
    given = [e for e in result.run.transcript if e.kind == "handoff"]
    assert [(e.reason, e.by) for e in given if e.speaker == giver] == [(reason, "model")]
    assert [e.to for e in given].count(giver) == 1
    assert (result.end, [e.speaker for e in result.run.transcript if e.kind == "message"][-1]) == (end, then)
