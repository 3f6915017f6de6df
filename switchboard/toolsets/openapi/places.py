"""Arguments of an operation and their places in its request: path, query, header, cookie, or a field of the body."""

import keyword
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel

from switchboard.characters import shown
from switchboard.errors import DeclarationError
from switchboard.toolsets.argument_types import DEEPEST, LONGEST_ABOUT, inlined, resolved
from switchboard.toolsets.facts import Facts

Where = Literal["path", "query", "header", "cookie", "field", "body"]
STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
"""How a parameter is written unless the description says otherwise; other ways are not known here."""
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
OURS = frozenset(["accept", "accept-encoding", "content-type", "content-encoding", "authorization", "user-agent"])
"""Headers that a description may name and that are no arguments."""
OF_THE_WAY = frozenset(
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "proxy-authorization"]
)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")


@dataclass(frozen=True)
class Place:
    """Where an argument goes, and as what. A list in a query is written once for each of it where it is `exploded`."""

    argument: str
    name: str
    where: Where
    schema: Mapping[str, Any]
    required: bool = False
    exploded: bool = True


@dataclass(frozen=True)
class Places:
    """All places of an operation; `media` is the type of its body, none where it has none. `left_out` are the parameters that
    cannot be given here, and need not be.
    """

    places: tuple[Place, ...]
    media: str = ""
    left_out: tuple[str, ...] = field(default=())


IDEMPOTENCY = re.compile(r"idempot|request.?id|dedup|transaction.?id|client.?token", re.IGNORECASE)
"""How headers are called by which an API does once what has the same key."""


def places_of(
    item: Mapping[str, Any],
    operation: Mapping[str, Any],
    root: Mapping[str, Any],
    facts: Facts,
    sent: Collection[str] = (),
) -> Places:
    """The places of an operation of a path's `item`. Raises DeclarationError for what must be given and cannot be. The headers
    that are `sent` with each request are none.
    """
    own = {*OURS, (facts.key or "").lower(), *(name.lower() for name in sent)}
    found: dict[tuple[str, str], Place | None] = {}
    left_out: list[str] = []
    for parameter in [*_list(item.get("parameters")), *_list(operation.get("parameters"))]:
        parameter = resolved(parameter, root)
        where, name = str(parameter.get("in")), str(parameter.get("name", ""))
        if where == "header" and name.lower() in own:
            continue
        try:
            found[where, name] = _parameter(parameter, root)
        except DeclarationError as error:
            if parameter.get("required") is True or where == "path":
                raise DeclarationError(f"the parameter {name[:80]!r}: {error}") from None
            left_out.append(name[:80])
    media, fields, without = _body(operation, root)
    named = _named([*(place for place in found.values() if place), *fields], facts.names)
    return Places(tuple(named), media, (*left_out, *without))


def check_key(item: Mapping[str, Any], operation: Mapping[str, Any], root: Mapping[str, Any], key: str) -> None:
    """Refuse a header that nothing says the key of a call is taken in: it would be sent again, and done again. Where the
    description declares one for it, it is that; else its name says so. Raises DeclarationError.
    """
    declared = [resolved(one, root) for one in (*_list(item.get("parameters")), *_list(operation.get("parameters")))]
    headers = [str(one.get("name", "")) for one in declared if one.get("in") == "header"]
    if key.lower() in (name.lower() for name in headers):
        return
    ours = [name for name in headers if IDEMPOTENCY.search(name)]
    if ours:
        raise DeclarationError(f"key names {key!r}; its description declares {ours[0][:80]!r}")
    if not IDEMPOTENCY.search(key):
        raise DeclarationError(f"key names {key!r}, which its description does not declare; without a key an operator is asked")


def _parameter(parameter: Mapping[str, Any], root: Mapping[str, Any]) -> Place:
    where, name = parameter.get("in"), parameter.get("name")
    if where not in STYLES:
        raise DeclarationError(f"it stands in {str(where)[:40]!r}, which is not known here")
    if not isinstance(name, str) or not 0 < len(name) <= 100:
        raise DeclarationError("it has no name of up to 100 characters")
    if where in ("header", "cookie") and not is_header(name):
        raise DeclarationError(f"it is no name of a {where} that may be set")
    if not isinstance(parameter.get("schema"), Mapping):
        raise DeclarationError("it is given as a document of its own, which is not known here")
    style = parameter.get("style", STYLES[where])
    schema = inlined(parameter["schema"], root)
    kinds = schema.get("type")
    kind = next((one for one in kinds if one != "null"), None) if isinstance(kinds, list) else kinds
    if style != STYLES[where] or kind == "object" or (kind == "array" and where == "cookie"):
        raise DeclarationError(f"it is written as {str(style)[:40]!r} {kind or ''}, which is not known here".replace("  ", " "))
    exploded = parameter.get("explode", style == "form") is True
    about = parameter.get("description")
    if isinstance(about, str) and about.strip():
        schema = {"description": " ".join(shown(about).split())[:LONGEST_ABOUT], **schema}
    return Place("", name, where, schema, parameter.get("required") is True or where == "path", exploded)


