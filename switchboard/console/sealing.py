"""The key that rows are sealed with: of the settings, or beside an SQLite file, in a file of its own."""

import os
import secrets
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.accounts.seals import use_key
from switchboard.cases.sealed.rows import seal_all
from switchboard.errors import OperatorError

LEAST = 32


def seal_with(engine: Engine, key: str | None, file: Path | None) -> None:
    """Have what an engine writes sealed: with the key of the settings, else, where the rows are a file, with the one beside it.

    Where neither is there nothing is sealed. Raises OperatorError where the file of the key cannot be read or made.
    """
    beside = file.with_name(f"{file.name}.key") if file else None
    if key or beside:
        use_key(engine, (key or _kept(engine, beside)).encode())  # type: ignore[arg-type]


def _kept(engine: Engine, path: Path) -> str:
    try:
        found = path.read_text("ascii").strip() if path.exists() else _made(engine, path)
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            f"The key that rows are sealed with cannot be had: {path}: {error}. Mend its permissions."
        ) from None
    if len(found) < LEAST:
        raise OperatorError(f"{path} holds no key. Put the one back that was there, or remove it to have all sealed anew.")
    return found


def _made(engine: Engine, path: Path) -> str:
    """Make a key, and seal with it what is there: nobody could have sealed it before. One of two processes does."""
    with Session(engine) as session, session.begin():
        session.connection()  # on SQLite it begins with the lock of the one who writes
        if path.exists():
            return path.read_text("ascii").strip()
        key = secrets.token_urlsafe(LEAST)
        use_key(engine, key.encode())
        seal_all(session)
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as written:
            written.write(key)
            written.flush()
            os.fsync(written.fileno())
        new.replace(path)
    return key
