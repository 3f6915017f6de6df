"""The desk as an agent of AG-UI: a thread is a case, and each request a run, told as it goes on."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from ag_ui.core import PROTOCOL_VERSION, BaseEvent, RunStartedEvent
from ag_ui.encoder import EventEncoder
from anyio.to_thread import run_sync
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from switchboard.cases.intake import Kept, OtherMessage, nothing_more
from switchboard.cases.tables import CaseRow
from switchboard.console.protocols.agui.events import call_in, failed, finished, state, text, words_in
from switchboard.console.protocols.agui.values import APPROVAL, QUESTION, Heard, Unheard, heard
from switchboard.console.protocols.deciding import decide, waiting, was_decided
from switchboard.console.protocols.guarded import Guarded
from switchboard.console.protocols.problems import UNFORESEEN, answer, on_http_error, problem_of, wrong_in
from switchboard.console.protocols.seam import Gate, Scope, Served
from switchboard.console.protocols.waiting import looks
from switchboard.errors import NotThere, OperatorError
from switchboard.events.masking import masked
from switchboard.service.programs import messages

LONGEST_WAIT, QUIET = 120.0, 10.0
"""Seconds until a run ends while the agents still work on its case, and after which a stream says that it is alive."""
NOT_OPEN = "This interrupt is not open any more."
DECIDES: Scope = "approvals:decide"
WRITES: Scope = "cases:write"
log = logging.getLogger("switchboard")


@dataclass(frozen=True)
class Let:
    """Who was let in, and what they may beside that."""

    name: str
    reads: bool
    decides: bool


@dataclass(frozen=True)
class Taken:
    """What was kept of a request: its case, the line after which the answer comes, and what is told instead of one."""

    case_id: str
    after: int = 0
    instead: str = ""


class Agent:
    """A team that is asked."""

    def __init__(self, place: Served, team: str, gate: Gate) -> None:
        self._place, self._team, self._gate = place, team, gate

    async def run(self, request: Request) -> Response:
        client = request.client.host if request.client else ""
        try:
            given = heard(await request.body())
        except (ValidationError, Unheard) as error:
            await run_sync(self._gate.let_in, WRITES, client, request.headers)
            found = error.errors() if isinstance(error, ValidationError) else [{"loc": ("messages",), "msg": str(error)}]
            return answer(wrong_in([{"loc": one["loc"], "msg": one["msg"]} for one in found]))
        scope = DECIDES if given.answers.startswith(APPROVAL) else WRITES
        holder = await run_sync(self._gate.let_in, scope, client, request.headers)
        reads = await run_sync(self._gate.may, "cases:read", client, request.headers)
        decides = await run_sync(self._gate.may, DECIDES, client, request.headers)
        return StreamingResponse(self._encoded(given, Let(holder.name, reads, decides)), media_type="text/event-stream")

    async def _encoded(self, given: Heard, by: Let) -> AsyncIterator[str]:
        """The events of a run; what goes wrong in it ends it."""
        encoder, heard_at = EventEncoder(), time.monotonic()
        yield encoder.encode(RunStartedEvent(thread_id=given.thread_id, run_id=given.run_id, protocol_version=PROTOCOL_VERSION))
        try:
            async for event in self._events(given, by):
                if event is not None:
                    heard_at = time.monotonic()
                    yield encoder.encode(event)
                elif time.monotonic() - heard_at > QUIET:
                    heard_at = time.monotonic()
                    yield ": the agents are at work\n\n"
        except Exception as error:
            problem = problem_of(error)
            if problem.status == UNFORESEEN:
                log.exception("a run over AG-UI failed")
            yield encoder.encode(failed(problem))

    async def _events(self, given: Heard, by: Let) -> AsyncIterator[BaseEvent | None]:
        """What agents say and call as they do; None where nothing is new."""
        taken = await run_sync(self._take, given, by.name)
        at, sent = taken.after, ""
        async for _ in looks(self._place, taken.case_id, 0 if taken.instead else LONGEST_WAIT):
            yield None
            for number, entry in await run_sync(messages.lines_since, self._place, taken.case_id, at):
                at = number
                message_id = f"{given.run_id}-{number}"
                for event in call_in(message_id, entry) if by.reads else ():
                    yield event
                if words := words_in(entry):
                    sent = f"{sent}\n\n{words}" if sent else words
                    for event in text(message_id, words):
                        yield event
        for event in await run_sync(self._ended, given, by, taken, sent):
            yield event

    def _ended(self, given: Heard, by: Let, taken: Taken, sent: str) -> list[BaseEvent]:
        told = messages.told(self._place, taken.case_id, taken.instead)
        call = waiting(self._place, by.name, taken.case_id) if by.decides else None
        left = "\n\n".join(part for part in masked(told.reply).split("\n\n") if part not in sent.split("\n\n"))
        return [*(text(f"{given.run_id}-end", left) if left else ()), state(told), finished(given, told, call)]

    def _take(self, given: Heard, name: str) -> Taken:
        """Keep what was said in the case of the thread, or begin one."""
        thread = messages.own_key("ag-ui", name, given.thread_id)
        case_id = messages.case_under(self._place, thread)
        after = messages.newest_line(self._place, case_id) if case_id else 0
        if given.answers and not case_id:
            raise NotThere("There is no such thread.")
        if given.decision and not was_decided(self._place, name, case_id, given.decision):
            decide(self._place, name, case_id, given.decision)
        if given.words is None:
            return Taken(case_id, after)
        key = messages.own_key("ag-ui", name, f"{given.thread_id} {given.message_id}")
        kept = self._keep(given, case_id, key, thread, name)
        return Taken(kept.case_id, after, kept.instead)

    def _keep(self, given: Heard, case_id: str, key: str, thread: str, by: str) -> Kept:
        words, before = given.words or "", partial(_check_asked, given.answers) if given.answers else nothing_more
        if case_id:
            with suppress(OtherMessage):  # it is the one that began the case, or is refused once more
                return messages.say_more(self._place, case_id, words, given.email, key, before=before, by=by)
        return messages.begin(self._place, self._team, words, given.email, key, thread, by=by)


def _check_asked(interrupt: str, session: Session, case_id: str) -> None:
    """Raises OperatorError where the case asks its customer something else by now, or nothing."""
    row = session.get_one(CaseRow, case_id)
    if (interrupt, row.end) != (f"{QUESTION}{row.run}", "awaiting_customer"):
        raise OperatorError(NOT_OPEN)


def agui(place: Served, team: str, gate: Gate) -> Starlette:
    """A team of a place as an agent."""
    routes = [Route("/ag-ui", Agent(place, team, gate).run, methods=["POST"])]
    return Starlette(routes=routes, middleware=[Middleware(Guarded)], exception_handlers={HTTPException: on_http_error})
