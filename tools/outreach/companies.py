"""The companies that may be written to, from a file of the operator's: a row each, as CSV or JSON lines."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from switchboard.declare.tool import Context, tool
from switchboard.errors import OperatorError, ToolError
from switchboard.reports.sentences import stems
from tools.importing.reading.files import read_rows
from tools.importing.reading.problems import Problems
from tools.nouns import EMail
from tools.outreach.letters import unwanted
from tools.outreach.rows import folded

COMPANIES = Path(__file__).parent.parent / "seed" / "companies.csv"
MOST_FOUND, MOST_TEXT, MOST_TOLD = 50, 120, 16_000
"""Companies that one search finds, characters of a cell that are read, and of all that is told."""
PLACES = ("city", "region", "country")
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
Words = Annotated[str, Field(max_length=500, description="What they make and where, such as 'garden tools in Ohio'.")]
Number = Annotated[int, Field(ge=0, le=10_000_000)]
Most = Annotated[int, Field(ge=1, le=MOST_FOUND)]


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


class FoundCompanies(BaseModel):
    """What a file holds of what was asked for. `left_out` counts those that no letter may go to, by the reason; `faults` are
    rows that cannot be used; `unknown` are words that no row knows.
    """

    candidates: int
    companies: list[Company]
    wanted: list[str]
    places: list[str]
    unknown: list[str]
    fits: int
    left_out: dict[str, int]
    faults: list[str]


@tool(effect="read", public=True, timeout=120.0)
def find_companies(
    ctx: Context,
    words: Words,
    most: Most = MOST_FOUND,
    least_employees: Number | None = None,
    most_employees: Number | None = None,
    founded_from: Number | None = None,
    founded_until: Number | None = None,
) -> FoundCompanies:
    """Find companies of the file that fit: what they make, where, how many people, since when. Best first.

    Those that were written to before, or that have unsubscribed, are left out and counted.
    """
    candidates, faults = companies_in(Path(ctx.services.get("companies") or COMPANIES))
    held = {stem for one in candidates for stem in stems(_goods(one))}
    asked = stems(words)
    places = {_place(value): value for one in candidates for value in (getattr(one, name) for name in PLACES) if value}
    named = {place for place in places if re.search(rf"(?<!\w){re.escape(place)}(?!\w)", _place(words))}
    of_places = {stem for place in named for stem in stems(place)}
    wanted = sorted(asked & held - of_places)
    ranges = (("employees", least_employees, most_employees), ("founded", founded_from, founded_until))
    left_out = Counter[str]()
    reasons, seen, fitting = unwanted(ctx.session), set[str](), list[Company]()
    for one in candidates:
        makes = [stem for stem in wanted if stem in stems(_goods(one))]
        there = [places[place] for place in named if place in {_place(getattr(one, name)) for name in PLACES}]
        if bool(wanted) > bool(makes) or bool(named) > bool(there) or not (wanted or named):
            continue
        if not all(_within(getattr(one, name), least, greatest) for name, least, greatest in ranges):
            continue
        address = folded(one.email)
        if why := reasons.get(address) or ("same_address" if address in seen else ""):
            left_out[why] += 1
            continue
        seen.add(address)
        fitting.append(one.model_copy(update={"makes": makes, "places": there}))
    fitting.sort(key=lambda one: (-len(one.makes), -_tells(one), one.name))
    return FoundCompanies(
        candidates=len(candidates) + len(faults),
        companies=_told(fitting[:most]),
        wanted=wanted,
        places=sorted(places[place] for place in named),
        unknown=sorted(asked - held - of_places),
        fits=len(fitting),
        left_out=dict(left_out),
        faults=list(faults[:5]),
    )


def _told(companies: Sequence[Company]) -> list[Company]:
    """As many as a result can hold."""
    told, left = list[Company](), MOST_TOLD
    for one in companies:
        left -= len(one.model_dump_json())
        if left < 0:
            break
        told.append(one)
    return told


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
    try:
        email = TypeAdapter(EMail).validate_python(str(cells.get("email", "")))
    except ValidationError:
        raise ValueError(f"{texts['name']} has no e-mail address") from None
    return Company.model_validate({**texts, **numbers, "email": email})


def _goods(one: Company) -> str:
    return f"{one.products} {one.about}"


def _tells(one: Company) -> int:
    """How much a row tells beside what they make."""
    return sum(bool(value) for value in (one.contact, one.employees, one.founded))


def _place(text: str) -> str:
    return " ".join(text.casefold().split())


def _within(value: int | None, least: int | None, greatest: int | None) -> bool:
    """Whether a number is in a range; one that is not known is in none."""
    if least is None and greatest is None:
        return True
    return value is not None and (least or 0) <= value and (greatest is None or value <= greatest)
