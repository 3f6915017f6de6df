"""What passes through a channel: messages become cases, once each, and what their customers are told goes back, once each."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session, aliased

from switchboard.cases import intake
from switchboard.cases.channels.answers import find_answers, words_of
from switchboard.cases.channels.rows import AnswerRow, ThreadRow, UnreadRow, keep_thread
from switchboard.cases.channels.statuses import find_statuses
from switchboard.cases.tables import CaseRow, clock, utc
from switchboard.database import for_a_while
from switchboard.declare.team import TeamSpec
from switchboard.mail.outbox import Outbox
from switchboard.service.channels.channel import Answer, Came, Channel, NotMarked
from switchboard.tickets.rows import opened

if TYPE_CHECKING:
    from switchboard.cases.runs import Environment

log = logging.getLogger("switchboard")
UNKEPT = (DataError, ValueError, RecursionError)
"""What is wrong with a message itself, and not with the database."""
HOUR = timedelta(hours=1)
NOT_KNOWN = "It is not known whether the customer got an answer"
NOT_SENT = "An answer was not sent to the customer"
REFUSED = "An answer to the customer was refused"


@dataclass
class TakenIn:
    """What came in: the ids of the messages, how many cases are new, and what is no message, in words; how many come again."""

    ids: list[str] = field(default_factory=list)
    new: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)


def take_in(environment: "Environment", channel: Channel, team: str) -> TakenIn:
    """Keep what has come in as cases of a team, for whoever takes these up. Raises OutOfReach, after which all that is not
    marked comes again, and is found to be kept.
    """
    taken = TakenIn()
    for came in channel.came():
        one = _kept(environment, channel, team, came, taken) if came.message else came
        taken.wrong += [one.wrong] if one.wrong else []
        taken.again += one.again
        if one.again:
            continue
        if not one.message:
            _keep_unread(environment.engine, channel.name, one)
        try:
            channel.keep(one)
        except NotMarked:  # the channel has said so
            taken.again += 1
    return taken


def _kept(environment: "Environment", channel: Channel, team: str, one: Came, taken: TakenIn) -> Came:
    """Keep a message. One that no row can hold is left to a person, and keeps no other one waiting."""
    assert one.message
    try:
        kept = intake.keep_message(environment, team, one.message)
    except UNKEPT as error:
        log.warning("A message could not be kept (%s of %s)", one.mark, channel.name, exc_info=error)
        return Came(one.mark, wrong=f"A message could not be kept, and is left to a person ({one.mark} of {channel.name}).")
    taken.ids.append(one.message.id)
    taken.new += kept.is_new
    try:
        _keep_place(environment.engine, kept.case_id, channel.name, one)
    except UNKEPT as error:
        log.warning("Where a message is answered could not be kept (%s of %s)", one.mark, channel.name, exc_info=error)
        why = f"A message is case {kept.case_id}, and where it is answered could not be kept ({one.mark} of {channel.name})."
        return replace(one, wrong=f"{why} A person must answer its writer.")
    return one


@for_a_while
def _keep_place(engine: Engine, case_id: str, channel: str, came: Came) -> None:
    """Keep where a message can be answered; what no person wrote is answered with silence, whatever case it is in."""
    if came.address and came.place is not None and came.message and not came.message.ignored:
        with Session(engine) as session, session.begin():
            if session.get_one(CaseRow, case_id, with_for_update=True).end != "ignored":
                keep_thread(session, case_id, channel, came.address, dict(came.place))


@for_a_while
def _keep_unread(engine: Engine, channel: str, came: Came) -> None:
    """Keep that something could not be read, once however often it comes."""
    with Session(engine) as session, session.begin():
        session.merge(UnreadRow(channel=channel, mark=came.mark, came_at=clock(session)))


def unread(engine: Engine, channel: str) -> list[str]:
    """What came in by a channel and could not be read, by its marks there, the newest first."""
    query = select(UnreadRow.mark).where(UnreadRow.channel == channel).order_by(UnreadRow.came_at.desc())
    with Session(engine.execution_options(reading=True)) as session:
        return list(session.scalars(query))


def under_way(engine: Engine, channel: Channel) -> list[str]:
    """The ids of the messages that began the cases of a channel which are not done yet."""
    query = select(CaseRow.message_id).join(ThreadRow, ThreadRow.case_id == CaseRow.id)
    query = query.where(ThreadRow.channel == channel.name, CaseRow.end.is_(None), CaseRow.message_id.is_not(None))
    with Session(engine.execution_options(reading=True)) as session:
        return [str(one) for one in session.scalars(query)]


def send_out(engine: Engine, channel: Channel, teams: Mapping[str, TeamSpec]) -> tuple[int, str]:
    """Send what customers are to be told, and which conversations are closed. Returns how much went out, and why something
    could not be sent now, or "". `teams` say what the agents' tools do.
    """
    find_answers(engine, channel.name, channel.known_as, teams, notes=channel.takes_notes)
    if channel.takes_notes:
        find_statuses(engine, channel.name)
    return _outbox(channel).settle(engine, channel.send)


def _outbox(channel: Channel) -> Outbox[AnswerRow, Answer]:
    def withheld(now: datetime) -> tuple[ColumnElement[bool], str]:
        return _too_many(channel, now)

    ours = AnswerRow.channel == channel.name
    return Outbox(AnswerRow, _made, withheld, _told, clock, rests=timedelta(), arrived=channel.arrived, ours=ours)


def _made(session: Session, row: AnswerRow) -> Answer:
    return Answer(row.key, "" if row.n < 0 else words_of(session, row), row.place)


def _too_many(channel: Channel, now: datetime) -> tuple[ColumnElement[bool], str]:
    """Whether an address has had the channel's answers of this hour: so two machines that answer each other come to an end."""
    other = aliased(AnswerRow)
    went = select(func.count()).where(
        other.channel == AnswerRow.channel,
        AnswerRow.n >= 0,
        other.n >= 0,
        other.address == AnswerRow.address,
        other.changed_at > now - HOUR,
        other.state.in_(("sending", "sent", "not_known")),
    )
    why = f"More than {channel.most_answers} answers to one address in an hour are not sent."
    return went.correlate(AnswerRow).scalar_subquery() >= channel.most_answers, why


def _told(session: Session, row: AnswerRow) -> None:
    """A ticket for what a person must see to; of answers that were not sent one for an address and day, as a flood has many."""
    if row.n < 0:  # people see there that a conversation is as it was
        log.warning("A conversation could not be marked %s (%s of %s): %s", row.place["to"], row.key, row.channel, row.why)
        return
    case = session.get_one(CaseRow, row.case_id)
    which = row.key if row.state == "not_known" else f"{row.address}:{utc(row.changed_at):%Y-%m-%d}"
    key = f"{row.channel}:{which}:{row.state}"
    subject = {"not_known": NOT_KNOWN, "refused": REFUSED}.get(row.state, NOT_SENT)
    summary = f"{row.why.rstrip('.')}. It is not sent again. `switchboard show {row.case_id}` has what it says."
    values = {"department": case.department or "-", "priority": "medium", "subject": subject, "summary": summary}
    opened(session, key, row.case_id, {**values, "contact_email": row.address, "created_at": clock(session)})
