"""What JSON Schemas say: of tools to models whose providers do not know all of it, and of the fields of an answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.errors import DeclarationError
from switchboard.toolsets.argument_types import inlined, resolved

PLAIN_SCHEMA = ("type", "properties", "required", "items", "enum", "description")
"""What every provider understands of JSON Schema."""
MOST_NESTED = 12
COMPARED = 25
"""Values that are compared in the time of one look."""
MOST_LOOKS = 200_000
"""Parts of schemas that are looked at for one answer: alternatives within alternatives multiply."""
KINDS: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),), "boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,),
    "array": (list,), "object": (dict,),
}  # fmt: skip


@dataclass(frozen=True)
class Leaf:
    """What is declared of a field of an answer, or of each in a list: its types, and all the values that it may have; none
    where that is not said.
    """

    types: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()


def leaf_of(schema: Any, root: Mapping[str, Any]) -> Leaf:
    """What a schema says of such a field; nothing where it cannot be read, or is too large."""
    try:
        return _leaf(inlined(schema, root))
    except DeclarationError:
        return Leaf()


def _leaf(schema: Mapping[str, Any]) -> Leaf:
    if "items" in schema:
        return _leaf(schema["items"])
    parts = [_leaf(part) for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    said = schema.get("type")
    types = [kind for kind in (said if isinstance(said, list) else [said]) if isinstance(kind, str) and kind != "null"]
    values = _values(schema)
    if values is None:  # an alternative that may be any value leaves it open
        values = [one for part in parts for one in part.values] if all(part.values for part in parts) else []
    return Leaf(
        tuple(types or dict.fromkeys(kind for part in parts for kind in part.types)),
        tuple(one for one in values if one is not None),
    )


def _values(schema: Mapping[str, Any]) -> list[Any] | None:
    """The values that a schema lists as all that there are; None where it lists none."""
    listed = schema.get("enum")
    return listed if isinstance(listed, list) and listed else [schema["const"]] if "const" in schema else None


def is_within(path: str, above: str) -> bool:
    """Whether a field is another one, or within it."""
    return path == above or path.startswith(f"{above}.")


def lacks(fields: Collection[str], path: str) -> bool:
    """Whether an answer that has these fields, as far as anything says which, has none at this path, within it or above it."""
    return bool(fields) and not any(is_within(path, one) or is_within(one, path) for one in fields)


def trimmed(value: Any, paths: list[list[str]]) -> Any:
    """A value with these fields alone, in each element of a list; nested lists are gone through."""
    if isinstance(value, list):
        return [trimmed(one, paths) for one in value]
    if not isinstance(value, Mapping) or not paths or not all(paths):
        return value
    kept: dict[str, Any] = {}
    for name in dict.fromkeys(path[0] for path in paths):
        if name in value:
            kept[name] = trimmed(value[name], [path[1:] for path in paths if path[0] == name])
    return kept


def plain_schema(schema: Any, root: Mapping[str, Any] | None = None, depth: int = 0) -> Any:
    """The schema in the words that every provider knows: references put in place, of alternatives the first that is no null."""
    root = schema if root is None else root
    if not isinstance(schema, dict) or depth > MOST_NESTED:
        return {}
    if "$ref" in schema:
        named = root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {})
        return plain_schema({**named, **{k: v for k, v in schema.items() if k != "$ref"}}, root, depth + 1)
    for word in ("anyOf", "oneOf", "allOf"):
        parts = [part for part in schema.get(word, ()) if isinstance(part, dict) and part.get("type") != "null"]
        if parts:
            return plain_schema({**parts[0], **{k: v for k, v in schema.items() if k != word}}, root, depth + 1)
    plain = {word: schema[word] for word in PLAIN_SCHEMA if word in schema}
    if isinstance(plain.get("type"), list):
        plain["type"] = next((kind for kind in plain["type"] if kind != "null"), "string")
    if "const" in schema:
        plain["enum"] = [schema["const"]]
    if not all(isinstance(item, str) for item in plain.get("enum", ())):
        del plain["enum"]  # of texts alone
    if "properties" in plain:
        plain["properties"] = {name: plain_schema(part, root, depth + 1) for name, part in plain["properties"].items()}
    if plain.get("type") == "array":
        plain["items"] = plain_schema(plain.get("items"), root, depth + 1) or {"type": "string"}
    return plain


def misfit(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str | None:
    """What is wrong with the first value that is of another type than declared, or none of the values that are declared to be
    all; None where all fit. A null counts as left out.

    Other sides add values over time. Of what one means that nobody here has heard of nothing is known, so it is no fact that
    anything is told or done by: a person looks, until the description has it. `anyOf` with a plain type leaves values open.
    """
    return _misfit(value, schema, root, "", [MOST_LOOKS])


def _misfit(value: Any, schema: Any, root: Mapping[str, Any], path: str, left: list[int]) -> str | None:
    named = path[:80] or "answer"
    left[0] -= 1
    if left[0] < 0:
        return f"{named} has more parts than can be looked at"
    if value is None or not isinstance(schema, Mapping):
        return None
    try:
        schema = resolved(schema, root)
    except DeclarationError:  # what cannot be looked up says nothing of the value
        return None
    kinds = schema.get("type")
    several = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    if several and not any(_is(value, str(kind)) for kind in several):
        return f"{named} is of another type than its description says"
    values = _values(schema)
    left[0] -= len(values or ()) // COMPARED
    if values is not None and not any(_is_same(value, one) for one in values):
        return f"{named} is none of the values that its description lists"
    wrong: str | None
    for part in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
        if wrong := _misfit(value, part, root, path, left):
            return wrong
    for word in ("anyOf", "oneOf"):
        parts = schema.get(word)
        found = [_misfit(value, part, root, path, left) for part in parts] if isinstance(parts, list) else []
        if found and all(found):
            return found[0] if len(found) == 1 else f"{named} is nothing that its description says"
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, Mapping):
        for name, one in value.items():
            if name in properties and (wrong := _misfit(one, properties[name], root, f"{path}.{name}".strip("."), left)):
                return wrong
    for one in value if isinstance(value, list) and "items" in schema else ():
        if wrong := _misfit(one, schema["items"], root, path, left):
            return wrong
    return None


def _is_same(value: Any, other: Any) -> bool:
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, KINDS.get(kind, (object,)))
