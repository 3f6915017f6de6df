"""A channel served: what comes in is taken in, and what customers are told is sent; where one cannot be done it waits alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from switchboard.console.app import Workplace
from switchboard.console.channels.mail import MailChannel, mail_channel
from switchboard.console.databases import telling_of_the_database
from switchboard.console.patience import patient, patient_for_a_minute
from switchboard.console.terminal.screen import say
from switchboard.console.terminal.workers import THE_SAME_AGAIN, Chores, Lines, finish, listening
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError, about
from switchboard.mail.settings import mail_settings
from switchboard.project import FILE
from switchboard.service import intake
from switchboard.service.channels.channel import Channel, OutOfReach
from switchboard.service.channels.traffic import TakenIn, send_out, take_in, under_way
from switchboard.tables.project_file import placed

LOOK_SECONDS = 1.0
GRACE_SECONDS = 30.0
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds until the next try of what could not be done, the more the longer it cannot."""


class Side:
    """A mailbox, or a mail server, that may be away for a while: it is tried again ever later, which is said once."""

    def __init__(self, again: str) -> None:
        self._again, self._failed, self._next = again, 0, 0.0

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self._next

    def answered(self) -> None:
        if self._failed:
            say(self._again)
        self._failed, self._next = 0, 0.0

    def failed(self, why: str) -> None:
        if not self._failed:
            say(f"{why.rstrip('.')}. It is tried again until it can be done.")
        self._next = time.monotonic() + PAUSES[min(self._failed, len(PAUSES) - 1)]
        self._failed += 1

    def rests(self, seconds: float) -> None:
        """Have nothing asked of it for so long."""
        self._next = time.monotonic() + seconds


class Served:
    """A channel at work: `turn` does what there is to do now, and waits a moment for more."""

    def __init__(self, worker: Worker, channel: Channel, team: str, looks_every: float) -> None:
        self._worker, self._channel, self._team, self._looks_every = worker, channel, team, looks_every
        self._reading = Side(f"The channel {channel.name} is read again.")
        self._sending = Side("Answers are sent again.")
        self._next_look = 0.0

    def turn(self) -> None:
        if self._reading.is_due and time.monotonic() >= self._next_look:
            self._read()
        if self._sending.is_due:
            self.send()
        self._wait()

    def begin(self) -> TakenIn:
        """Take in what is there. Raises OutOfReach, and OperatorError for what must be mended."""
        try:
            taken = take_in(self._worker.environment, self._channel, self._team)
        finally:
            self._worker.put_on_queue()  # also what was kept before the mailbox broke off
        for wrong in taken.wrong:
            say(wrong)
        self._next_look = time.monotonic() + self._looks_every
        return taken

    def send(self) -> bool:
        """Send what is to be told. Returns whether nothing that could not be sent is left."""
        began = time.monotonic()
        sent, trouble = send_out(self._worker.environment.engine, self._channel)
        if trouble:
            self._sending.failed(trouble)
        else:
            self._sending.answered()
            self._sending.rests(0.0 if sent else 10 * (time.monotonic() - began))  # with many cases it takes a while to look
        return not trouble

    def _read(self) -> None:
        try:
            self.begin()
            self._reading.answered()
        except (OutOfReach, OperatorError) as error:
            self._reading.failed(str(error))

    def _wait(self) -> None:
        if not self._reading.is_due:
            time.sleep(LOOK_SECONDS)
            return
        try:
            if self._channel.wait(LOOK_SECONDS):
                self._next_look = 0.0
        except (OutOfReach, OperatorError) as error:
            self._reading.failed(str(error))


@contextmanager
def beside(runs: Sequence[Callable[[Event], None]]) -> Iterator[None]:
    """Have each of these run in a thread of its own for as long as this lasts, which its event then tells it. It is waited for
    them no longer than the grace for all together: one that waits for another side ends with the process.
    """
    over = Event()
    threads = [Thread(target=run, args=(over,), daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        until = time.monotonic() + GRACE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))


def channel_of(place: Workplace) -> tuple[MailChannel, str, float]:
    """The mailbox of a project, the team that works on its mails, and how often it is looked at. Raises OperatorError."""
    file, table = place.project.file, place.project.file.channels.mail
    with placed(place.project.folder / FILE, FILE, "channels", "mail", table="[channels.mail]"):
        channel = mail_channel(table, file.mail, mail_settings(), file.name, place.project.setup.services().get("mail"))
        with about("team"):
            team = place.project.team_name(table.team if table else None)
    return channel, team, table.looks_every if table else 60.0


def serve_mail(concurrency: int, data: Path | None, json: bool) -> None:
    """Serve the mailbox until a signal comes; then finish what is under way, and send what came of it."""
    with ExitStack() as opened:
        told = opened.enter_context(listening())
        place = Workplace(data)
        channel, team, looks_every = channel_of(place)
        opened.callback(channel.mailbox.close)
        opened.enter_context(telling_of_the_database(THE_SAME_AGAIN))
        opened.enter_context(patient(lambda waited: told.gives_up(waited, GRACE_SECONDS), "The mails are then taken in."))
        opened.enter_context(place.in_service())
        worker = Worker(place.environment, stands_by=True, concurrency=concurrency, chores=Chores(place))
        opened.enter_context(place.exported())
        opened.enter_context(worker)
        place.environment.stream.listen(Lines(worker, json))
        served = Served(worker, channel, team, looks_every)
        with suppress(OutOfReach):  # said, and tried again, by the first turn
            served.begin()
        say(f"Reading {channel.mailbox.named}, answering as {channel.us}. Ctrl-C stops.")
        while not told.stop.is_set():
            take_cases_where_nobody_does(worker)
            served.turn()
        worker.take_no_more()
        finish(worker, told, GRACE_SECONDS)
        served.send()
    place.tell_troubles()


def serve_once(concurrency: int, data: Path | None, json: bool) -> bool:
    """Take in the mails that are there, work on their cases, and send the answers. Returns whether all could be sent."""
    place = Workplace(data)
    channel, team, looks_every = channel_of(place)
    with ExitStack() as opened:
        opened.callback(channel.mailbox.close)
        opened.enter_context(telling_of_the_database(THE_SAME_AGAIN))
        opened.enter_context(patient_for_a_minute())
        worker = Worker(place.environment, stands_by=True, concurrency=concurrency, chores=Chores(place))
        opened.enter_context(place.exported())
        opened.enter_context(worker)
        place.environment.stream.listen(Lines(worker, json))
        served = Served(worker, channel, team, looks_every)
        try:
            taken = served.begin()
        except OutOfReach as error:
            raise OperatorError(f"{error} Nothing is lost: what is there is taken in by the next command.") from None
        take_cases_where_nobody_does(worker)
        for _ in intake.results(worker, [*taken.ids, *under_way(place.engine, channel)]):
            pass
        while worker.under_way():  # what no person wrote, and was kept before a crash
            time.sleep(LOOK_SECONDS)
        is_sent = served.send()
        place.tell_troubles()
    say(f"{len(taken.ids)} mails taken in, {taken.new} of them new.")
    return is_sent


def take_cases_where_nobody_does(worker: Worker) -> None:
    if not worker.is_worker and not worker.workers():
        with suppress(OperatorError):  # on SQLite, when another process becomes the worker at this moment
            worker.take_cases()
