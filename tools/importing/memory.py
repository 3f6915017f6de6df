"""What the last import said of each row, as a digest for each field: what the rows hold otherwise, the desk has changed."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tools.importing.stored import chunks
from tools.rows import ImportedRow


def digests(value: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest(one) for name, one in value.items()}


def digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def last_given(session: Session, kind: str, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The digests of the last import, by id."""
    found: dict[str, dict[str, str]] = {}
    for chunk in chunks(ids):
        query = select(ImportedRow.id, ImportedRow.fields).where(ImportedRow.kind == kind, ImportedRow.id.in_(chunk))
        found.update((row_id, fields) for row_id, fields in session.execute(query))
    return found


def remember(session: Session, given: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
    """Keep the digests of rows by kind and id, in place of those of an earlier import."""
    for chunk in chunks(given.items()):
        forget(session, [key for key, _ in chunk])
        session.execute(insert(ImportedRow), [{"kind": kind, "id": one, "fields": fields} for (kind, one), fields in chunk])


def forget(session: Session, keys: Iterable[tuple[str, str]]) -> None:
    by_kind: dict[str, list[str]] = {}
    for kind, one in keys:
        by_kind.setdefault(kind, []).append(one)
    for kind, ids in by_kind.items():
        for chunk in chunks(ids):
            session.execute(delete(ImportedRow).where(ImportedRow.kind == kind, ImportedRow.id.in_(chunk)))
