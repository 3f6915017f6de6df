"""What an endpoint does not take: how a request is shaped for it, and how that is learned from what it refuses.

Providers say what they refuse in words of their own, but they name the fields of the API. Those names only say what to try
first; what is kept is what was seen to help.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from switchboard.models.failures import Status
from switchboard.toolsets.schemas import plain_schema

Request = dict[str, Any]
Message = dict[str, Any]

REFUSING = (400, 422)
"""Statuses that refuse a request for its form, whatever they name."""
ELSEWHERE = (401, 402, 403, 413, 429)
"""Statuses that say nothing about a request's form."""
CODES = ("content_filter", "context_length_exceeded", "model_not_found", "insufficient_quota", "invalid_api_key")
"""Codes of errors that no other form of the request would mend."""
MOST_WORDS = 4_000
SCHEMA_WORDS = (
    *("exclusiveminimum", "exclusivemaximum", "minimum", "maximum", "multipleof", "minlength", "maxlength", "minitems"),
    *("maxitems", "uniqueitems", "additionalproperties", "patternproperties", "propertynames", "$defs", "$ref", "$schema"),
    *("anyof", "oneof", "allof", "nullable", "keyword", "schema", "function_declarations", "parameters"),
)
FORM = "Answer with one JSON object and nothing else. It must fit this JSON Schema: "
IN_WORDS = (
    "You can call the tools below. To call one, answer with nothing but "
    '{"name": "NAME OF THE TOOL", "arguments": {...}}; its result is told to you then. The tools:\n'
)
GOES_ON = "I see."


@dataclass(frozen=True)
class Quirk:
    """Something that an endpoint does not take.

    `named` are groups of words that a refusal has together where it means this; `without` gives a request that does without.
    """

    name: str
    named: tuple[tuple[str, ...], ...]
    without: Callable[[Request], Request]
    guessed: bool = True
    """Whether it is tried too where a refusal names nothing."""


def shaped(request: Request, refused: Iterable[Quirk]) -> Request:
    """The request as an endpoint takes it that refuses these. What it was given is not changed."""
    for quirk in sorted(refused, key=QUIRKS.index):
        request = quirk.without(request)
    return request


class Search:
    """The search for the form of one request that an endpoint takes, from what it is known to refuse.

    What is tried without is kept only where the refusal changed; what did not help alone is tried together.
    """

    def __init__(self, request: Request, refused: frozenset[Quirk], guess: bool) -> None:
        self.refused = refused
        self._request, self._guess = request, guess
        self._useless: frozenset[Quirk] = frozenset()
        self._together = 1  # how many of the useless were tried together
        self._trying: frozenset[Quirk] = frozenset()
        self._last = ""

    @property
    def request(self) -> Request:
        return shaped(self._request, self.refused)

    def goes_on(self, error: Status) -> bool:
        """Whether there is another form to try after this refusal of the last one; it is `request` then."""
        if error.status in ELSEWHERE or error.code in CODES or error.status < 400:
            return False
        said = error.words or error.body[:MOST_WORDS]
        if said == self._last:
            self.refused -= self._trying
            self._useless |= self._trying
        self._last, self._trying = said, self._next(error)
        self.refused |= self._trying
        return bool(self._trying)

    def _next(self, error: Status) -> frozenset[Quirk]:
        """What to do without next: what the refusal names, then what of that did not help alone, then guesses."""
        now, tried = self.request, self.refused | self._useless
        left = [quirk for quirk in TRIED if quirk not in tried and shaped(self._request, self.refused | {quirk}) != now]
        words = f"{error.body[:MOST_WORDS]} {error.words[:MOST_WORDS]}".lower()
        meant = [quirk for quirk in left if any(all(word in words for word in group) for group in quirk.named)]
        guessed = [quirk for quirk in left if quirk.guessed] if self._guess and error.status in REFUSING else []
        fresh = len(self._useless) > self._together
        if not meant and fresh and (self._together == 1 or not guessed):
            self._together = len(self._useless)
            return self._useless
        return frozenset((meant or guessed)[:1])


