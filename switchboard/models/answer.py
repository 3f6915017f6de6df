"""A model's answer: the body of a chat completion, read without building a client library's models."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from switchboard.declare.outcomes import Answer, ModelCall
from switchboard.errors import SwitchboardError
from switchboard.models.endpoints import Endpoint

CHARACTERS_PER_TOKEN = 4  # the usual rule of thumb for English; real tokenizers fetch tables from the network


class BadAnswer(SwitchboardError):
    """The endpoint answered with something that is no answer. `unreadable` when it is not even a chat completion."""

    who = "other side"

    def __init__(self, message: str, *, unreadable: bool = True) -> None:
        super().__init__(message)
        self.unreadable = unreadable


def read_answer(body: bytes, request: Mapping[str, Any], endpoint: Endpoint, index: int, prices: Mapping[str, Any]) -> Answer:
    """The answer in a completion's body. Raises BadAnswer for HTML, broken JSON, no choices, and an empty message."""
    try:
        document = json.loads(body)
        message = document["choices"][0]["message"]
        text = _text(message.get("content")) or _text(message.get("refusal"))
        calls = _calls(message.get("tool_calls") or [])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        kind = "a web page" if body.lstrip()[:1] == b"<" else "no chat completion"
        raise BadAnswer(f"answered with {kind}; is base_url right?") from None
    if not text.strip() and not calls:
        raise BadAnswer("answered with an empty message", unreadable=False)
    usage = document.get("usage")
    asked, said, counted = _tokens(usage if isinstance(usage, dict) else {}, request, message)
    model = document.get("model") if isinstance(document.get("model"), str) else endpoint.model
    price = endpoint.price or prices.get(endpoint.model) or prices.get(model)
    cost = (asked * price[0] + said * price[1]) / 1000 if isinstance(price, tuple) else 0.0
    return Answer(text, calls, model, asked, said, cost, index, counted, isinstance(price, tuple))


def _text(content: Any) -> str:
    """The text of a message: a string, or the joined text parts of a list."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part.get("type") == "text")
    if content is None or isinstance(content, str):
        return content or ""
    raise TypeError("content is neither text nor parts")


def _calls(raw: list[dict[str, Any]]) -> tuple[ModelCall, ...]:
    """The calls, each with an id of its own: some servers send none, or the same one twice."""
    calls: list[ModelCall] = []
    for item in raw:
        name, arguments, given = item["function"]["name"], item["function"].get("arguments"), item.get("id")
        if not isinstance(name, str):
            raise TypeError("a call has no name")
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments if arguments is not None else {})
        fresh = isinstance(given, str) and given and all(given != call.id for call in calls)
        calls.append(ModelCall(str(given) if fresh else f"call_{uuid4().hex[:24]}", name, arguments))
    return tuple(calls)


def _tokens(usage: dict[str, Any], request: Mapping[str, Any], message: Any) -> tuple[int, int, bool]:
    """Prompt and completion tokens, and whether the provider counted them."""
    asked, said = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if isinstance(asked, int) and isinstance(said, int) and asked > 0:
        return asked, said, True
    return estimated_tokens([request.get("messages"), request.get("tools")]), estimated_tokens(message), False


def estimated_tokens(value: Any) -> int:
    """Tokens of JSON-ready data, from its characters."""
    return len(json.dumps(value, ensure_ascii=False, default=str)) // CHARACTERS_PER_TOKEN
