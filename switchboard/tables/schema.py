"""The JSON Schema of `switchboard.toml`, for editors, and the reference that is made of it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.tables.project_file import ProjectFile

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What editors of TOML know; the schema says nothing that it has not."""


def schema() -> dict[str, Any]:
    """The schema of the file, with what each key says."""
    found = ProjectFile.model_json_schema()
    return {"$schema": DIALECT, "title": "switchboard.toml", **{k: v for k, v in found.items() if k != "title"}}


def schema_text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def reference() -> str:
    """Each table and key of the file in Markdown, in the order in which the schema has them."""
    whole = schema()
    parts = ["# switchboard.toml", "", whole["description"], ""]
    for title, table in _tables(whole, whole, ""):
        if title:
            parts += [f"## `{title}`", "", _one_line(table.get("description", "")), ""]
        parts += ["| key | kind | without it | says |", "| --- | --- | --- | --- |"]
        wanted = table.get("required", ())
        for name, key in table["properties"].items():
            default = "must be given" if name in wanted else _default(key)
            parts.append(f"| `{name}` | {_kind(key, whole)} | {default} | {_one_line(key.get('description', ''))} |")
        parts.append("")
    return "\n".join(parts)


def _tables(table: Mapping[str, Any], whole: Mapping[str, Any], title: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield title, table
    for name, key in table["properties"].items():
        for below, suffix in _below(key, whole):
            path = f"{title.strip('[]')}.{name}{suffix}" if title else f"{name}{suffix}"
            yield from _tables(below, whole, f"[{path}]")


def _below(key: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The tables within a key, and what stands behind its name: a table of tables has their names, a list of tables nothing."""
    for part in key.get("anyOf", [key]):
        for found, suffix in ((part, ""), (part.get("additionalProperties"), ".NAME"), (part.get("items"), "")):
            if isinstance(found, Mapping) and "$ref" in found:
                yield whole["$defs"][found["$ref"].rpartition("/")[2]], suffix


def _kind(key: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    if "$ref" in key:
        return "table"
    if "enum" in key:
        return " \\| ".join(f"`{value}`" for value in key["enum"])
    if "anyOf" in key:
        return " or ".join(dict.fromkeys(_kind(one, whole) for one in key["anyOf"] if one.get("type") != "null"))
    if key.get("type") == "array":
        return f"list of {_kind(key.get('items', {}), whole)}s".replace("tables", "tables (`[[…]]`)")
    if key.get("type") == "object":
        return "tables by name" if "$ref" in str(key.get("additionalProperties")) else "table"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
        str(key.get("type")), "value"
    )


def _default(key: Mapping[str, Any]) -> str:
    value = key.get("default")
    return "–" if value in (None, "", [], {}) or isinstance(value, dict) else f"`{json.dumps(value)}`"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
