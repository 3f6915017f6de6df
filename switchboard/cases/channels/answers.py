"""What customers are told by a channel, out of the transcripts of their cases: an answer for each run, and each of an operator.

An answer is a row under its case and entry, so that it is there once, however often and by however many it is looked for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, exists, func, select
from sqlalchemy.orm import Session

from switchboard.cases.channels.rows import AnswerRow, ThreadRow
from switchboard.cases.channels.statuses import SETTLED
from switchboard.cases.tables import CaseRow, EntryRow, MailRow, RunRow, clock, utc
from switchboard.database import for_a_while
from switchboard.declare.beginnings import Words
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry, MessageEntry, ResultEntry, entry_from
from switchboard.loop.summary import reply_in
from switchboard.reading.danger import danger_in
from switchboard.search.citations import readable
from switchboard.toolsets.built_in.drafts import suggest_answer

AT_ONCE = 200


class Said(NamedTuple):
    """A message of a case: its entry's number, its run, and what it is."""

    n: int
    run: int
    line: MessageEntry


def find_answers(
    engine: Engine, channel: str, known_as: Callable[[str, str], str], teams: Mapping[str, TeamSpec], *, notes: bool
) -> int:
    """Write what is to be told by a channel since it was last looked. Returns how many answers are new. `known_as` is what an
    answer, by its key, to an address is called by who comes back to it: a message of that name goes on with its case. With
    `notes`, answers that wait as drafts go there, too, for people alone, and what must not be lost is marked as `owed`.
    `teams` say which tools change something; one that is not known does.
    """
    newest = select(func.max(EntryRow.n)).where(EntryRow.case_id == ThreadRow.case_id).scalar_subquery()
    query = select(ThreadRow.case_id).join(CaseRow, CaseRow.id == ThreadRow.case_id)
    query = query.where(ThreadRow.channel == channel, CaseRow.end.is_not(None), newest > ThreadRow.told).limit(AT_ONCE)
    with Session(engine.execution_options(reading=True)) as session:
        found = session.scalars(query).all()
    return sum(_answers_of(engine, case_id, known_as, teams, notes) for case_id in found)


@for_a_while
def _answers_of(
    engine: Engine, case_id: str, known_as: Callable[[str, str], str], teams: Mapping[str, TeamSpec], notes: bool
) -> int:
    with Session(engine) as session, session.begin():
        case = session.get(CaseRow, case_id, with_for_update=True)  # so that no run of it begins meanwhile
        thread = session.get(ThreadRow, case_id, with_for_update=True)
        if case is None or thread is None or case.end is None:
            return 0
        said, new = _said(session, case_id), 0
        drafted = _drafted(session, case_id, thread.told) if notes else []
        by_agents = {one.n: one.run for one in said if one.line.speaker not in (CUSTOMER, OPERATOR)}
        for n in sorted([*told_at(said, thread.told), *drafted]):
            is_owed = notes and (n not in by_agents or _is_owed(session, thread, by_agents[n], teams.get(case.team)))
            marks = {"internal": n in drafted, "owed": is_owed and n not in drafted}
            place = {**thread.place, **{name: True for name, is_so in marks.items() if is_so}}
            row = AnswerRow(case_id=case_id, n=n, channel=thread.channel, address=thread.address, place=place)
            row.key, row.state, row.why = f"{case_id}:{n}", "queued", ""
            row.queued_at = row.changed_at = clock(session)
            session.add(row)
            name = known_as(row.key, thread.address)
            if name and not session.scalar(select(exists().where(MailRow.message_id == name))):
                session.add(MailRow(message_id=name, case_id=case_id))
            new += 1
        thread.told = session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)) or 0
        return new


