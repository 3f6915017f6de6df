"""The desk as an MCP server, for one team of it: over the pipes of a process, or over HTTP behind the gate."""

import json
import logging
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    InputResponses,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from switchboard.console.protocols.deciding import Decision, decide, waiting, was_decided
from switchboard.console.protocols.guarded import MOST_BYTES
from switchboard.console.protocols.mcp.asking import (
    answered,
    asking,
    asking_customer,
    can_be_asked,
    is_of_customer,
    said_by_customer,
)
from switchboard.console.protocols.mcp.tools import ASK, CASE, Answer, Ask, Outcome, Proposes, ShowCase, offered, writes
from switchboard.console.protocols.problems import INSIDE
from switchboard.console.protocols.seam import Gate, Served
from switchboard.console.protocols.seam import Scope as Good
from switchboard.console.protocols.waiting import until_over
from switchboard.declare.transcript import as_json
from switchboard.errors import OperatorError, SwitchboardError
from switchboard.events.masking import masked, masked_data
from switchboard.loop.drive import new_id
from switchboard.service.place import case_here
from switchboard.service.programs import messages, proposals
from switchboard.service.programs.proposals import Proposal
from switchboard.service.programs.reads import look_up, public_reads

LONGEST_WAIT = 45.0
"""Seconds until the answer is that the agents still work on it: clients wait for a minute."""
DECIDES: Good = "approvals:decide"
WAITS = "awaiting_approval"
NEEDS_A_PERSON = "An operator would have to let this pass. Ask the desk for it with `ask`."
WHAT_FOR = (
    "Write to the desk with `ask`, one customer's matter a case; keep the `case_id`. A tool that changes something is read "
    "back to the customer, and made once a key, after their yes."
)
log = logging.getLogger("switchboard")


