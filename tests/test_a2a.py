"""The desk as an agent of A2A, asked by the protocol's own client, as it is spoken now and was before."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from a2a.client import A2ACardResolver, Client, ClientConfig, ClientFactory
from a2a.client.errors import A2AClientError
from a2a.helpers.proto_helpers import new_data_part, new_text_part
from a2a.types.a2a_pb2 import (
    CancelTaskRequest,
    GetTaskRequest,
    Message,
    Part,
    Role,
    SendMessageRequest,
    SubscribeToTaskRequest,
    Task,
    TaskState,
)
from a2a.utils.errors import (
    A2AError,
    ContentTypeNotSupportedError,
    InvalidParamsError,
    TaskNotCancelableError,
    TaskNotFoundError,
    UnsupportedOperationError,
)
from google.protobuf.json_format import MessageToDict
from starlette.applications import Starlette
from support.programs import Desk, authorize, desk

from switchboard.console.protocols.guarded import MOST_BYTES
from switchboard.console.protocols.mounted import Protocols
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.service import cases

NEEDS_INPUT, DONE = TaskState.TASK_STATE_INPUT_REQUIRED, TaskState.TASK_STATE_COMPLETED


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("a2a")) as found:
        yield found


@pytest.fixture(scope="module")
def app(at_desk: Desk) -> Starlette:
    return Starlette(routes=Protocols(at_desk, authorize).routes)


@asynccontextmanager
async def http(app: Starlette, token: str = "whole") -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", headers=headers, timeout=60) as found:
        yield found


@asynccontextmanager
async def client(app: Starlette, token: str = "whole", *, streaming: bool = False) -> AsyncIterator[Client]:
    async with http(app, token) as found:
        card = await A2ACardResolver(found, "http://desk").get_agent_card()
        yield ClientFactory(ClientConfig(streaming=streaming, httpx_client=found)).create(card)


def words(text: str, **more: Any) -> SendMessageRequest:
    return sent([new_text_part(text)], **more)


def sent(parts: list[Part], task: Task | None = None, key: str = "", **more: Any) -> SendMessageRequest:
    message = Message(message_id=key or uuid4().hex, role=Role.ROLE_USER, parts=parts, task_id=task.id if task else "")
    message.context_id = more.pop("context_id", "")
    message.metadata.update(more)
    return SendMessageRequest(message=message)


async def last(client: Client, request: SendMessageRequest) -> Task:
    [event] = [event async for event in client.send_message(request)]
    return event.task


def said(task: Task) -> str:
    return task.status.message.parts[0].text


def call_in(task: Task) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(task.status.message.parts[1].data)
    return found


def test_the_card_says_how_to_ask_whom_and_needs_no_token(app: Starlette) -> None:
    async def asks() -> httpx.Response:
        async with http(app, "none") as found:
            return await found.get("/.well-known/agent-card.json")

    card = asyncio.run(asks()).json()
    assert [one["url"] for one in card["supportedInterfaces"]] == ["http://desk/a2a"] * 2
    assert (card["name"], card["skills"][0]["id"], card["capabilities"]["streaming"]) == ("Toys", "toys", True)


@pytest.mark.slow
def test_a_question_is_answered_and_its_context_goes_on(app: Starlette, at_desk: Desk) -> None:
    async def asks() -> None:
        async with client(app) as agent:
            once = words("When are you open?", key="the-first")
            first, again = await last(agent, once), await last(agent, once)
            assert (first.status.state, said(first), again) == (DONE, "We are open from nine to five.", first)
            assert first.artifacts[0].parts[0].text == said(first)
            assert await agent.get_task(GetTaskRequest(id=first.id)) == first
            with pytest.raises(UnsupportedOperationError):
                await last(agent, words("Open on Sunday?", task=first))
            second = await last(agent, words("Open on Sunday?", context_id=first.context_id))
            assert second.context_id == first.context_id and second.id != first.id
            assert second.metadata["case_id"] == first.metadata["case_id"]
            lines = cases.show(at_desk, first.metadata["case_id"]).standing.document["transcript"]
            assert [one["text"] for one in lines if one["speaker"] == "customer"] == ["When are you open?", "Open on Sunday?"]

    asyncio.run(asks())


@pytest.mark.slow
@pytest.mark.parametrize("yes", [True, False])
def test_what_the_customer_must_answer_and_a_person_must_approve_is_input_required(
    app: Starlette, at_desk: Desk, yes: bool
) -> None:
    async def asks() -> None:
        async with client(app) as agent, client(app, "writes") as customer:
            first = await last(customer, words("Please pay me.", email=f"ada{yes}@example.com"))
            assert (first.status.state, said(first)) == (NEEDS_INPUT, "How much do you want?")
            waits = await last(customer, words("70", task=first))
            assert (waits.status.state, waits.metadata["end"]) == (NEEDS_INPUT, "awaiting_approval")
            assert (
                len(waits.status.message.parts) == 1 and waits.metadata["waits_for"]
            )  # the call is nothing for who may not decide
            answer = [new_data_part({"hash": "0" * 16, "approve": True})]
            with pytest.raises(A2AClientError, match="403"):
                await last(customer, sent(answer, task=waits))
            own = await last(agent, words("Please pay me.", email=f"bo{yes}@example.com"))
            own = await last(agent, words("70", task=own))
            call = call_in(own)
            assert (call["tool"], call["arguments"]) == ("pay", {"cents": 7000})
            with pytest.raises(UnsupportedOperationError):
                await last(agent, sent(answer, task=own))
            with pytest.raises(TaskNotFoundError):  # another's
                await last(agent, sent([new_data_part({"hash": call["hash"], "approve": True})], task=waits))
            why = {} if yes else {"why": "Too much."}
            settled = await last(agent, sent([new_data_part({"hash": call["hash"], "approve": yes, **why})], task=own))
            stand = cases.show(at_desk, own.metadata["case_id"]).standing
            assert settled.metadata["end"] == stand.end != "awaiting_approval"
            status = [one["status"] for one in stand.document["tool_calls"] if one["tool"] == "pay"][-1]
            assert status == ("done" if yes else "refused")

    asyncio.run(asks())


@pytest.mark.slow
@pytest.mark.parametrize("yes", [True, False])
def test_what_is_sent_again_gets_its_task_again(app: Starlette, at_desk: Desk, yes: bool) -> None:
    async def asks() -> None:
        async with client(app) as agent:
            task = await last(agent, words("Please pay me.", email=f"eva{yes}@example.com"))
            amount = words("70", task=task)
            call = call_in(await last(agent, amount))
            verdict = {"hash": call["hash"], "approve": yes}
            decision = sent([new_data_part(verdict)], task=task)
            decided = await last(agent, decision)
            assert decided.status.state == DONE
            for again in (amount, decision):
                assert await last(agent, again) == decided
            for other in ({**verdict, "approve": not yes}, {**verdict, "hash": "0" * 16}):
                with pytest.raises(UnsupportedOperationError):
                    await last(agent, sent([new_data_part(other)], task=task))
            with pytest.raises(InvalidParamsError, match="another message"):
                await last(agent, sent([new_text_part("80")], task=task, key=amount.message.message_id))
            document = cases.show(at_desk, task.metadata["case_id"]).standing.document
            assert [one["text"] for one in document["transcript"] if one["speaker"] == "customer"] == ["Please pay me.", "70"]
            assert [one["status"] for one in document["tool_calls"] if one["tool"] == "pay"] == ["done" if yes else "refused"]

    asyncio.run(asks())


@pytest.mark.slow
def test_a_stream_tells_what_is_said_and_how_it_ends(app: Starlette) -> None:
    async def asks() -> None:
        async with client(app, streaming=True) as agent:
            events = [event async for event in agent.send_message(words("When are you open?"))]
            assert events[0].HasField("task") and events[-1].status_update.status.state == DONE
            assert events[-2].artifact_update.artifact.parts[0].text == "We are open from nine to five."
            with pytest.raises(A2AError):
                [one async for one in agent.subscribe(SubscribeToTaskRequest(id=events[0].task.id))]
            events = [event async for event in agent.send_message(words("Please pay me.", email="cy@example.com"))]
            assert events[-1].status_update.status.state == NEEDS_INPUT
            found = [one async for one in agent.subscribe(SubscribeToTaskRequest(id=events[0].task.id))]
            assert found[0].task.status.state == NEEDS_INPUT

    asyncio.run(asks())


@pytest.mark.slow
def test_a_task_is_cancelled_once_and_is_nobody_elses(app: Starlette) -> None:
    async def asks() -> None:
        async with client(app) as agent, client(app, "second") as other:
            task = await last(agent, words("Please pay me.", email="di@example.com"))
            for name in (task.id, task.metadata["case_id"], "nothing"):
                with pytest.raises(TaskNotFoundError):
                    await other.get_task(GetTaskRequest(id=name))
            ended = await agent.cancel_task(CancelTaskRequest(id=task.id))
            assert ended.status.state == TaskState.TASK_STATE_CANCELED
            with pytest.raises(TaskNotCancelableError):
                await agent.cancel_task(CancelTaskRequest(id=task.id))
            with pytest.raises(A2AClientError, match="403"):
                await other.cancel_task(CancelTaskRequest(id=task.id))

    asyncio.run(asks())


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (words(" "), InvalidParamsError),
        (words("x" * (MOST_WORDS + 1)), InvalidParamsError),
        (words("Hello", key="with a blank"), InvalidParamsError),
        (words("Hello", email="nobody"), InvalidParamsError),
        (words("Hello", email={"of": 1}), InvalidParamsError),
        (words("Hello", context_id="unknown"), TaskNotFoundError),
        (sent([]), InvalidParamsError),
        (sent([Part(url="http://127.0.0.1/")]), ContentTypeNotSupportedError),
        (sent([new_text_part("Yes"), new_data_part({"approve": True})]), ContentTypeNotSupportedError),
        (sent([new_data_part({"approve": True})]), InvalidParamsError),
    ],
)
def test_what_is_asked_wrongly_is_told_in_the_protocols_form(
    app: Starlette, at_desk: Desk, request_: SendMessageRequest, error: type[A2AError]
) -> None:
    async def asks() -> None:
        async with client(app) as agent:
            with pytest.raises(error) as found:
                await last(agent, request_)
            assert "Traceback" not in str(found.value)

    before = cases.list_cases(at_desk, 1)
    asyncio.run(asks())
    assert cases.list_cases(at_desk, 1) == before


def rpc(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def test_who_speaks_it_as_before_is_understood(app: Starlette) -> None:
    async def asks() -> None:
        message = {
            "kind": "message",
            "role": "user",
            "messageId": "old-1",
            "parts": [{"kind": "text", "text": "When are you open?"}],
        }
        async with http(app) as found:
            task = (await found.post("/a2a", json=rpc("message/send", message=message))).json()["result"]
            assert (task["status"]["state"], task["kind"]) == ("completed", "task")
            got = (await found.post("/a2a", json=rpc("tasks/get", id=task["id"]))).json()["result"]
            assert got["status"]["message"]["parts"][0]["text"] == "We are open from nine to five."
            streamed = await found.post("/a2a", json=rpc("message/stream", message={**message, "messageId": "old-2"}))
            assert '"final":true' in streamed.text and "We are open" in streamed.text
            gone = (await found.post("/a2a", json=rpc("tasks/get", id="nothing"))).json()
            assert gone["error"]["code"] == -32001

    asyncio.run(asks())


def test_who_may_not_ask_and_what_cannot_be_read_is_told(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    async def asks() -> None:
        async with http(app, "wrong") as found:
            refused = await found.post("/a2a", json=rpc("GetTask", id="x"))
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert refused.json()["error"]["code"] == -32600
        async with http(app) as found:
            for content in (
                b"no json",
                b"[" * 100_000,
                b"[]",
                b"1",
                b'{"jsonrpc": "2.0", "method": 7}',
                b"\xff",
                b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "GetTask", "params": {"id": "x"}}',
            ):
                told = await found.post("/a2a", content=content)
                assert told.json()["error"]["code"] in (-32700, -32600), content
            large = await found.post("/a2a", content=b" " * (MOST_BYTES + 1))
            assert (large.status_code, large.json()["error"]["code"]) == (413, -32600)
            assert (await found.get("/a2a")).status_code == 405
            monkeypatch.setattr("switchboard.console.protocols.a2a.desk.messages.begin", lambda *_, **__: 1 / 0)
            for version, method in (("1.0", "SendMessage"), ("1.0", "SendStreamingMessage"), ("0.3", "message/send")):
                parts = (
                    {"parts": [{"kind": "text", "text": "Hi"}], "kind": "message"}
                    if version == "0.3"
                    else {"parts": [{"text": "Hi"}]}
                )
                message = {"role": "user" if version == "0.3" else "ROLE_USER", "messageId": "m", **parts}
                told = await found.post("/a2a", json=rpc(method, message=message), headers={"A2A-Version": version})
                assert (told.json()["error"]["code"], "division" in told.text) == (-32603, False), told.text

    asyncio.run(asks())
