"""A call's arguments as a form, by the schema of its tool, and what was changed in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.declare.moves import parsed_json
from switchboard.declare.tool import Tool
from switchboard.errors import OperatorError

PREFIX = "argument."
MOST_IN_A_LINE = 80


@dataclass(frozen=True)
class Field:
    """An argument to be filled in. `kind` is `text`, `lines`, `number`, `choice` or `data`, which is JSON."""

    name: str
    kind: str
    value: str
    about: str = ""
    choices: tuple[str, ...] = ()

    @property
    def input_name(self) -> str:
        return PREFIX + self.name


def fields_of(tool: Tool, arguments: Mapping[str, Any]) -> list[Field]:
    """The fields of a tool's arguments, with what they are now."""
    properties = tool.schema["function"]["parameters"].get("properties", {})
    return [_field(name, schema, arguments.get(name)) for name, schema in properties.items()]


def _field(name: str, schema: Mapping[str, Any], value: Any) -> Field:
    about = str(schema.get("description", ""))
    if schema.get("type") == "boolean":
        return Field(name, "choice", _written(value), about, ("true", "false"))
    if schema.get("enum") and all(isinstance(one, str) for one in schema["enum"]):
        return Field(name, "choice", _written(value), about, tuple(schema["enum"]))
    if isinstance(value, str):
        is_long = "\n" in value or len(value) > MOST_IN_A_LINE
        return Field(name, "lines" if is_long else "text", value, about)
    if schema.get("type") in ("integer", "number"):
        return Field(name, "number", _written(value), about)
    return Field(name, "text" if schema.get("type") == "string" else "data", _written(value), about)


def _written(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, indent=2)


def changes_in(tool: Tool, arguments: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """What a form changes of a call's arguments. Raises OperatorError for what is no value of its kind."""
    found: dict[str, Any] = {}
    for field in fields_of(tool, arguments):
        given = form.get(field.input_name)
        if given is None or given.replace("\r\n", "\n") == field.value.replace("\r\n", "\n"):
            continue
        is_text = field.kind in ("text", "lines") or (field.kind == "choice" and not _is_switch(field))
        found[field.name] = given.replace("\r\n", "\n") if is_text else _parsed(field.name, given)
    return found


def _is_switch(field: Field) -> bool:
    return field.choices == ("true", "false")


def _parsed(name: str, given: str) -> Any:
    try:
        return parsed_json(given.strip()) if given.strip() else None
    except (ValueError, RecursionError):
        raise OperatorError(f"{name}: {given[:60]!r} is no value of its kind. Nothing was done.") from None
