"""Importing a file: read, checked and compared as a whole, then written in one transaction, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from switchboard.errors import OperatorError
from switchboard.migrations import lock
from tools.importing.applying import apply
from tools.importing.kinds import customers, orders, products
from tools.importing.kinds.records import Record
from tools.importing.plan import Change, Holds, plan
from tools.importing.reading.fields import ColumnMapping, find_columns, values_of
from tools.importing.reading.files import read_rows
from tools.importing.reading.problems import Problems
from tools.importing.sample import remove_sample, sample_customers
from tools.importing.stored import lock_customers

Kind = Literal["customers", "products", "orders"]
MODULES: dict[str, ModuleType] = {"customers": customers, "products": products, "orders": orders}
LOCKED = ("customer", "order")
"""Records whose customers are held while they are compared and written."""
MOST_SECONDS = 300


@dataclass(frozen=True)
class ReadFile:
    """A file whose lines are all right by themselves."""

    records: Sequence[Record]
    columns: dict[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What an import changes, or would; `removed` is how much of the sample goes, by kind."""

    changes: Sequence[Change]
    removed: dict[str, int]


def read_file(kind: Kind, path: Path, mapping: ColumnMapping, problems: Problems) -> ReadFile:
    """The records of a file. Raises OperatorError where it is none; what is wrong with its lines is among the problems."""
    module = MODULES[kind]
    rows = read_rows(path, module.NESTED, problems)
    if not rows.lines:
        problems.stop()
    found = find_columns(path, kind, module.FIELDS, rows, mapping)
    values = [one for line in rows.lines if (one := values_of(line, module.FIELDS, found, problems))]
    return ReadFile(module.records(values, found, problems), dict(found.columns), found.ignored)


def import_records(
    engine: Engine,
    records: Sequence[Record],
    problems: Problems,
    *,
    holds: Holds = "neither",
    sample: Literal["refuse", "replace", "beside"] = "refuse",
    dry_run: bool = False,
) -> Outcome:
    """Write the records, all of them or none. Raises Unfit where they cannot be, and OperatorError beside the sample."""
    with Session(engine) as session:
        lock(session.connection())
        if session.get_bind().dialect.name == "postgresql":  # comparing a hundred thousand rows takes longer than a step may
            session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{MOST_SECONDS}s'"))
        removed: dict[str, int] = {}
        if there := sample_customers(session) if sample != "beside" else []:
            if sample == "refuse":
                raise OperatorError(
                    f"Nothing was imported: the database holds the sample shop with its {len(there)} customers, and yours "
                    "would stand among them. --replace-sample takes the sample away, with what was done in it; --beside-sample "
                    "leaves it."
                )
            removed = remove_sample(session)
        lock_customers(session, (r.value["customer_id"] if r.kind == "order" else r.id for r in records if r.kind in LOCKED))
        changes = plan(session, records, holds, problems)
        problems.check()
        if not dry_run:
            apply(session, changes)
            session.commit()
        return Outcome(changes, removed)
