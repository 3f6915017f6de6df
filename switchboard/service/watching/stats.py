"""How cases went, in figures."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import get_args

from switchboard.cases.statistics.figures import By, Stats
from switchboard.cases.statistics.queries import stats_of
from switchboard.errors import OperatorError
from switchboard.service.place import Place

MOST_DAYS = 36_500


def stats(place: Place, since: datetime | None, by: Collection[By] = get_args(By)) -> Stats:
    """The figures of the cases that began since then, of all without it."""
    return stats_of(place.engine, since, by)


def since_when(given: str, today: datetime | None = None) -> datetime | None:
    """The beginning (UTC) of a day that is given as `2026-11-28`, or as `7d`, which is so many days with today; None for "".

    Raises OperatorError.
    """
    if not given:
        return None
    now = today or datetime.now(UTC)
    number = given.removesuffix("d")
    if number != given and number.isascii() and number.isdecimal() and 1 <= int(number[:6]) <= MOST_DAYS and len(number) < 6:
        return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=int(number) - 1)
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise OperatorError(
            f"{given[:40]!r} is no day. Write --since 2026-11-28, or --since 7d for the last seven days."
        ) from None
