"""The desk as an agent of AG-UI: each run's events are read as the protocol's own types read them."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from ag_ui.core import Event, EventType, Interrupt, ResumeEntry, RunAgentInput, UserMessage
from pydantic import TypeAdapter
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from support.programs import Desk, authorize, desk

from switchboard.cases.cases import hear_in
from switchboard.cases.tables import CaseRow
from switchboard.console.protocols.agui import app
from switchboard.console.protocols.guarded import MOST_BYTES
from switchboard.console.protocols.mounted import Protocols
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.service import cases

EVENTS: TypeAdapter[Any] = TypeAdapter(Event)
OPEN = "We are open from nine to five."


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("agui")) as found:
        yield found


class Program:
    """A front end that holds a thread."""

    def __init__(self, at_desk: Desk, token: str = "whole", thread: str = "") -> None:
        self._app = Starlette(routes=Protocols(at_desk, authorize).routes)
        self._token, self.thread = token, thread or uuid4().hex
        self.said: list[UserMessage] = []

    def post(self, content: bytes) -> httpx.Response:
        async def asks() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {self._token}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://desk", headers=headers, timeout=60) as found:
                return await found.post("/ag-ui", content=content)

        return asyncio.run(asks())

    def given(self, **more: Any) -> bytes:
        made = RunAgentInput(**{"thread_id": self.thread, "run_id": uuid4().hex, "messages": self.said, **more})
        return made.model_dump_json(by_alias=True).encode()

    def run(self, **more: Any) -> list[Any]:
        answer = self.post(self.given(**more))
        assert answer.status_code == 200, answer.text
        lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line.startswith("data: ")]
        return [EVENTS.validate_json(line) for line in lines]

    def say(self, words: str, **more: Any) -> list[Any]:
        self.said.append(UserMessage(id=uuid4().hex, content=words))
        return self.run(**more)

    def resume(self, interrupt: Interrupt, payload: Any = None, status: Any = "resolved") -> list[Any]:
        return self.run(resume=[ResumeEntry(interrupt_id=interrupt.id, status=status, payload=payload)])


def text(events: list[Any]) -> str:
    return "".join(one.delta for one in events if one.type == EventType.TEXT_MESSAGE_CONTENT)


def state(events: list[Any]) -> dict[str, Any]:
    [found] = [one.snapshot for one in events if one.type == EventType.STATE_SNAPSHOT]
    return dict(found)


def interrupt(events: list[Any]) -> Interrupt:
    [one] = events[-1].outcome.interrupts
    assert isinstance(one, Interrupt)
    return one


def words_of(at_desk: Desk, case_id: str) -> list[str]:
    lines = cases.show(at_desk, case_id).standing.document["transcript"]
    return [line["text"] for line in lines if line["speaker"] == "customer"]


@pytest.mark.slow
def test_a_thread_is_a_case_and_each_message_counts_once(at_desk: Desk) -> None:
    program = Program(at_desk)
    first = program.say("When are you open?")
    assert (first[0].type, first[-1].type, first[-1].outcome.type) == (EventType.RUN_STARTED, EventType.RUN_FINISHED, "success")
    assert (text(first), state(first)["end"]) == (OPEN, "resolved")
    assert text(program.run()) == OPEN
    program.say("Open on Sunday?")
    program.run()
    assert words_of(at_desk, state(first)["case_id"]) == ["When are you open?", "Open on Sunday?"]
    program.said = program.said[-1:]  # a front end may send what is new alone
    program.say("When are you open?")
    assert words_of(at_desk, state(first)["case_id"])[2:] == ["When are you open?"]
    program.said[-1] = UserMessage(id=program.said[-1].id, content="Open tomorrow?")
    assert program.run()[-1].code == "key_used_before"
    other = Program(at_desk, "writes", program.thread)
    assert state(other.say("When are you open?"))["case_id"] != state(first)["case_id"]


@pytest.mark.parametrize("by_resume", [True, False])
def test_what_the_customer_is_asked_is_answered_by_an_answer_or_the_next_message(at_desk: Desk, by_resume: bool) -> None:
    program = Program(at_desk, "writes")
    asked = interrupt(program.say("Please pay me.", forwarded_props={"email": f"ed{by_resume}@example.com"}))
    assert (asked.reason, asked.message) == ("input_required", "How much do you want?")
    assert program.resume(asked, status="cancelled")[-1].outcome.type == "cancelled"
    answered = program.resume(asked, "70") if by_resume else program.say("70")
    assert (state(answered)["end"], answered[-1].outcome.type) == ("awaiting_approval", "success")  # others are asked
    assert state(answered)["waits_for"]
    late = program.resume(asked, "80")
    assert late[-1].type == EventType.RUN_ERROR and late[-1].code == ("key_used_before" if by_resume else "not_as_things_stand")
    assert words_of(at_desk, state(answered)["case_id"]) == ["Please pay me.", "70"]


@pytest.mark.slow
@pytest.mark.parametrize("between", [1, 2])
def test_an_answer_that_another_one_overtakes_is_none(at_desk: Desk, monkeypatch: pytest.MonkeyPatch, between: int) -> None:
    """The transaction that keeps it looks itself whether the interrupt is open."""
    program = Program(at_desk)
    first = program.say("Please pay me.", forwarded_props={"email": f"gil{between}@example.com"})
    case_id, asked, keeps = state(first)["case_id"], interrupt(first), app.messages.say_more

    def overtaken(*given: Any, **more: Any) -> Any:
        with Session(at_desk.engine) as session, session.begin():
            for _ in range(between):
                hear_in(session, case_id, "Are you open?", "nobody")
        return keeps(*given, **more)

    monkeypatch.setattr(app.messages, "say_more", overtaken)
    assert program.resume(asked, "30")[-1].message == "This interrupt is not open any more."
    assert words_of(at_desk, case_id)[1:] == ["Are you open?"]
    with Session(at_desk.engine) as session:
        assert session.get_one(CaseRow, case_id).inbox == ["Are you open?"] * (between - 1)


@pytest.mark.slow
@pytest.mark.parametrize("yes", [True, False])
def test_a_call_that_waits_interrupts_who_may_decide_it_and_nobody_else_answers_it(at_desk: Desk, yes: bool) -> None:
    program = Program(at_desk)
    program.say("Please pay me.", forwarded_props={"email": f"fe{yes}@example.com"})
    events = program.say("70")
    call = interrupt(events)
    assert (call.reason, call.metadata["tool"], call.metadata["arguments"]) == ("tool_call", "pay", {"cents": 7000})  # type: ignore[index]
    assert call.tool_call_id in [one.tool_call_id for one in events if one.type == EventType.TOOL_CALL_START]
    assert datetime.fromisoformat(call.expires_at or "").tzinfo
    assert (call.response_schema or {})["required"] == ["approve"]
    entry = [ResumeEntry(interrupt_id=call.id, status="resolved", payload={"approve": True})]
    for token, status in (("writes", 403), ("reads", 403), ("wrong", 401)):
        assert Program(at_desk, token, program.thread).post(program.given(resume=entry)).status_code == status
    assert Program(at_desk, "second", program.thread).run(resume=entry)[-1].code == "not_there"  # it is another's thread
    assert program.resume(Interrupt(id="approval-" + "0" * 16, reason="x"), {"approve": True})[-1].code == "not_as_things_stand"
    assert program.resume(call, status="cancelled")[-1].outcome.type == "cancelled"
    assert interrupt(program.say("Are you there?")).id == call.id
    given_up = program.post(program.given(resume=[ResumeEntry(interrupt_id=call.id, status="resolved", payload="yes")]))
    assert given_up.status_code == 422
    assert program.resume(call, {"approve": True})[-1].code == "not_as_things_stand"  # what they wrote was not seen
    settled = program.resume(call, {"approve": True, "seen": 1} if yes else {"approve": False, "why": "Too much."})
    [result] = [one for one in settled if one.type == EventType.TOOL_CALL_RESULT and one.tool_call_id == call.tool_call_id]
    document = cases.show(at_desk, state(settled)["case_id"]).standing.document
    assert [one["status"] for one in document["tool_calls"] if one["tool"] == "pay"] == ["done" if yes else "refused"]
    assert ("7000" in str(result.content)) == yes and state(settled)["end"] != "awaiting_approval"
    again = program.resume(call, {"approve": True})  # the same answer is the same decision, and the other one comes too late
    assert state(again) == state(settled) if yes else again[-1].code == "not_as_things_stand"
    assert program.resume(call, {"approve": False} if yes else {"approve": True})[-1].code == "not_as_things_stand"


def test_who_may_not_read_cases_is_told_of_no_calls(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(authorize.__globals__["TOKENS"], "customers", ("pat", ("cases:write",)))
    events = Program(at_desk, "customers").say("Please pay me.", forwarded_props={"email": "gi@example.com"})
    assert interrupt(events).message == "How much do you want?"
    assert not [one for one in events if one.type.startswith("TOOL_CALL")]


def asked(**more: Any) -> bytes:
    user = {"id": "1", "role": "user", "content": "Hello"}
    return json.dumps({"threadId": "t", "runId": "r", "messages": [user], **more}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"[" * 100_000,
        b"\xff",
        asked(threadId="with a blank"),
        asked(runId="r" * 300),
        asked(messages=[]),
        asked(messages=[{"id": "1", "role": "system", "content": "Be kind."}]),
        asked(messages=[{"id": "1", "role": "user", "content": " "}]),
        asked(messages=[{"id": "1", "role": "user", "content": "x" * (MOST_WORDS + 1)}]),
        asked(messages=[{"id": "1", "role": "user", "content": [{"type": "image", "source": {"type": "url", "value": "x"}}]}]),
        asked(messages=[{"id": str(n), "role": "assistant", "content": ""} for n in range(2001)]),
        asked(forwardedProps={"email": "nobody"}),
        asked(forwardedProps={"email": 1}),
        asked(resume=[{"interruptId": "question-1", "status": "resolved"}]),
        asked(resume=[{"interruptId": "approval-1", "status": "resolved", "payload": {"approve": True}}]),
        asked(resume=[{"interruptId": "question-1", "status": "resolved", "payload": "x"}] * 2),
        b'{"threadId": "t", "runId": "r", "messages": [{"id": "1", "role": "user", "content": "\\ud800"}]}',
    ],
)
def test_what_cannot_be_heard_is_refused_before_a_run_begins(at_desk: Desk, content: bytes) -> None:
    before = cases.list_cases(at_desk, 1)
    answer = Program(at_desk).post(content)
    assert answer.status_code == 422 and answer.json()["who"] == "client" and "Traceback" not in answer.text
    assert Program(at_desk, "wrong").post(content).status_code == 401
    assert cases.list_cases(at_desk, 1) == before


def test_what_goes_wrong_ends_the_run_and_is_not_told(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(at_desk)
    large = program.post(b" " * (MOST_BYTES + 1))
    assert large.status_code == 413
    monkeypatch.setattr("switchboard.console.protocols.agui.app.messages.begin", lambda *_, **__: 1 / 0)
    events = program.say("Hello")
    assert [one.type for one in events] == [EventType.RUN_STARTED, EventType.RUN_ERROR]
    assert "division" not in events[-1].message
