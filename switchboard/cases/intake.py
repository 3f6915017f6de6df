"""Many cases at once: messages that are kept as new cases, and what has become of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.cases import RunRef, hear_in, held, keep_case
from switchboard.cases.documents import document_of
from switchboard.cases.runs import Environment
from switchboard.cases.tables import CaseRow, MailRow, RunRow
from switchboard.database import for_a_while, patiently
from switchboard.declare.beginnings import Proposed
from switchboard.declare.document import MessageDocument
from switchboard.declare.transcript import digest
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.loop.drive import new_id
from switchboard.loop.recording.words import MOST_WORDS

BATCH = 200
"""How many cases are kept, or looked after, in one transaction."""


class Seen(NamedTuple):
    """What the writer of a message was shown of their case: `id` names the newest answer that they were. A message is no yes to
    a question where it is not `is_whole`, or the case has had another run since `run`, or another message came upon the same
    answer before: it was not shown to them.
    """

    id: str
    is_whole: bool
    run: int


class Message(NamedTuple):
    """A message that opens a case. `id` is the sender's: the same one again is the same case. `priority` 1 is the soonest.

    With `references`, ids of messages before it, the newest first, it goes on with the case of the first one that has any.
    `ignored` says why no person wrote it, where none did: then its case ends with that. `proposed` is the call that opens the
    case in place of words, which only name it then. `seen` is what its writer was shown, where that is known.
    """

    id: str
    words: str
    known: Mapping[str, str]
    priority: int = 0
    references: tuple[str, ...] = ()
    ignored: str = ""
    proposed: Proposed | None = None
    seen: Seen | None = None


class OtherMessage(OperatorError):
    """The id of a message had another message before."""

    def __init__(self) -> None:
        super().__init__("This key came with another message before. Write a new one for what is to be said.")


class Kept(NamedTuple):
    """What became of a message: the run that it begins, or in words what happens instead. `is_new` where it was not known."""

    case_id: str
    run: RunRef | None = None
    instead: str = ""
    is_new: bool = True


Also = Callable[[Session, str], object]
"""What is to be done in the transaction that keeps a message, with the id of its case."""


def nothing_more(_session: Session, _case_id: str) -> None:
    return None


def keep(environment: Environment, team: str, messages: Sequence[Message]) -> int:
    """Keep a case for each message that has none yet, for whoever takes cases up. Returns how many messages are new."""
    following = sorted((m for m in messages if m.references), key=lambda m: len(m.references))  # what is answered goes first
    new = sum(_keep_batch(environment, team, batch) for batch in _batches([m for m in messages if not m.references]))
    return new + sum(keep_message(environment, team, message).is_new for message in following)


@for_a_while
def keep_message(environment: Environment, team: str, message: Message, owner: str | None = None) -> Kept:
    """Keep one message, in the case that it goes on with or in a new one; for whoever takes cases up where nobody owns it."""
    try:
        with Session(environment.engine) as session, session.begin():
            if there := _cases_of(session, [message.id]):
                return Kept(there[message.id], instead="This message was taken before; this is its case.", is_new=False)
            before = _cases_of(session, message.references)
            following = next((before[one] for one in message.references if one in before), None)
            if following and goes_on(session, following, environment):
                ref, instead = hear_in(
                    session, following, message.words, owner
                )  # it locks the case, which the next line refers to
                session.add(MailRow(message_id=message.id, case_id=following))
                return Kept(following, ref, instead)
            run = environment.run(new_id(), team)
            run.known, run.asks_model = dict(message.known), run.asks_model if owner else None
            ref = keep_case(session, run, message.words, owner, message.id, message.priority, message.ignored)
            return Kept(ref.case_id, ref)
    except IntegrityError:  # another process kept it at the same moment
        return keep_message(environment, team, message, owner)


@for_a_while
def keep_once(
    environment: Environment,
    team: str,
    case_id: str,
    message: Message,
    thread: str = "",
    also: Also = nothing_more,
    before: Also = nothing_more,
) -> Kept:
    """Keep what a program writes once under its id, in the case that is named, else in a new one of the team, which is known by
    the id of its `thread`, too; for whoever takes cases up. `also` is done with the case in the same transaction, at its end,
    and `before` with the one that is named before it hears the message: what that raises has it hear nothing.
    Raises OtherMessage where that id came with another message, or about another case, or another message began the thread.
    """
    call = [message.proposed.tool, message.proposed.arguments] if message.proposed else []
    said = f"{message.id} {digest([team, case_id, message.words, message.known, *call])}"
    try:
        with Session(environment.engine) as session, session.begin():
            kept = keep_in(session, environment, team, case_id, message, said, thread, before)
            if kept.is_new:
                also(session, kept.case_id)
            return kept
    except IntegrityError:  # another request kept it at the same moment
        return keep_once(environment, team, case_id, message, thread, also, before)


def keep_in(
    session: Session,
    environment: Environment,
    team: str,
    case_id: str,
    message: Message,
    said: str,
    thread: str = "",
    before: Also = nothing_more,
) -> Kept:
    """The same in a transaction that is under way; `said` is the id of just this message. Raises OtherMessage."""
    row = held(session, case_id) if case_id else None  # so that of one message that comes twice the second finds the first
    if there := _cases_of(session, [message.id]):
        if not _cases_of(session, [said]):
            raise OtherMessage
        return Kept(there[message.id], is_new=False)
    if thread and _cases_of(session, [thread]):
        raise OtherMessage
    ref, instead = None, ""
    if row:
        before(session, case_id)
        seen = message.seen
        is_new = seen is not None and not _cases_of(session, [seen.id])
        unseen = seen is not None and not (seen.is_whole and is_new and seen.run == row.run)
        ref, instead = hear_in(session, case_id, message.words, None, before=unseen)
        session.add(MailRow(message_id=message.id, case_id=case_id))
        session.add_all([MailRow(message_id=seen.id, case_id=case_id)] if seen and is_new else [])
    else:
        run = environment.run(new_id(), team)
        run.known, run.asks_model = dict(message.known), None
        ref = keep_case(session, run, message.words, None, message.id, proposed=message.proposed)
        session.add_all([MailRow(message_id=thread, case_id=ref.case_id)] if thread else [])
    session.add(MailRow(message_id=said, case_id=ref.case_id if ref else case_id))
    return Kept(ref.case_id if ref else case_id, ref, instead)


def _cases_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The cases of messages, by the ids of those that have one."""
    opened = select(CaseRow.message_id, CaseRow.id).where(CaseRow.message_id.in_(ids))
    further = select(MailRow.message_id, MailRow.case_id).where(MailRow.message_id.in_(ids))
    return {str(message_id): case_id for query in (opened, further) for message_id, case_id in session.execute(query)}


