"""A request from the arguments of a call: each stays in its place, whatever it holds."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from switchboard.characters import washed_data
from switchboard.errors import ToolError
from switchboard.toolsets.openapi.operations import TEMPLATE, Call
from switchboard.toolsets.openapi.places import FORM, Place

LONGEST_TARGET, LONGEST_HEADER, LARGEST_BODY = 8_000, 2_000, 200_000
STEPS = re.compile(r"[/\\]")


@dataclass(frozen=True)
class Request:
    """`target` is the path and query behind the address of the server."""

    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


def request_of(call: Call, arguments: Mapping[str, Any]) -> Request:
    """Raises ToolError for a value that cannot stand where it belongs; nothing was sent then."""
    given = [(place, arguments[place.argument]) for place in call.places if arguments.get(place.argument) is not None]
    paths = {place.name: _in_path(place, value) for place, value in given if place.where == "path"}
    for place in call.places:
        if place.where == "path" and place.name not in paths:
            raise _wrong(place, "it is missing")
    target = TEMPLATE.sub(lambda match: paths[match[1]], call.path)
    if any(part in (".", "..") for part in target.split("/")):
        raise ToolError("The arguments make no path of the other side.", code="wrong_arguments")
    query = "&".join(pair for place, value in given if place.where == "query" for pair in _pairs(place, value))
    headers = {place.name: _in_header(place, value) for place, value in given if place.where == "header"}
    cookies = "; ".join(f"{place.name}={_quoted(_text(place, value))}" for place, value in given if place.where == "cookie")
    headers |= {"Cookie": cookies} if cookies else {}
    body = _body(call, given)
    headers |= {"Content-Type": call.media} if body is not None else {}
    target = f"{target}?{query}" if query else target
    if len(target) > LONGEST_TARGET or len(body or b"") > LARGEST_BODY:
        raise ToolError("The arguments are too long to be sent.", code="wrong_arguments")
    return Request(target, headers, body)


def _in_path(place: Place, value: Any) -> str:
    """A value as a part of a path. What a server or one before it might take for a step up or down is refused."""
    text = ",".join(_text(place, one) for one in value) if isinstance(value, list) else _text(place, value)
    plain = text
    for _ in range(4):  # some decode more than once
        if not plain or not plain.isprintable() or {".", ".."} & set(STEPS.split(plain)):
            raise _wrong(place, "it cannot stand in an address")
        plain = unquote(plain)
    return _quoted(text)


def _pairs(place: Place, value: Any) -> list[str]:
    name = _quoted(place.name)
    if not isinstance(value, list):
        return [f"{name}={_quoted(_text(place, value))}"]
    each = [_quoted(_text(place, one)) for one in value]
    return [f"{name}={one}" for one in each] if place.exploded else [f"{name}={','.join(each)}"]


def _in_header(place: Place, value: Any) -> str:
    text = ",".join(_text(place, one) for one in value) if isinstance(value, list) else _text(place, value)
    if not text.isascii() or not text.isprintable() or len(text) > LONGEST_HEADER or text != text.strip():
        raise _wrong(place, "it cannot stand in a header")
    return text


def _body(call: Call, given: list[tuple[Place, Any]]) -> bytes | None:
    whole = next((value for place, value in given if place.where == "body"), None)
    fields = [(place, value) for place, value in given if place.where == "field"]
    if call.media == FORM:
        pairs = [pair for place, value in fields for pair in _pairs(place, value)]
        return "&".join(pairs).encode() if call.places and _has_body(call) else None
    if whole is None and not _has_body(call):
        return None
    value = whole if whole is not None else {place.name: value for place, value in fields}
    try:
        return json.dumps(washed_data(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError):
        raise ToolError("The arguments are none that can be sent as JSON.", code="wrong_arguments") from None


def _has_body(call: Call) -> bool:
    """Whether a body is sent, if an empty one: it has fields."""
    return any(place.where == "field" for place in call.places)


def _text(place: Place, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(washed_data(str(value)))
        case _:
            raise _wrong(place, "it is no text and no number")


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _wrong(place: Place, why: str) -> ToolError:
    return ToolError(f"{place.argument}: {why}.", code="wrong_arguments", arguments=[place.argument])
