"""Many messages at once: each becomes a case on the queue, and what becomes of it is a document with the message's id."""

import json
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from switchboard.cases import intake
from switchboard.cases.intake import Message
from switchboard.characters import is_plain_address
from switchboard.declare.document import MessageDocument
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.service.conversations import ADDRESS, MOST_ADDRESS, known

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker

LOOK_SECONDS = 0.3
MOST_NAMED = 10
MOST_ID = 200
MOST_PRIORITY = 1_000_000


def submit(worker: "Worker", team: str, messages: Sequence[Message]) -> int:
    """Put messages on the queue as cases of a team. Returns how many are new: the others have their cases already."""
    new = intake.keep(worker.environment, team, messages)
    worker.put_on_queue()
    return new


def results(worker: "Worker", ids: Sequence[str], on_taking: Callable[[], object] = lambda: None) -> Iterator[MessageDocument]:
    """The documents of the cases of these messages, each once, as they end.

    Where no worker is alive this process takes cases from the queue itself, and `on_taking` is called.
    """
    left = dict.fromkeys(ids)
    while True:
        began = time.monotonic()
        for message_id, document in intake.outcomes(worker.environment.engine, list(left)).items():
            del left[message_id]
            yield document
        if not left:
            return
        if not worker.workers() and not worker.is_worker:
            with suppress(OperatorError):  # on SQLite, when another process becomes the worker at this moment
                worker.take_cases()
                on_taking()
        time.sleep(max(LOOK_SECONDS, 4 * (time.monotonic() - began)))


def read_messages(content: bytes, name: str, priority: int) -> list[Message]:
    """The messages of a file of JSON lines, which is called `name`.

    Raises OperatorError when any line of it is no message, or there is none: then none of it is taken.
    """
    found: dict[str, Message] = {}
    wrong = []
    for number, line in enumerate(content.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if line.strip():
            try:
                message = message_of(line, priority)
                found.setdefault(message.id, message)
            except ValueError as error:
                wrong.append(f"line {number}: {error}")
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
    if isinstance(email, str) and len(email.strip()) > MOST_ADDRESS:
        raise ValueError(f'its "email" has more than {MOST_ADDRESS} characters')
    if not isinstance(email, str) or (email.strip() and not ADDRESS.fullmatch(email.strip())):
        raise ValueError('its "email" is no e-mail address, like name@example.com')
    if not is_plain_address(email.strip()):
        raise ValueError('its "email" mixes the letters of several alphabets')
    wish = priority if wish is None else wish
    if not isinstance(wish, int) or isinstance(wish, bool) or not 1 <= wish <= MOST_PRIORITY:
        raise ValueError(f'its "priority" is no whole number from 1 (soonest) to {MOST_PRIORITY:,}')
    return Message(name, text, known(email), wish)
