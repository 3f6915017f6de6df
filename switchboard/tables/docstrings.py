"""What the tables of a project's file say of their keys: the docstrings below them, read from the source when it is asked.

Pydantic reads them itself at each start of the program (`use_attribute_docstrings`), which takes a tenth of a second.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel


def described(kind: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a table, and of those within it, with what each key says."""
    found = kind.model_json_schema()
    kinds = {one.__name__: one for one in _tables_of(BaseModel)}
    for name, part in {kind.__name__: found, **found.get("$defs", {})}.items():
        says = _said_below(kinds[name]) if name in kinds else {}
        for key, value in part.get("properties", {}).items():
            if key in says:
                value["description"] = says[key]
    return found


def _tables_of(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("switchboard."):
            yield one
        yield from _tables_of(one)


def _said_below(kind: type[BaseModel]) -> Mapping[str, str]:
    """Key -> the docstring below it, there or in what the table is made from."""
    above = [_said_below(one) for one in kind.__bases__ if one.__module__.startswith("switchboard.")]
    return {key: text for says in (*above, _said_in(kind)) for key, text in says.items()}


def _said_in(kind: type[BaseModel]) -> Mapping[str, str]:
    declared = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(declared, ast.ClassDef)
    return {
        key.target.id: inspect.cleandoc(below.value.value)
        for key, below in pairwise(declared.body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }
