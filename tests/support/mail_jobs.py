"""A process that reads the mailbox once, works on its cases and sends the answers, for tests that kill it at each boundary."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from support.imap_server import PASSWORD, USER
from switchboard.cases import intake
from switchboard.console.channels.imap import Imap
from switchboard.console.channels.mail import MailChannel
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.mail import outbox
from switchboard.mail.settings import MailboxAt
from switchboard.mail.smtp import Smtp
from switchboard.service.channels import traffic
from switchboard.service.mails import Incoming

US = "desk@example.com"


def channel_at(imap: int, smtp: int) -> MailChannel:
    box = Imap(MailboxAt("127.0.0.1", imap, USER, PASSWORD, "none"), "INBOX")
    sender = Smtp("127.0.0.1", smtp, US, "Acme Tools", "none")
    return MailChannel(box, sender, Incoming("from", [US]), US, "Acme Tools")


def serve_mails(environment: Any, imap: int, smtp: int, dies: str, die: Callable[[], None]) -> None:
    """Do what `switchboard mail once` does, and die at a point; one that was being sent a moment ago counts as cut off."""
    outbox.SETTLES = timedelta(0)
    channel = channel_at(imap, smtp)
    Dying(channel, dies, die)
    with Worker(environment, stands_by=True) as worker:
        traffic.take_in(environment, channel, "desk")
        if dies == "before the case":
            die()
        worker.put_on_queue()
        with suppress(OperatorError):
            worker.take_cases()
        while traffic.under_way(environment.engine, channel):
            time.sleep(0.05)
        traffic.send_out(environment.engine, channel, environment.teams)
    if dies == "after all":
        die()


class Dying:
    """Puts a death before, within or after each thing that the mailbox does."""

    def __init__(self, channel: Any, dies: str, die: Callable[[], None]) -> None:
        self._dies, self._die = dies, die
        traffic.intake.keep_message = self._around("kept", intake.keep_message)
        traffic._keep_place = self._around("place", traffic._keep_place)
        traffic.find_answers = self._around("answers", traffic.find_answers)
        channel.keep = self._around("mark", channel.keep)
        channel.send = self._around("send", channel.send)
        known_as = channel.known_as

        def within(key: str, address: str) -> str:
            """Called within the transaction that writes an answer."""
            if dies == "within answers":
                die()
            return str(known_as(key, address))

        channel.known_as = within
        if dies == "within kept":
            intake.keep_case = self._around_end(intake.keep_case)

    def _around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*given: Any, **named: Any) -> Any:
            if self._dies == f"before {name}":
                self._die()
            found = real(*given, **named)
            if self._dies == f"after {name}":
                self._die()
            return found

        return act

    def _around_end(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*given: Any, **named: Any) -> Any:
            real(*given, **named)
            self._die()

        return act


POINTS = (
    *(f"{when} {name}" for name in ("kept", "place", "mark", "answers", "send") for when in ("before", "after")),
    "within kept",
    "before the case",
    "within answers",
    "after all",
)
"""Where it can die, beside the steps of the case itself."""
