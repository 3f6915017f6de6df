"""A model's answer: the body of a chat completion, read without building a client library's models."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.declare.outcomes import Answer, ModelCall, Wasted
from switchboard.models.answers.arguments import Offered, call_ids, mended, name_of, parsed, whole
from switchboard.models.answers.marks import without_halves, without_headings, without_thinking, without_tokens
from switchboard.models.answers.written_calls import holds_marks_of_calls, written_calls
from switchboard.models.endpoints import Endpoint
from switchboard.models.failures import BadAnswer, status_inside
from switchboard.models.money.prices import Prices, Tokens
from switchboard.models.providers import provider_of

CHARACTERS_PER_TOKEN = 4  # the usual rule of thumb for English; real tokenizers fetch tables from the network
MOST_TOKENS = 100_000_000
"""That one answer can be said to have taken; what a server counts beyond that, or below zero, is not believed."""
MOST_TEXT, MOST_CALLS, MOST_FIELDS, MOST_NAME = 100_000, 16, 50_000, 200
"""Characters of one answer's text, its calls, and characters of what a provider writes beside one call, and of a name."""
MOST_PIECES = 100
"""Calls of a message that are looked at at all: more than are taken, since the same one may stand there twice."""
ROOM = 4_096
"""Tokens that an answer is given when it was cut off, where the entry does not say how many it may have."""
CUT = ("length", "max_tokens", "model_length", "model_context_window_exceeded")
DECLINED = ("content_filter", "safety", "recitation", "refusal", "blocklist", "prohibited_content", "spii")
BROKEN = ("error", "malformed_function_call", "network_error", "insufficient_system_resource", "abort", "cancelled")
"""What servers name as the reason why an answer ended, where it is no whole one."""
ARGUMENTS = ("arguments", "parameters", "input")
"""How providers call the arguments of a call; and below, the parts of a content that are one."""
PARTS_THAT_CALL = ("tool_use", "function_call", "tool_call")
OF_THE_API = ("role", "content", "tool_calls", "function_call", "refusal", "annotations", "audio", "name")
CACHED = ("prompt_cache_hit_tokens", "cache_read_input_tokens")
"""How DeepSeek and Anthropic call what OpenAI has in `prompt_tokens_details`."""
STREAM = (b"data:", b"event:", b"id:", b"retry:", b":")


