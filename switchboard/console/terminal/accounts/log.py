"""The audit log, at the terminal."""

from dataclasses import asdict
from pathlib import Path

from switchboard.cases.standing import standing
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.shown import moment
from switchboard.console.terminal.accounts.who import keeping
from switchboard.console.terminal.screen import out, say, show_json, show_record, show_table
from switchboard.events.masking import masked_data
from switchboard.events.rendering import cut, in_facts
from switchboard.service import accounts
from switchboard.service.watching.stats import since_when


def list_log(case_id: str, who: str, since: str, limit: int, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    case_id = standing(place.engine, case_id).case_id if case_id else ""
    found = accounts.audit(place, case_id=case_id, who=who, since=since_when(since), limit=limit)
    if json:
        show_record([asdict(one) for one in found])
    elif found:
        columns = ("number", "UTC", "who", "what", "case", "more")
        width = 2 * out.width
        rows = [
            (d.number, moment(d.at), d.who, d.what, d.case_id, cut(in_facts(masked_data(d.data), ()), width)) for d in found
        ]
        show_table("", columns, rows)
    else:
        say("Nothing is recorded of that.")


def check_log(data: Path | None, json: bool) -> bool:
    """Tell whether the log is as it was written. Returns that."""
    found = accounts.check_chain(Workplace(data))
    if json:
        show_json(asdict(found))
    elif found.broken is not None:
        say(f"Row {found.broken} does not fit. {found.why} {found.rows} before it fit.")
    else:
        say(f"Each of the {found.rows} rows fits. The newest has the hash {found.newest or '-'}:")
        say("whoever keeps it elsewhere sees, too, whether all were written anew, or the newest taken out.")
    return found.broken is None


def seal_case(case_id: str, name: str, data: Path | None, json: bool) -> None:
    """Seal one case as it stands, or all of them for ""."""
    place = Workplace(data)
    count = accounts.seal_anew(place, case_id, keeping(place, name))
    if json:
        show_json({"cases": count})
    else:
        say(f"{count} {'case is' if count == 1 else 'cases are'} sealed as {'it stands' if count == 1 else 'they stand'} now.")
