"""What was said in cases as rows of words: each word once a case, in small letters, without accents.

They are written with the entries that they stand in, as people are shown these: a card number or somebody's address is in no
row, so nobody finds a case by one. On SQLite triggers keep an index of FTS5 beside the rows, on Postgres it is one of GIN.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from unicodedata import normalize

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
)
from sqlalchemy.orm import Session

from switchboard.events.masking import masked
from switchboard.grounding.wording import folded
from switchboard.search.words import joined

MOST_LETTERS = 40
"""Of a word: of a longer one, and of what is looked for, the rest is left out."""
AT_ONCE = 1000
"""Words of a row: Postgres keeps no list of words of more than a megabyte."""
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""Of scripts without blanks between words each sign is one."""
NUMBER = re.compile(r"(?<=[^\W\d_])\d{4,}\b")
"""That of an id, such as the 1000009 of W1000009."""

case_words = Table(
    "case_words",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("internal", Boolean, nullable=False),
    Column("words", Text, nullable=False),
)
"""`internal` are words of operators' notes, which no program is given."""
INDEX = f"{case_words.name}_index"
"""The index of FTS5; what SQLite keeps it in begins so, too."""
KEPT = select(case_words.c.case_id, case_words.c.words).where(
    case_words.c.case_id.in_(bindparam("case_ids", expanding=True)), case_words.c.internal == bindparam("internal")
)
INSERT = insert(case_words)


def words_of(text: str) -> list[str]:
    """The words of a text, each once, as they are kept and looked for; hyphenated ones written as one as well."""
    plain = folded(normalize("NFKC", masked(text)).casefold())
    found = (*WORD.findall(plain), *joined(plain), *NUMBER.findall(plain))
    return list(dict.fromkeys(word[:MOST_LETTERS] for word in found))


def said_in(line: Mapping[str, Any]) -> Iterator[str]:
    """What a line of a transcript says, as it is kept: its text, what was quoted, the tool and what that was given."""
    yield from (line.get("text") or "", line.get("quoted") or "", line.get("tool") or "")
    yield from _plain(line.get("arguments"))


def _plain(value: Any) -> Iterator[str]:
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list | tuple | Mapping):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _plain(one)


def keep_words(asked: Session | Connection, said: Iterable[tuple[str, Iterable[str]]], *, internal: bool = False) -> None:
    """Keep the words of what was said in cases, by their ids, as far as they have not got them yet. Branches have none of
    their own.
    """
    new: dict[str, dict[str, None]] = {}
    for case_id, texts in said:
        if "." not in case_id:
            new.setdefault(case_id, {}).update((word, None) for text in texts if text for word in words_of(text))
    if not any(new.values()):
        return
    for case_id, words in asked.execute(KEPT, {"case_ids": list(new), "internal": internal}):
        for word in words.split(" "):
            new[case_id].pop(word, None)
    if rows := list(rows_of(new, internal=internal)):
        asked.execute(INSERT, rows)


def rows_of(new: Mapping[str, Iterable[str]], *, internal: bool) -> Iterator[dict[str, Any]]:
    """The rows of the words of cases."""
    for case_id, words in new.items():
        every = list(words)
        for start in range(0, len(every), AT_ONCE):
            yield {"case_id": case_id, "internal": internal, "words": " ".join(every[start : start + AT_ONCE])}
