"""Many cases: a worker that takes them from the queue until it is told to stop, and files of messages that become them."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from json import dumps
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from switchboard.cases.intake import Message
from switchboard.characters import visible
from switchboard.console.app import Workplace
from switchboard.console.channels import mailbox
from switchboard.console.databases import telling_of_the_database
from switchboard.console.patience import patient, patient_for_a_minute
from switchboard.console.terminal.ask import incoming
from switchboard.console.terminal.screen import err, out, say
from switchboard.declare.document import Document
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.events.stream import Event
from switchboard.service import intake, workers
from switchboard.service.mails import messages_from
from switchboard.service.workers import Limits

SETTLE_SECONDS = 10.0
"""How often the project's chore is done, and what is due is sent."""
LOOK_SECONDS = 0.2
ENDS = {
    "resolved": "green",
    "escalated": "cyan",
    "awaiting_customer": "yellow",
    "awaiting_approval": "yellow",
    "not_found": "yellow",
    "ignored": "dim",
}


class Told:
    """What signals have told this process: `stop` takes nothing new, `at_once` gives back what is under way."""

    def __init__(self) -> None:
        self.stop, self.at_once = threading.Event(), threading.Event()

    def hear(self, number: int, frame: FrameType | None) -> None:
        """The first signal, the second, and no third: that one ends the process, should it hang."""
        if self.stop.is_set():
            self.at_once.set()
            signal.signal(number, signal.SIG_DFL)
        self.stop.set()

    def gives_up(self, waited: float, grace: float) -> bool:
        """Whether one that was told to stop waits for nothing any more."""
        return self.at_once.is_set() or (self.stop.is_set() and waited >= grace)


