"""The words of cases, with an index to find cases by them, and those of the cases that are there."""

import sqlalchemy as sa
from alembic.operations import Operations

from switchboard.cases.words.rows import rows_of, said_in, words_of

CASES_AT_ONCE = 200
ON_SQLITE = (
    "CREATE VIRTUAL TABLE case_words_index USING fts5(words, content='case_words', content_rowid='id', tokenize='ascii', "
    "detail='none', columnsize=0)",
    "CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN "
    "INSERT INTO case_words_index(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER case_words_deleted AFTER DELETE ON case_words BEGIN "
    "INSERT INTO case_words_index(case_words_index, rowid, words) VALUES ('delete', old.id, old.words); END",
)
"""The words come as they are looked for, so the index cuts them at blanks alone: what is not ASCII is a letter to it."""
ON_POSTGRES = (
    "ALTER TABLE case_words ADD COLUMN found tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX ix_case_words_found ON case_words USING gin (found) WITH (fastupdate = off)",
)
"""What most cases have is looked for in the rows themselves; and a search looks through all that an index has put off."""

entries = sa.table("entries", sa.column("case_id"), sa.column("n"), sa.column("kind"), sa.column("data", sa.JSON()))
notes = sa.table("operator_notes", sa.column("case_id"), sa.column("text"))
cases = sa.table("cases", sa.column("id"), sa.column("parent"))
case_words = sa.table("case_words", sa.column("case_id"), sa.column("internal"), sa.column("words"))


def upgrade(op: Operations) -> None:
    op.create_table(
        "case_words",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.create_index("ix_case_words_case_id", "case_words", ["case_id"])
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRES:
        op.execute(statement)
    fill(op.get_bind())


def fill(asked: sa.Connection) -> None:
    """Keep the words of all cases, of so many at a time."""
    ids = list(asked.scalars(sa.select(cases.c.id).where(cases.c.parent.is_(None)).order_by(cases.c.id)))
    for start in range(0, len(ids), CASES_AT_ONCE):
        _fill_some(asked, ids[start : start + CASES_AT_ONCE])


def _fill_some(asked: sa.Connection, case_ids: list[str]) -> None:
    lines = sa.select(entries.c.case_id, entries.c.data).where(entries.c.case_id.in_(case_ids), entries.c.kind != "step")
    said = [(case_id, said_in(data)) for case_id, data in asked.execute(lines.order_by(entries.c.case_id, entries.c.n))]
    noted = asked.execute(sa.select(notes.c.case_id, notes.c.text).where(notes.c.case_id.in_(case_ids)))
    for internal, some in ((False, said), (True, [(case_id, iter((text,))) for case_id, text in noted])):
        words: dict[str, dict[str, None]] = {}
        for case_id, texts in some:
            words.setdefault(case_id, {}).update((word, None) for text in texts for word in words_of(text))
        if rows := list(rows_of(words, internal=internal)):
            asked.execute(sa.insert(case_words), rows)