def _is_owed(session: Session, thread: ThreadRow, run: int, team: TeamSpec | None) -> bool:
    """Whether what the agents say in a run is not to be lost where people close the conversation, or take it: all is but what
    they say to words of the customer that came before, where they changed nothing.
    """
    begun = session.get(RunRow, (thread.case_id, run))
    if begun is None or begun.given.get("kind") != Words.kind:
        return True
    seen = thread.place.get("seen", "") if thread.place.get("status") == SETTLED else ""
    if seen and utc(begun.started_at) >= datetime.fromisoformat(seen):
        return True
    query = select(EntryRow.data).where(EntryRow.case_id == thread.case_id, EntryRow.run == run, EntryRow.kind == "result")
    return any(_is_deed(entry_from(data), team) for data in session.scalars(query))


def _is_deed(line: Entry, team: TeamSpec | None) -> bool:
    """Whether a result is of a call that changed something for the customer, or may have; it is none that a person has it."""
    if not isinstance(line, ResultEntry) or not (line.status == "done" or line.is_not_known) or line.ends:
        return False
    tool = team.tools.get(line.tool) if team else None
    is_note = team is not None and line.to == team.flow.closer
    return not is_note and line.tool != suggest_answer.name and (tool is None or tool.changes)


def told_at(said: Sequence[Said], since: int) -> list[int]:
    """The entries after one at which a customer is to be told something: the last of the agents in a run, each of an operator,
    and what tells of danger while the case is with people, who will not see it at once.
    """
    last = {one.run: one.n for one in said if one.line.speaker not in (CUSTOMER, OPERATOR)}
    operators = [one.n for one in said if one.line.speaker == OPERATOR]
    unheard = [one for one in said if one.line.speaker == CUSTOMER and one.n > last.get(one.run, 0)]
    dangers = [one.n for one in unheard if danger_in(one.line.text)]
    return sorted(n for n in (*last.values(), *operators, *dangers) if n > since)


def words_of(session: Session, answer: AnswerRow) -> str:
    """What an answer says, as its reader is to read it."""
    return readable(_words_of(session, answer))


def _words_of(session: Session, answer: AnswerRow) -> str:
    if draft := _draft_at(session, answer.case_id, answer.n):
        return draft
    said = [one for one in _said(session, answer.case_id) if one.n <= answer.n]
    this = said[-1]
    if this.line.speaker == CUSTOMER:
        danger = danger_in(this.line.text)
        return danger.said if danger else ""
    if this.line.speaker == OPERATOR:
        return this.line.text
    return reply_in([one.line for one in said if one.run == this.run and one.line.speaker != OPERATOR])


def states_of(engine: Engine, channel: str) -> dict[str, int]:
    """How many answers of a channel are in which state."""
    query = select(AnswerRow.state, func.count()).where(AnswerRow.channel == channel).group_by(AnswerRow.state)
    with Session(engine.execution_options(reading=True)) as session:
        return {str(state): int(count) for state, count in session.execute(query)}


def _drafted(session: Session, case_id: str, since: int) -> list[int]:
    """The entries after one at which an answer was left to people as a draft."""
    query = select(EntryRow.n).where(EntryRow.case_id == case_id, EntryRow.kind == "result", EntryRow.n > since)
    return [n for n in session.scalars(query) if _draft_at(session, case_id, n)]


def _draft_at(session: Session, case_id: str, n: int) -> str:
    """The draft that an entry tells of, else ""."""
    row = session.get_one(EntryRow, (case_id, n))
    line = entry_from(row.data) if row.kind == "result" else None
    is_draft = isinstance(line, ResultEntry) and line.tool == suggest_answer.name and line.status == "done"
    return str(line.arguments.get("answer", "")) if is_draft and isinstance(line, ResultEntry) else ""


def _said(session: Session, case_id: str) -> list[Said]:
    query = select(EntryRow.n, EntryRow.run, EntryRow.data).where(EntryRow.case_id == case_id, EntryRow.kind == "message")
    found = [(n, run, entry_from(data)) for n, run, data in session.execute(query.order_by(EntryRow.n))]
    return [Said(n, run, line) for n, run, line in found if isinstance(line, MessageEntry)]
