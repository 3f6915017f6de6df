"""What a description says of an answer: the fields that it has."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.toolsets.argument_types import resolved
from switchboard.toolsets.openapi.places import media_of
from switchboard.toolsets.schemas import Leaf, leaf_of

MOST_FIELDS, DEEPEST_FIELD = 300, 6


def answer_schema(operation: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The schema of the JSON that a done call answers with; None where the description has none."""
    responses = operation.get("responses")
    responses = responses if isinstance(responses, Mapping) else {}
    for code in sorted(code for code in responses if code[:1] == "2"):
        contents = resolved(responses[code], root).get("content")
        media = media_of(contents) if isinstance(contents, Mapping) else ""
        schema = resolved(contents[media], root).get("schema") if media and isinstance(contents, Mapping) else None
        if isinstance(schema, Mapping):
            return schema
    return None


def fields_of(schema: Mapping[str, Any] | None, root: Mapping[str, Any]) -> dict[str, Leaf]:
    """The fields of an answer by their dotted paths, the nearest first; lists are gone through. A field in a circle, one too
    deep and one too many is none.
    """
    found: dict[str, Leaf] = {}
    todo: deque[tuple[tuple[str, ...], Any, frozenset[str]]] = deque([((), schema or {}, frozenset())])
    while todo and len(found) < MOST_FIELDS:
        path, part, above = todo.popleft()
        inside: dict[str, Any] = {}
        refs = set(above)
        if not _gather(part, root, above, refs, inside):
            continue
        if not inside and path:
            found[".".join(path)] = leaf_of(part, root)
        for name, below in inside.items() if len(path) < DEEPEST_FIELD else ():
            if (
                name
                and "." not in name
                and below is not True
                and not (isinstance(below, Mapping) and below.get("writeOnly") is True)
            ):
                todo.append(((*path, name), below, frozenset(refs)))
    return found


def _gather(part: Any, root: Mapping[str, Any], above: frozenset[str], refs: set[str], inside: dict[str, Any]) -> bool:
    """Fill in the properties of a part, of its items and alternatives; whether it is in no circle."""
    for one in _flat(part, root, above, refs):
        if one is None:
            return False
        if isinstance(one.get("properties"), Mapping):
            inside.update({str(name): below for name, below in one["properties"].items() if str(name) not in inside})
    return len(refs) < 40


def _flat(part: Any, root: Mapping[str, Any], above: frozenset[str], refs: set[str]) -> Iterator[Mapping[str, Any] | None]:
    """The part, and what it is made of beside its properties; None for a circle. `refs` grows by what it refers to."""
    todo, own = [part], 0
    while todo and (own := own + 1) < 60:
        one = todo.pop()
        if not isinstance(one, Mapping):
            continue
        if "$ref" in one:
            name = str(one["$ref"])
            if name in above:
                yield None
            elif name not in refs:
                refs.add(name)
                todo.append(resolved(one, root))
            continue
        yield one
        todo += [below for word in ("allOf", "anyOf", "oneOf") if isinstance(one.get(word), list) for below in one[word]]
        todo += [one["items"]] if "items" in one else []
