"""`switchboard doctor`: the machine, the database and the processes around a project, and all that `check` sees of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from switchboard.accounts.seals import is_sealed
from switchboard.cases.sealed.key import trouble_with_key
from switchboard.characters import visible
from switchboard.console.app import Workplace
from switchboard.console.databases import tables_stand
from switchboard.console.terminal.check import ENOUGH_BYTES, LEAST_BYTES, STYLES, Finding, finding, looked_at, told
from switchboard.console.terminal.running.installed import troubles
from switchboard.console.terminal.screen import show_findings, show_json
from switchboard.service import accounts
from switchboard.service.channels.traffic import unread
from switchboard.service.recovery import cut_off
from switchboard.service.watching import health
from switchboard.service.workers import takers

OPERATOR, ADMINISTRATOR, AUTHOR = "an operator", "who runs this machine", "who keeps the project"
WHO = {
    "project": AUTHOR,
    "identity": AUTHOR,
    "prompts": AUTHOR,
    "cases": OPERATOR,
    "mails": OPERATOR,
    "accounts": "an admin of the desk",
    "model": "who runs the model, or its key",
    "models": "who runs the model, or its key",
    "endpoints": "who runs the model, or its key",
}
"""Who can mend what is not well; all else is for who runs this machine."""
ODD_SECONDS, WRONG_SECONDS = 2.0, 30.0
"""Between two clocks: deadlines are by one of them, and what is signed by the other."""
MOST_NAMED = 5
HELP_DESKS = ("chatwoot", "zammad", "zendesk")


def see(data: Path | None, json: bool) -> bool:
    """Show all that is found. Returns whether nothing has to be mended."""
    findings = [{**row, "who": "" if row["state"] == "good" else WHO.get(row["what"], ADMINISTRATOR)} for row in found(data)]
    if json:
        show_json({"findings": findings})
    else:
        show_findings((row["state"], STYLES[row["state"]], row["what"], visible(in_words(row))) for row in findings)
    return not any(row["state"] == "wrong" for row in findings)


def in_words(row: Finding) -> str:
    return f"{row['text']} (to be mended by: {row['who']})" if row["who"] else row["text"]


def found(data: Path | None) -> list[Finding]:
    """What is found, each thing once: around the project, and within it."""
    findings = list(_installed())
    opens = False
    with told("settings", findings):
        place = Workplace(data)
        for look in (_folder, _tables):
            with told("database", findings):
                findings += look(place)
        opens = not any(row["what"] == "database" for row in findings)
        for look in (_clock, _key, _accounts, _workers, _cases, _channels) if opens else ():
            with told("database", findings):
                findings += look(place)
    return [*findings, *(row for row in looked_at(data, with_rows=opens) if row not in findings)]


def _installed() -> Iterator[Finding]:
    wrong, good = troubles()
    for text in wrong:
        yield finding("packages", "wrong", f"{text} Install it anew: pip install --upgrade 'switchboard-desk'.")
    if not wrong:
        yield finding("packages", "good", good)


def _folder(place: Workplace) -> Iterator[Finding]:
    """The data folder, which is asked for whether the rows are in it or not. What opens it says where it cannot be written."""
    free = shutil.disk_usage(place.folder).free
    state = "wrong" if free < LEAST_BYTES else "odd" if free < ENOUGH_BYTES else "good"
    then = "" if state == "good" else " Make room on its disk."
    yield finding("folder", state, f"{place.folder} can be written, and {free / 1e9:.1f} GB are free.{then}")


def _tables(place: Workplace) -> Iterator[Finding]:
    """Whether the tables are those of this program; nothing is said where they are, as `check` says it."""
    if (file := place.file) is not None and not file.exists():
        yield finding("database", "odd", f"{file} is not there yet: the first command that needs it makes it.")
        return
    current, newest = tables_stand(place.address, place.project)
    if current is None:
        yield finding("database", "odd", "It holds no tables yet: the first command that needs them makes them.")
    elif current < newest:
        how = "Keep a copy of it, stop what works on it, and run `switchboard check`, which brings it up to date"
        yield finding("database", "wrong", f"It is at version {current}, and this program at {newest}. {how}.")
    elif current > newest:
        why = f"It is at version {current}, which a newer Switchboard wrote; this one knows {newest}."
        yield finding("database", "wrong", f"{why} Install the newer one.")
    elif why := health.unwritable(place.engine):
        yield finding("database", "wrong", f"{why} Until it takes rows no case goes on.")


def _clock(place: Workplace) -> Iterator[Finding]:
    apart = health.skew(place.engine)
    state = "wrong" if abs(apart) > WRONG_SECONDS else "odd" if abs(apart) > ODD_SECONDS else "good"
    then = "" if state == "good" else " Have both machines set their clocks by NTP."
    yield finding("clock", state, f"The database's clock is {apart:+.1f} s from the one here.{then}")


def _key(place: Workplace) -> Iterator[Finding]:
    if trouble := trouble_with_key(place.engine):
        yield finding("seals", "wrong", trouble)
    elif is_sealed(place.engine):
        yield finding("seals", "good", "The key here is the one that the rows are sealed with.")


def _accounts(place: Workplace) -> Iterator[Finding]:
    every = [one for one in accounts.list_accounts(place) if not one.disabled]
    if not accounts.any_accounts(place):
        how = "another --host, or --domain, wants one: `switchboard users add NAME --role admin`"
        yield finding("accounts", "good", f"Nobody has an account, so `serve` is for this machine alone; {how}.")
    elif not any(one.role == "admin" for one in every):
        yield finding("accounts", "odd", "No admin can sign in. Make one: `switchboard users add NAME --role admin`.")
    else:
        yield finding("accounts", "good", f"{len(every)} can sign in; `serve` may listen on another --host.")


def _workers(place: Workplace) -> Iterator[Finding]:
    if at_work := takers(place.engine):
        yield finding("workers", "good", f"{len(at_work)} alive and taking cases.")
    else:
        yield finding("workers", "odd", "Nobody takes cases. Start `switchboard serve`, or `switchboard worker`.")


def _cases(place: Workplace) -> Iterator[Finding]:
    """What waits longer than it should: for people, or for a process."""
    if late := health.late(place):
        yield finding("cases", "odd", f"{named(late)} late. Answer them; `switchboard tickets` has the nearest deadline first.")
    if stuck := cut_off(place):
        yield finding(
            "cases", "odd", f"{named(stuck)} cut off, and nobody goes on. Start a worker, or `switchboard resume --all`."
        )
    if count := health.not_ended(place):
        yield finding(
            "cases", "odd", f"{count} could not be brought to an end. Look at them in the queue, and close their tickets."
        )


def _channels(place: Workplace) -> Iterator[Finding]:
    if marks := unread(place.engine, "mail"):
        where = f"Look in the mailbox: UID {', '.join(marks[:MOST_NAMED])}."
        yield finding("mails", "odd", f"{len(marks)} could not be read. {where}")
    for name in HELP_DESKS:
        if marks := unread(place.engine, name):
            which = f"Look there: {', '.join(marks[:MOST_NAMED])}."
            yield finding("help desks", "odd", f"{len(marks)} conversations of {name} could not be read. {which}")


def named(cases: list[str]) -> str:
    """Cases by their ids, the first few of many, as the subject of a sentence."""
    more = f" and {len(cases) - MOST_NAMED} more" if len(cases) > MOST_NAMED else ""
    return f"{', '.join(cases[:MOST_NAMED])}{more} {'is' if len(cases) == 1 else 'are'}"