def is_header(name: str) -> bool:
    """Whether a header may be set to a value: those of the connection itself may not."""
    return bool(TOKEN.fullmatch(name)) and name.lower() not in OF_THE_WAY


def _body(operation: Mapping[str, Any], root: Mapping[str, Any]) -> tuple[str, list[Place], list[str]]:
    """The type of the body, the places in it, and what is left out of it. Raises DeclarationError."""
    body = resolved(operation.get("requestBody") or {}, root)
    contents = body.get("content")
    contents = contents if isinstance(contents, Mapping) else {}
    media = media_of(contents)
    if not media:
        if contents and body.get("required") is True:
            raise DeclarationError(f"its body is {', '.join(map(str, contents))[:120]}; only JSON and forms are sent from here")
        return "", [], ["body"] if contents else []
    schema = resolved(contents[media], root).get("schema")
    schema = schema if isinstance(schema, Mapping) else {}
    sent = FORM if media.partition(";")[0].strip().lower() == FORM else JSON
    properties, wanted = properties_of(schema, root)
    if not properties:
        if sent == FORM:
            raise DeclarationError("its body is a form that names no fields")
        return sent, [Place("", "body", "body", inlined(schema, root), body.get("required") is True)], []
    places, left_out = [], []
    for name, part in properties.items():
        if resolved(part, root).get("readOnly") is True:
            continue
        try:
            inside = inlined(part, root)
            if sent == FORM and _is_nested(inside):
                raise DeclarationError("it is nested, and a form is flat")
            places.append(Place("", name, "field", inside, name in wanted))
        except DeclarationError as error:
            if name in wanted:
                raise DeclarationError(f"the field {name[:80]!r} of its body: {error}") from None
            left_out.append(name[:80])
    return sent, places, left_out


def media_of(contents: Mapping[str, Any]) -> str:
    """The name of the content that is JSON, else of the form; none where there is neither."""
    plain = {str(name): str(name).partition(";")[0].strip().lower() for name in contents}
    ranks = {name: _rank(one) for name, one in plain.items()}
    return min((name for name, rank in ranks.items() if rank), key=lambda name: ranks[name], default="")


def _rank(media: str) -> int:
    """How well a type can be sent and read here, 1 the best; 0 where it cannot."""
    wild = 4 if media in ("*/*", "application/*") else 0
    return 1 if media == JSON else 2 if media.endswith("+json") else 3 if media == FORM else wild


def properties_of(schema: Mapping[str, Any], root: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The properties of an object, those of all of its `allOf` among them, and which of them must be given."""
    found: dict[str, Any] = {}
    wanted: set[str] = set()
    todo, seen = [schema], 0
    while todo and (seen := seen + 1) <= 10 * DEEPEST:
        part = resolved(todo.pop(), root)
        if isinstance(part.get("properties"), Mapping):
            found = {**part["properties"], **found}
        wanted |= {str(one) for one in _list(part.get("required"))}
        todo += [one for one in _list(part.get("allOf")) if isinstance(one, Mapping)]
    return found, wanted


def _named(places: list[Place], names: Mapping[str, str]) -> Iterator[Place]:
    """The places with names for arguments: as the facts say, else as the other side does where that can be one."""
    whose = {}
    for argument, theirs in names.items():
        if not _is_free(argument):
            raise DeclarationError(f"names: {argument!r} cannot be what an argument is called")
        matching = [place for place in places if theirs in (place.name, f"{_said(place)}.{place.name}")]
        if len(matching) != 1:
            known = ", ".join(f"{_said(place)}.{place.name}" for place in places)[:600]
            raise DeclarationError(f"names: {argument!r} is to be {theirs[:80]!r}; there is {known or 'nothing to name'}")
        whose[id(matching[0])] = argument
    taken = set(names)
    for place in places:
        argument = whose.get(id(place)) or _argument(place, taken)
        taken.add(argument)
        yield replace(place, argument=argument)


def _argument(place: Place, taken: set[str]) -> str:
    plain = re.sub(r"\W+", "_", place.name, flags=re.ASCII).strip("_")[:50]
    plain = plain if plain[:1].isalpha() else f"a_{plain}".rstrip("_")
    plain = plain if _is_free(plain) else f"{plain}_"
    for name in (plain, f"{_said(place)}_{plain}", *(f"{plain}_{number}" for number in range(2, 1000))):
        if name not in taken:
            return name
    raise DeclarationError(f"it has too many arguments that are called {plain}")


def _is_free(argument: str) -> bool:
    """Whether an argument can be called so: the types of arguments are classes, whose own names are not free."""
    return argument[:1].isalpha() and argument != "ctx" and not keyword.iskeyword(argument) and not hasattr(BaseModel, argument)


def _said(place: Place) -> str:
    return "body" if place.where == "field" else place.where


def _is_nested(schema: Mapping[str, Any]) -> bool:
    inside = schema.get("items", {}) if schema.get("type") == "array" else schema
    return inside.get("type") in ("object", "array") or "anyOf" in inside


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
