"""Descriptions from an address as they were when they were first read: what changes there changes nothing here by itself."""

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from switchboard.declare.transcript import as_key, digest
from switchboard.errors import DeclarationError, OperatorError
from switchboard.toolsets.argument_types import referred
from switchboard.toolsets.openapi.description import MOST_OF_A_FILE, Description, document_of
from switchboard.toolsets.openapi.operations import Found
from switchboard.toolsets.pinned import path_of, write_pinned

WORDS = frozenset(["description", "summary", "example", "examples", "externalDocs", "tags", "title"])
"""Of a description what may change without the calls being others."""
FROM = "x-pinned-from"
MOST_REFERENCES = 20_000
log = logging.getLogger("switchboard")


def read_pinned(name: str, written: str, address: str, folder: Path) -> Description | None:
    """What is pinned of an address, as the project's file has it written; None where nothing is. Raises DeclarationError,
    OperatorError.
    """
    path = path_of(folder, name)
    try:
        if not path.exists():
            return None
        with path.open("rb") as file:
            document = document_of(file.read(MOST_OF_A_FILE), f"tools/{path.name}")
    except OSError as error:
        raise OperatorError(f"tools/{path.name} cannot be read: {error.strerror}.") from None
    if document.get(FROM) != written:
        raise DeclarationError(f"tools/{path.name} was made from another address. `switchboard pin {name}` makes it anew.")
    return Description(document, address)


def pin(name: str, written: str, description: Description, found: Iterable[Found], folder: Path) -> Description:
    """Keep what the listed calls need of a description, in the project where that can be written; else in memory alone."""
    document = {**reduced(description.document, found), FROM: written}
    path = path_of(folder, name)
    try:
        if not path.parent.resolve().is_relative_to(folder.resolve()):
            raise OSError(0, "tools lies outside of the project")
        write_pinned(path, document)
    except OSError as error:
        log.warning("tools/%s cannot be written (%s): the description is fetched at each start", path.name, error.strerror)
    return Description(document, description.address)


def reduced(document: Mapping[str, Any], found: Iterable[Found]) -> dict[str, Any]:
    """A document with these operations alone, and what they refer to. Raises DeclarationError."""
    kept: dict[str, Any] = {name: document[name] for name in ("openapi", "servers") if name in document}
    kept["info"] = {name: one for name, one in dict(document.get("info") or {}).items() if name in ("title", "version")}
    kept["paths"] = {}
    todo: list[Any] = []
    for one in found:
        item = kept["paths"].setdefault(one.path, {key: one.item[key] for key in ("parameters", "servers") if key in one.item})
        item[one.method] = {name: part for name, part in one.operation.items() if name not in ("callbacks", "responses")}
        item[one.method]["responses"] = _of_success(one.operation)
        todo.append(item)
    seen: set[str] = set()
    while todo:
        node = todo.pop()
        todo += node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
        name = node.get("$ref") if isinstance(node, Mapping) else None
        if isinstance(name, str) and name.startswith("#/") and name not in seen:
            seen.add(name)
            if len(seen) > MOST_REFERENCES:
                raise DeclarationError(f"the listed calls refer to more than {MOST_REFERENCES:,} parts of their description")
            with suppress(DeclarationError):  # what is not there is told where it is needed
                todo.append(_put(kept, name, referred(name, document)))
    return kept


def _of_success(operation: Mapping[str, Any]) -> dict[str, Any]:
    responses = operation.get("responses")
    return {code: one for code, one in responses.items() if code[:1] == "2"} if isinstance(responses, Mapping) else {}


def _put(kept: dict[str, Any], name: str, node: Mapping[str, Any]) -> Any:
    """Put a part to where it stood."""
    *above, last = [part.replace("~1", "/").replace("~0", "~") for part in name.removeprefix("#/").split("/")]
    place: Any = kept
    for part in above:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            return None
    return place.setdefault(last, node)


def same(one: Mapping[str, Any], other: Mapping[str, Any], found: Found, now: Found) -> bool:
    """Whether an operation is what it was, but for words that people read."""
    return fingerprint(one, found) == fingerprint(other, now)


def fingerprint(document: Mapping[str, Any], found: Found) -> str:
    whole = reduced(document, [found])
    return digest(as_key(_bare({name: one for name, one in whole.items() if name not in ("info", "openapi", "servers")})))


def _bare(value: Any, names: bool = False) -> Any:
    """Without words; `names` says that the keys are names of properties and the like, which may be called as words are."""
    if isinstance(value, Mapping):
        held = ("properties", "schemas", "parameters", "responses", "requestBodies", "paths", "$defs", "headers")
        return {
            key: _bare(one, key in held)
            for key, one in value.items()
            if names or not (key in WORDS or str(key).startswith("x-"))
        }
    return [_bare(one) for one in value] if isinstance(value, list) else value
