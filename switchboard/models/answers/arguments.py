"""Odd names and arguments of calls, and JSON that is nearly some, mended where what they say is beyond doubt.

All of it is linear in the length of the text, which its readers bound first.
"""

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from switchboard.models.answers.marks import TAG, without_halves

Offered = Mapping[str, Mapping[str, Any]]
"""The tools that a request offers: name to the JSON Schema of the arguments."""

MOST_ARGUMENTS = 50_000
AROUND = re.compile(r"^(?:functions?|tools?|call|proxy|default_api|api)_|_(?:tool|function|call|\d{1,3})$")
"""What some proxies and templates write before or behind the name of a tool."""
BESIDE = frozenset(("name", "tool", "tool_name", "function", "type", "id"))
"""What a model writes beside arguments that it wrapped up."""
BARE = re.compile(
    r"""\"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|'(?:[^'\\]|\\(?:.|\Z))*+(?:'|\Z)|(?<!\w)([A-Za-z_]\w{0,63})(?!\w)(?=\s{0,9}:)""",
    re.DOTALL,
)
"""A text in quotes, or the name of a field that stands in none."""
BEHIND = re.compile(r"(?:<[|｜][^<>|｜\n]{1,60}[|｜]>|</s>|[\s}`;])*")
"""What may stand behind an object that is whole."""
MOST_OBJECTS = 8


def object_in(text: str) -> str:
    """The JSON object in an answer; models without structured output put words or fences around it."""
    start, stop = text.find("{"), text.rfind("}")
    if not 0 <= start < stop:
        return text
    found = text[start : stop + 1]
    value = parsed(found) if len(found) <= MOST_ARGUMENTS else None
    if not isinstance(value, dict) or ("\\u" not in found and _is_json(found)):
        return found
    return json.dumps(whole(value), ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        return json.loads(text) is not None
    except (ValueError, RecursionError):
        return False


def call_ids() -> Iterator[str]:
    """Ids for calls that came without: nine letters and digits, which every provider takes."""
    while True:
        yield uuid4().hex[:9]


def name_of(given: str, offered: Offered) -> str:
    """The offered tool that a model means by `functions.NAME`, `NAME<|channel|>commentary`, `NAME:0` and the like; else the
    name as it stands.
    """
    if given in offered:
        return given
    plain = {_letters(name): name for name in offered}
    parts = [*reversed(re.split(r"[^\w-]+|__+", TAG.sub(" ", given))), re.sub(r"\W+", "", given)]
    bare = [AROUND.sub("", part.lower()) for part in parts]
    return next((plain[_letters(part)] for part in (*parts, *bare) if _letters(part) in plain), given)


def _letters(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def mended(given: Any, schema: Mapping[str, Any]) -> str:
    """Arguments as JSON text, mended once where what they say is beyond doubt; else as they stand."""
    text = given if isinstance(given, str) else json.dumps({} if given is None else given)
    if len(text) > MOST_ARGUMENTS:
        return without_halves(text)
    value = parsed(text) if text.strip() not in ("", "null", "None") else {}
    if isinstance(value, str):  # JSON of JSON
        value = parsed(value)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return without_halves(text)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        value = _named(_unwrapped(value, properties), properties)
        value = {name: _typed(item, properties.get(name, {})) for name, item in value.items()}
        needed = schema.get("required", ())
        value = {
            name: item for name, item in value.items() if item is not None or name in needed or _takes_null(properties, name)
        }
    return json.dumps(whole(value), ensure_ascii=False)


def _unwrapped(value: dict[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments where they stand in a field of their own, alone or beside what only says what they are of."""
    for key, inner in value.items() if not set(value) & set(properties) else ():
        held = parsed(inner) if isinstance(inner, str) and inner.lstrip().startswith("{") else inner
        if isinstance(held, dict) and {_letters(name) for name in held} <= {_letters(name) for name in properties}:
            return held if set(value) - {key} <= BESIDE else value
    return value


def _named(value: dict[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by the names that the schema has for them."""
    plain = {_letters(name): name for name in properties}
    meant = {name: name if name in properties else plain.get(_letters(name), name) for name in value}
    return {meant[name]: item for name, item in value.items()} if len({*meant.values()}) == len(value) else value


def _takes_null(properties: Mapping[str, Any], name: str) -> bool:
    schema = properties.get(name)
    return not isinstance(schema, dict) or "type" not in schema or schema["type"] == "null" or "null" in schema["type"]


def parsed(text: str) -> Any:
    """The value of a text that is JSON, or nearly: in fences, with Python's words and quotes, a comma too many, the last
    bracket missing, names without quotes, the same object twice. None where it is none of these.
    """
    text = re.sub(r"\A\s*```\w*|```\s*\Z", "", text).strip()
    closed = text + "}" if text.startswith("{") and text[-1:] in ('"', "]", "}") else text  # a number may be cut in two
    for tried in dict.fromkeys((text, closed, *_quoted(text))):
        try:
            return json.loads(tried, strict=False, parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError):
            pass
        try:
            value = ast.literal_eval(tried)
            json.dumps(value, allow_nan=False)
            return value
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            pass
    return _one_of_several(text)


def _quoted(text: str) -> Iterator[str]:
    """An object with quotes in place of what stands for them, where something does."""
    marked = text.replace("<escape>", '"').replace('<|"|>', '"')
    plain = marked.replace('\\"', '"') if marked.startswith('{\\"') else marked
    if plain.startswith("{") and len(plain) <= MOST_ARGUMENTS:
        yield BARE.sub(lambda found: f'"{found[1]}"' if found[1] else found[0], plain)


def _one_of_several(text: str) -> dict[str, Any] | None:
    """The object of which a text holds nothing but copies, and empty ones."""
    decoder = json.JSONDecoder(strict=False, parse_constant=_no_number, parse_float=_finite)
    found, place = list[Any](), 0
    while text.startswith("{", place) and len(found) < MOST_OBJECTS:
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return None
        found += [value] if value and value not in found else []
        behind = BEHIND.match(text, place)
        place = behind.end() if behind else place
    return found[0] if len(found) == 1 and place == len(text) else None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _no_number(number)


def _typed(value: Any, schema: Any) -> Any:
    """A number that was written as text, or the other way round, as the schema has it."""
    wanted = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(value, list) and len(value) == 1 and wanted in ("integer", "string", "number", "boolean"):
        value = value[0]
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if wanted == "integer" and isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,15}", value.strip(), re.ASCII):
        return int(value)
    if wanted == "string" and type(value) is int and abs(value) < 10**18:
        return str(value)
    if wanted in ("object", "array") and isinstance(value, str) and value.strip()[:1] in ("{", "["):
        inner = parsed(value)
        return inner if isinstance(inner, dict if wanted == "object" else list) else value
    return value


def whole(value: Any) -> Any:
    """JSON data without halves of surrogate pairs, in names too."""
    if isinstance(value, str):
        return without_halves(value)
    if isinstance(value, dict):
        return {without_halves(str(name)): whole(item) for name, item in value.items()}
    return [whole(item) for item in value] if isinstance(value, list | tuple) else value
