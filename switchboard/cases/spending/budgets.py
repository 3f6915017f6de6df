"""Whether a call of a model may be made within the budgets of a project, by the rows that all of its processes share."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from switchboard.cases.spending.rows import hold, is_news, settle, standing
from switchboard.cases.tables import clock
from switchboard.database import lock_key, patiently
from switchboard.declare.outcomes import Wasted
from switchboard.models.money.budgets import Begun, Budget, Estimate, Stand, refusal, shown
from switchboard.notifications.rows import abouts, notify
from switchboard.notifications.table import NotificationsTable

ONE_AT_A_TIME = 7392012
"""The advisory lock on Postgres of the one who looks at the budgets and holds something of them."""
MANY = 300
"""As many calls as there may be under way at once: while a budget has room for so many, nothing is held of it."""
WAIT_SECONDS, LOOK_SECONDS = 60.0, 0.05
"""How long a call waits for what others hold, which often take less; and how often it looks."""
BUDGET = "budget"
"""What stands in the place of a case where a notification is of a budget."""


class Budgets:
    """The budgets of a project, in the time zone where its days are; `whom` is told of one that runs out, or is used up. The
    rows are opened when they are first needed.
    """

    def __init__(
        self,
        engine: Callable[[], Engine],
        budgets: Sequence[Budget],
        zone: str | None = None,
        *,
        wait: float = WAIT_SECONDS,
        whom: NotificationsTable | None = None,
    ) -> None:
        self._engine, self._budgets, self._zone, self._wait = engine, tuple(budgets), ZoneInfo(zone or "UTC"), wait
        self._whom = whom
        self._told: set[str] = set()
        self._alone = threading.Lock()  # SQLite lets one writer in, and has the others look again and again

    def begin(self, case_id: str, estimate: Callable[[], Estimate]) -> Begun:
        if not self._budgets:
            return Begun(self._day(datetime.now(UTC)).isoformat())
        wants, until = estimate(), time.monotonic() + self._wait
        if day := self._day_with_room(wants):
            return Begun(day)
        told: list[str] = []
        while True:
            with self._alone:
                begun, waits = self._tried(case_id, wants)
            told += begun.warnings
            if not waits or time.monotonic() > until:
                return begun._replace(warnings=told)
            time.sleep(LOOK_SECONDS)

    @patiently
    def settle(self, case_id: str, day: str, took: Wasted) -> None:
        with self._alone, self._engine().begin() as connection:
            settle(connection, [(case_id, day, took)])

    def stand(self) -> list[Stand]:
        """How each budget stands now."""
        return self._read()[1]

    @patiently
    def keep_alerts(self) -> None:
        """Write who is to hear of budgets now: after the last call of a night none comes that would."""
        if not self._budgets or self._whom is None:
            return
        day, stands = self._read()
        short = [one for one in stands if _share(one)]
        with Session(self._engine().execution_options(reading=True)) as session:
            told = abouts(session, [BUDGET]) if short else set()
        news = [one for one in short if (BUDGET, _name(one, day)) not in told]
        if news:
            with Session(self._engine()) as session, session.begin():
                self._notify(session, news, day, clock(session).timestamp())

    def _notify(self, session: Session, stands: Sequence[Stand], day: date, now: float) -> None:
        """Write who is to hear how budgets stand, each once; nothing that is used up waits for the morning."""
        if self._whom is None:
            return
        for one in stands:
            to, end = self._whom.places(is_urgent=one.is_used_up), "used_up" if one.is_used_up else "short"
            notify(session, BUDGET, 0, to, end, None, now, _name(one, day))

    @patiently
    def _read(self) -> tuple[date, list[Stand]]:
        with Session(self._engine().execution_options(reading=True)) as session:
            now = clock(session)
            day = self._day(now)
            return day, standing(session, self._budgets, day, now.timestamp())

    def _day_with_room(self, wants: Estimate) -> str:
        """Today, where each budget has room for many calls and there is nothing to tell of any; else ""."""
        day, stands = self._read()
        quiet = all(one.used + MANY * getattr(wants, one.budget.unit) < one.budget.most for one in stands)
        return day.isoformat() if quiet and {_name(one, day) for one in stands if _share(one)} <= self._told else ""

    @patiently
    def _tried(self, case_id: str, wants: Estimate) -> tuple[Begun, bool]:
        """What comes of one look at the rows, and whether another one may be better."""
        engine = self._engine()
        with Session(engine) as session, session.begin():
            if engine.dialect.name == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(lock_key(engine, ONE_AT_A_TIME))))
            now = clock(session)
            day = self._day(now)
            stands = standing(session, self._budgets, day, now.timestamp(), case_id)
            news = [one for one in stands if _share(one) and is_news(session, _name(one, day))]
            self._notify(session, news, day, now.timestamp())
            full = [one for one in stands if one.is_used_up] or [one for one in stands if one.is_held]
            if not full:
                hold(session, case_id, wants, now.timestamp())
            self._told |= {_name(one, day) for one in stands if _share(one)}
        refused = refusal(full[0]) if full else ""
        return Begun(day.isoformat(), refused, [_warning(one) for one in news]), bool(full) and not full[0].is_used_up

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _share(stand: Stand) -> int:
    """How many per cent of a budget there is something to tell of: 100, 80, or 0 for nothing."""
    return 100 if stand.is_used_up else 80 if stand.is_short else 0


def _name(stand: Stand, day: date) -> str:
    """What a warning is known by: it is told anew in the next day or month, and for another budget."""
    within = {"day": day.isoformat(), "month": f"{day:%Y-%m}", "project": ""}[stand.budget.period]
    return " ".join(filter(None, [f"{_share(stand)} %", shown(stand.budget), within]))


def _warning(stand: Stand) -> str:
    then = "No model is asked any more; the rules go on" if stand.is_used_up else "It runs out"
    return f"Budget of models: {stand.told} are used. {then}."
