"""The desk over MCP, asked by the protocol's own client: over HTTP, as it was spoken before and is now, and over pipes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import ElicitRequestFormParams, ElicitRequestParams, ElicitResult
from starlette.applications import Starlette
from support.mcp_client import client, content, refusal, talk
from support.programs import Desk, authorize, desk, hall, opening_hours, serving
from support.small_project import small_project
from support.terminal import PLAIN, environment
from support.toys import PAID

from switchboard.cases.cases import hear
from switchboard.console.protocols.guarded import MOST_BYTES
from switchboard.console.protocols.mounted import Protocols
from switchboard.declare.team import Rule
from switchboard.service import approvals, cases
from switchboard.service.programs.reads import look_up, public_reads

KEY = "0b1f5c1e-7f0e-4f8a-9b57-0a4f3d1e2c11"


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("mcp")) as found:
        yield found


@pytest.fixture(scope="module")
def address(at_desk: Desk) -> Iterator[str]:
    made = Protocols(at_desk, authorize)
    with serving(Starlette(routes=made.routes, lifespan=lambda _: made.at_work())) as address:
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_matter_is_settled_through_the_desk_with_an_operators_yes_and_each_message_counts_once(
    address: str, at_desk: Desk, mode: str
) -> None:
    key = f"{KEY}-{mode}"

    async def asks(desk: Client) -> str:
        names = {one.name: one for one in (await desk.list_tools()).tools}
        assert set(names) == {"ask", "case", "opening_hours", "pay"}  # neither what verifies, nor reads of one customer
        begun = {"message": "Please pay me.", "email": f"eve{mode}@example.com", "key": key}
        first = content(await desk.call_tool("ask", begun))
        assert (first["reply"], first["end"]) == ("How much do you want?", "awaiting_customer")
        assert content(await desk.call_tool("ask", begun))["case_id"] == first["case_id"]
        more = {"case_id": first["case_id"], "message": "70"}
        waits = content(await desk.call_tool("ask", more))
        assert waits["end"] == "awaiting_approval" and waits["waits_for"]
        found = content(await desk.call_tool("case", {"case_id": first["case_id"]}))
        assert [line["text"] for line in found["transcript"] if line["speaker"] == "customer"] == ["Please pay me.", "70"]
        return str(first["case_id"])

    PAID.clear()
    case_id = talk(lambda: client(address, mode=mode), asks)
    assert PAID == []
    approvals.approve(at_desk, approvals.waiting_call(at_desk, case_id), "dana", {})
    assert [key for key in PAID if "rehearsal" not in key] == [f"{case_id}:call_2"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("token", "mode", "answer", "status"),
    [
        ("whole", "auto", ElicitResult(action="accept", content={"approve": True, "why": ""}), "done"),
        ("whole", "auto", ElicitResult(action="accept", content={"approve": False, "why": "Too much."}), "refused"),
        ("whole", "auto", ElicitResult(action="cancel"), "waiting"),
        ("whole", "auto", ElicitResult(action="decline"), "waiting"),
        ("writes", "auto", None, "waiting"),
        ("whole", "legacy", None, "waiting"),
    ],
)
def test_an_operator_at_a_client_that_shows_forms_is_asked_for_their_yes(
    address: str, at_desk: Desk, token: str, mode: str, answer: ElicitResult | None, status: str
) -> None:
    shown: list[str] = []

    async def user(context: Any, params: ElicitRequestParams) -> ElicitResult:
        assert answer and isinstance(params, ElicitRequestFormParams)
        shown.append(params.message)
        return answer

    async def asks(desk: Client) -> Any:
        begun = {"message": "Please pay me.", "email": f"{status}{mode}{token}@example.com"}
        first = content(await desk.call_tool("ask", begun))
        return content(await desk.call_tool("ask", {"case_id": first["case_id"], "message": "70"}))

    told = talk(lambda: client(address, token, mode, user), asks)
    assert [("pay" in one, "7000" in one, told["case_id"] in one) for one in shown] == ([(True,) * 3] if answer else [])
    document = cases.show(at_desk, told["case_id"]).standing.document
    assert [line["text"] for line in document["transcript"] if line["speaker"] == "customer"] == ["Please pay me.", "70"]
    assert [one["status"] for one in document["tool_calls"] if one["tool"] == "pay"] == [status]
    assert (told["end"] == "awaiting_approval") == (status == "waiting")


@pytest.mark.slow
def test_an_answer_to_what_was_not_asked_decides_nothing(address: str, at_desk: Desk) -> None:
    async def begins(desk: Client) -> str:
        first = content(await desk.call_tool("ask", {"message": "Please pay me.", "email": "ivo@example.com"}))
        return str(content(await desk.call_tool("ask", {"case_id": first["case_id"], "message": "70"}))["case_id"])

    case_id = talk(lambda: client(address), begins)
    call = approvals.waiting_call(at_desk, case_id)
    yes = ElicitResult(action="accept", content={"approve": True})

    async def answers(desk: Client, name: str) -> str:
        return refusal(await desk.call_tool("ask", {"message": "70"}, input_responses={name: yes}))

    assert "not good for" in talk(lambda: client(address, "writes"), lambda desk: answers(desk, f"{case_id}:{call.hash}:0"))
    for name, why in (("nothing", "nothing that was asked"), (f"{case_id}:{'0' * 16}:0", "another call")):
        assert why in talk(lambda: client(address), lambda desk, name=name: answers(desk, name))
    assert approvals.waiting_call(at_desk, case_id) == call


@pytest.mark.slow
def test_who_is_asked_for_a_yes_reads_what_the_customer_wrote_since_and_a_yes_counts_for_that(
    address: str, at_desk: Desk
) -> None:
    shown: list[str] = []

    async def user(context: Any, params: ElicitRequestParams) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        shown.append(params.message)
        return ElicitResult(action="cancel") if len(shown) == 1 else ElicitResult(action="accept", content={"approve": True})

    async def asks(desk: Client) -> Any:
        first = content(await desk.call_tool("ask", {"message": "Please pay me.", "email": "uma@example.com"}))
        await desk.call_tool("ask", {"case_id": first["case_id"], "message": "70"})
        return first["case_id"]

    case_id = talk(lambda: client(address, "whole", "auto", user), asks)
    call = approvals.waiting_call(at_desk, case_id)
    yes = ElicitResult(action="accept", content={"approve": True})

    async def late(desk: Client) -> str:
        hear(at_desk.engine, case_id, "Hold on, leave it as it is.", None)
        return refusal(await desk.call_tool("ask", {"message": "70"}, input_responses={f"{case_id}:{call.hash}:0": yes}))

    assert "wrote a message" in talk(lambda: client(address), late)

    async def again(desk: Client) -> Any:
        return content(await desk.call_tool("ask", {"case_id": case_id, "message": "Did you read it?"}))

    told = talk(lambda: client(address, "whole", "auto", user), again)
    assert "Hold on, leave it as it is." in shown[1] and "Did you read it?" in shown[1] and len(shown) == 2
    assert told["end"] != "awaiting_approval"


@pytest.mark.slow
def test_what_is_said_again_without_a_key_may_be_the_same_message(address: str, at_desk: Desk) -> None:
    async def asks(desk: Client) -> str:
        first = content(await desk.call_tool("ask", {"message": "When are you open?"}))
        more = {"case_id": first["case_id"], "message": "yes"}
        await desk.call_tool("ask", more)
        for again in ("yes", "Yes!"):
            assert "key of its own" in refusal(await desk.call_tool("ask", {**more, "message": again}))
        content(await desk.call_tool("ask", {**more, "key": KEY + "-again"}))
        return str(first["case_id"])

    case_id = talk(lambda: client(address), asks)
    lines = cases.show(at_desk, case_id).standing.document["transcript"]
    assert [line["text"] for line in lines if line["speaker"] == "customer"] == ["When are you open?", "yes", "yes"]


def test_what_anybody_may_ask_is_looked_up_and_belongs_to_no_case(address: str, at_desk: Desk) -> None:
    before = cases.list_cases(at_desk, 1)
    heard: list[Any] = []
    leave = at_desk.environment.stream.listen(heard.append)

    async def asks(desk: Client) -> None:
        found = content(await desk.call_tool("opening_hours", {"day": "Monday"}))["result"]
        assert found == {"day": "Monday", "open": "nine to five", "asked_by": None}
        assert "day" in refusal(await desk.call_tool("opening_hours", {"week": 1}))
        for name in ("look_up", "find_customer", "call_a_human", "nothing"):
            assert "no tool" in refusal(await desk.call_tool(name, {"cents": 1}))

    PAID.clear()
    talk(lambda: client(address), asks)
    leave()
    assert (cases.list_cases(at_desk, 1), heard, PAID) == (before, [], [])


def test_what_the_rules_of_a_team_ask_an_operator_about_is_not_looked_up(at_desk: Desk) -> None:
    asks = hall(name="asks", approvals=(Rule("ask", tool="opening_hours"), Rule("approve")))
    assert list(public_reads(asks)) == [opening_hours.name]
    at_desk.environment.teams = {**at_desk.environment.teams, "asks": asks}  # type: ignore[dict-item]
    assert look_up(at_desk, "asks", "opening_hours", {"day": "Monday"}).status == "waiting"


def test_what_is_asked_wrongly_or_is_not_allowed_is_told(address: str) -> None:
    async def asks(desk: Client) -> None:
        assert "message" in refusal(await desk.call_tool("ask", {}))
        assert "says nothing" in refusal(await desk.call_tool("ask", {"message": " "}))
        assert "key" in refusal(await desk.call_tool("ask", {"message": "Hello", "key": "1"}))
        assert "No case" in refusal(await desk.call_tool("ask", {"message": "Hello", "case_id": "case_unknown"}))
        assert "No case" in refusal(await desk.call_tool("case", {"case_id": "case_unknown"}))

    talk(lambda: client(address), asks)

    async def only_reads(desk: Client) -> None:
        assert "not good for cases:write" in refusal(await desk.call_tool("ask", {"message": "Hello"}))
        assert content(await desk.call_tool("opening_hours", {"day": "Monday"}))

    talk(lambda: client(address, "reads"), only_reads)
    for headers, status in (({}, 401), ({"Authorization": "Bearer wrong"}, 401), ({"Authorization": "Bearer nothing"}, 403)):
        answer = httpx.post(f"{address}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=headers, timeout=60)
        assert (answer.status_code, answer.json()["who"]) == (status, "client")
    large = httpx.post(f"{address}/mcp", content=b" " * (MOST_BYTES + 1), headers={"Authorization": "Bearer whole"}, timeout=60)
    assert large.status_code == 413


def test_what_nobody_foresaw_is_logged_and_not_told(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("the secret of line 7")

    monkeypatch.setattr("switchboard.console.protocols.mcp.server.messages.begin", breaks)

    async def asks(desk: Client) -> None:
        assert "secret" not in refusal(await desk.call_tool("ask", {"message": "Hello"}))

    talk(lambda: client(address), asks)
    assert "the secret of line 7" in caplog.text


@pytest.mark.slow
def test_a_program_that_begins_it_asks_over_its_pipes(tmp_path: Path) -> None:
    given = environment(tmp_path, SWITCHBOARD_PROJECT=str(small_project(tmp_path)))
    server = StdioServerParameters(command=PLAIN[0], args=[*PLAIN[1:], "mcp"], env=given, cwd=tmp_path)

    async def asks(desk: Client) -> tuple[Any, Any]:
        said = content(await desk.call_tool("ask", {"message": "Hello"}))
        return said, content(await desk.call_tool("case", {"case_id": said["case_id"]}))

    said, found = talk(lambda: Client(server, read_timeout_seconds=60), asks)
    assert (said["reply"], said["end"]) == ("Acme Tools is glad to hear from you.", "resolved")
    assert (found["case_id"], found["end"]) == (said["case_id"], "resolved")
