"""What an answer means: done, refused, or not known. Its words are another side's: short, plain, quoted, and never obeyed."""

import json
import logging
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from switchboard.characters import shown, washed, washed_data
from switchboard.declare.transcript import as_json
from switchboard.errors import CODE, NOT_ANSWERED, OF_THE_CALL, Away, NotKnown, ToolError
from switchboard.events.masking import masked
from switchboard.plays.demands import NO_LONGER, NOT_READ
from switchboard.toolsets.openapi.connection import Answer
from switchboard.toolsets.openapi.operations import Call
from switchboard.toolsets.schemas import misfit, trimmed

MOST_NESTED = 40
LONGEST_TOLD = 160
CODES, SENTENCES = ("code", "error_code", "error", "type"), ("message", "detail", "error_description", "title", "error", "msg")
INSIDE = ("error", "detail", "errors")
"""Where bodies of errors have their code, and what they say; the error itself may be an object in one of these."""
OURS = OF_THE_CALL | NOT_ANSWERED | frozenset(
    ("not_allowed", "other_customer", "said_no", "moved_meanwhile", "done_before", "too_long_to_read_back",
     "cannot_be_read_back", "code_not_allowed", "web_not_allowed", "code_due", "code_sent", "code_wrong", "code_late",
     "other_terms", "code_void", "code_not_sent", "too_many_codes", NO_LONGER, NOT_READ)
)  # fmt: skip
"""Codes that mean something here: no other side says them."""
MARKUP = re.compile(r"<[^<>]{0,300}>|https?://\S{1,300}|www\.\S{1,300}|[`*_#|<>{}\[\]\\\"“”«»]")
ASKED_WRONGLY = (400, 404, 410, 422)
"""Statuses by which a side says that there is nothing under what it was asked for, or that this is none: it has looked."""
NOT_DONE = frozenset([400, 401, 402, 403, 404, 405, 407, 410, 411, 413, 414, 415, 417, 421, 422, 426, 428, 429, 431, 451])
"""Statuses that turn a call away before anything is done, by RFC 9110 and those beside it. A conflict (409) may be with what
the call itself did, sent twice by something on the way; of a time-out (408, 499), a lock (423) and the others nobody knows.
"""
STILL_AT_IT = re.compile(
    r"idempoten|in.?progress|in.?use|concurren|being.?processed|still.?process|pending|locked|try.?again|retry"
)
"""How a side says that the first call with the same key is not done with."""
log = logging.getLogger("switchboard")


def result_of(call: Call, answer: Answer, secrets: Iterable[str], *, keyed: bool) -> Any:
    """The JSON of a done call. Raises ToolError, Away, NotKnown."""
    if 200 <= answer.status < 300:
        try:
            return _told(call, answer.body, secrets)
        except ValueError as error:
            raise unreadable(call, str(error)) from None
    raise _refused(call, answer, secrets, keyed)


def unreadable(call: Call, why: str) -> ToolError:
    """The error for an answer that is none: what changes something may be done all the same."""
    log.error("%s: %s %s answered in a way that is not its description's: %s", call.name, call.method, call.path, why)
    if call.facts.changes:
        return NotKnown(f"{call.name} was sent, and the answer cannot be read.")
    return ToolError(f"The answer to {call.name} cannot be used: {why}.", code="wrong_answer")


def broken(call: Call, why: str) -> ToolError:
    """The error where no whole answer came."""
    if call.facts.changes:
        return NotKnown(f"{call.name} was sent, and no answer came: {why}.")
    return ToolError(f"{call.name} has no answer: {why}.", code="away")


def _told(call: Call, body: bytes, secrets: Iterable[str]) -> Any:
    """Raises ValueError with a sentence of ours."""
    if not body.strip():
        return None
    value = read_json(body)
    paths = call.facts.result or call.declared
    kept = trimmed(value, [path.split(".") for path in paths]) if paths else value
    if call.answer is not None and (wrong := misfit(kept, call.answer, call.root)):
        raise ValueError(wrong)
    if any(secret in as_json(kept) for secret in secrets):
        raise ValueError("it holds a secret of ours")
    return washed_data(value)