class Desk:
    """What is asked of a place. Without a `gate` whoever has the pipes of this process asks, as whoever runs it."""

    def __init__(self, place: Served, team: str, gate: Gate | None) -> None:
        self._place, self._team, self._gate = place, team, gate

    async def list_tools(self, _: ServerRequestContext[Any, Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=offered(self._place.environment.teams[self._team]))

    async def call(
        self, context: ServerRequestContext[Any, Any], asked: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        """Make a call. What is wrong with it, or was refused, is told as its result, for whoever makes the next one."""
        given = asked.arguments or {}
        try:
            if asked.name == ASK and asked.input_responses and self._gate:  # whom the pipes belong to is not asked
                return await self._decide(await self._let_in(context, DECIDES), *answered(asked.input_responses))
            if asked.name == ASK:
                name = await self._let_in(context, "cases:write")
                told = await self._ask(name, Ask.model_validate(given))
                return await self._asked_here(context, name, told) or told
            if asked.name in writes(self._place.environment.teams[self._team]):
                return await self._propose(context, asked.name, given, asked.input_responses or {})
            await self._let_in(context, "cases:read")
            if asked.name == CASE:
                return await run_sync(self._case, ShowCase.model_validate(given).case_id)
            return await run_sync(self._look_up, asked.name, given)
        except ValidationError as error:
            return _refused("; ".join(f"{'.'.join(str(at) for at in one['loc'])}: {one['msg']}" for one in error.errors()[:5]))
        except SwitchboardError as error:
            return _refused(str(error))
        except Exception:
            log.exception("the MCP tool %r failed", asked.name[:60])
            return _refused(INSIDE)

    async def _let_in(self, context: ServerRequestContext[Any, Any], scope: Good) -> str:
        """Whose name it is that asks."""
        if self._gate is None:
            return self._place.called("")
        request = context.request
        client = request.client.host if request and request.client else ""
        return (await run_sync(self._gate.let_in, scope, client, request.headers if request else {})).name

    async def _ask(self, name: str, asked: Ask) -> CallToolResult:
        key = messages.own_key("mcp", name, asked.key or new_id())
        if asked.case_id and not asked.key:
            kept = await run_sync(messages.say_alone, self._place, asked.case_id, asked.message, asked.email, "mcp", name)
        elif asked.case_id:
            says = partial(messages.say_more, by=name)
            kept = await run_sync(says, self._place, asked.case_id, asked.message, asked.email, key)
        else:
            begins = partial(messages.begin, by=name)
            kept = await run_sync(begins, self._place, self._team, asked.message, asked.email, key)
        await until_over(self._place, kept.case_id, 0 if kept.instead else LONGEST_WAIT)
        return await self._answer(kept.case_id, kept.instead)

    async def _asked_here(
        self, context: ServerRequestContext[Any, Any], name: str, told: CallToolResult
    ) -> InputRequiredResult | None:
        """What the client is to ask its user about a call that waits, where it can, and whose token it has may decide."""
        if self._gate is None or told.structured_content["end"] != WAITS or not can_be_asked(context):
            return None
        request = context.request
        client = request.client.host if request and request.client else ""
        if not await run_sync(self._gate.may, DECIDES, client, request.headers if request else {}):
            return None
        case_id = told.structured_content["case_id"]
        call = await run_sync(waiting, self._place, name, case_id)
        return asking(case_id, call) if call else None

    async def _decide(self, name: str, case_id: str, decision: Decision | None) -> CallToolResult:
        """What became of a case whose call the client's user has answered; without an answer it goes on waiting."""
        if decision and not await run_sync(was_decided, self._place, name, case_id, decision):
            await run_sync(decide, self._place, name, case_id, decision)
        await until_over(self._place, case_here(self._place, case_id).case_id, LONGEST_WAIT)
        return await self._answer(case_id, "")

    async def _answer(self, case_id: str, instead: str) -> CallToolResult:
        told = await run_sync(messages.told, self._place, case_id, instead)
        end = told.document["end"] or "working"
        answer = Answer(case_id=case_id, end=end, reply=masked(told.reply), waits_for=told.waits_for)
        return _told(answer.model_dump())

    async def _propose(
        self, context: ServerRequestContext[Any, Any], tool: str, given: dict[str, Any], answers: InputResponses
    ) -> CallToolResult | InputRequiredResult:
        """Propose a call, or go on with the one that has its key: with what the customer, or an operator, said to it here."""
        name = await self._let_in(context, "cases:write")
        about = Proposes.model_validate(given)
        key = messages.own_key("mcp", name, about.idempotency_key)
        call = {one: value for one, value in given.items() if one not in Proposes.model_fields}
        opened = (self._place, self._team, tool, call, about.customer_email, key, name)
        case_id = (await run_sync(proposals.propose, *opened)).case_id
        was_put_away = bool(answers) and not await self._told_here(context, name, case_id, answers)
        await until_over(self._place, case_id, LONGEST_WAIT)
        stands = await run_sync(proposals.came_of, self._place, case_id)
        if stands.asked and can_be_asked(context) and not was_put_away:
            return asking_customer(case_id, stands.asked)
        told = await self._outcome(case_id, stands)
        return (None if was_put_away else await self._asked_here(context, name, told)) or told

    async def _told_here(
        self, context: ServerRequestContext[Any, Any], name: str, case_id: str, answers: InputResponses
    ) -> bool:
        """Hand on what was said in a form about the call of a case; False where the form was put away."""
        if not is_of_customer(answers) and self._gate:  # whom the pipes belong to is not asked
            operator, (its_case, decision) = await self._let_in(context, DECIDES), answered(answers)
            _check_same(case_id, its_case)
            if decision and not await run_sync(was_decided, self._place, operator, case_id, decision):
                await run_sync(decide, self._place, operator, case_id, decision)
            return decision is not None
        its_case, said = said_by_customer(answers)
        _check_same(case_id, its_case)
        if said:
            key = messages.own_key("mcp", name, f"{case_id}:{said.hash}:{said.run}")
            await run_sync(partial(proposals.say, yes=said.yes), self._place, case_id, said.hash, said.run, key)
        return said is not None

    async def _outcome(self, case_id: str, stands: Proposal) -> CallToolResult:
        answer = (await self._answer(case_id, "")).structured_content or {}
        found = masked_data(json.loads(as_json(stands.result)))
        told = Outcome(**answer, status=stands.status, result=found, why=masked(stands.why))
        return _told(told.model_dump(), is_error=stands.status in ("refused", "failed"))

    def _case(self, case_id: str) -> CallToolResult:
        document = case_here(self._place, case_id).document
        return _told(masked_data(json.loads(as_json(document))))

    def _look_up(self, name: str, given: dict[str, Any]) -> CallToolResult:
        if name not in public_reads(self._place.environment.teams[self._team]):
            return _refused(f"There is no tool {name[:60]!r}.")
        found = look_up(self._place, self._team, name, given)
        if found.status != "done":
            return _refused(NEEDS_A_PERSON if found.status == "waiting" else masked(found.text))
        return _told({"result": masked_data(json.loads(as_json(found.result)))})


def server(place: Served, team: str, gate: Gate | None = None) -> Server[Any]:
    """The server of a team."""
    desk = Desk(place, team, gate)
    return Server("switchboard", instructions=WHAT_FOR, on_list_tools=desk.list_tools, on_call_tool=desk.call)


async def over_pipes(place: Served, team: str) -> None:
    """Serve the one who began this process, until they close its input."""
    made = server(place, team)
    async with stdio_server() as (read, write):
        await made.run(read, write, made.create_initialization_options())


class OverHttp:
    """The same as an application for one address, which lets nobody in whom the gate does not. `manager.run()` is to be entered
    for as long as it is served.
    """

    def __init__(self, place: Served, team: str, gate: Gate) -> None:
        self._gate = gate
        self.manager = StreamableHTTPSessionManager(server(place, team, gate), stateless=True, max_request_body_size=MOST_BYTES)
        self._app: ASGIApp = self.manager.asgi_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope["client"][0] if scope.get("client") else ""
        await run_sync(self._gate.let_in, "cases:read", client, Headers(scope=scope))
        await self._app(scope, receive, send)


def _told(content: dict[str, Any], *, is_error: bool = False) -> CallToolResult:
    text = TextContent(type="text", text=as_json(content))
    return CallToolResult(content=[text], structured_content=content, is_error=is_error)


def _check_same(case_id: str, its_case: str) -> None:
    if its_case != case_id:
        raise OperatorError("This answers nothing that was asked about this call.")


def _refused(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=why)], is_error=True)