def _changed(request: Request, messages: list[Message]) -> Request:
    return request if messages == request["messages"] else {**request, "messages": messages}


def _without(*fields: str) -> Callable[[Request], Request]:
    return lambda request: {name: value for name, value in request.items() if name not in fields}


def _with_room_by_its_new_name(request: Request) -> Request:
    if "max_tokens" not in request:
        return request
    return {"max_completion_tokens" if name == "max_tokens" else name: value for name, value in request.items()}


def _without_foreign_fields(request: Request) -> Request:
    """Messages with what the API itself knows alone."""
    return _changed(request, [_plain(message) for message in request["messages"]])


def _plain(message: Message) -> Message:
    plain = {name: value for name, value in message.items() if name in ("role", "content", "tool_calls", "tool_call_id")}
    if "tool_calls" in plain:
        plain["tool_calls"] = [
            {"id": c["id"], "type": "function", "function": {k: c["function"][k] for k in ("name", "arguments")}}
            for c in plain["tool_calls"]
        ]
    return plain


def _without_null(request: Request) -> Request:
    return _changed(request, [{**m, "content": ""} if m.get("content") is None else m for m in request["messages"]])


def _with_plain_schemas(request: Request) -> Request:
    if "tools" not in request:
        return request
    tools = []
    for tool in request["tools"]:
        function = {name: value for name, value in tool["function"].items() if name != "parameters"}
        parameters = plain_schema(tool["function"].get("parameters", {}))
        function |= {"parameters": parameters} if parameters.get("properties") else {}  # an object without any is refused too
        tools.append({**tool, "function": function})
    return {**request, "tools": tools}


def _with_any_object(request: Request) -> Request:
    """Any JSON object will do; its form stands in the prompt, and where some local servers look for it."""
    asked = request.get("response_format", {}).get("json_schema")
    if asked is None:
        return request
    schema = asked.get("schema", asked)
    form = {"type": "json_object", "schema": schema}
    return {**request, "response_format": form, "messages": _told(request["messages"], FORM + _compact(schema))}


def _with_the_form_in_words(request: Request) -> Request:
    return _without("response_format")(_with_any_object(request))


def _with_tools_in_words(request: Request) -> Request:
    if "tools" not in request:
        return request
    rest = _without("tools", "tool_choice", "parallel_tool_calls")(request)
    told = [tool["function"] for tool in request["tools"]] if request.get("tool_choice") != "none" else []
    messages = _told(rest["messages"], IN_WORDS + "\n".join(map(_compact, told))) if told else rest["messages"]
    return {**rest, "messages": history_in_words(messages)}


def _with_history_in_words(request: Request) -> Request:
    return _changed(request, history_in_words(request["messages"]))


def _with_calls_of_others_in_words(request: Request) -> Request:
    """Calls that lack what this endpoint writes beside its own, such as those of the rules, as text."""
    own = [m["tool_calls"] for m in request["messages"] if m.get("tool_calls") and m != _plain(m)]
    kept = frozenset(call["id"] for calls in own for call in calls)
    return _changed(request, history_in_words(request["messages"], kept))


def history_in_words(messages: list[Message], kept: Collection[str] = ()) -> list[Message]:
    """The messages with calls and results as text, but for the `kept` ones, as a model can read them that knows no tools."""
    names = {call["id"]: call["function"]["name"] for m in messages for call in m.get("tool_calls", ())}
    rows = []
    for message in messages:
        ids = [message.get("tool_call_id"), *(call["id"] for call in message.get("tool_calls", ()))]
        if any(name in kept for name in ids):
            rows.append(message)
        elif message.get("tool_calls"):
            calls = [
                f'{{"name": {json.dumps(call["function"]["name"])}, "arguments": {call["function"]["arguments"]}}}'
                for call in message["tool_calls"]
            ]
            rows.append({"role": "assistant", "content": "\n".join([*filter(None, [message.get("content")]), *calls])})
        elif message["role"] == "tool":
            name = names.get(message.get("tool_call_id"), "a tool")
            rows.append({"role": "user", "content": f"The result of {name}: {message['content']}"})
        else:
            rows.append(message)
    return rows


