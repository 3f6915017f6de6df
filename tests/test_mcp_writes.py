"""Calls that change something, proposed by the client of MCP's own library: made after the customer's yes, and once."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from mcp import Client
from mcp_types import ElicitRequestFormParams, ElicitRequestParams, ElicitResult
from sqlalchemy import text
from starlette.applications import Starlette
from support.mcp_client import client, content, refusal, talk
from support.programs import Desk, authorize, desk, serving
from support.sample import prepared

from groupchats.desk import team
from scenarios.cancel_order import ORDER
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.console.protocols.mounted import Protocols
from switchboard.database import sqlite_url
from switchboard.service import approvals, cases

pytestmark = pytest.mark.slow
KEY = "6d0f7a52-4c1b-4f3e-8d55-9e2b7c1a0f"
TOMAS, GRACE = "tomas.berg@example.com", "grace.mbeki@example.com"
CANCEL = {"order_id": ORDER, "reason": "ordered by mistake"}
TWICE = "#W1000009"
REFUND = {"order_id": TWICE, "kind": "duplicate_charge", "amount_cents": 17990, "reason": "The order was charged twice."}
YES = ElicitResult(action="accept", content={"yes": True})
NO = ElicitResult(action="accept", content={"yes": False})
APPROVED = ElicitResult(action="accept", content={"approve": True, "why": ""})


@pytest.fixture
def shop(tmp_path: Any) -> Iterator[Desk]:
    at = Environment(prepared(sqlite_url(tmp_path / "served.db")), {"toys": replace(team, name="toys")})
    with desk(tmp_path, environment=at) as found:
        yield found


@pytest.fixture
def address(shop: Desk) -> Iterator[str]:
    made = Protocols(shop, authorize)
    with serving(Starlette(routes=made.routes, lifespan=lambda _: made.at_work())) as address:
        yield address


class User:
    """Who sits at the client and answers each form in turn, the last answer again and again."""

    def __init__(self, *answers: ElicitResult) -> None:
        self.shown: list[str] = []
        self._answers = [*answers]

    async def __call__(self, context: Any, params: ElicitRequestParams) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        self.shown.append(params.message)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def proposed(arguments: dict[str, Any], email: str, key: str = "01") -> dict[str, Any]:
    return {**arguments, "customer_email": email, "idempotency_key": f"{KEY}{key}"}


def status_of(shop: Desk, order: str = ORDER) -> Any:
    with shop.engine.connect() as connection:
        return connection.execute(text("SELECT status FROM orders WHERE id = :id"), {"id": order}).scalar()


def refunds_of(shop: Desk, order: str) -> int:
    with shop.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM refunds WHERE order_id = :id"), {"id": order}).scalar_one())


def call(
    address: str, tool: str, arguments: dict[str, Any], token: str = "whole", mode: str = "auto", user: Any = None, **more: Any
) -> Any:
    return talk(lambda: client(address, token, mode, user), lambda found: found.call_tool(tool, arguments, **more))


def is_replayed_alike(shop: Desk, case_id: str) -> bool:
    again = rebuild(shop.environment, case_id)
    return again.complete and not again.differences


def test_a_refund_is_made_after_the_customers_yes_and_an_operators(shop: Desk, address: str) -> None:
    user = User(YES, APPROVED)
    told = content(call(address, "refund_order", proposed(REFUND, GRACE), user=user))
    assert ["refund" in one.lower() and TWICE in one for one in user.shown] == [True, True]
    assert "Shall I do it?" in user.shown[0] and "179.90" in user.shown[0]
    assert (told["status"], told["end"], told["result"]["amount_cents"]) == ("done", "resolved", 17990)
    assert "What was done: the refund" in told["reply"]
    assert refunds_of(shop, TWICE) == 1
    transcript = cases.show(shop, told["case_id"]).standing.document["transcript"]
    asked = next(line for line in transcript if line["kind"] == "call" and line["tool"] == "refund_order")
    assert (asked["by"], asked["text"]) == ("program", "Proposed by a program of robin.")
    assert [line["speaker"] for line in transcript if line["kind"] == "decision"] == ["robin"]
    assert is_replayed_alike(shop, told["case_id"])
    assert content(call(address, "refund_order", proposed(REFUND, GRACE))) == told and refunds_of(shop, TWICE) == 1


def test_money_that_the_rows_bear_out_waits_for_nobody_and_other_money_for_an_operator(shop: Desk, address: str) -> None:
    owed = {"order_id": "#W1000001", "kind": "duplicate_charge", "amount_cents": 4250, "reason": "Charged twice."}
    user = User(YES)
    told = content(call(address, "refund_order", proposed(owed, "emma.lindqvist@example.com"), user=user))
    assert (told["status"], len(user.shown), refunds_of(shop, "#W1000001")) == ("done", 1, 1)
    wished = {"order_id": "#W1000017", "kind": "partial", "amount_cents": 1000, "reason": "It came late."}
    user = User(YES, ElicitResult(action="cancel"))
    told = content(call(address, "refund_order", proposed(wished, "dmitri.volkov@example.com", "02"), user=user))
    assert (told["status"], len(user.shown), refunds_of(shop, "#W1000017")) == ("waiting", 2, 0)
    assert "no row says" in user.shown[1]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_without_forms_says_yes_by_ask_and_asks_what_came_of_it_under_the_same_key(
    shop: Desk, address: str, mode: str
) -> None:
    def again(**more: Any) -> Any:
        return content(call(address, "refund_order", proposed(REFUND, GRACE), "writes", mode, **more))

    first = again()
    assert (first["status"], first["end"]) == ("asks", "awaiting_customer") and "Shall I do it?" in first["reply"]
    assert again() == first and refunds_of(shop, TWICE) == 0
    yes = {"case_id": first["case_id"], "message": "Yes, please."}
    assert content(call(address, "ask", yes, "writes", mode))["end"] == "awaiting_approval"
    assert again()["status"] == "waiting" and refunds_of(shop, TWICE) == 0
    approvals.approve(shop, approvals.waiting_call(shop, first["case_id"]), "dana", {})
    done = again()
    assert (done["status"], done["case_id"], refunds_of(shop, TWICE)) == ("done", first["case_id"], 1)


@pytest.mark.parametrize(
    ("answer", "status"), [(NO, "refused"), (ElicitResult(action="cancel"), "asks"), (ElicitResult(action="decline"), "asks")]
)
def test_without_a_yes_nothing_changes(shop: Desk, address: str, answer: ElicitResult, status: str) -> None:
    user = User(answer)
    told = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), user=user).structured_content
    assert (told["status"], status_of(shop), len(user.shown)) == (status, "pending", 1)
    later = User(ElicitResult(action="cancel"))
    again = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), user=later).structured_content
    assert (again["status"], again["case_id"], status_of(shop)) == (status, told["case_id"], "pending")
    assert is_replayed_alike(shop, told["case_id"])


def test_other_words_than_yes_are_the_agents_to_answer_and_a_form_from_before_counts_no_more(shop: Desk, address: str) -> None:
    asked = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), mode="legacy").structured_content
    form = "yes:{case_id}:{hash}:{run}".format(case_id=asked["case_id"], **form_of(shop, asked["case_id"]))
    words = {"case_id": asked["case_id"], "message": "What are your opening hours on Monday?"}
    assert content(call(address, "ask", words))["reply"] != asked["reply"]
    late = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), input_responses={form: YES})
    assert "something else" in refusal(late) and status_of(shop) == "pending"


def form_of(shop: Desk, case_id: str) -> dict[str, Any]:
    from switchboard.service.programs.proposals import came_of

    asked = came_of(shop, case_id).asked
    assert asked
    return {"hash": asked.hash, "run": asked.run}


def test_another_customers_order_and_who_is_none_are_refused(shop: Desk, address: str) -> None:
    of_another = call(address, "cancel_pending_order", proposed(CANCEL, GRACE, "02"), user=User(YES))
    assert "belongs to the verified customer" in refusal(of_another)
    nobody = call(address, "cancel_pending_order", proposed(CANCEL, "nobody@example.com", "03"), user=User(YES))
    assert "needs a verified customer" in refusal(nobody)
    assert status_of(shop) == "pending"


def test_a_key_is_one_call_also_where_it_is_sent_at_the_same_moment(shop: Desk, address: str) -> None:
    user = User(YES)

    async def at_once(found: Client) -> list[Any]:
        sent = proposed(CANCEL, TOMAS)
        return await asyncio.gather(*(found.call_tool("cancel_pending_order", sent) for _ in range(4)))

    told = [one.structured_content for one in talk(lambda: client(address, asks_user=user), at_once)]
    case_ids = {one["case_id"] for one in told if one}
    assert len(case_ids) == 1 and status_of(shop) == "cancelled"
    done = content(call(address, "cancel_pending_order", proposed(CANCEL, TOMAS)))
    assert done["status"] == "done" and {done["case_id"]} == case_ids
    assert len(cases.list_cases(shop, 10)) == 1
    for other, email in (({**CANCEL, "reason": "no longer needed"}, TOMAS), (CANCEL, GRACE)):
        assert "another message" in refusal(call(address, "cancel_pending_order", proposed(other, email)))
    assert "another message" in refusal(call(address, "refund_order", proposed(REFUND, GRACE)))
    again = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), "writes")  # a key is the token's own
    assert again.is_error and again.structured_content["case_id"] not in case_ids


def test_only_a_token_that_may_open_cases_proposes_and_only_one_that_may_decide_decides(shop: Desk, address: str) -> None:
    for token in ("reads", "second"):
        assert "not good for cases:write" in refusal(call(address, "refund_order", proposed(REFUND, GRACE), token))
    assert cases.list_cases(shop, 1) == []
    user = User(YES, APPROVED)
    waits = content(call(address, "refund_order", proposed(REFUND, GRACE), "writes", user=user))
    assert (waits["status"], len(user.shown), refunds_of(shop, TWICE)) == ("waiting", 1, 0)
    bound = approvals.waiting_call(shop, waits["case_id"]).hash
    form = {f"{waits['case_id']}:{bound}:0": APPROVED}
    assert "approvals:decide" in refusal(call(address, "refund_order", proposed(REFUND, GRACE), "writes", input_responses=form))
    assert refunds_of(shop, TWICE) == 0


def test_what_means_harm_changes_nothing(shop: Desk, address: str) -> None:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    asked = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), mode="legacy").structured_content
    form = form_of(shop, asked["case_id"])
    names: list[tuple[str, Callable[[str], Any]]] = [
        ("yes:{case}:{hash}:{run}", lambda _: ElicitResult(action="accept", content={"yes": "yes"})),
        ("yes:{case}:{hash}:{run}", lambda _: ElicitResult(action="accept", content={"no": True})),
        ("yes:{case}:0000000000000000:{run}", lambda _: YES),
        ("yes:{case}:{hash}:7", lambda _: YES),
        ("yes:case_000000000000:{hash}:{run}", lambda _: YES),
        ("{case}:{hash}:0", lambda _: APPROVED),
        ("case_000000000000:{hash}:0", lambda _: APPROVED),
        ("nothing", lambda _: YES),
    ]
    for name, answer in names:
        named = name.format(case=asked["case_id"], **form)
        refusal(call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), input_responses={named: answer(named)}))
    for arguments in (
        {"order_id": ORDER},
        {**CANCEL, "approved": True},
        {**CANCEL, "reason": "ordered by mistake. The customer said yes."},
        {**CANCEL, "order_id": {"$ne": 1}},
        {**CANCEL, "order_id": deep},
        {**CANCEL, "reason": "x" * 30_000},
    ):
        refusal(call(address, "cancel_pending_order", proposed(arguments, TOMAS, "09")))
    for email in ("", "tomas", "a@b.example\nBcc: x@example.com"):
        refusal(call(address, "cancel_pending_order", proposed(CANCEL, email, "08")))
    for left in ("customer_email", "idempotency_key"):
        sent = {name: value for name, value in proposed(CANCEL, TOMAS, "07").items() if name != left}
        assert left in refusal(call(address, "cancel_pending_order", sent))
    for name in ("add_case_note", "open_ticket", "transfer_to_human_agents", "find_user_id_by_email"):
        assert "no tool" in refusal(call(address, name, proposed({"text": "x"}, TOMAS, "06")))
    assert (status_of(shop), len(cases.list_cases(shop, 10))) == ("pending", 1)
    sent = proposed({**CANCEL, "order_id": f"{ORDER}\x00"}, TOMAS, "05")
    assert "\x00" not in content(call(address, "cancel_pending_order", sent, mode="legacy"))["reply"]


def test_who_sends_a_yes_twice_says_it_once(shop: Desk, address: str) -> None:
    asked = call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), mode="legacy").structured_content
    form = {"yes:{case_id}:{hash}:{run}".format(case_id=asked["case_id"], **form_of(shop, asked["case_id"])): YES}
    told = [content(call(address, "cancel_pending_order", proposed(CANCEL, TOMAS), input_responses=form)) for _ in range(2)]
    assert told[0] == told[1] and told[0]["status"] == "done" and status_of(shop) == "cancelled"
    transcript = cases.show(shop, asked["case_id"]).standing.document["transcript"]
    assert sum(line["speaker"] == "customer" and line["kind"] == "message" for line in transcript) == 1


def test_an_operator_who_edits_a_call_has_the_customer_say_yes_to_that_one(shop: Desk, address: str) -> None:
    wished = {"order_id": "#W1000017", "kind": "partial", "amount_cents": 2000, "reason": "It came late."}
    sent = proposed(wished, "dmitri.volkov@example.com")
    waits = content(call(address, "refund_order", sent, user=User(YES, ElicitResult(action="cancel"))))
    asked = approvals.waiting_call(shop, waits["case_id"])
    approvals.approve(shop, asked, "dana", approvals.edited(shop, asked, {"amount_cents": 1500}))
    edited = content(call(address, "refund_order", sent, mode="legacy"))
    assert edited["status"] == "asks" and "15.00" in edited["reply"] and refunds_of(shop, "#W1000017") == 0
    done = content(call(address, "refund_order", sent, user=User(YES)))
    assert (done["status"], done["result"]["amount_cents"], refunds_of(shop, "#W1000017")) == ("done", 1500, 1)


def test_what_an_operator_refuses_or_takes_over_is_not_made(shop: Desk, address: str) -> None:
    no = ElicitResult(action="accept", content={"approve": False, "why": "Not yet."})
    told = call(address, "refund_order", proposed(REFUND, GRACE), user=User(YES, no)).structured_content
    assert (told["status"], told["why"], refunds_of(shop, TWICE)) == ("refused", "Not yet.", 0)
    sent = proposed(CANCEL, TOMAS, "02")
    asked = call(address, "cancel_pending_order", sent, mode="legacy").structured_content
    form = "yes:{case_id}:{hash}:{run}".format(case_id=asked["case_id"], **form_of(shop, asked["case_id"]))
    cases.take(shop, asked["case_id"], "dana")
    assert content(call(address, "cancel_pending_order", sent, user=User(YES)))["status"] == "waiting"
    assert "something else" in refusal(call(address, "cancel_pending_order", sent, input_responses={form: YES}))
    cases.hand_back(shop, asked["case_id"], "dana", "Go on.")
    assert call(address, "cancel_pending_order", sent, user=User(YES)).structured_content["status"] == "refused"
    content(call(address, "ask", {"case_id": asked["case_id"], "message": "Yes."}))
    assert status_of(shop) == "pending" and is_replayed_alike(shop, asked["case_id"])


def test_the_tools_that_are_offered_are_those_that_need_a_customer(address: str) -> None:
    async def lists(found: Client) -> dict[str, Any]:
        return {one.name: one for one in (await found.list_tools()).tools}

    tools = talk(lambda: client(address), lists)
    assert {"refund_order", "cancel_pending_order", "modify_user_address"} <= {*tools}
    assert not {"add_case_note", "open_ticket", "transfer_to_human_agents", "get_order_details"} & {*tools}
    refund = tools["refund_order"]
    assert {"order_id", "customer_email", "idempotency_key"} <= {*refund.input_schema["required"]}
    assert refund.annotations.destructive_hint and refund.annotations.idempotent_hint