@contextmanager
def listening() -> Iterator[Told]:
    """Hear SIGTERM and Ctrl-C for as long as this lasts."""
    told = Told()
    before = {number: signal.signal(number, told.hear) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


THE_SAME_AGAIN = "Mend it and give the same command again: it goes on with what was kept."


class Chores:
    """What a worker does beside its cases: the project's chore, and telling of models that fail."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._settled = time.monotonic()
        self._troubles: dict[str, str] = {}

    def __call__(self) -> None:
        troubles = self._place.gateway.problems() if self._place.gateway else {}
        for name in troubles.keys() - self._troubles.keys():
            say(f"{name}: {troubles[name]}")
        self._troubles = troubles
        if time.monotonic() - self._settled >= SETTLE_SECONDS:
            self._settled = time.monotonic()
            try:
                self._place.send_notifications(at_once=1)
            finally:  # what is owed is settled, whoever cannot be told
                if told := self._place.do_chore():
                    say(told)


class Lines:
    """Listens to all cases: one line for each that has ended, or waits for somebody."""

    def __init__(self, worker: Worker, json: bool) -> None:
        self._worker, self._json = worker, json

    def __call__(self, event: Event) -> None:
        if event.kind != "run_finished":
            return
        document = workers.outcome(self._worker, event.case_id)
        if document is None:  # it goes on at once, with what the customer wrote meanwhile
            return
        with suppress(OSError):  # the case is done and kept, whether or not anybody reads of it
            if self._json:
                write_line(document, sys.stdout)
            else:
                out.print(in_short(document), soft_wrap=True)


def write_line(document: Document, file: TextIO) -> None:
    """One JSON document on a line."""
    file.write(visible(dumps(document, ensure_ascii=False, default=str)) + "\n")
    file.flush()


def in_short(document: Document) -> Text:
    end, calls = str(document["end"]), document["model_calls"]
    line = Text.assemble((f"{document['case_id']}  ", "bold"), (f"{end:<17}  ", ENDS.get(end, "red")))
    line.append(f"{document['department'] or '-':<10}  {calls:>2} model call{'s' if calls != 1 else ' '}  ")
    return line.append(f"{document['seconds']:6.1f} s", style="dim")


def work(concurrency: int, all_together: int | None, rate: float | None, grace: float, data: Path | None, json: bool) -> None:
    """Take cases until a signal comes; then finish what ends within `grace` seconds, and give back the rest."""
    with ExitStack() as opened:
        told = opened.enter_context(listening())  # first, since all the rest takes seconds
        opened.enter_context(telling_of_the_database(THE_SAME_AGAIN))
        opened.enter_context(patient(lambda waited: told.gives_up(waited, grace), "The cases go on by themselves then."))
        place = Workplace(data)
        opened.enter_context(place.in_service())
        worker = Worker(place.environment, stands_by=True, concurrency=concurrency, chores=Chores(place))
        opened.enter_context(place.exported())
        opened.enter_context(worker)
        place.environment.stream.listen(Lines(worker, json))
        say(greeting(place, concurrency, workers.begin(worker, all_together, rate)))
        while not told.stop.wait(LOOK_SECONDS):
            pass
        worker.take_no_more()
        finish(worker, told, grace)
    place.tell_troubles()


def finish(worker: Worker, told: Told, grace: float) -> None:
    """Work on what is under way until all of it has ended, the grace is over, or the second signal comes."""
    told.at_once.wait(LOOK_SECONDS)  # what was being taken at the moment of the signal is counted from now on
    if under_way := worker.under_way():
        say(f"Told to stop. {cases(under_way)} under way; what takes longer than {grace:g} s is given back, or all by Ctrl-C.")
    if given_back := workers.stop(worker, grace, lambda: told.at_once.wait(LOOK_SECONDS)):
        say(f"Gave back {cases(given_back)}; another worker goes on with what was done.")
    else:
        say("Stopped. Nothing was left undone here.")


def greeting(place: Workplace, concurrency: int, limits: Limits) -> str:
    told = [f"{concurrency} at a time"]
    told += [f"all workers together {limits.all_together}"] if limits.all_together else []
    told += [f"and begin {limits.per_second:g} in a second"] if limits.per_second else []
    models = "" if place.gateway else " No model is configured, so rules do all the work."
    return f"Taking cases, {', '.join(told)}.{models} Ctrl-C stops."


def submit(
    file: str, wait: bool, target: Path | None, priority: int, concurrency: int, data: Path | None, *, mail: bool = False
) -> tuple[Counter[str], bool]:
    """Put the messages of a file on the queue, and write a line for each case as it ends. Returns how many ended how, and
    whether all of them were waited for.
    """
    place = Workplace(data)
    messages = messages_of(place, file, priority, mail=mail or mailbox.is_of_mails(file))
    with ExitStack() as opened:
        written = opened.enter_context(opened_for_writing(target, file)) if target else sys.stdout
        opened.enter_context(telling_of_the_database(THE_SAME_AGAIN))
        opened.enter_context(patient_for_a_minute())
        worker = Worker(place.environment, stands_by=True, concurrency=concurrency, chores=Chores(place))
        opened.enter_context(place.exported())
        opened.enter_context(worker)
        new = intake.submit(worker, place.project.team_name(), messages)
        known_already = f" {len(messages) - new:,} of the messages had theirs already." if new < len(messages) else ""
        say(f"Put {cases(new)} on the queue.{known_already}")
        if not wait:
            if not worker.workers():
                say("No worker is alive. `switchboard worker` takes cases from the queue.")
            return Counter(), True
        ended: Counter[str] = Counter()
        try:
            if target and target.is_file():
                written.truncate(0)
            # Where the results scroll by on the terminal they show the progress themselves.
            bar = progress_bar(err.is_terminal and not (written is sys.stdout and sys.stdout.isatty()))
            with bar:
                task = bar.add_task("", total=len(messages))
                for document in intake.results(worker, [m.id for m in messages], lambda: tell_of_taking(worker)):
                    ended[str(document["end"])] += 1
                    write_line(document, written)
                    bar.advance(task)
        except (KeyboardInterrupt, OSError) as stopped:
            worker.give_back()
            say("Stopped. The cases stay on the queue; `switchboard submit` with the same file goes on and gives all results.")
            if isinstance(stopped, OSError):
                raise
            return ended, False
        place.tell_troubles()
    say(f"{cases(ended.total())}: {', '.join(f'{number:,} {end}' for end, number in ended.most_common())}.")
    return ended, True


def messages_of(place: Workplace, file: str, priority: int, *, mail: bool) -> list[Message]:
    """The messages of a file of JSON lines or, with `mail`, of mails or a folder of them. Raises OperatorError."""
    name = "standard input" if file == "-" else file
    if not mail:
        return intake.read_messages(content_of(file), name, priority)
    folder = Path(file)
    if folder.is_dir():
        found = mailbox.mails_of_folder(folder)
    else:
        found = {f"Mail {number}": one for number, one in enumerate(mailbox.mails_in(content_of(file)), start=1)}
    messages, wrong = messages_from([*found.values()], incoming(place), priority)
    for number, why in wrong[: intake.MOST_NAMED]:
        say(f"{[*found][number - 1]} of {name} was not taken: {why}")
    if len(wrong) > intake.MOST_NAMED:
        say(f"{len(wrong) - intake.MOST_NAMED} more were not taken.")
    if not messages:
        raise OperatorError(f"Nothing of {name} was taken.")
    return messages


def tell_of_taking(worker: Worker) -> None:
    say(f"No worker is alive, so this command works on the queue itself, {worker.concurrency} cases at a time.")


def progress_bar(shown: bool) -> Progress:
    return Progress(BarColumn(), MofNCompleteColumn(), TextColumn("cases"), TimeElapsedColumn(), console=err, disable=not shown)


def content_of(file: str) -> bytes:
    """What is in a file, or comes on standard input for "-". Raises OperatorError when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error


def opened_for_writing(path: Path, messages: str) -> TextIO:
    """The file for the results, opened. What it holds stays until there is something to write in its place.

    Raises OperatorError where it cannot be written, and where it is the file of the messages.
    """
    try:
        if messages != "-" and path.exists() and path.samefile(messages):
            raise OperatorError(f"The results would take the place of the messages in {path}. Name another file with --out.")
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"The results cannot be written to {path}: {error.strerror}.") from error


def cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"


def leave(code: int) -> NoReturn:
    """End this process, even where a thread whose case was given back still waits for a model."""
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon]
    until = time.monotonic() + LOOK_SECONDS
    for thread in others:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
