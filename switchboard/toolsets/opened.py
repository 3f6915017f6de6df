"""The sources of a project's tools, each chosen by what its table says."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from switchboard.errors import about
from switchboard.toolsets.remote import ToolSource
from switchboard.toolsets.table import SourceTable

SOURCES = {
    "openapi": ("switchboard.toolsets.openapi.source", "OpenApiSource"),
    "mcp": ("switchboard.toolsets.mcp.source", "McpSource"),
    "sql": ("switchboard.toolsets.sql", "SqlSource"),
}
"""By what a table speaks. Imported where one is wanted: each brings much, and one of them an extra."""


def open_sources(tables: Mapping[str, SourceTable], folder: Path) -> dict[str, ToolSource]:
    """A source for each table, by its name; `folder` is the project's. None is asked yet. Raises OperatorError."""
    return {name: _opened(name, table, folder) for name, table in tables.items()}


def _opened(name: str, table: SourceTable, folder: Path) -> ToolSource:
    spoken = next(kind for kind in SOURCES if getattr(table, kind) is not None)
    module, kind = SOURCES[spoken]
    with about("tools", name):
        source: ToolSource = getattr(import_module(module), kind)(name, table, folder)
    return source
