"""Small descriptions, and the calls of one as a project lists them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from switchboard.declare.tool import Context, Tool
from switchboard.toolsets.openapi.source import OpenApiSource
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.table import SourceTable

SEAT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "row": {"type": "integer"},
        "notes": {"type": "array", "items": {"type": "string"}},
    },
}


def described(paths: Mapping[str, Any], version: str = "3.1.0", **more: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "Seats", "version": "1"}, "paths": paths, **more}


def answering(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "Done.", "content": {"application/json": {"schema": schema}}}}}


def seats() -> dict[str, Any]:
    """A theatre's seats: one to get, all of them in pages, one to book."""
    one = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    cursor = {"name": "cursor", "in": "query", "schema": {"type": "string"}}
    page = {"type": "object", "properties": {"data": {"type": "array", "items": SEAT}, "next": {"type": "string"}}}
    body = {"type": "object", "properties": {"name": {"type": "string"}, "row": {"type": "integer"}}, "required": ["name"]}
    book = {"operationId": "bookSeat", "requestBody": {"content": {"application/json": {"schema": body}}}, **answering(SEAT)}
    return described(
        {
            "/seats": {"get": {"operationId": "listSeats", "parameters": [cursor], **answering(page)}},
            "/seats/{id}": {
                "parameters": [one],
                "get": {"operationId": "getSeat", "summary": "Get a seat.", **answering(SEAT)},
                "post": book,
            },
        }
    )


def source(folder: Path, document: Mapping[str, Any] | str, calls: Mapping[str, Any], **table: Any) -> OpenApiSource:
    """A source on a description, which is written to a file of the project unless it is an address."""
    where = document if isinstance(document, str) else "api.json"
    if not isinstance(document, str):
        (folder / where).write_text(json.dumps(document), encoding="utf-8")
    return OpenApiSource("seats", SourceTable.model_validate({"openapi": where, "calls": calls, **table}), folder)


def tools(one: OpenApiSource) -> dict[str, Tool]:
    return tools_from(one.operations(), one._table.calls)


def made(tool: Tool, **arguments: Any) -> Any:
    """One try of a tool, as the executor makes it."""
    context = Context("case", "call_1", "desk", None, "M-7")  # type: ignore[arg-type]
    given = tool.validated(arguments)
    return tool.outside(context, tool(ctx=context, **given)) if tool.outside else tool(ctx=context, **given)
