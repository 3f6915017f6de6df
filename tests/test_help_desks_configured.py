"""Help desks as a project's file names them: their secrets are variables, and `serve` hears them where they are named alone."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient
from support.small_project import small_project

from switchboard.console.app import Workplace
from switchboard.console.channels.helpdesks.configured import help_desks
from switchboard.console.channels.pressing import slack_of
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import BesidePages, Desk
from switchboard.errors import OperatorError
from switchboard.project import open_project
from switchboard.service.channels.table import ChatwootTable, HelpDeskTable

NAMED = """
name = "Acme Tools"

[channels.chatwoot]
url = "https://help.example.com"
account = 1
user = 7
token = "${DESK_TOKEN}"
secret = "${DESK_SECRET}"

[channels.zendesk]
url = "https://acme.zendesk.com"
user = 8
email = "desk@example.com"
token = "${DESK_TOKEN}"
secret = "${DESK_SECRET}"

[channels.slack]
channel = "C0123456789"
token = "${DESK_TOKEN}"
secret = "${DESK_SECRET}"
people = { U0123456789 = "anna" }
"""


def test_what_is_named_is_heard_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workplace(tmp_path / "data", open_project(small_project(tmp_path, NAMED)))
    with pytest.raises(OperatorError, match=r"line 8, \[channels.chatwoot\]: .* needs the variable DESK_TOKEN"):
        help_desks(place)
    monkeypatch.setenv("DESK_TOKEN", "heron-1")
    monkeypatch.setenv("DESK_SECRET", "heron-2")
    found = help_desks(place)
    assert [(channel.name, team) for channel, team in found] == [("chatwoot", "counter"), ("zendesk", "counter")]
    assert "heron" not in repr(found)
    with BesidePages(place.environment, stands_by=False) as worker:
        app = make_app(Desk(place, worker), {"testserver"}, [channel for channel, _ in found], slack_of(place))
        client = TestClient(app)
        heard = {name: client.post(f"/channels/{name}", content=b"{}").status_code for name in ("chatwoot", "zammad", "slack")}
        assert heard == {"chatwoot": 401, "zammad": 404, "slack": 401}
    place.engine.dispose()


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://help.example.com"},
        {"url": "https://help.example.com/api"},
        {"url": "https://a:b@help.example.com"},
        {"token": "plain"},
        {"secret": "plain"},
        {"user": 0},
        {"writer": "anybody"},
    ],
)
def test_what_a_help_desk_may_not_be(wrong: dict[str, object]) -> None:
    right = {"url": "https://help.example.com", "account": 1, "user": 7, "token": "${A}", "secret": "${B}"}
    assert isinstance(ChatwootTable.model_validate(right), HelpDeskTable)
    with pytest.raises(ValidationError):
        ChatwootTable.model_validate({**right, **wrong})
