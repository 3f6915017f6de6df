"""Which companies of the operator's file fit what is asked for, and what they come to together."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.reports.words.stems import stems
from tools.outreach.file import COMPANIES, Company, companies_in
from tools.outreach.letters import unwanted
from tools.outreach.rows import folded

MOST_FOUND, MOST_TOLD = 50, 16_000
"""Companies that one search finds, and characters of all that is told of them."""
PLACES = ("city", "region", "country")
Words = Annotated[str, Field(max_length=500, description="What they make and where, such as 'garden tools in Ohio'.")]
Number = Annotated[int, Field(ge=0, le=10_000_000)]
Most = Annotated[int, Field(ge=1, le=MOST_FOUND)]


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


class Figures(BaseModel):
    """What the companies come to that make what was asked for. `people` are the least, the median and the most; of `oldest` and
    `youngest` the year.
    """

    candidates: int
    makers: int
    wanted: list[str]
    regions: dict[str, int]
    people: list[int]
    oldest: int | None
    youngest: int | None


class Asked(NamedTuple):
    """What was asked for, in the words of a file: stems of goods, places by how they are compared, and what no row knows."""

    wanted: list[str]
    places: dict[str, str]
    unknown: list[str]
    goods: Callable[[Company], str]

    @classmethod
    def of(cls, words: str, companies: Sequence[Company], goods: Callable[[Company], str]) -> "Asked":
        held = {stem for one in companies for stem in stems(goods(one))}
        known = {_place(value): value for one in companies for value in _places(one)}
        named = {key: value for key, value in known.items() if re.search(rf"(?<!\w){re.escape(key)}(?!\w)", _place(words))}
        asked = stems(words) - {stem for key in named for stem in stems(key)}
        return cls(sorted(asked & held), named, sorted(asked - held), goods)

    def fit(self, one: Company) -> Company | None:
        """A company with the words and places that it fits; None where it does not."""
        stemmed, there = stems(self.goods(one)), {_place(value) for value in _places(one)}
        makes = [stem for stem in self.wanted if stem in stemmed]
        places = [value for key, value in self.places.items() if key in there]
        fits = (makes or not self.wanted) and (places or not self.places) and (self.wanted or self.places)
        return one.model_copy(update={"makes": makes, "places": places}) if fits else None


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
    candidates, faults = _all(ctx)
    asked = Asked.of(words, candidates, lambda one: f"{one.products} {one.about}")
    ranges = (("employees", least_employees, most_employees), ("founded", founded_from, founded_until))
    left_out = Counter[str]()
    reasons, seen, fitting = unwanted(ctx.session), set[str](), list[Company]()
    for one in filter(None, map(asked.fit, candidates)):
        if not all(_within(getattr(one, name), least, greatest) for name, least, greatest in ranges):
            continue
        address = folded(one.email)
        if why := reasons.get(address) or ("same_address" if address in seen else ""):
            left_out[why] += 1
            continue
        seen.add(address)
        fitting.append(one)
    fitting.sort(key=lambda one: (-len(one.makes), -_tells(one), one.name))
    return FoundCompanies(
        candidates=len(candidates) + len(faults),
        companies=_told(fitting[:most]),
        wanted=asked.wanted,
        places=sorted(asked.places.values()),
        unknown=asked.unknown,
        fits=len(fitting),
        left_out=dict(left_out),
        faults=list(faults[:5]),
    )


@tool(effect="read", public=True, timeout=120.0)
def market_figures(ctx: Context, words: Words) -> Figures:
    """Count the companies of the file whose products are named: how many, where, how large, and since when."""
    candidates, faults = _all(ctx)
    asked = Asked.of(words, candidates, lambda one: one.products)
    makers = [one for one in map(asked.fit, candidates) if one and one.makes]
    people = sorted(one.employees for one in makers if one.employees is not None)
    years = sorted(one.founded for one in makers if one.founded is not None)
    return Figures(
        candidates=len(candidates) + len(faults),
        makers=len(makers),
        wanted=asked.wanted,
        regions=dict(Counter(one.region for one in makers if one.region).most_common(10)),
        people=[people[0], int(median(people)), people[-1]] if people else [],
        oldest=years[0] if years else None,
        youngest=years[-1] if years else None,
    )


def _all(ctx: Context) -> tuple[Sequence[Company], Sequence[str]]:
    return companies_in(Path(ctx.services.get("companies") or COMPANIES))


def _told(companies: Sequence[Company]) -> list[Company]:
    """As many as a result can hold."""
    told, left = list[Company](), MOST_TOLD
    for one in companies:
        left -= len(one.model_dump_json())
        if left < 0:
            break
        told.append(one)
    return told


def _places(one: Company) -> list[str]:
    return [value for name in PLACES if (value := getattr(one, name))]


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
