"""Help desks as a project's file names them: their secrets are variables, and `serve` hears them where they are named alone."""

from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from support.small_project import small_project
from test_web_live import serving

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


@pytest.mark.slow
def test_what_is_named_is_heard_and_nothing_else(tmp_path: Path) -> None:
    project = small_project(tmp_path, NAMED)
    with serving(project, "--port", "0") as (process, said):
        assert process.stdout
        told = " ".join((said + process.stdout.read()).split())
        assert "line 8, [channels.chatwoot]:" in told and "needs the variable DESK_TOKEN" in told and process.wait() == 2
    with serving(project, "--port", "0", DESK_TOKEN="heron-1", DESK_SECRET="heron-2") as (_, said):
        url = said.split()[0]
        names = ("chatwoot", "zammad", "zendesk", "slack")
        heard = {name: httpx.post(f"{url}/channels/{name}", content=b"{}", timeout=30).status_code for name in names}
    assert heard == {"chatwoot": 401, "zammad": 404, "zendesk": 401, "slack": 401}


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
