"""The JSON Schema of `switchboard.toml`, for editors, and the reference that is made of it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.tables.docstrings import described
from switchboard.tables.plays import PlayTable
from switchboard.tables.project_file import ProjectFile

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What editors of TOML know; the schema says nothing that it has not."""
MADE = (
    "Made by `switchboard schema --markdown`. `switchboard schema > switchboard.schema.json` makes the same for editors, and "
    "`#:schema ./switchboard.schema.json` in the first line of a file has them complete and check it."
)
PLAY = "a play, `agents/plays/NAME.toml`"
PLURALS = {"text": "texts", "whole number": "whole numbers", "number": "numbers", "value": "values"}


def schema() -> dict[str, Any]:
    """The schema of the file, with what each key says."""
    found = described(ProjectFile)
    return {"$schema": DIALECT, "title": "switchboard.toml", **{k: v for k, v in found.items() if k != "title"}}


def schema_text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def reference() -> str:
    """Each table and key of the file in Markdown, in the order in which the schema has them; and of a play's file."""
    parts = ["# switchboard.toml", "", MADE, ""]
    for kind, title in ((ProjectFile, ""), (PlayTable, PLAY)):
        whole = described(kind)
        for table_title, table in _tables(whole, whole, ""):
            headed = f"`{table_title}`{f' of {title}' if title else ''}" if table_title else title
            parts += [f"## {headed}", ""] if headed else []
            parts += [table.get("description", "").strip(), ""]
            parts += ["| key | kind | without it | says |", "| --- | --- | --- | --- |"]
            wanted = table.get("required", ())
            for name, key in table["properties"].items():
                default = "must be given" if name in wanted else _default(key)
                parts.append(f"| `{name}` | {_kind(key)} | {default} | {_one_line(key.get('description', ''))} |")
            parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _tables(table: Mapping[str, Any], whole: Mapping[str, Any], title: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield title, table
    for name, key in table["properties"].items():
        for below, suffix, many in _below(key, whole):
            path = f"{title.strip('[]')}.{name}{suffix}" if title else f"{name}{suffix}"
            yield from _tables(below, whole, f"[[{path}]]" if many else f"[{path}]")


def _below(key: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str, bool]]:
    """The tables within a key, what stands behind its name, and whether they are a list: a table of tables has their names."""
    for part in key.get("anyOf", [key]):
        for found, suffix, many in ((part, "", False), (_values(part), ".NAME", False), (part.get("items"), "", True)):
            if isinstance(found, Mapping) and "$ref" in found:
                yield whole["$defs"][found["$ref"].rpartition("/")[2]], suffix, many


def _values(part: Mapping[str, Any]) -> Any:
    """What the values of a table are whose keys are names."""
    return next(iter(part.get("patternProperties", {}).values()), part.get("additionalProperties"))


def _kind(key: Mapping[str, Any]) -> str:
    if "$ref" in key:
        return "table"
    if "const" in key:
        return f"`{json.dumps(key['const'])}`"
    if "enum" in key:
        return " \\| ".join(f"`{json.dumps(value)}`" for value in key["enum"])
    if "anyOf" in key:
        return " or ".join(dict.fromkeys(_kind(one) for one in key["anyOf"] if one.get("type") != "null"))
    if key.get("type") == "array":
        return _many("list of", key.get("items", {}))
    if key.get("type") == "object":
        return _many("table of", _values(key))
    kinds = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return kinds.get(str(key.get("type")), "value")


def _many(of: str, one: Any) -> str:
    kind = _kind(one) if isinstance(one, Mapping) else "value"
    if kind.startswith("table"):
        return f"{of} tables{kind.removeprefix('table')}"
    return f"{of} {' or '.join(PLURALS.get(part, part) for part in kind.split(' or '))}"


def _default(key: Mapping[str, Any]) -> str:
    value = key.get("default")
    return "–" if value in (None, "", [], {}) or isinstance(value, dict) else f"`{json.dumps(value)}`"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
