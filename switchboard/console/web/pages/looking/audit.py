"""All that people did, the newest first, and whether the log of it is as it was written."""

from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from switchboard.accounts.audit import Deed
from switchboard.console.web.asked import Asked
from switchboard.console.web.drawing import plain
from switchboard.errors import OperatorError
from switchboard.events.masking import masked_data
from switchboard.events.rendering import cut, in_facts
from switchboard.service import accounts
from switchboard.service.watching.stats import since_when

PAGE = 50
MOST_CHECKED = 5_000
"""Rows that are checked each time; of more a person asks for it, since each of them is read and hashed."""
MOST_MORE = 400


class Row(NamedTuple):
    """A deed, with what else is known of it by name, masked."""

    deed: Deed
    more: list[tuple[str, str]]


def show(asked: Asked) -> Response:
    given = asked.request.query_params
    who, what, day, wrong = given.get("who", ""), given.get("what", ""), given.get("since", "").strip(), ""
    try:
        since = since_when(day)
    except OperatorError:
        day, since, wrong = "", None, "That is no day. Write it as 2026-11-28; these are all days."
    before = _number(given.get("before", ""))
    found = accounts.audit(asked.desk, who=who, what=what, since=since, before=before, limit=PAGE + 1)
    newest = found[0].number if found and not (who or what or before) else _newest(asked)
    is_checked = newest <= MOST_CHECKED or "check" in given
    people, kinds = accounts.names_in_log(asked.desk)
    chosen = {name: value for name, value in (("who", who), ("what", what), ("since", day)) if value}
    return asked.page(
        "looking/audit.html",
        rows=[Row(deed, _more(deed)) for deed in found[:PAGE]],
        who=who,
        what=what,
        day=since.date().isoformat() if since else "",
        wrong=wrong,
        people=people,
        kinds=kinds,
        rows_in_all=newest,
        chain=accounts.check_chain(asked.desk) if is_checked else None,
        first="/audit?" + urlencode(chosen) if before else "",
        older="/audit?" + urlencode({**chosen, "before": found[PAGE - 1].number}) if len(found) > PAGE else "",
        check="/audit?" + urlencode({**chosen, "check": "yes"}),
    )


def _newest(asked: Asked) -> int:
    return next((one.number for one in accounts.audit(asked.desk, limit=1)), 0)


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


def _more(deed: Deed) -> list[tuple[str, str]]:
    masked = masked_data(deed.data)
    return [
        (plain(name), cut(plain(in_facts(value, ())), MOST_MORE))
        for name, value in masked.items()
        if value not in ("", None, [], {})
    ]
