"""Cases found by words: by what was said in them, by their ids, and by their tickets."""

import json
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, column, false, func, literal, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import JSONB, TSQUERY
from sqlalchemy.orm import Session

from switchboard.cases.tables import CaseRow
from switchboard.cases.words.rows import INDEX, case_words, words_of
from switchboard.events.masking import card_numbers, masked
from switchboard.tickets.rows import Ticket, numbered

MOST_SOUGHT, MOST_WORDS = 200, 8
"""Characters of what is looked for, and words; what comes behind narrows no further."""
MOST_FOUND = 10_000
"""Cases that are told by their ids."""
COLUMNS: tuple[Any, ...] = (Ticket.contact_email, Ticket.contact_name, Ticket.customer_id)
OF_TICKETS: ColumnElement[str] = reduce(
    lambda said, one: said + " " + func.coalesce(one, ""), COLUMNS, Ticket.subject.concat("")
)
TICKETS = select(Ticket.id, Ticket.case_id, func.lower(OF_TICKETS).label("words"))
IN_POSTGRES: ColumnElement[str] = literal_column("case_words.found")
index = table(INDEX, column("rowid"), column("words"))


def about(dialect: str, sought: str, *, for_operators: bool) -> ColumnElement[bool]:
    """Whether all of some words, or words that begin so, are a case's: of what was said in it or of its id; for operators of
    their notes and its tickets as well. Signs alone find nothing, and neither does a card number.
    """
    found, left = list[ColumnElement[bool]](), MOST_WORDS
    tickets = TICKETS.cte("of_tickets").prefix_with("MATERIALIZED") if for_operators else None
    text = sought[:MOST_SOUGHT].encode("utf-8", "replace").decode().replace("\x00", " ")
    if card_numbers(text):
        return false()
    for part in text.split():
        words = words_of(part)[:left]
        left -= len(words)
        if words:
            which = [CaseRow.id.startswith(part, autoescape=True)]
            if masked(part) == part:  # nobody is found by what is masked
                which.append(and_(*(_was_said(dialect, word, for_operators) for word in words)))
            if tickets is not None:
                holds = tickets.c.words.contains(part.lower(), autoescape=True)
                is_it = holds if (number := numbered(part)) is None else or_(holds, tickets.c.id == number)
                which.append(CaseRow.id.in_(select(tickets.c.case_id).where(is_it)))
            found.append(or_(*which))
    return and_(*found) if found else false()


def looked_up(session: Session, sought: str) -> ColumnElement[bool]:
    """The same for operators, for several questions of a session: the cases are looked up here, once. Their ids are given as
    one value, since no database takes so many; of very many each question looks for itself.
    """
    dialect = session.get_bind().dialect.name
    is_it = about(dialect, sought, for_operators=True)
    found = session.scalars(select(CaseRow.id).where(CaseRow.parent.is_(None), is_it).limit(MOST_FOUND + 1)).all()
    if len(found) > MOST_FOUND:
        return is_it
    ids = literal(json.dumps(list(found)), String)
    each = func.json_each(ids) if dialect == "sqlite" else func.jsonb_array_elements_text(cast(ids, JSONB))
    return CaseRow.id.in_(select(each.table_valued("value").c.value))


def _was_said(dialect: str, word: str, for_operators: bool) -> ColumnElement[bool]:
    """A word holds letters and digits alone, so nothing of it is read as a sign of the database's own language."""
    which = select(case_words.c.case_id)
    if dialect == "sqlite":
        rows = select(index.c.rowid).where(literal_column(INDEX).op("MATCH")(f'"{word}"*'))
        which = which.where(case_words.c.id.in_(rows))
    else:
        which = which.where(IN_POSTGRES.op("@@")(cast(literal(f"'{word}':*", String), TSQUERY)))
    return CaseRow.id.in_(which if for_operators else which.where(~case_words.c.internal))
