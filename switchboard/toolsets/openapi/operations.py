"""The calls that a project lists, found in a description: what models may give, where it goes, and what an answer holds."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.characters import shown
from switchboard.errors import DeclarationError, did_you_mean, nearest
from switchboard.toolsets.argument_types import LONGEST_ABOUT, resolved
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.openapi.description import METHODS
from switchboard.toolsets.openapi.fields import answer_schema, fields_of
from switchboard.toolsets.openapi.places import Place, Places, check_key, is_header, places_of
from switchboard.toolsets.remote import Operation
from switchboard.toolsets.schemas import Leaf, lacks

BY_PATH = re.compile(r"([A-Za-z]{3,7})\s+(/\S*)")
READING = ("get", "head", "query", "post")
"""What may be called to read; a POST often searches."""
TEMPLATE = re.compile(r"\{([^{}/]{1,100})\}")
LONGEST_PATH = 1_000


@dataclass(frozen=True)
class Found:
    """An operation as its description has it; `item` is what all operations of its path share."""

    method: str
    path: str
    item: Mapping[str, Any]
    operation: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One listed call: how it is asked, and what its answer is checked by."""

    name: str
    method: str
    path: str
    places: tuple[Place, ...]
    media: str
    facts: Facts
    answer: Mapping[str, Any] | None
    root: Mapping[str, Any]
    declared: Mapping[str, Leaf]
    left_out: tuple[str, ...]
    deprecated: bool


def found_in(document: Mapping[str, Any], name: str, facts: Facts) -> Found:
    """The operation of a listed call, by its operationId or as "GET /orders/{id}". Raises DeclarationError, with those that
    are called nearly so.
    """
    wanted = facts.operation or name
    named: dict[str, list[Found]] = {}
    for found in _all(document):
        operation_id = found.operation.get("operationId")
        for one in (operation_id, f"{found.method.upper()} {found.path}"):
            if isinstance(one, str):
                named.setdefault(one, []).append(found)
    by_path = BY_PATH.fullmatch(wanted.strip())
    matching = named.get(f"{by_path[1].upper()} {by_path[2]}" if by_path else wanted, [])
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise DeclarationError(f"{name}: {len(matching)} operations are called {wanted!r}. Name it by its method and path.")
    raise DeclarationError(f"{name}: the description has no operation {wanted!r}; {did_you_mean(wanted, named)}.")


def _all(document: Mapping[str, Any]) -> Iterator[Found]:
    for path, item in document["paths"].items():
        if isinstance(item, Mapping) and "$ref" in item:
            item = resolved(item, document)
        for method in METHODS if isinstance(item, Mapping) else ():
            if isinstance(operation := item.get(method), Mapping):
                yield Found(method, path, item, operation)


def call_of(found: Found, document: Mapping[str, Any], name: str, facts: Facts, sent: Collection[str] = ()) -> Call:
    """The call that a project lists, with its places, of which those headers are none that are `sent` with each request.

    Raises DeclarationError where it cannot be made from here.
    """
    method = found.method
    if not facts.changes and method not in READING:
        raise DeclarationError(f"{name}: {method.upper()} {found.path} changes something, and its effect is {facts.effect}.")
    if facts.changes and method in ("get", "head", "query"):
        raise DeclarationError(f"{name}: {method.upper()} {found.path} only reads, and its effect is {facts.effect}.")
    if facts.key and not is_header(facts.key):
        raise DeclarationError(f"{name}: key names {facts.key!r}, which is no header that can be set.")
    try:
        places = places_of(found.item, found.operation, document, facts, sent)
        _fit(found.path, places)
        if facts.key:
            check_key(found.item, found.operation, document, facts.key)
        if facts.pages and facts.pages.argument not in {place.argument for place in places.places}:
            raise DeclarationError(f"pages names {facts.pages.argument!r}, which is no argument of it")
        answer = answer_schema(found.operation, document)
        declared = fields_of(answer, document)
    except DeclarationError as error:
        raise DeclarationError(f"{name} ({method.upper()} {found.path[:200]}): {error}.".replace("..", ".")) from None
    old = found.operation.get("deprecated") is True
    rest = (places.media, facts, answer, document, declared, places.left_out, old)
    return Call(name, method.upper(), found.path, places.places, *rest)


def _fit(path: str, places: Places) -> None:
    named = [place.name for place in places.places if place.where == "path"]
    if (
        len(path) > LONGEST_PATH
        or not path.startswith("/")
        or not path.isascii()
        or not path.isprintable()
        or set(path) & set(" ?#\\")
    ):
        raise DeclarationError("its path is none that can be asked")
    if sorted(TEMPLATE.findall(path)) != sorted(named):
        raise DeclarationError(f"the parameters of its path are {', '.join(named) or 'none'}, and the path names others")


def misnamed(call: Call) -> Iterator[tuple[str, str]]:
    """The fields that its facts name and its description does not: those that say whose it is, and what is called nearly so.
    Each as a sentence behind its fact.
    """
    facts = call.facts
    named = {"verifies": facts.verifies, "email": facts.email, "owner": facts.owner}
    named |= {"pages.items": facts.pages.items, "pages.next": facts.pages.next} if facts.pages else {}
    for fact, path in [*named.items(), *(("result", one) for one in facts.result)]:
        if not path or not lacks(call.declared, path):
            continue
        if nearest(path, call.declared) or fact in ("verifies", "email", "owner"):
            yield fact, f"{fact} names {path!r}, which no answer has by its description; {did_you_mean(path, call.declared)}."


def offered(call: Call, found: Found) -> Operation:
    """The call as a tool is made of it. The argument that turns pages is nobody's to give."""
    turned = call.facts.pages.argument if call.facts.pages else None
    given = [place for place in call.places if place.argument != turned]
    parameters = {
        "type": "object",
        "properties": {place.argument: dict(place.schema) for place in given},
        "required": [place.argument for place in given if place.required],
    }
    about = found.operation.get("summary") or found.operation.get("description") or ""
    about = " ".join(shown(about).split())[:LONGEST_ABOUT] if isinstance(about, str) else ""
    path = {place.name: place.argument for place in given if place.where == "path"}
    named = tuple(path[name] for name in TEMPLATE.findall(call.path) if name in path)
    record = path.get(call.path.rpartition("/")[2].strip("{}"), "")
    return Operation(call.name, about, parameters, tuple(call.declared), call.method, named, record, call.declared)
