"""Loading tau2-bench's retail store into the database that is configured, so that the desk serves its customers.

What is there already is never overwritten: the same store is left as it is, and of another one the file is set aside, if
the operator says so.
"""

from itertools import count
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from switchboard.cases.tables import CaseRow
from switchboard.console.app import Workplace
from switchboard.console.databases import reason_of
from switchboard.console.terminal.screen import say, show_json
from switchboard.engine.heartbeat import alive
from switchboard.errors import OperatorError
from switchboard.migrations import lock
from tools.rows import Customer, Order, Product
from tools.store import load_store
from tools.tau2_files import TAKE, Store, read_store


def load_files(users: Path, orders: Path, products: Path, *, replace: bool, data: Path | None, json: bool) -> None:
    """The command. Raises OperatorError where the files are no store, or another store is there."""
    store = read_store(users, orders, products)
    place = Workplace(data)
    kept = set_aside(place) if replace else None
    engine = place.opened(with_sample=False)
    loaded = fill(engine, store)
    if json:
        show_json({"loaded": loaded, "kept": kept and str(kept), **{name: len(rows) for name, rows in store._asdict().items()}})
        return
    if kept:
        say(f"What was there is kept in {kept}.")
    if loaded:
        say(f"Loaded {len(store.users)} customers, {len(store.orders)} orders and {len(store.products)} products.")
    else:
        say("Nothing was loaded: this store is there already, with what has been done in it since.")


def fill(engine: Engine, store: Store) -> bool:
    """Insert a store into a migrated database without one, and tell whether it did: not where this very store is.

    Raises OperatorError where another store is there, or the files do not fit together.
    """
    try:
        with Session(engine) as session, session.begin():
            lock(session.connection())
            if session.scalars(select(Customer.id).limit(1)).first() is None:
                load_store(session, store.users, store.orders, store.products)
                return True
            if _is_there(session, store):
                return False
            customers = session.scalar(select(func.count()).select_from(Customer))
            cases = session.scalar(select(func.count()).select_from(CaseRow).where(CaseRow.parent.is_(None)))
    except SQLAlchemyError as error:
        raise OperatorError(f"The store could not be loaded, and nothing of it is there: {reason_of(error)}. {TAKE}") from error
    raise OperatorError(
        f"Nothing was loaded: the database holds another store, with {customers} customers and {cases} cases. Name a new "
        "folder with --data, or give --replace, which sets its file aside."
    )


def _is_there(session: Session, store: Store) -> bool:
    pairs = ((Customer, store.users), (Order, store.orders), (Product, store.products))
    return all(set(session.scalars(select(row.id))) == rows.keys() for row, rows in pairs)


def set_aside(place: Workplace) -> Path | None:
    """Rename the SQLite file that holds the rows, with the engine's beside it. Returns its new name, None where none was.

    Raises OperatorError where the database is a server, or a process works on it.
    """
    file = place.file
    if file is None:
        raise OperatorError(
            "A store on a server is not replaced. Create a new database there, and name it in SWITCHBOARD_DATABASE_URL."
        )
    if not file.is_file():
        return None
    engine = place.opened(with_sample=False)
    busy = alive(engine)
    engine.dispose()
    if busy:
        raise OperatorError(f"Nothing was replaced: {len(busy)} processes work on the cases in {file}. Stop them first.")
    return _renamed(file)


def _renamed(file: Path) -> Path:
    """Give a database's file, and the engine's beside it, a name that is free."""
    new = next(name for n in count(1) if not (name := file.with_stem(f"{file.stem}-before-{n}")).exists())
    try:
        for old, kept in ((f"{file.stem}-engine", f"{new.stem}-engine"), (file.stem, new.stem)):
            for ending in ("", "-wal", "-shm"):
                beside = file.with_name(f"{old}{file.suffix}{ending}")
                if beside.exists():
                    beside.rename(file.with_name(f"{kept}{file.suffix}{ending}"))
    except OSError as error:
        raise OperatorError(f"{file} cannot be set aside: {error.strerror}. Name a new folder with --data.") from error
    return new
