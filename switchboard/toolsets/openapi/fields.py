"""What a description says of an answer: the fields that it has, and whether a value is of the declared types."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.errors import DeclarationError
from switchboard.toolsets.openapi.places import media_of, resolved

MOST_FIELDS, DEEPEST_FIELD = 300, 6
MOST_LOOKS = 200_000
"""Parts of schemas that are looked at for one answer: alternatives within alternatives multiply."""
KINDS: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),), "boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,),
    "array": (list,), "object": (dict,),
}  # fmt: skip


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


def fields_of(schema: Mapping[str, Any] | None, root: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of an answer as dotted paths, the nearest first; lists are gone through. A field in a circle, one too deep
    and one too many is none.
    """
    found: dict[str, None] = {}
    todo: deque[tuple[tuple[str, ...], Any, frozenset[str]]] = deque([((), schema or {}, frozenset())])
    while todo and len(found) < MOST_FIELDS:
        path, part, above = todo.popleft()
        inside: dict[str, Any] = {}
        refs = set(above)
        if not _gather(part, root, above, refs, inside):
            continue
        if not inside and path:
            found[".".join(path)] = None
        for name, below in inside.items() if len(path) < DEEPEST_FIELD else ():
            if (
                name
                and "." not in name
                and below is not True
                and not (isinstance(below, Mapping) and below.get("writeOnly") is True)
            ):
                todo.append(((*path, name), below, frozenset(refs)))
    return tuple(found)


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


def misfit(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str | None:
    """The path of the first value that is of another type than declared; None where all fit. A null counts as left out."""
    return _misfit(value, schema, root, "", [MOST_LOOKS])


def _misfit(value: Any, schema: Any, root: Mapping[str, Any], path: str, left: list[int]) -> str | None:
    left[0] -= 1
    if left[0] < 0:
        return path or "answer"
    if value is None or not isinstance(schema, Mapping):
        return None
    try:
        schema = resolved(schema, root)
    except DeclarationError:  # what cannot be looked up says nothing of the value
        return None
    kinds = schema.get("type")
    several = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    if several and not any(_is(value, str(kind)) for kind in several):
        return path or "answer"
    wrong: str | None
    for part in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
        if wrong := _misfit(value, part, root, path, left):
            return wrong
    for word in ("anyOf", "oneOf"):
        parts = schema.get(word)
        if isinstance(parts, list) and parts and all(_misfit(value, part, root, path, left) for part in parts):
            return path or "answer"
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, Mapping):
        for name, one in value.items():
            if name in properties and (wrong := _misfit(one, properties[name], root, f"{path}.{name}".strip("."), left)):
                return wrong
    for one in value if isinstance(value, list) and "items" in schema else ():
        if wrong := _misfit(one, schema["items"], root, path, left):
            return wrong
    return None


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, KINDS.get(kind, (object,)))
