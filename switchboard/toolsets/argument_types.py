"""Argument types from the JSON Schemas of other sides: references put in place, bounds on all, and nothing that is slow."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema, create_model
from pydantic_core import SchemaError

from switchboard.characters import shown
from switchboard.errors import DeclarationError

DEEPEST, MOST_PARTS = 8, 400
"""How deep a schema may be nested, and how many parts it may have once its references are in place."""
LONGEST_TEXT, MOST_ITEMS, LONGEST_PATTERN, MOST_CHOICES = 10_000, 1_000, 200, 200
LONGEST_ABOUT = 300
"""Characters of a description that are kept: another side's text costs prompt characters, and models read it."""
OF_TEXTS = {"minLength": "min_length", "maxLength": "max_length"}
OF_NUMBERS = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt", "multipleOf": "multiple_of"}
OF_LISTS = {"minItems": "min_length", "maxItems": "max_length"}
"""Bounds of JSON Schema, and what pydantic calls them."""
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+\.[^@\s]{1,190}")
KEPT = ("type", "description", "enum", "const", "format", "pattern", "default", "nullable", *OF_TEXTS, *OF_NUMBERS, *OF_LISTS)


def inlined(schema: Any, root: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with its references put in place, without what is not known here. What goes in a circle ends as any object.

    Raises DeclarationError for a reference out of the document, one to nothing, and a schema that is too large.
    """
    left = [MOST_PARTS]
    return _inlined(schema, root, (), left)


def _inlined(schema: Any, root: Mapping[str, Any], above: tuple[str, ...], left: list[int]) -> dict[str, Any]:
    left[0] -= 1
    if left[0] < 0:
        raise DeclarationError(f"a schema has more than {MOST_PARTS} parts")
    if not isinstance(schema, Mapping):
        return {}
    if "$ref" in schema:
        name = str(schema["$ref"])
        if name in above or len(above) > DEEPEST:
            return {"type": "object"}
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _inlined({**referred(name, root), **beside}, root, (*above, name), left)
    if len(above) > 2 * DEEPEST:
        return {}
    below = (*above, "")
    told: dict[str, Any] = {key: schema[key] for key in KEPT if key in schema and _is_plain(schema[key])}
    if "description" in told:
        told["description"] = " ".join(shown(str(told["description"])).split())[:LONGEST_ABOUT]
    if isinstance(properties := schema.get("properties"), Mapping):
        told["properties"] = {str(name): _inlined(part, root, below, left) for name, part in properties.items()}
        wanted = schema.get("required")
        told["required"] = [str(name) for name in wanted if name in properties] if isinstance(wanted, list) else []
        told["type"] = "object"
    if isinstance(schema.get("items"), Mapping):
        told["items"] = _inlined(schema["items"], root, below, left)
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list):
            told["anyOf"] = [_inlined(part, root, below, left) for part in schema[word]]
    for part in schema.get("allOf") or () if isinstance(schema.get("allOf"), list) else ():
        told = _merged(told, _inlined(part, root, below, left))
    return told


def referred(name: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within a document names. Raises DeclarationError for one out of it, and for one to nothing."""
    if not name.startswith("#"):
        raise DeclarationError(f"a schema refers to {name[:80]!r}, which is outside of the document; nothing is fetched for it")
    found: Any = root
    for part in name.removeprefix("#").strip("/").split("/") if name != "#" else ():
        part = part.replace("~1", "/").replace("~0", "~")
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        raise DeclarationError(f"a schema refers to {name[:80]!r}, which is not in the document")
    return found


def resolved(node: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a node is, or refers to. Raises DeclarationError."""
    for _ in range(DEEPEST):
        if not isinstance(node, Mapping):
            raise DeclarationError("a part of its description is no object")
        if "$ref" not in node:
            return node
        node = referred(str(node["$ref"]), root)
    raise DeclarationError("its references go in a circle")


def _is_plain(value: Any) -> bool:
    """Whether a word of a schema has a value, or a list of such; what is nested may look like a schema to others."""
    return not isinstance(value, Mapping) and (
        not isinstance(value, list) or not any(isinstance(e, Mapping | list) for e in value)
    )


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two parts of an `allOf`."""
    both = {**other, **one}
    if "properties" in one or "properties" in other:
        both["properties"] = {**other.get("properties", {}), **one.get("properties", {})}
        both["required"] = list(dict.fromkeys([*one.get("required", ()), *other.get("required", ())]))
    return both


def argument_type(schema: Mapping[str, Any], name: str = "argument") -> Any:
    """The type by which pydantic checks a value of an inlined schema; what it is told as is the schema itself.

    A pattern that pydantic's engine, which is linear, does not know is not checked.
    """
    return Annotated[_type_of(schema, name), WithJsonSchema(dict(schema))]


def why_none(schema: Mapping[str, Any], name: str, value: Any) -> str:
    """Why a value is none that an inlined schema takes, as it would be sent; "" where it is one."""
    try:
        TypeAdapter(argument_type(schema, name)).validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        said = f"{first['msg'][:1].lower()}{first['msg'][1:]}"
        return f"{'.'.join(map(str, (name, *first['loc'])))}: {said}"
    return ""


def _type_of(schema: Mapping[str, Any], name: str) -> Any:
    if "const" in schema:
        return _one_of([schema["const"]])
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return _one_of(schema["enum"][:MOST_CHOICES])
    if parts := schema.get("anyOf"):
        return Union[tuple(_type_of(part, name) for part in parts)]  # noqa: UP007 - of a list
    kinds = schema.get("type")
    several = kinds if isinstance(kinds, list) else [kinds, *(["null"] if schema.get("nullable") is True else [])]
    types = tuple(_of_kind(str(kind), schema, name) for kind in several)
    return Union[types] if len(types) > 1 else types[0]  # noqa: UP007


def _of_kind(kind: str, schema: Mapping[str, Any], name: str) -> Any:
    match kind:
        case "null":
            return None
        case "boolean":
            return bool
        case "integer":
            return Annotated[int, Field(**_bounds(schema, OF_NUMBERS))]
        case "number":
            return Annotated[float, Field(allow_inf_nan=False, **_bounds(schema, OF_NUMBERS))]
        case "string":
            return _text(schema)
        case "array":
            bounds = {"max_length": MOST_ITEMS, **_bounds(schema, OF_LISTS)}
            return Annotated[list[_type_of(schema.get("items", {}), name)], Field(**bounds)]  # type: ignore[misc]
        case "object" if schema.get("properties"):
            return _object(schema, name)
        case "object":
            return Annotated[dict[str, Any], AfterValidator(_small)]
        case _:
            return Annotated[Any, AfterValidator(_small)]


def _text(schema: Mapping[str, Any]) -> Any:
    bounds = {"max_length": LONGEST_TEXT, **_bounds(schema, OF_TEXTS)}
    checked = FORMATS.get(str(schema.get("format")))
    plain: Any = Annotated[str, Field(**bounds), AfterValidator(checked)] if checked else Annotated[str, Field(**bounds)]
    pattern = schema.get("pattern")
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
        return plain
    held = Annotated[plain, Field(pattern=pattern)]
    try:
        TypeAdapter(held)
    except SchemaError:  # looking around, back references: the other side checks these
        return plain
    return held


def _of_form(pattern: re.Pattern[str], told: str, read: Callable[[str], object] = str) -> Callable[[str], str]:
    """A check of a text of a format, such as a date."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"it is no {told}")
        read(text)  # such as a 30th of February
        return text

    return check


FORMATS = {
    "date": _of_form(DAY, "date such as 2030-12-24", date.fromisoformat),
    "date-time": _of_form(MOMENT, "time such as 2030-12-24T18:00:00Z", lambda text: datetime.fromisoformat(text.upper())),
    "uuid": _of_form(UUID, "UUID"),
    "email": _of_form(ADDRESS, "e-mail address"),
}
"""The formats of texts that are checked here; the other side checks the rest."""


def _object(schema: Mapping[str, Any], name: str) -> type[BaseModel]:
    wanted, fields = schema.get("required", ()), {}
    for number, (key, part) in enumerate(schema["properties"].items()):
        default = ... if key in wanted else None
        fields[f"field_{number}"] = (_type_of(part, key), Field(default, alias=key))
    model: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)  # type: ignore[call-overload]
    return Annotated[model, AfterValidator(lambda one: one.model_dump(mode="json", by_alias=True, exclude_unset=True))]  # type: ignore[return-value]


def _one_of(values: list[Any]) -> Any:
    plain = tuple(value for value in values if value is None or isinstance(value, str | int | bool))
    return Literal[plain] if plain else Any


def _bounds(schema: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The bounds that are numbers; OpenAPI 3.0 says with `true` that another bound is excluded, which that side checks."""
    found = {new: schema[old] for old, new in names.items() if isinstance(schema.get(old), int | float)}
    return {new: value for new, value in found.items() if not isinstance(value, bool)}


def _small(value: Any) -> Any:
    if len(repr(value)) > LONGEST_TEXT:
        raise ValueError(f"it has more than {LONGEST_TEXT:,} characters")
    return value
