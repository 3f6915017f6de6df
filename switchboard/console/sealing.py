"""The key that rows are sealed with: of the settings, or beside an SQLite file, in a file of its own."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from switchboard.accounts.seals import seal_nothing, use_key
from switchboard.cases.sealed.key import keep_check, see_to_the_key, trouble_with_key
from switchboard.cases.sealed.rows import seal_all
from switchboard.console.databases import reason_of
from switchboard.errors import OperatorError

LEAST = 32


def seal_with(engine: Engine, key: str | None, file: Path | None) -> None:
    """Have what an engine writes sealed: with the key of the settings, else, where the rows are a file, with the one beside it.

    Where neither is there nothing is sealed. Where that is not the key of the rows, nothing that would be sealed can be
    written, by whatever command, except by `seal --all`. Raises OperatorError where the file of the key cannot be read or made.
    """
    beside = file.with_name(f"{file.name}.key") if file else None
    if key or beside:
        use_key(engine, (key or _kept(engine, beside)).encode())  # type: ignore[arg-type]
    trouble = ""
    try:
        see_to_the_key(engine)
    except OperatorError as error:  # who only looks may look all the same
        trouble = str(error)
    seal_nothing(engine, trouble)


def _kept(engine: Engine, path: Path) -> str:
    try:
        found = path.read_text("ascii").strip() if path.exists() else _made(engine, path)
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            f"The key that rows are sealed with cannot be had: {path}: {error}. Mend its permissions."
        ) from None
    if len(found) < LEAST:
        raise OperatorError(
            f"{path} holds no key. Put the one back that was there, or remove it, and run `switchboard seal --all`."
        )
    return found


def _made(engine: Engine, path: Path) -> str:
    """Make a key, and seal with it what is there: nobody could have sealed it before. One of two processes does. Where somebody
    did, the key of theirs is lost, and what they sealed stays as it is.

    It stands in its place once the seals do. Where that was cut off in between, they may be made with the one that is `.new`.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        with Session(engine) as session, session.begin():
            session.connection()  # on SQLite it begins with the lock of the one who writes
            if path.exists():
                return path.read_text("ascii").strip()
            key = new.read_text("ascii").strip() if new.exists() else ""
            if len(key) < LEAST:  # nothing was sealed before it was written whole
                key = _written(new)
            use_key(engine, key.encode())
            if not trouble_with_key(engine):
                seal_all(session)
                keep_check(session)
    except SQLAlchemyError as error:
        why = f"The rows cannot be sealed: {reason_of(error)}. Make room, see that the folder can be written, and begin again."
        raise OperatorError(why) from error
    with suppress(FileNotFoundError):  # another process has found it, and finished the work
        new.replace(path)
    return key


def _written(path: Path) -> str:
    key = secrets.token_urlsafe(LEAST)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as written:
        written.write(key)
        written.flush()
        os.fsync(written.fileno())
    return key
