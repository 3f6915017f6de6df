"""Many cases at once: messages that are kept as new cases, and what has become of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.cases import keep_case
from switchboard.cases.documents import document_of
from switchboard.cases.runs import Environment
from switchboard.cases.tables import CaseRow
from switchboard.database import for_a_while, patiently
from switchboard.declare.document import MessageDocument
from switchboard.loop.drive import new_id

BATCH = 200
"""How many cases are kept, or looked after, in one transaction."""


class Message(NamedTuple):
    """A message that opens a case. `id` is the sender's: the same one again is the same case. `priority` 1 is the soonest."""

    id: str
    words: str
    known: Mapping[str, str]
    priority: int = 0


def keep(environment: Environment, team: str, messages: Sequence[Message]) -> int:
    """Keep a case for each message that has none yet, for whoever takes cases up. Returns how many are new."""
    return sum(_keep_batch(environment, team, batch) for batch in _batches(messages))


@for_a_while
def _keep_batch(environment: Environment, team: str, messages: Sequence[Message]) -> int:
    try:
        with Session(environment.engine) as session, session.begin():
            there = set(session.scalars(select(CaseRow.message_id).where(CaseRow.message_id.in_([m.id for m in messages]))))
            new = {message.id: message for message in reversed(messages) if message.id not in there}
            for message in reversed(new.values()):
                run = environment.run(new_id(), team)
                run.known, run.asks_model = dict(message.known), None
                keep_case(session, run, message.words, None, message.id, message.priority)
    except IntegrityError:  # another process kept one of them at the same moment
        return _keep_batch(environment, team, messages)
    return len(new)


@patiently
def outcome(engine: Engine, case_id: str) -> MessageDocument | None:
    """The document of a case, with the `id` of the message that opened it. None while the case is being worked on."""
    with Session(engine.execution_options(reading=True)) as session:
        row = session.get_one(CaseRow, case_id)
        return None if row.end is None else {"id": row.message_id, **document_of(session, row)}


@patiently
def outcomes(engine: Engine, ids: Sequence[str]) -> dict[str, MessageDocument]:
    """The same for the cases of many messages, by message id; without those that are being worked on."""
    found: dict[str, MessageDocument] = {}
    with Session(engine.execution_options(reading=True)) as session:
        for batch in _batches(ids):
            query = select(CaseRow).where(CaseRow.message_id.in_(batch), CaseRow.end.is_not(None))
            for row in session.scalars(query):
                found[str(row.message_id)] = {"id": row.message_id, **document_of(session, row)}
    return found


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
