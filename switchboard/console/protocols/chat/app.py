"""The desk as a model of OpenAI's protocol: each team is one, and a conversation is a case."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from anyio.to_thread import run_sync
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from switchboard.cases.intake import Kept, Seen
from switchboard.console.protocols.chat.errors import answer, refused, wrong
from switchboard.console.protocols.chat.values import Asked, about, chunk, completion
from switchboard.console.protocols.guarded import Guarded
from switchboard.console.protocols.problems import problem_of
from switchboard.console.protocols.seam import Authorize, Gate, Holder, Scope, Served
from switchboard.console.protocols.waiting import pieces, until_over
from switchboard.declare.transcript import as_json
from switchboard.events.masking import masked, spoken
from switchboard.loop.drive import new_id
from switchboard.service.place import case_here
from switchboard.service.programs import messages
from switchboard.service.programs.messages import SaidBefore, Told

CASE, KEY = "x-switchboard-case", "idempotency-key"
LONGEST_WAIT, QUIET = 120.0, 10.0
"""Seconds until the answer is that the agents still work on it, and after which a stream says that it is alive."""
MOST_KEY = 200


SAID_BEFORE = (
    "The same was said in this case before, and the list shows no answer that it is to. Send the talk with the assistant's "
    "answers, or an Idempotency-Key of its own with each message."
)


@dataclass(frozen=True)
class Taken:
    """A message that was kept: `after` is the line of the case that stands before what is said from now on."""

    asked: Asked
    kept: Kept
    after: int

    @property
    def name(self) -> str:
        return f"chatcmpl-{self.kept.case_id}-{self.after}"


class Chat:
    """What is asked of a place."""

    def __init__(self, gate: Gate) -> None:
        self._gate, self._place = gate, gate.place

    async def models(self, request: Request) -> Response:
        """The teams."""
        await self._let_in(request, "cases:read")
        return JSONResponse({"object": "list", "data": [_model(name) for name in sorted(self._place.environment.teams)]})

    async def model(self, request: Request) -> Response:
        await self._let_in(request, "cases:read")
        name = request.path_params["name"]
        if name not in self._place.environment.teams:
            return answer(refused("model", f"There is no model {name[:60]!r}: each team is one.", 404))
        return JSONResponse(_model(name))

    async def complete(self, request: Request) -> Response:
        """Say the user's last message in its case, or in a new one, and answer what the customer is told."""
        by = await self._let_in(request, "cases:write")
        try:
            asked = Asked.model_validate_json(await request.body())
        except ValidationError as error:
            return answer(wrong(error))
        given = dict(asked.metadata or {})
        case_id, key = request.headers.get(CASE) or given.get("case_id", ""), request.headers.get(KEY, "")
        if given.get("case_id", case_id) != case_id:
            return answer(refused("metadata.case_id", f"It names another case than the header {CASE} does."))
        if asked.messages[-1].role != "user":
            return answer(refused("messages", "The last message is not one of the role `user`, so nothing is to be said."))
        if not spoken(asked.words):
            return answer(refused("messages", "There is no message of the role `user` that says anything."))
        if len(key) > MOST_KEY or not key.isprintable():
            return answer(refused(KEY, f"It is no plain text of at most {MOST_KEY} characters."))
        if asked.model not in self._place.environment.teams:
            return answer(refused("model", f"There is no model {asked.model[:60]!r}: each team is one.", 404))
        if case_id:
            stand = await run_sync(case_here, self._place, case_id)
            if stand.team != asked.model:
                return answer(refused("model", f"The case is one of the team {stand.team}, and stays with it."))
            case_id = stand.case_id
        try:
            taken = await run_sync(self._take, by, asked, case_id, given.get("email", ""), key)
        except SaidBefore:
            return answer(refused("messages", SAID_BEFORE))
        headers = {CASE: taken.kept.case_id}
        if asked.stream:
            return StreamingResponse(self._pieces(taken), media_type="text/event-stream", headers=headers)
        await until_over(self._place, taken.kept.case_id, 0 if taken.kept.instead else LONGEST_WAIT)
        told = await run_sync(self._told, taken)
        return JSONResponse(
            completion(taken.name, asked.model, int(time.time()), masked(told.reply), about(told)), 200, headers
        )

    def _take(self, by: Holder, asked: Asked, case_id: str, email: str, key: str) -> Taken:
        """Keep the message: once under a key. Without one, it begins a new case each time, and in a case it is known by the
        talk. Raises SaidBefore.

        The same talk is the same message, so nobody says yes twice by sending it again. Two messages behind the same answer
        are two, and the second is no yes to what was asked since, nor is one behind an answer that was cut off: it was not
        shown. Where the talk shows no answer nothing tells a message from the one before that says the same.
        """
        after = messages.newest_line(self._place, case_id) if case_id else 0
        if not case_id:
            name = messages.own_key("chat", by.name, key or new_id())
            return Taken(asked, messages.begin(self._place, asked.model, asked.words, email, name, by=by.name), after)
        if key:
            name = messages.own_key("chat", by.name, key)
            return Taken(asked, messages.say_more(self._place, case_id, asked.words, email, name, by=by.name), after)
        if not asked.shown:
            return Taken(asked, messages.say_alone(self._place, case_id, asked.words, email, "chat", by.name), after)
        name, shown = (messages.own_key("chat", by.name, as_json([case_id, talk])) for talk in (asked.talk, asked.shown))
        told = messages.told(self._place, case_id)
        seen = Seen(shown, bool(told.document["end"]) and _shows(asked.shown[-1][1], masked(told.reply)), told.run)
        return Taken(asked, messages.say_more(self._place, case_id, asked.words, email, name, seen, by=by.name), after)

    def _told(self, taken: Taken) -> Told:
        return messages.told(self._place, taken.kept.case_id, taken.kept.instead)

    async def _pieces(self, taken: Taken) -> AsyncIterator[str]:
        """The answer as it is written: what agents say as they say it, and in the end what there is to say beside it."""
        case_id, created, model = taken.kept.case_id, int(time.time()), taken.asked.model
        known = {"case_id": case_id}
        yield _event(chunk(taken.name, model, created, {"role": "assistant", "content": ""}, known))
        sent, heard = "", time.monotonic()
        async for piece in pieces(self._place, case_id, taken.after, 0 if taken.kept.instead else LONGEST_WAIT):
            if piece and not taken.kept.instead:
                yield _event(chunk(taken.name, model, created, {"content": piece}, known))
                sent, heard = sent + piece, time.monotonic()
            elif time.monotonic() - heard > QUIET:
                heard = time.monotonic()
                yield ": the agents are at work\n\n"
        told = await run_sync(self._told, taken)
        reply = masked(told.reply)
        left = reply.removeprefix(sent) if reply.startswith(sent) else f"\n\n{reply}"
        if left:
            yield _event(chunk(taken.name, model, created, {"content": left}, known))
        yield _event(chunk(taken.name, model, created, {}, about(told), is_last=True))
        yield "data: [DONE]\n\n"

    async def _let_in(self, request: Request, scope: Scope) -> Holder:
        client = request.client.host if request.client else ""
        return await run_sync(self._gate.let_in, scope, client, request.headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    return answer(problem_of(error))


def chat(place: Served, authorize: Authorize | None = None) -> Starlette:
    """The teams of a place as models, to be mounted at `/v1`."""
    here = Chat(Gate(place, authorize))
    routes = [
        Route("/chat/completions", here.complete, methods=["POST"]),
        Route("/models", here.models),
        Route("/models/{name}", here.model),
    ]
    guarded = Middleware(Guarded, tell=answer)
    return Starlette(routes=routes, middleware=[guarded], exception_handlers={HTTPException: on_http_error})


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "switchboard"}


def _shows(shown: str, reply: str) -> bool:
    """Whether the user was shown all of the newest answer, and not its beginning, or another one."""
    return " ".join(reply.split()) in " ".join(shown.split())


def _event(data: dict[str, object]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
