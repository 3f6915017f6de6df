"""How well a company fits, in points with their reasons, from the fields of its row alone."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

GOODS, PLACE, PERSON, SIZE, YEARS = 50, 20, 15, 10, 5
"""Points for what it makes, of which each word that was asked for has its share; for where it is; for a person to write to; and
for telling how many people it has, and since when.
"""


class Scored(NamedTuple):
    company: Mapping[str, Any]
    score: int
    reasons: tuple[str, ...]

    @property
    def told(self) -> str:
        return f"{self.company['name']}: {self.score} of 100, {'; '.join(self.reasons)}"


def scored(company: Mapping[str, Any], wanted: Sequence[str], places: Sequence[str]) -> Scored:
    """A company with its points; what was not asked for counts as fitting."""
    makes, there = len(company["makes"]), company["places"]
    points = {
        f"makes {company.get('products', '')}" + (f" ({makes} of {len(wanted)} words)" if wanted else ""): (
            GOODS * makes // len(wanted) if wanted else GOODS
        ),
        f"is in {', '.join(there)}" if there else f"is in {company.get('region') or 'no place that is told'}": (
            PLACE if there or not places else 0
        ),
        f"{company['contact']} is named there" if company.get("contact") else "names nobody to write to": (
            PERSON if company.get("contact") else 0
        ),
        _number(company, "employees", "{} people", "how many people"): SIZE if company.get("employees") else 0,
        _number(company, "founded", "since {}", "since when"): YEARS if company.get("founded") else 0,
    }
    return Scored(company, sum(points.values()), tuple(points))


def ranked(companies: Sequence[Mapping[str, Any]], wanted: Sequence[str], places: Sequence[str]) -> list[Scored]:
    """The best first; of equals by name."""
    found = [scored(one, wanted, places) for one in companies]
    return sorted(found, key=lambda one: (-one.score, one.company["name"]))


def _number(company: Mapping[str, Any], field: str, told: str, what: str) -> str:
    return told.format(company[field]) if company.get(field) else f"does not say {what}"
