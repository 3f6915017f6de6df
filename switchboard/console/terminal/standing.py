"""How a case stands, as its rows say, and what of it a screen has shown already."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases import documents as record
from switchboard.cases.approvals import open_approvals
from switchboard.cases.cases import is_with_human
from switchboard.cases.tables import CaseRow
from switchboard.console.terminal.screen import show_entry, show_line
from switchboard.declare.transcript import Entry, as_json, entry_from
from switchboard.events.rendering import line_of


@dataclass(frozen=True)
class Standing:
    """A run's row. `end` is None while it is being worked on, or was cut off."""

    case_id: str
    end: str | None
    run: int
    held_by: str | None
    cancelled_by: str | None
    email: str
    is_with_human: bool
    can_go_on: bool
    document: dict[str, Any]
    approvals: list[dict[str, Any]]


def standing(engine: Engine, case_id: str) -> Standing:
    """How a run stands. Raises OperatorError where no run, or more than one, begins with `case_id`."""
    with Session(engine.execution_options(reading=True)) as session:
        row = record.find(session, case_id)
        state = row.state or {}
        return Standing(
            case_id=row.id,
            end=row.end,
            run=row.run,
            held_by=row.held_by,
            cancelled_by=row.cancelled_by,
            email=state.get("known", {}).get("email", ""),
            is_with_human=bool(state) and is_with_human(session, row),
            can_go_on=bool(state),
            document=record.document_of(session, row),
            approvals=open_approvals(engine, row.id) if row.end == "awaiting_approval" else [],
        )


def unfinished(engine: Engine) -> list[str]:
    """The runs that somebody works on, or that were cut off; the oldest first."""
    query = select(CaseRow.id).where(CaseRow.end.is_(None)).order_by(CaseRow.created_at, CaseRow.id)
    with Session(engine.execution_options(reading=True)) as session:
        return list(session.scalars(query))


def waiting_words(stand: Standing) -> str:
    """What a case waits for, in words for whoever looks at it; "" where it waits for nobody but the customer."""
    if stand.held_by:
        return f"{stand.held_by} has taken the case over. What you write goes to them."
    if stand.is_with_human:
        return "The case is with a human now. What you write is added to it."
    if stand.end is None:
        return "The case is being worked on."
    if stand.approvals:
        asked = stand.approvals[0]
        return f"It waits for an operator to approve {asked['tool']}. What you write meanwhile is kept."
    return ""


class Seen:
    """The lines of a run that were shown here, so that what others add to it is shown once."""

    def __init__(self, silent: bool) -> None:
        self._silent = silent
        self._lines = 0
        self._waiting: set[str | None] = set()

    def show(self, entry: Entry) -> None:
        """Show a line as it comes."""
        if entry.kind == "result" and entry.status == "waiting":
            self._waiting.add(entry.call_id)
        else:
            self._lines += 1
        if not self._silent:
            show_entry(entry)

    def catch_up(self, transcript: list[dict[str, Any]]) -> None:
        """Show the lines of a transcript that were not shown yet.

        That a call waits is no line that stays: what comes of the call stands in its place.
        """
        count = 0
        for line in transcript:
            if line.get("status") == "waiting":
                new = line["call_id"] not in self._waiting
                self._waiting.add(line["call_id"])
            else:
                count += 1
                new = count > self._lines
            if new and not self._silent:
                show_line(line_of(entry_from(line)))
        self._lines = max(self._lines, count)


def call_in_words(tool: str, arguments: dict[str, Any]) -> str:
    """A call with all its arguments; cents as an amount, too, which nobody should have to work out at night."""
    given = [f"{name}={as_json(value)}{amount(name, value)}" for name, value in arguments.items()]
    return f"{tool}({', '.join(given)})"


def amount(name: str, value: Any) -> str:
    return f" ({value / 100:.2f})" if name.endswith("_cents") and isinstance(value, int) else ""
