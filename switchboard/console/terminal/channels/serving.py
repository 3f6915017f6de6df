"""`switchboard mail serve` and `once`: a mailbox served, and its cases worked on, for as long as wanted or once."""

import time
from contextlib import ExitStack, suppress
from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.channels.mail import MailChannel, mail_channel
from switchboard.console.channels.serving import GRACE_SECONDS, LOOK_SECONDS, Served
from switchboard.console.databases import telling_of_the_database
from switchboard.console.patience import patient, patient_for_a_minute
from switchboard.console.terminal.screen import say
from switchboard.console.terminal.workers import THE_SAME_AGAIN, Chores, Lines, finish, listening
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError, about
from switchboard.mail.settings import mail_settings
from switchboard.project import FILE
from switchboard.service import intake
from switchboard.service.channels.channel import OutOfReach
from switchboard.service.channels.traffic import under_way
from switchboard.tables.project_file import placed


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
        served = Served(worker, channel, team, looks_every, say)
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
    """Take in the mails that are there, work on their cases, and send the answers. Returns whether all could be."""
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
        served = Served(worker, channel, team, looks_every, say)
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
    return is_sent and not taken.again


def take_cases_where_nobody_does(worker: Worker) -> None:
    if not worker.is_worker and not worker.workers():
        with suppress(OperatorError):  # on SQLite, when another process becomes the worker at this moment
            worker.take_cases()