def read_json(body: bytes) -> Any:
    """The JSON of a body. Raises ValueError, with a sentence of ours."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_number)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if _depth(value) > MOST_NESTED:
        raise ValueError("it is nested too deep")
    return value


def _no_number(text: str) -> float:
    raise ValueError(text)


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _depth(value: Any) -> int:
    deepest, todo = 0, [(value, 1)]
    while todo and deepest <= MOST_NESTED:
        one, depth = todo.pop()
        deepest = max(deepest, depth)
        below = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        todo += [(each, depth + 1) for each in below if isinstance(each, dict | list)]
    return deepest


def _refused(call: Call, answer: Answer, secrets: Iterable[str], keyed: bool) -> ToolError:
    """The error of a status that is no success."""
    status, name, changes = answer.status, call.name, call.facts.changes
    if status in (401, 403, 407):
        log.error("%s: %s %s answered %d. Look at its headers in the project's file.", name, call.method, call.path, status)
        return ToolError(f"The other side does not let this desk do {name}.", code="not_allowed_there")
    if 300 <= status < 400 or status < 200:
        log.error("%s: %s %s answered %d, a redirect, which is not followed.", name, call.method, call.path, status)
        return unreadable(call, "it leads to another address")
    knows = status in call.facts.not_done_on
    if status == 429 or (status == 425 and not changes):
        why = f"The other side takes no {name} now. Try later."
        return Away(why) if changes else ToolError(why, code="away")
    if changes and status not in NOT_DONE and not knows:
        log.error("%s: %s %s answered %d", name, call.method, call.path, status)
        return NotKnown(f"{name} was sent, and whether it was done is not known: the other side answered {status}.")
    if (status >= 500 or status == 408 or (not changes and status not in ASKED_WRONGLY)) and not knows:
        log.error("%s: %s %s answered %d", name, call.method, call.path, status)
        return broken(call, f"the other side answered {status}")
    if status in (404, 410):
        return ToolError(f"{name} found nothing.", code="not_found")
    try:
        body = read_json(answer.body)
    except ValueError:
        body = None
    code, text = code_of(body), text_of(body, secrets)
    if changes and keyed and status in (409, 423) and STILL_AT_IT.search(f"{code} {text}".lower()):
        return NotKnown(f"{name} was sent, and may be in progress.")  # by the first try: it is asked again
    told = f' It says: "{text}"' if text else ""
    return ToolError(f"The other side refused {name}.{told}", code=code, status=status)


def code_of(body: Any) -> str:
    """The code of a refusal, where it is written as one, and is none that means something here; else `refused`."""
    for part in _parts(body):
        for name in CODES:
            said = part.get(name)
            if isinstance(said, str) and len(said) <= 40 and CODE.fullmatch(code := said.lower().replace("-", "_")):
                return "refused" if code in OURS else code
    return "refused"


def text_of(body: Any, secrets: Iterable[str] = ()) -> str:
    """What a refusal says, as one short line without markup, addresses or anything that a terminal would obey."""
    for part in _parts(body):
        for name in SENTENCES:
            said = part.get(name)
            if isinstance(said, str) and " " in said.strip():
                if any(secret in said for secret in secrets):
                    return ""
                plain = MARKUP.sub(" ", " ".join(shown(washed(said[:2_000])).split()))
                return masked(" ".join(plain.split())[:LONGEST_TOLD]).strip()
    return ""


def _parts(body: Any) -> list[Mapping[str, Any]]:
    """The object of an error, and those within it, the inner ones first."""
    if not isinstance(body, Mapping):
        return []
    inner: list[Mapping[str, Any]] = []
    for name in INSIDE:
        below = body.get(name)
        below = below[0] if isinstance(below, list) and below else below
        inner += [below] if isinstance(below, Mapping) else []
    return [*inner, body]
