"""A real `kill -9` around a press in Slack, and around showing a call there: it is one yes, and each call is shown."""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
from support.help_desk_jobs import PRESSES, SHOWS
from support.killed import Nursery
from support.kills import mostly_slow, rows
from support.programs import serving
from support.sample import prepared
from test_slack import CHANNEL, SECRET, TOKEN, Workspace

from switchboard.database import sqlite_url

PEOPLE = {"U0OTTO": "otto", "U0LENA": "lena"}
PAID = "SELECT count(*) FROM entries WHERE kind = 'result' AND CAST(data AS TEXT) LIKE '%7000%done%'"
WAITS = "SELECT count(*) FROM cases WHERE \"end\" = 'awaiting_approval'"
YES = "SELECT count(*) FROM operator_audit WHERE what = 'approved a call'"
STEPS = [f"{when} {n}" for n in (1, 2) for when in ("before", "inside", "after")]
"""Of the run that the yes begins: the call is made, and told."""


@pytest.fixture
def workspace() -> Iterator[tuple[Workspace, str]]:
    found = Workspace()
    with serving(found.app()) as url:
        yield found, url


def pressed(workspace: Workspace, by: str) -> tuple[dict[str, str], str]:
    """A press on the button of the call that was shown first, as Slack signs it."""
    _, message = next(one for one in workspace.asked if one[0] == "chat.postMessage")
    action = {"action_id": "approve", "type": "button", "value": message["blocks"][1]["elements"][0]["value"]}
    told = {
        "type": "block_actions",
        "user": {"id": by},
        "channel": {"id": CHANNEL},
        "message": {"ts": "1930381200.000100", "text": message["text"]},
        "actions": [action],
    }
    body, stamp = urlencode({"payload": json.dumps(told)}), str(int(time.time()))
    signed = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), sha256).hexdigest()
    kind = "application/x-www-form-urlencoded"
    return {"X-Slack-Signature": f"v0={signed}", "X-Slack-Request-Timestamp": stamp, "Content-Type": kind}, body


def is_one_yes(point: str, nursery: Nursery, url: str, workspace: tuple[Workspace, str]) -> None:
    """Nobody has told them what their press did, so they press again, and so does somebody else."""
    slack, at = workspace
    prepared(url).dispose()
    given = {"at": at, "people": PEOPLE, "secrets": (TOKEN, SECRET)}
    nursery.start("slack", url, **given).ended()
    nursery.start("slack", url, dies=point, came=[pressed(slack, "U0OTTO")], **given).was_killed()
    nursery.start("slack", url, came=[pressed(slack, "U0OTTO"), pressed(slack, "U0LENA")], **given).ended()
    assert rows(url, PAID, WAITS, YES) == [1, 0, 1]
    told = [said["text"].splitlines()[-1] for method, said in slack.asked if method != "chat.postMessage"]
    assert sum(one == "Approved by otto." for one in told) == (1 if point in ("before decided", "after told") else 0)
    assert "approved already, by otto" in told[-1]


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow((*PRESSES, *STEPS), ("after decided",)))
def test_a_press_is_one_yes_wherever_the_process_is_killed(
    point: str, nursery: Nursery, tmp_path: Path, workspace: tuple[Workspace, str]
) -> None:
    is_one_yes(point, nursery, sqlite_url(tmp_path / "shop.db"), workspace)


@pytest.mark.slow
@pytest.mark.parametrize("point", PRESSES)
def test_a_press_is_one_yes_wherever_the_process_is_killed_on_postgres(
    point: str, nursery: Nursery, addresses: Callable[[], str], workspace: tuple[Workspace, str]
) -> None:
    is_one_yes(point, nursery, addresses(), workspace)


@pytest.mark.slow
@pytest.mark.parametrize("point", SHOWS)
def test_a_call_is_shown_wherever_the_process_is_killed(
    point: str, nursery: Nursery, tmp_path: Path, workspace: tuple[Workspace, str]
) -> None:
    """A second time at most, where nobody knows whether it was shown: of two presses one counts."""
    slack, at = workspace
    url = sqlite_url(tmp_path / "shop.db")
    prepared(url).dispose()
    given = {"at": at, "people": PEOPLE, "secrets": (TOKEN, SECRET)}
    nursery.start("slack", url, dies=point, **given).was_killed()
    for _ in range(2):
        nursery.start("slack", url, **given).ended()
    assert len(slack.asked) == (2 if point in ("after shown", "before kept") else 1)
