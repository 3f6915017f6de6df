"""Many messages at once: each becomes a case on the queue, and its result a line of JSON."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from switchboard.cases.intake import Message, keep, outcomes
from switchboard.console.app import Workplace, telling_of_the_database
from switchboard.console.terminal.screen import err, say
from switchboard.console.terminal.talking import known
from switchboard.console.terminal.working import THE_SAME_AGAIN, Chores, cases
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.loop.turn import MOST_WORDS

LOOK_SECONDS = 0.3
MOST_NAMED = 10
MOST_ID = 200
MOST_PRIORITY = 1_000_000


def submit(
    file: str, wait: bool, out: Path | None, priority: int, concurrency: int, data: Path | None
) -> tuple[Counter[str], bool]:
    """Put the messages of a file on the queue, and write a line for each case as it ends. Returns how many ended how, and
    whether all of them were waited for.
    """
    messages = read(file, priority)
    with ExitStack() as opened:
        target = opened.enter_context(_written(out)) if out else sys.stdout
        opened.enter_context(telling_of_the_database(THE_SAME_AGAIN))
        place = Workplace(data)
        options: dict[str, Any] = {"concurrency": concurrency, "chores": Chores(place)}
        worker = opened.enter_context(Worker(place.environment, stands_by=True, **options))
        new = keep(place.environment, place.project.team_name(), messages)
        worker.put_on_queue()
        known_already = f" {len(messages) - new:,} of the messages had theirs already." if new < len(messages) else ""
        say(f"Put {cases(new)} on the queue.{known_already}")
        if not wait:
            if not worker.workers():
                say("No worker is alive. `switchboard worker` takes cases from the queue.")
            return Counter(), True
        ended: Counter[str] = Counter()

        def write(document: dict[str, Any]) -> None:
            ended[str(document["end"])] += 1
            target.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
            target.flush()

        try:
            # Where the results scroll by on the terminal they show the progress themselves.
            bar = _bar(err.is_terminal and not (target is sys.stdout and sys.stdout.isatty()))
            _wait_for(worker, place, [message.id for message in messages], write, bar)
        except (KeyboardInterrupt, OSError) as stopped:
            worker.give_back()
            say("Stopped. The cases stay on the queue; `switchboard submit` with the same file goes on and gives all results.")
            if isinstance(stopped, OSError):
                raise
            return ended, False
        place.tell_troubles()
    say(f"{cases(ended.total())}: {', '.join(f'{number:,} {end}' for end, number in ended.most_common())}.")
    return ended, True


def _wait_for(
    worker: Worker, place: Workplace, ids: Sequence[str], write: Callable[[dict[str, Any]], None], bar: Progress
) -> None:
    """Write each case that has ended, once; where no worker is alive, work on them here."""
    left = dict.fromkeys(ids)
    with bar:
        task = bar.add_task("", total=len(left))
        while True:
            began = time.monotonic()
            for message_id, document in outcomes(place.engine, list(left)).items():
                del left[message_id]
                write(document)
                bar.advance(task)
            if not left:
                return
            if not worker.workers() and not worker.is_worker:
                with suppress(OperatorError):  # on SQLite, when another process becomes the worker at this moment
                    worker.take_cases()
                    say(f"No worker is alive, so this command works on the queue itself, {worker.concurrency} cases at a time.")
            time.sleep(max(LOOK_SECONDS, 4 * (time.monotonic() - began)))


def _bar(shown: bool) -> Progress:
    return Progress(BarColumn(), MofNCompleteColumn(), TextColumn("cases"), TimeElapsedColumn(), console=err, disable=not shown)


def read(file: str, priority: int) -> list[Message]:
    """The messages of a file of JSON lines, or of standard input for "-".

    Raises OperatorError when it cannot be read, or any line of it is no message: then none of it is taken.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error
    found: dict[str, Message] = {}
    wrong = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            try:
                message = message_of(line, priority)
                found.setdefault(message.id, message)
            except ValueError as error:
                wrong.append(f"line {number}: {error}")
    name = "standard input" if file == "-" else file
    if wrong:
        more = f"\nand {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
        listed = "\n".join(wrong[:MOST_NAMED])
        raise OperatorError(f"Nothing of {name} was taken, because not every line of it is a message:\n{listed}{more}")
    if not found:
        raise OperatorError(f'There is no message in {name}. Write lines like {{"id": "m-1", "text": "Where is my order?"}}.')
    return list(found.values())


def message_of(line: bytes, priority: int) -> Message:
    """One line. Raises ValueError with what is wrong with it."""
    try:
        given = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(given, dict):
        raise ValueError('it is not an object like {"id": "m-1", "text": "Where is my order?"}')
    name, text, email, wish = given.get("id"), given.get("text"), given.get("email") or "", given.get("priority")
    name = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
    if not isinstance(name, str) or not name.strip() or len(name) > MOST_ID or not name.isprintable():
        raise ValueError(f'its "id" is missing, or no plain text of at most {MOST_ID} characters')
    if not isinstance(text, str) or not spoken(text):
        raise ValueError('its "text" is missing or empty')
    if len(text) > MOST_WORDS:
        raise ValueError(f'its "text" has more than {MOST_WORDS:,} characters')
    if not isinstance(email, str) or not email.isprintable():
        raise ValueError('its "email" is no text')
    wish = priority if wish is None else wish
    if not isinstance(wish, int) or isinstance(wish, bool) or not 1 <= wish <= MOST_PRIORITY:
        raise ValueError(f'its "priority" is no whole number from 1 (soonest) to {MOST_PRIORITY:,}')
    return Message(name, text, known(email), wish)


def _written(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"The results cannot be written to {path}: {error.strerror}.") from error
