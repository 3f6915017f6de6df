"""The operator's file of companies: a row each, as CSV or JSON lines."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from switchboard.errors import OperatorError, ToolError
from tools.importing.reading.files import read_rows
from tools.importing.reading.problems import Problems
from tools.nouns import EMail

COMPANIES = Path(__file__).parent.parent / "seed" / "companies.csv"
MOST_TEXT = 120
"""Characters of a cell that are read."""
NAMED = re.compile(r"[^<>@\r\n]*<([^<>\s]+)>")
"""One address in angle brackets, behind whose it is."""
COLUMNS = {
    "name": ("company", "company name"),
    "email": ("e-mail", "mail", "address"),
    "contact": ("contact person", "person"),
    "products": ("product", "goods", "makes", "industry"),
    "about": ("description", "notes"),
    "city": ("town",),
    "region": ("state", "province"),
    "country": (),
    "employees": ("staff", "people", "size", "headcount"),
    "founded": ("since", "year"),
}
"""The columns that something is made of, and what else they may be called. `name` and `email` are needed."""


class Company(BaseModel):
    """A company as its row tells of it. `makes` and `places` are the words of what was asked for that it fits."""

    name: str
    email: str
    contact: str = ""
    products: str = ""
    about: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    employees: int | None = None
    founded: int | None = None
    makes: list[str] = []
    places: list[str] = []


def companies_in(path: Path) -> tuple[Sequence[Company], Sequence[str]]:
    """The companies of a file, and the rows that cannot be used. Raises ToolError where it is no such file."""
    try:
        changed = path.stat().st_mtime_ns
        return _read(path, changed)
    except OSError as error:
        raise ToolError(f"The companies' file {path.name} cannot be read: {error.strerror}.", code="no_companies") from None
    except OperatorError as error:
        raise ToolError(f"The companies' file cannot be used: {error}", code="no_companies") from None


@lru_cache(4)
def _read(path: Path, changed: int) -> tuple[Sequence[Company], Sequence[str]]:
    problems = Problems(path.name)
    rows = read_rows(path, "", problems)
    columns = {column: field for column in rows.columns if (field := _field(column))}
    missing = [name for name in ("name", "email") if name not in columns.values()]
    if missing:
        raise OperatorError(f"{path.name} has no column {' and '.join(missing)}.")
    found, faults = [], []
    for line in rows.lines:
        cells = {columns[name]: value for name, value in line.cells.items() if name in columns and value not in (None, "")}
        try:
            found.append(_company(cells))
        except ValueError as error:
            faults.append(f"line {line.number}: {error}")
    return tuple(found), tuple(faults) if not problems.count else (*faults, f"{problems.count} lines cannot be read")


def _field(column: str) -> str | None:
    called = " ".join(column.lower().replace("_", " ").split())
    return next((field for field, others in COLUMNS.items() if called == field or called in others), None)


def _company(cells: Mapping[str, Any]) -> Company:
    """A row as a company. Raises ValueError with what is wrong."""
    texts = {name: " ".join(str(value).split())[:MOST_TEXT] for name, value in cells.items()}
    numbers = {name: int(texts[name]) if texts.get(name, "").isdecimal() else None for name in ("employees", "founded")}
    if not texts.get("name"):
        raise ValueError("it has no name")
    if not texts.get("email"):
        raise ValueError(f"{texts['name']} has no e-mail address")
    written = str(cells["email"])
    try:
        named = NAMED.fullmatch(written.strip())
        email = TypeAdapter(EMail).validate_python(named[1] if named else written)
    except ValidationError:
        raise ValueError(f"{texts['name']}: {texts['email']!r} is no single e-mail address") from None
    return Company.model_validate({**texts, **numbers, "email": email})