def _without_system(request: Request) -> Request:
    """What the system would say begins the first message of the user."""
    system = [m["content"] for m in request["messages"] if m["role"] == "system"]
    if not system:
        return request
    rest = [m for m in request["messages"] if m["role"] != "system"]
    first = [rest.pop(0)["content"]] if rest and rest[0]["role"] == "user" else []
    return {**request, "messages": [{"role": "user", "content": "\n\n".join([*system, *first])}, *rest]}


def _with_roles_in_turn(request: Request) -> Request:
    """User and assistant take turns, and after results of tools the assistant speaks first."""
    return _changed(request, list(_in_turn(request["messages"])))


def _in_turn(messages: list[Message]) -> Iterator[Message]:
    held: Message | None = None
    for message in messages:
        same = held is not None and held["role"] == message["role"] and message["role"] in ("user", "assistant")
        if held is not None and same and not held.get("tool_calls"):
            texts = [text for text in (held.get("content"), message.get("content")) if text]
            held = {**held, **message, "content": "\n\n".join(texts) or None}
            continue
        if held is not None:
            yield held
            if held["role"] == "tool" and message["role"] == "user":
                yield {"role": "assistant", "content": GOES_ON}
        held = message
    if held is not None:
        yield held


def _streamed(request: Request) -> Request:
    return {**request, "stream": True, "stream_options": {"include_usage": True}}


def _told(messages: list[Message], text: str) -> list[Message]:
    """The messages with a text behind what the system says."""
    if messages and messages[0]["role"] == "system":
        return [{**messages[0], "content": f"{messages[0]['content']}\n\n{text}"}, *messages[1:]]
    return [{"role": "system", "content": text}, *messages]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


QUIRKS = (
    Quirk("temperature", (("temperature",),), _without("temperature")),
    Quirk("tool_choice", (("tool_choice",), ("tool choice",)), _without("tool_choice")),
    Quirk("max_tokens", (("max_tokens",), ("max_completion_tokens",)), _with_room_by_its_new_name),
    Quirk("fields that it wrote beside calls", (("extra_",), ("reasoning",), ("thinking",), ("extra", "field"),
          ("unknown", "field"), ("additional", "propert")), _without_foreign_fields),
    Quirk("messages without content", (("content", "null"), ("content", "none"), ("content", "string"), ("content", "required"),
          ("content", "empty")), _without_null),
    Quirk("some words of JSON Schema", tuple((word,) for word in SCHEMA_WORDS), _with_plain_schemas),
    Quirk("json_schema", (("response_format",), ("json_schema",), ("json schema",), ("response format",), ("structured",)),
          _with_any_object),
    Quirk("response_format", (("response_format",), ("json_schema",), ("json schema",), ("json mode",), ("response format",),
          ("structured",), ("grammar",), ("guided",), ("mime",)), _with_the_form_in_words),
    Quirk("answering in one piece", (("stream",),), _streamed, guessed=False),
    Quirk("tools", (("tool", "support"), ("function", "support"), ("tool", "not allowed"), ("tool", "enable"), ("tools",),
          ("functions",), ("tool", "unknown"), ("tool-call",), ("tool use",)), _with_tools_in_words),
    Quirk("calls that it did not make itself", (("thought_signature",), ("thoughtsignature",)), _with_calls_of_others_in_words),
    Quirk("calls and results of tools", (("role", "tool"), ("tool_call",), ("tool call",), ("function call",),
          ("functioncall",), ("assistant", "roles")), _with_history_in_words),
    Quirk("a system role", (("system",), ("developer",), ("assistant", "roles")), _without_system),
    Quirk("roles that do not take turns", (("role",), ("alternat",), ("conversation",)), _with_roles_in_turn),
)  # fmt: skip
"""In the order in which they are applied: what writes into the system's text comes before what moves it."""
LAST = ("calls and results of tools", "json_schema", "response_format", "answering in one piece", "tools")
TRIED = (*(q for q in QUIRKS if q.name not in LAST), *(next(q for q in QUIRKS if q.name == name) for name in LAST))
"""In the order in which they are tried: what costs most comes last."""
