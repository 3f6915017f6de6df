"""What protocols stream comes as it is said: over a real server, the first words before those that are held back are there."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import httpx
import pytest
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.helpers.proto_helpers import new_text_part
from a2a.types.a2a_pb2 import Message, Role, SendMessageRequest
from ag_ui.core import RunAgentInput, UserMessage
from openai import AsyncOpenAI
from starlette.applications import Starlette
from support.programs import Desk, authorize, desk, serving
from support.toys import agent, team

from switchboard.console.protocols import waiting
from switchboard.console.protocols.mounted import Protocols
from switchboard.declare.moves import HandOff, HandOffs, Move, Note, Say, call
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import tool
from switchboard.declare.transcript import View
from switchboard.flows.hub import hub
from switchboard.service import cases

FIRST, SECOND, WORDS = "The lamp is here.", "The chair comes on Monday.", "Where is my lamp? Where is my chair?"
SECONDS = 20.0
"""How long the second answer is held back at most: who hears nothing before it hears the first too late."""
go_on, late = threading.Event(), threading.Event()


@tool(effect="read", public=True)
def ask_the_carrier() -> dict[str, bool]:
    """Ask somebody else, who takes their time."""
    if not go_on.wait(SECONDS):
        late.set()
    return {"asked": go_on.is_set()}


def carries(view: View) -> Move:
    return Say(SECOND) if view.last("ask_the_carrier") else call("ask_the_carrier")


def shop() -> TeamSpec:
    """A team that answers the first of two matters at once, and the second one when it is let."""
    both = HandOffs((HandOff("lamps", "lamp", request="Where is my lamp?"), HandOff("chairs", "chair", request="My chair?")))
    members = [
        agent("triage", lambda view: both, rules_first=True),
        agent("lamps", lambda view: Say(FIRST)),
        agent("chairs", carries, ask_the_carrier),
        agent("closer", lambda view: Note("The note."), rules_first=True),
    ]
    flow = hub("triage", {"lamps": [], "chairs": []}, "closer")
    return team(members={spec.name: spec for spec in members}, flow=flow)


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("streams"), shop()) as found:
        yield found


@pytest.fixture(scope="module")
def address(at_desk: Desk) -> Iterator[str]:
    made = Protocols(at_desk, authorize)
    with serving(Starlette(routes=made.routes, lifespan=lambda _: made.at_work())) as address:
        yield address


@pytest.fixture(autouse=True)
def held_back() -> Iterator[None]:
    go_on.clear()
    late.clear()
    yield
    go_on.set()


def http(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, headers={"Authorization": "Bearer whole"}, timeout=60)


async def over_chat(address: str) -> AsyncIterator[str]:
    async with AsyncOpenAI(base_url=f"{address}/v1", api_key="whole", timeout=60, max_retries=0) as client:
        asked: list[Any] = [{"role": "user", "content": WORDS}]
        async with await client.chat.completions.create(model="toys", messages=asked, stream=True) as stream:
            async for piece in stream:
                yield piece.choices[0].delta.content or ""


async def over_a2a(address: str) -> AsyncIterator[str]:
    async with http(address) as client:
        card = await A2ACardResolver(client, address).get_agent_card()
        agent = ClientFactory(ClientConfig(streaming=True, httpx_client=client)).create(card)
        message = Message(message_id=uuid4().hex, role=Role.ROLE_USER, parts=[new_text_part(WORDS)])
        async with aclosing(agent.send_message(SendMessageRequest(message=message))) as stream:  # type: ignore[type-var]
            async for event in stream:
                yield "".join(part.text for part in event.status_update.status.message.parts)


async def over_ag_ui(address: str) -> AsyncIterator[str]:
    said = [UserMessage(id=uuid4().hex, content=WORDS)]
    given = RunAgentInput(
        thread_id=uuid4().hex, run_id=uuid4().hex, messages=said, state={}, tools=[], context=[], forwarded_props={}
    )
    body = given.model_dump_json(by_alias=True)
    async with http(address) as client, client.stream("POST", "/ag-ui", content=body) as stream:
        async for line in stream.aiter_lines():
            yield json.loads(line.removeprefix("data: ")).get("delta", "") if line.startswith("data: ") else ""


Protocol = Callable[[str], AsyncIterator[str]]
PROTOCOLS = pytest.mark.parametrize("over", [over_chat, over_a2a, over_ag_ui])


@pytest.mark.slow
@PROTOCOLS
def test_what_is_said_is_heard_before_the_rest_is_there(address: str, over: Protocol) -> None:
    async def hears() -> None:
        heard, was_first = "", False
        async for piece in over(address):
            heard += piece
            if FIRST in heard and not go_on.is_set():
                was_first = not late.is_set() and SECOND not in heard
                go_on.set()
        assert was_first, "all of it came at once"
        assert SECOND in heard

    asyncio.run(hears())


@pytest.mark.slow
@PROTOCOLS
def test_who_hangs_up_ends_their_own_stream_and_nothing_else(
    address: str, at_desk: Desk, over: Protocol, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked = list[str]()
    looks = waiting.is_over
    monkeypatch.setattr(waiting, "is_over", lambda place, case_id: looked.append(case_id) or looks(place, case_id))

    async def hears_the_first() -> None:
        heard = ""
        async with aclosing(over(address)) as stream:  # type: ignore[type-var]
            async for piece in stream:
                heard += piece
                if FIRST in heard:
                    break

    with caplog.at_level(logging.WARNING):
        asyncio.run(hears_the_first())
        [case_id] = {*looked}
        until = time.monotonic() + 10
        while looked:  # whoever still told them would look at the case twice a second
            assert time.monotonic() < until, "the stream goes on though nobody hears it"
            looked.clear()
            time.sleep(1.2)
        assert cases.show(at_desk, case_id).standing.end is None
        go_on.set()
        while (stand := cases.show(at_desk, case_id).standing).end is None:
            assert time.monotonic() < until + 20
            time.sleep(0.05)
    assert stand.end == "resolved" and SECOND in stand.document["reply"]
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
