"""A file of tickets on the queue: those that say the same are linked to the first, and what became of each is a row."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases import intake
from switchboard.cases.intake import Message
from switchboard.cases.tables import CaseRow
from switchboard.declare.document import MessageDocument, spent
from switchboard.service.intake import submit
from switchboard.tickets.kinds import urgency_of
from switchboard.tickets.likeness import Known, Texts
from switchboard.tickets.rows import Ticket

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker

TEAM = "tickets"
"""The team that a file is for, where a project has it; else its default one works on it."""
MOST_BEFORE = 20_000
"""How many of the newest cases a file is compared with, beside itself."""
SAYS_THE_SAME = "duplicate_of"
"""Under which name a case knows the earlier one that says the same."""


@dataclass(frozen=True)
class Result:
    """What became of a ticket: a row of the results. `draft` is the answer that waits for a person, `answer` what went out;
    `cost_usd` is None where a price is not known.
    """

    id: str
    case_id: str
    ticket: str
    end: str
    category: str
    urgency: str
    sentiment: str
    reasoning: str
    confidence: int | None
    decision: str
    answer: str
    draft: str
    citations: list[str]
    duplicate_of: str
    model_calls: int
    cost_usd: float | None
    seconds: float
    error: str = ""

    def row(self) -> dict[str, Any]:
        return asdict(self)


def put_on_queue(worker: "Worker", team: str, messages: Sequence[Message]) -> tuple[int, int]:
    """Put tickets on the queue, first those that say what none before says. Returns how many are new, and how many of these
    say the same as an earlier one of the same writer.
    """
    engine = worker.environment.engine
    first, same = _parted(engine, team, messages)
    new = submit(worker, team, first)
    cases = intake.cases_of(engine, [key for _, key in same])
    linked = [one._replace(known={**one.known, SAYS_THE_SAME: cases.get(key, key)}) for one, key in same]
    return new + (submit(worker, team, linked) if linked else 0), len(linked)


def _parted(engine: Engine, team: str, messages: Sequence[Message]) -> tuple[list[Message], list[tuple[Message, str]]]:
    """The messages that say something new, or have their case already; and the others, each with the id of the message, or
    the case, that says the same.
    """
    there = intake.cases_of(engine, [one.id for one in messages])
    texts = Texts(_before(engine, team, there.values()))
    first, same = list[Message](), list[tuple[Message, str]]()
    for one in messages:
        known = Known(one.id, one.known.get("email", ""), one.words)
        earlier = "" if one.id in there or one.references else texts.the_same(known)
        if earlier:
            same.append((one, earlier))
        else:
            first.append(one)
            texts.add(known._replace(key=there.get(one.id, one.id)))
    return first, same


def _before(engine: Engine, team: str, ours: Collection[str]) -> list[Known]:
    """What was written before, the oldest first, but for what is in the file again."""
    query = select(CaseRow.id, CaseRow.opening, CaseRow.state).where(CaseRow.team == team, CaseRow.message_id.is_not(None))
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.execute(query.order_by(CaseRow.created_at.desc(), CaseRow.id).limit(MOST_BEFORE)).all()
    here = {*ours}
    known = [(str(id_), opening, state["known"] if state else {}) for id_, opening, state in rows if id_ not in here]
    return [Known(id_, k.get("email", ""), opening) for id_, opening, k in reversed(known) if SAYS_THE_SAME not in k]


def result_of(engine: Engine, document: MessageDocument) -> Result:
    """What became of one ticket, out of its case's document and its row."""
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        query = select(Ticket).where(Ticket.case_id == document["case_id"]).order_by(Ticket.id.desc())
        ticket = session.scalars(query.limit(1)).first()
        state = session.get_one(CaseRow, document["case_id"]).state
    handed = [
        line["facts"] for line in document["transcript"] if line["kind"] == "handoff" and "decision" in line.get("facts", {})
    ]
    found: dict[str, Any] = handed[-1] if handed else {}
    end = str(document["end"])
    return Result(
        id=str(document["id"]),
        case_id=document["case_id"],
        ticket=ticket.number if ticket else "",
        end=end,
        category=found.get("category") or document["department"] or "",
        urgency=found.get("urgency") or (urgency_of(ticket.priority) if ticket else ""),
        sentiment=found.get("sentiment", ""),
        reasoning=found.get("reasoning", ""),
        confidence=found.get("confidence"),
        decision=found.get("decision", ""),
        answer=document["reply"],
        draft=(ticket.draft or "") if ticket else "",
        citations=list(found.get("citations", ())),
        duplicate_of=(state["known"].get(SAYS_THE_SAME, "") if state else ""),
        model_calls=document["model_calls"],
        cost_usd=spent(document),
        seconds=document["seconds"],
        error=document["reason"] if end in ("failed", "limit", "loop", "cancelled") else "",
    )