def cases_of(engine: Engine, ids: Sequence[str]) -> dict[str, str]:
    """The cases of many messages, by the ids of those that have one."""
    with Session(engine.execution_options(reading=True)) as session:
        return {name: case_id for batch in _batches(ids) for name, case_id in _cases_of(session, batch).items()}


def of_other_words(engine: Engine, messages: Sequence[Message]) -> list[Message]:
    """Those of messages whose id another message had before, as far as it is known what that said."""
    given: dict[str, str | None] = {}
    with Session(engine.execution_options(reading=True)) as session:
        for batch in _batches(messages):
            begun = select(CaseRow.message_id, RunRow.given).join(RunRow, (RunRow.case_id == CaseRow.id) & (RunRow.number == 1))
            found = session.execute(begun.where(CaseRow.message_id.in_([one.id for one in batch])))
            given |= {str(id_): beginning.get("words") for id_, beginning in found}
    return [one for one in messages if given.get(one.id) not in (None, spoken(one.words)[:MOST_WORDS])]


def goes_on(session: Session, case_id: str, environment: Environment) -> bool:
    """Whether a case can go on here: it is a person's, and of this project."""
    row = session.get_one(CaseRow, case_id)
    return row.state is not None and row.team in environment.teams and row.end != "ignored"


@for_a_while
def _keep_batch(environment: Environment, team: str, messages: Sequence[Message]) -> int:
    try:
        with Session(environment.engine) as session, session.begin():
            there = _cases_of(session, [m.id for m in messages])
            new = {message.id: message for message in reversed(messages) if message.id not in there}
            for message in reversed(new.values()):
                run = environment.run(new_id(), team)
                run.known, run.asks_model = dict(message.known), None
                keep_case(session, run, message.words, None, message.id, message.priority, message.ignored)
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
            cases = _cases_of(session, batch)
            query = select(CaseRow).where(CaseRow.id.in_({*cases.values()}), CaseRow.end.is_not(None))
            ended = {row.id: document_of(session, row) for row in session.scalars(query)}
            found |= {one: {"id": one, **ended[case_id]} for one, case_id in cases.items() if case_id in ended}
    return found


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