def read_document(body: bytes) -> dict[str, Any]:
    """The completion in a body, also where it comes as a stream of events. Raises Status for an error that came in its place,
    and BadAnswer for HTML, broken JSON and what is no completion.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        document = _joined(body) if body.startswith(STREAM) else json.loads(body)
    except (ValueError, TypeError, AttributeError, RecursionError):
        document = None
    choices = document.get("choices") if isinstance(document, dict) else None
    if isinstance(document, dict) and isinstance(choices, list) and choices:
        return document
    inside = status_inside(document) if isinstance(document, dict | list) else None
    if inside:
        raise inside
    if isinstance(document, dict) and choices == [] and "usage" in document:
        return {**document, "choices": [{"message": {}}]}  # nothing was said, and it was billed
    kind = "a web page" if body[:1] == b"<" else "no chat completion"
    raise BadAnswer(f"answered with {kind}; is base_url right?")


def _joined(body: bytes) -> dict[str, Any]:
    """The completion that a stream of events makes. Each event is one line of data, as all servers send it."""
    head: dict[str, Any] = {}
    message: dict[str, Any] = {"role": "assistant", "content": ""}
    calls: list[dict[str, Any]] = []
    finish = None
    for event in _events(body):
        if not event.get("choices") and event.get("error"):
            return {"error": event["error"]}
        head.update((name, event[name]) for name in ("model", "usage") if event.get(name))
        for choice in event.get("choices") or ():
            part = choice.get("delta") or choice.get("message") or {}
            finish = choice.get("finish_reason") or finish
            for number, call in enumerate((part.get("tool_calls") or ())[:MOST_PIECES]):
                _join(_same_call(calls, {"index": number, **call}), call)
            _join(message, {name: value for name, value in part.items() if name not in ("tool_calls", "role")})
    if calls:
        message["tool_calls"] = calls
    said = finish or calls or message["content"]
    return {**head, "choices": [{"message": message, "finish_reason": finish}]} if said else {}


def _same_call(calls: list[dict[str, Any]], piece: Mapping[str, Any]) -> dict[str, Any]:
    """The call that a piece continues, by its index; by its id too, as some servers give all calls the same index."""
    same = (
        c for c in reversed(calls[-MOST_PIECES:]) if c["index"] == piece["index"] and piece.get("id") in (None, "", c.get("id"))
    )
    call = next(same, None)
    if call is None:
        call = {"index": piece["index"]}
        calls.append(call)
    return call


def _events(body: bytes) -> Iterator[dict[str, Any]]:
    for line in body.splitlines():
        data = line.removeprefix(b"data:").strip()
        if data.startswith(b"{"):  # or a whole completion, behind comments that kept the connection alive
            yield json.loads(data)


def _join(so_far: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Add a piece to what came before: texts are continued, the rest is put in place."""
    for name, value in part.items():
        before = so_far.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            _join(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            before.extend(value)
        elif isinstance(before, str) and isinstance(value, str) and name not in ("id", "type", "name"):
            so_far[name] = before + value if len(before) < MOST_TEXT else before
        elif value is not None and not (before and value == ""):
            so_far[name] = value.copy() if isinstance(value, dict | list) else value


def read_answer(
    document: Mapping[str, Any], request: Mapping[str, Any], endpoint: Endpoint, index: int, prices: Prices
) -> Answer:
    """The answer in a completion, in reply to the request as it was meant. Raises BadAnswer, with what it cost, for one that
    was cut off, filtered or refused, that is empty, or that has no form.
    """
    offered = _offered(request)
    tokens, counted = _tokens(document.get("usage"), request, document.get("choices"))
    model = without_halves(document["model"][:MOST_NAME]) if isinstance(document.get("model"), str) else endpoint.model
    cost = prices.cost(endpoint, model, tokens)
    bill = Wasted(1, tokens.prompt + tokens.completion, cost or 0.0, 1 if cost is None else 0)
    try:
        choice = _chosen(document["choices"])
        message = choice.get("message") or {"content": choice.get("text")}
        text = _text(message.get("content"))
        calls = _calls(message, offered) if offered else ()
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise BadAnswer("answered with no chat completion; is base_url right?", wasted=bill) from None
    text = without_thinking(without_halves(text[:MOST_TEXT]))
    if not calls and "response_format" not in request:
        written = written_calls(text, offered)
        calls = tuple(ModelCall(call_id, *call) for call_id, call in zip(call_ids(), written, strict=False))
        text = "" if calls else without_headings(text)
    said = tokens.completion
    if said >= ROOM and str(choice.get("finish_reason")).lower() in CUT and not text.strip() and not calls:
        raise BadAnswer(f"used up {said:,} tokens before it came to an answer", "declined", bill)
    _judge(choice, message, text, calls, bill, None if "response_format" in request else offered)
    return Answer(
        without_tokens(text),
        calls[:MOST_CALLS],
        model,
        tokens.prompt,
        said,
        cost or 0.0,
        index,
        counted,
        priced=cost is not None,
        cached_tokens=tokens.cached,
        provider=provider_of(endpoint),
        requested=endpoint.model,
    )


def _judge(
    choice: Mapping[str, Any],
    message: Mapping[str, Any],
    text: str,
    calls: tuple[ModelCall, ...],
    bill: Wasted,
    offered: Offered | None,
) -> None:
    """Raise BadAnswer where this is no answer to go on with. `offered` is None where data was asked for, not words."""
    finish = str(choice.get("finish_reason") or "").lower()
    callable_as_they_are = bool(calls) and all(_is_object(call.arguments) for call in calls)
    refusal = message.get("refusal")
    if finish in DECLINED or (isinstance(refusal, str) and refusal.strip() and not calls):
        raise BadAnswer(f"declined to answer ({finish or 'refusal'})", "declined", bill)
    if finish in CUT and not callable_as_they_are:
        raise BadAnswer("was cut off before its answer was whole", "cut", bill)
    if (finish in BROKEN or choice.get("error")) and not callable_as_they_are:
        said = status_inside({"error": choice.get("error")})
        raise BadAnswer(f"broke off its answer ({(said and said.words) or finish or 'error'})", "broken", bill)
    if not calls and not without_tokens(text).strip():
        raise BadAnswer("answered with an empty message", "broken", bill)
    if not calls and offered is not None and holds_marks_of_calls(text, offered):
        raise BadAnswer("answered with a call, written as text, that cannot be read", "broken", bill)


def _same(one: str, other: str) -> bool:
    """Whether arguments are the same, in whatever order."""
    try:
        return bool(one == other or json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return False


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False


def _chosen(choices: list[Any]) -> dict[str, Any]:
    """Of several choices the one with calls, else the first that says something: some servers part words and calls."""
    found = [choice for choice in choices if isinstance(choice, dict)]
    messages = [(choice, choice.get("message") or {}) for choice in found]
    with_calls = [choice for choice, message in messages if message.get("tool_calls") or message.get("function_call")]
    with_words = [choice for choice, message in messages if message.get("content")]
    return [*with_calls, *with_words, *found][0]


def _text(content: Any) -> str:
    """The text of a message: a string, or the joined text parts of a list. Parts of other kinds, such as thinking, are none."""
    if isinstance(content, list | dict):
        parts = [part for part in _parts(content) if part.get("type", "text") in ("text", "output_text")]
        return "".join(str(part.get("text") or "") for part in parts)
    if content is None or isinstance(content, str):
        return content or ""
    raise TypeError("content is neither text nor parts")


def _parts(content: Any) -> list[dict[str, Any]]:
    """The parts of a content that is no string."""
    items = [content] if isinstance(content, dict) else content if isinstance(content, list) else []
    return [part if isinstance(part, dict) else {"type": "text", "text": part} for part in items]


def _offered(request: Mapping[str, Any]) -> Offered:
    """The tools that may be called: a call by somebody who was offered none is none."""
    if request.get("tool_choice") == "none":
        return {}
    return {tool["function"]["name"]: tool["function"].get("parameters", {}) for tool in request.get("tools", ())}


def _calls(message: Mapping[str, Any], offered: Offered) -> tuple[ModelCall, ...]:
    """The calls, each with an id of its own: some servers send none, or the same one twice. A call that stands there twice is
    made once.
    """
    raw = message.get("tool_calls") or [p for p in _parts(message.get("content")) if p.get("type") in PARTS_THAT_CALL]
    raw = parsed(raw) if isinstance(raw, str) else raw
    raw = [raw] if isinstance(raw, dict) else raw
    if not isinstance(raw, list):
        raise TypeError("the calls are no list")
    if not raw and message.get("function_call"):
        raw = [{"function": message["function_call"]}]
    calls: list[ModelCall] = []
    ids = call_ids()
    beside = {name: value for name, value in message.items() if name not in OF_THE_API and value}
    for item in raw[:MOST_PIECES]:
        function, given = item.get("function") or item, without_halves(str(item.get("id") or ""))[:MOST_NAME]
        if not isinstance(function["name"], str):
            raise TypeError("a call has no name")
        name = name_of(without_halves(function["name"])[:MOST_NAME], offered)
        arguments = mended(next((function[key] for key in ARGUMENTS if key in function), None), offered.get(name, {}))
        if any(call.name == name and _same(call.arguments, arguments) for call in calls):
            continue
        fresh = given and all(given != call.id for call in calls)
        calls.append(
            ModelCall(given if fresh else next(ids), name, arguments, _fields(item, function, {} if calls else beside))
        )
    return tuple(calls)


def _fields(item: Mapping[str, Any], function: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    """What a provider wrote beside a call, in its function and beside the message, which the prompt's `add_line` sends back."""
    known = ("id", "type", "function", "index", "name", *ARGUMENTS)
    fields = {name: value for name, value in item.items() if name not in known}
    inner = {name: value for name, value in function.items() if name not in known} if function is not item else {}
    fields |= {"function": inner} if inner else {}
    fields |= {"message": dict(beside)} if beside else {}
    return whole(fields) if fields and len(json.dumps(fields)) <= MOST_FIELDS else {}


def _tokens(usage: Any, request: Mapping[str, Any], message: Any) -> tuple[Tokens, bool]:
    """What an answer took, and whether the provider counted it. Where the total is more, it thought for the rest."""
    usage = usage if isinstance(usage, dict) else {}
    asked = usage.get("prompt_tokens", usage.get("input_tokens"))
    said = usage.get("completion_tokens", usage.get("output_tokens"))
    if _is_count(asked) and _is_count(said) and asked > 0:
        total = usage.get("total_tokens")
        return Tokens(asked, max(said, total - asked) if _is_count(total) else said, _cached(usage, asked)), True
    return Tokens(estimated_tokens([request.get("messages"), request.get("tools")]), estimated_tokens(message)), False


def _cached(usage: Mapping[str, Any], asked: int) -> int | None:
    """Tokens of the prompt that came out of a cache; None where the provider does not say."""
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details")
    told = details.get("cached_tokens") if isinstance(details, dict) else None
    counts: list[Any] = [told, *(usage.get(name) for name in CACHED)]
    return next((min(int(count), asked) for count in counts if _is_count(count)), None)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_TOKENS


def estimated_tokens(value: Any) -> int:
    """Tokens of JSON-ready data, from its characters."""
    return len(json.dumps(value, ensure_ascii=False, default=str)) // CHARACTERS_PER_TOKEN
