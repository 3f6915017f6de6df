"""What of a trace leaves this machine: spans with the attributes that `names.ALLOWED` lists, each masked, and nothing else."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from switchboard.declare.transcript import as_json
from switchboard.events.masking import masked
from switchboard.events.secrets import NAMED_SECRET, SECRET, without_secrets
from switchboard.events.tracing import names
from switchboard.events.tracing.span import Kind, Span, trace_id

Value = str | int | float | bool
CASE_ID = re.compile(r"(case|run)_[0-9a-f]{12}(\.\d{1,6}-\d{1,4})*")
UNUSUAL = re.compile(r"[^\w.:/@\[\] ,+-]")
MOST_NAME, MOST_TEXT, MOST_SAID = 120, 8_000, 7_000
"""Characters of a name, of a text, and of what was said in one, masked before it is cut."""
MOST_READ = 100_000
"""Characters of a text that are looked at."""
OPERATIONS: dict[Kind, str] = {
    "run": names.INVOKE_WORKFLOW,
    "branch": names.INVOKE_WORKFLOW,
    "turn": names.INVOKE_AGENT,
    "model": names.CHAT,
    "tool": names.EXECUTE_TOOL,
    "retrieval": names.RETRIEVAL,
    "wait": names.WAIT,
}


class Leaving(NamedTuple):
    """A span as it leaves. Ids are hexadecimal, `links` are spans of the same trace; moments are in seconds since the epoch."""

    trace_id: str
    span_id: str
    parent_id: str | None
    links: tuple[str, ...]
    name: str
    operation: str
    start: float
    end: float
    attributes: Mapping[str, Value]
    has_failed: bool

    @property
    def is_of_a_client(self) -> bool:
        """Whether another side was asked."""
        return self.operation in (names.CHAT, names.RETRIEVAL)


class Masks(NamedTuple):
    """Which secrets are known, and whether what was said may leave, masked."""

    secrets: tuple[str, ...] = ()
    texts: bool = False

    def plain(self, text: str) -> str:
        return masked(without_secrets(text[:MOST_READ], self.secrets))

    def data(self, text: str) -> str:
        """A text, or JSON whose texts are looked at one by one. Of JSON that is too long for that no part leaves: half of it is
        none, and its texts look otherwise in it.
        """
        if len(text) > MOST_READ and text.startswith(("{", "[", '"')):
            return f"{len(text):,} characters"
        try:
            return as_json(self._within(json.loads(text[:MOST_READ])))
        except (ValueError, RecursionError):
            return self.plain(text)

    def _within(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.plain(str(name)): self._of(str(name), one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._within(one) for one in value]
        return self.plain(value) if isinstance(value, str) else value

    def _of(self, name: str, value: Any) -> Any:
        """A value by its name, too: what is called a password is one, whatever it is made of."""
        return SECRET if value is not None and NAMED_SECRET.search(name) else self._within(value)

    def name(self, text: str) -> str:
        return UNUSUAL.sub("_", self.plain(text))[:MOST_NAME]

    def case_id(self, text: str) -> str:
        return text if CASE_ID.fullmatch(text) else self.name(text)

    def attributes(self, given: Mapping[str, Any]) -> dict[str, Value]:
        """Those that may leave, as they may."""
        found: dict[str, Value] = {}
        for name, value in given.items():
            match names.ALLOWED.get(name), value:
                case _, None | "":
                    pass
                case "name", str():
                    found[name] = self.name(value)
                case "id", str():
                    found[name] = self.case_id(value)
                case "number", bool() | int() | float():
                    found[name] = value
                case "text", str() if self.texts:
                    found[name] = self.plain(value)[:MOST_TEXT]
        return found


def leaving(
    run: Span, masks: Masks, *, former: str | None = None, waited_for: str = "", waited_seconds: float = 0.0
) -> list[Leaving]:
    """A run that is over, and all within it, as spans of the one trace of its case. The run is at the root of it, and linked to
    the `former` one, by that one's id: so a case that waits for weeks has no span of weeks.
    """
    first = {names.WAITED_FOR: waited_for, names.WAITED_SECONDS: round(waited_seconds, 3) if waited_for else None}
    links = (former,) if former else ()
    return list(_leaving(run, masks, run.case_id, None, links, first))


def _leaving(
    span: Span, masks: Masks, whose: str, parent: str | None, links: tuple[str, ...] = (), more: Mapping[str, Any] | None = None
) -> Iterator[Leaving]:
    if span.end is None:
        return
    operation = OPERATIONS[span.kind]
    common = {names.OPERATION: operation, names.CONVERSATION: whose, names.CASE: span.case_id, names.RUN: span.run}
    said = {**_facts(span), **(_texts(span, masks) if masks.texts else {})}
    attributes = masks.attributes({**common, names.ENTRY: span.n, names.ERROR: span.error, **said, **(more or {})})
    about = next((attributes[one] for one in _NAMED_BY[operation] if one in attributes), "")
    name, ids = f"{operation} {about}".rstrip(), (trace_id(whose), span.id, parent)
    yield Leaving(*ids, links, name, operation, span.start, max(span.start, span.end), attributes, bool(span.error))
    for child in span.children:
        yield from _leaving(child, masks, whose, span.id)


_NAMED_BY = {
    names.INVOKE_WORKFLOW: (names.WORKFLOW,),
    names.INVOKE_AGENT: (names.AGENT,),
    names.CHAT: (names.REQUEST_MODEL, names.RESPONSE_MODEL),
    names.EXECUTE_TOOL: (names.TOOL,),
    names.RETRIEVAL: (names.DATA_SOURCE,),
    names.WAIT: (names.WAITS_FOR,),
}


def _facts(span: Span) -> dict[str, Any]:
    facts, usage = span.facts, span.usage
    spent = {names.WASTED_TOKENS: usage.wasted_tokens or None, names.COST: usage.cost_usd} if usage.model_calls else {}
    tokens = {
        names.INPUT_TOKENS: usage.prompt_tokens,
        names.OUTPUT_TOKENS: usage.completion_tokens,
        names.CACHE_READ_TOKENS: usage.cached_tokens,
    }
    spent |= (
        tokens if usage.model_calls and span.kind in ("turn", "model") and not (span.kind == "model" and span.error) else {}
    )
    match span.kind:
        case "run" | "branch":
            began = {names.BEGAN_WITH: facts.get("began_with"), names.QUEUED_SECONDS: facts.get("queued_seconds")}
            again = {names.RESTARTS: facts.get("restarts"), names.VERSION: facts.get("version")}
            branch = {names.BRANCH: span.case_id} if span.kind == "branch" else {}
            return {names.WORKFLOW: span.name, names.END: span.status, **began, **again, **branch, **spent}
        case "turn":
            return {names.AGENT: span.agent, names.BY: facts.get("by"), names.DID: facts.get("did"), **spent}
        case "model":
            asked = facts.get("requested") or span.name
            whom = {names.PROVIDER: facts.get("provider"), names.REQUEST_MODEL: asked, names.RESPONSE_MODEL: span.name}
            return {names.AGENT: span.agent, **whom, names.COUNTED: facts.get("counted"), **spent}
        case "retrieval":
            found = {names.DATA_SOURCE: span.name, names.FOUND: facts.get("found")}
            return {names.AGENT: span.agent, names.TOOL: span.name, names.CALL_ID: facts.get("call_id"), **found}
        case "tool":
            call = {names.TOOL: span.name, names.TOOL_TYPE: "function", names.CALL_ID: facts.get("call_id")}
            return {names.AGENT: span.agent, **call, names.STATUS: span.status, names.BEFORE: facts.get("before")}
        case _:
            return {names.WAITS_FOR: span.name}


def _texts(span: Span, masks: Masks) -> dict[str, str]:
    """What was said, each text of it masked before it becomes a part of JSON, in which it may look otherwise."""
    given, gave = (masks.data(one) for one in (span.given, span.gave))
    match span.kind:
        case "tool":
            return {names.ARGUMENTS: given, names.RESULT: gave}
        case "retrieval":
            return {names.QUERY: given, names.RESULT: gave}
        case "wait":
            return {}
        case _:
            return {names.INPUT_MESSAGES: _messages("user", given), names.OUTPUT_MESSAGES: _messages("assistant", gave)}


def _messages(role: str, text: str) -> str:
    """A message as the conventions write it, in JSON."""
    return as_json([{"role": role, "parts": [{"type": "text", "content": text[:MOST_SAID]}]}]) if text else ""
