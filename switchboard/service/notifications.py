"""Telling people that a case waits for them: what is due is sent, and kept as sent, as due again, or as given up."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.cases.tables import CaseRow, clock
from switchboard.errors import OperatorError
from switchboard.notifications import rows
from switchboard.notifications.delivery import check_url, send
from switchboard.notifications.rows import Notification
from switchboard.tables.project_file import ProjectFile
from switchboard.toolsets.environment import value_of

Send = Callable[[str, str, str, str], str]
"""(url, how it is shown, title, text) to why it failed, or ""."""
WHERE = "[notifications]"
WHY = {
    "escalated": "The agents have handed it to a person.",
    "awaiting_approval": "A call waits for an operator's yes or no.",
    "failed": "It could not be brought to its end.",
    "limit": "It went on for too long and was stopped.",
    "loop": "The agents went in circles and were stopped.",
}
THEN = {"awaiting_approval": "`switchboard approvals` shows the call.", "escalated": "`switchboard take {}` takes it over."}


def send_due(engine: Engine, file: ProjectFile, deliver: Send = send) -> list[str]:
    """Send what is due. Returns a sentence for each that could not be sent; safe in several processes at once."""
    if file.notifications is None:
        return []
    found = rows.take_due(engine, file.notifications.urls, _now(engine))
    return [trouble for one in found if (trouble := _sent(engine, file.name, one, deliver))]


def try_out(file: ProjectFile, deliver: Send = send) -> dict[str, str]:
    """Send a test to each URL. Returns by URL why it failed, or ""."""
    text = "This is a test. You will hear here of each case that waits for a person."
    return {url: _delivered(url, f"{file.name}: a test", text, deliver) for url in _urls(file)}


def troubles(engine: Engine, file: ProjectFile) -> list[str]:
    """What is wrong with the URLs, and how many notifications did not go out."""
    found = []
    for url in _urls(file):
        try:
            check_url(value_of(url, WHERE), url)
        except OperatorError as error:
            found.append(str(error))
    unsent = rows.newest(engine, 1000, unsent=True)
    if unsent:
        found.append(f"{len(unsent)} notifications did not go out: `switchboard notifications` shows which, and why.")
    return list(dict.fromkeys(found))


def newest(engine: Engine, limit: int) -> list[dict[str, object]]:
    """The newest notifications, as they are shown."""
    return [
        {
            "case_id": one.case_id,
            "run": one.run,
            "to": one.url,
            "end": one.end,
            "state": one.state,
            "tries": one.tries,
            "at": datetime.fromtimestamp(one.due_at, UTC).isoformat(timespec="seconds"),
            "trouble": one.trouble,
        }
        for one in rows.newest(engine, limit)
    ]


def _sent(engine: Engine, project: str, one: Notification, deliver: Send) -> str:
    """Send one that was taken, unless nobody needs to hear of it any more. Returns what the operator should hear, or ""."""
    if _is_overtaken(engine, one):
        rows.settle(engine, one, "", _now(engine), overtaken=True)
        return ""
    trouble = _delivered(one.url, f"{project}: a case waits for a person", letter(one), deliver)
    rows.settle(engine, one, trouble, _now(engine))
    if not trouble:
        return ""
    again = "It is tried again later." if one.tries <= len(rows.PAUSES) else "It is given up."
    return f"{one.case_id}: nobody could be notified through {one.url}. {trouble} {again}"


def letter(one: Notification) -> str:
    """What is sent: nothing of it is the customer's words, which would be read by another company's service."""
    waits = f"Case {one.case_id}{f' ({one.department})' if one.department else ''}: {WHY[one.end]}"
    then = THEN.get(one.end, "`switchboard show {}` tells more.").format(one.case_id)
    again = " You may have had this already." if one.may_be_second else ""
    return f"{waits} {then}{again}"


def _delivered(url: str, title: str, text: str, deliver: Send) -> str:
    try:
        return deliver(value_of(url, WHERE), url, title, text)
    except OperatorError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - another's plugin; what it says may hold the URL
        return f"Sending failed ({type(error).__name__})."


def _is_overtaken(engine: Engine, one: Notification) -> bool:
    """Whether the case has gone on since, or a person has it."""
    with Session(engine.execution_options(reading=True)) as session:
        row = session.get(CaseRow, one.case_id)
        return row is None or row.run != one.run or bool(row.held_by)


def _urls(file: ProjectFile) -> list[str]:
    return list(dict.fromkeys(file.notifications.urls)) if file.notifications else []


def _now(engine: Engine) -> float:
    with Session(engine.execution_options(reading=True)) as session:
        return clock(session).timestamp()
