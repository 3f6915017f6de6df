"""A process that hears a help desk, or presses in Slack, once, for tests that kill it at each boundary."""

import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, exists, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from support.help_desks import FAKES, hall
from support.programs import hall as paying_hall
from switchboard.cases import intake
from switchboard.cases.approvals import open_approvals
from switchboard.cases.tables import CaseRow
from switchboard.console.channels import pressing
from switchboard.console.channels.helpdesks.heard import mounted, webhooks
from switchboard.console.channels.slack import Slack
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.mail import outbox
from switchboard.service import accounts
from switchboard.service.channels import help_desk, pressed, traffic
from switchboard.service.channels.help_desk import HelpDeskChannel
from switchboard.service.channels.table import SlackTable
from switchboard.service.conversations import ask, ask_again

Die = Callable[[], None]
Asked = tuple[dict[str, str], str]
"""The headers and the body of a request that comes in."""
POINTS = (
    *(
        f"{when} {name}"
        for name in ("heard", "kept", "place", "read", "answers", "send", "post")
        for when in ("before", "after")
    ),
    "within kept",
    "before the case",
    "after all",
)
"""Where it can die, beside the steps of the case itself: `heard` keeps that a webhook came, `read` that all was taken up."""
MARKS = ("after agree", "after statuses", "before mark", "after mark")
"""Where it can die about whether a conversation is closed: `agree` reads it, `statuses` writes what is asked for."""
PRESSES = tuple(f"{when} {name}" for name in ("decided", "told") for when in ("before", "after"))
SHOWS = tuple(f"{when} {name}" for name in ("shown", "kept") for when in ("before", "after"))


def is_running(engine: Engine) -> bool:
    """Whether a run of a case is not over, by whomever it was begun."""
    with engine.connect() as connection:
        return bool(connection.scalar(select(exists().where(CaseRow.end.is_(None)))))


def around(owner: Any, name: str, point: str, dies: str, die: Die) -> None:
    """Put a death before a function of a module or an object, and after it, whatever it raises."""
    real = getattr(owner, name)

    def act(*given: Any, **named: Any) -> Any:
        if dies == f"before {point}":
            die()
        try:
            return real(*given, **named)
        finally:
            if dies == f"after {point}":
                die()

    setattr(owner, name, act)


def serve_help_desk(environment: Any, name: str, url: str, came: list[Asked], drafts: str, dies: str, die: Die) -> None:
    """Do what `serve` does once; an answer that was being posted a moment ago counts as cut off."""
    outbox.SETTLES = timedelta(0)
    fake = FAKES[name](url=url)
    channel = HelpDeskChannel(environment.engine, fake.desk(), 30)
    environment.teams["toys"] = hall(drafts)
    around(help_desk, "notice", "heard", dies, die)
    around(traffic.intake, "keep_message", "kept", dies, die)
    around(traffic, "_keep_place", "place", dies, die)
    around(help_desk, "has_read", "read", dies, die)
    around(traffic, "find_answers", "answers", dies, die)
    around(channel, "send", "send", dies, die)
    around(channel.desk, "post", "post", dies, die)
    around(help_desk, "agree", "agree", dies, die)
    around(traffic, "find_statuses", "statuses", dies, die)
    around(channel.desk, "mark", "mark", dies, die)
    if dies == "within kept":
        around(intake, "keep_case", "case kept", "after case kept", die)
    client = TestClient(Starlette(routes=mounted(webhooks([channel]))))
    for headers, body in came:
        assert client.post(f"/channels/{name}", content=body.encode(), headers=headers).status_code == 200
    channel.catch_up()
    with Worker(environment, stands_by=True) as worker:
        traffic.take_in(environment, channel, "toys")
        if dies == "before the case":
            die()
        worker.put_on_queue()
        with suppress(OperatorError):
            worker.take_cases()
        while traffic.under_way(environment.engine, channel):
            time.sleep(0.02)
        traffic.send_out(environment.engine, channel, environment.teams)
    if dies == "after all":
        die()


def serve_slack(
    environment: Any, url: str, secrets: tuple[str, str], people: dict[str, str], came: list[Asked], dies: str, die: Die
) -> None:
    """Show what waits, hear presses, and work on what these begin. Without a case one is begun, whose call waits."""
    environment.teams["toys"] = paying_hall()
    slack = Slack(SlackTable(channel="C0123456789", token="${A}", secret="${B}", people=people, url=url), *secrets)
    around(slack, "decide", "decided", dies, die)
    around(slack, "tell", "told", dies, die)
    around(slack, "_show", "shown", dies, die)
    around(pressed, "has_read", "kept", dies, die)
    with Worker(environment, takes_cases=True) as worker:
        place: Any = SimpleNamespace(
            engine=environment.engine, environment=environment, worker=lambda about="": nullcontext(worker)
        )
        if not open_approvals(place.engine) and not came:
            for name in people.values():
                accounts.add_account(place, name, "operator", "a heron on one leg", "root")
            case_id = str(ask(place, "toys", "Please pay me.", "ada@example.com")["case_id"])
            ask_again(place, case_id, "All of it.", "ada@example.com")
        slack.show_new(place)
        client = TestClient(Starlette(routes=mounted(pressing.presses(place, slack))))
        for headers, body in came:
            assert client.post("/channels/slack", content=body, headers=headers).status_code == 200
        until = time.monotonic() + 30  # what a dead process had begun is taken over when its lease is over
        worker.put_on_queue()
        while worker.under_way() or (is_running(place.engine) and time.monotonic() < until):
            worker.put_on_queue()
            time.sleep(0.02)
