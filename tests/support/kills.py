"""What tests of kills share: the points to die at, and what a case left, to be compared with one that nobody killed."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from support.sample import prepared
from switchboard.cases import documents as record
from switchboard.cases.entries import kept_of

WHEN = ("before", "inside", "after")


def boundaries(steps: Sequence[str]) -> list[str]:
    """Every point at which a run of these recorded steps can be killed, but for that before it has begun."""
    return [f"{when} {number}" for number in range(1, len(steps) + 1) for when in WHEN]


def mostly_slow(points: Iterable[str], few: Collection[str]) -> list[Any]:
    """Parameters of a test: a few points belong to the suite, the others take long."""
    return [point if point in few else pytest.param(point, marks=pytest.mark.slow) for point in points]


def every_other(points: Sequence[str]) -> Sequence[str]:
    """Half of the points, all of their kinds among them: on a second kind of database the run is the same."""
    return points[::2]


def left(url: str, *queries: str) -> tuple[dict[str, Any], list[object]]:
    """The documents of the one case and of its branches, and what these queries give."""
    engine = prepared(url)
    try:
        return documents(engine), values(engine, *queries)
    finally:
        engine.dispose()


def rows(url: str, *queries: str) -> list[object]:
    engine = prepared(url)
    try:
        return values(engine, *queries)
    finally:
        engine.dispose()


def values(engine: Engine, *queries: str) -> list[object]:
    with engine.connect() as connection:
        return [connection.execute(text(query)).scalar() for query in queries]


def documents(engine: Engine) -> dict[str, Any]:
    """The documents of the case and of its branches, without what differs from run to run."""
    (row,) = record.listing(engine, 10)
    parent = row["case_id"]
    whole = record.load(engine, parent)
    found = [whole, *(record.load(engine, branch["case_id"]) for branch in whole["branches"])]
    kept = [{name: value for name, value in document.items() if name != "seconds"} for document in found]
    told = re.sub(r"127\.0\.0\.1:\d+", "MODEL", json.dumps(kept).replace(parent, "CASE"))
    plain: list[dict[str, Any]] = json.loads(told)
    return {document.pop("case_id"): document for document in plain}


def recorded(engine: Engine) -> dict[str, list[str]]:
    """The recorded steps of the case and of its branches."""
    with Session(engine) as session:
        ids = session.execute(text("SELECT id FROM cases ORDER BY id")).scalars().all()
        return {case_id: [kept.name for kept in kept_of(session, case_id, 1) if kept.name] for case_id in ids}
