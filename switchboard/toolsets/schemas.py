"""What JSON Schemas say: of tools to models whose providers do not know all of it, and of the fields of an answer."""

from collections.abc import Collection, Mapping
from typing import Any

PLAIN_SCHEMA = ("type", "properties", "required", "items", "enum", "description")
"""What every provider understands of JSON Schema."""
MOST_NESTED = 12


def is_within(path: str, above: str) -> bool:
    """Whether a field is another one, or within it."""
    return path == above or path.startswith(f"{above}.")


def lacks(fields: Collection[str], path: str) -> bool:
    """Whether an answer that has these fields, as far as anything says which, has none at this path, within it or above it."""
    return bool(fields) and not any(is_within(path, one) or is_within(one, path) for one in fields)


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
