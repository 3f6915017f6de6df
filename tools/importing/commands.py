"""`switchboard import` and `switchboard export`: the shop's own customers, products and orders, as files of a spreadsheet.

What the commands work with is imported when one of them runs, since every command imports this file.
"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from tools.importing.importing import Outcome, ReadFile
    from tools.importing.plan import Change
    from tools.importing.reading.problems import Unfit

FAILED = 1
MOST_SHOWN = 20
MOST_VALUE = 60

File = Annotated[Path, typer.Argument(metavar="FILE", help="A .csv (UTF-8; , ; or tab between the columns) or a .jsonl.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="Which column of theirs a field is; as often as needed."),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE.toml", help='The same in a file: a table customers, with field = "their column".'),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Where the desk has changed a row, too, the file's word holds.")]
Keep = Annotated[bool, typer.Option("--keep", help="Where the desk has changed a row, too, its word holds.")]
ReplaceSample = Annotated[bool, typer.Option("--replace-sample", help="Take the sample shop out of the database.")]
BesideSample = Annotated[bool, typer.Option("--beside-sample", help="Leave the sample shop where it is.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The folder that holds the database.")]

import_app = typer.Typer(
    help="Bring your own customers, products and orders in, from files; again and again.", no_args_is_help=True
)
export_app = typer.Typer(help="Write the customers, products or orders to a file, as `import` reads it.", no_args_is_help=True)


@import_app.command("customers")
def import_customers(
    file: File,
    columns: Columns = None,
    mapping: MappingFile = None,
    dry_run: DryRun = False,
    overwrite: Overwrite = False,
    keep: Keep = False,
    replace_sample: ReplaceSample = False,
    beside_sample: BesideSample = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """A line for each customer, or for each payment method of a customer."""
    _import("customers", file, columns, mapping, (overwrite, keep), (replace_sample, beside_sample), dry_run, json, data)


@import_app.command("products")
def import_products(
    file: File,
    columns: Columns = None,
    mapping: MappingFile = None,
    dry_run: DryRun = False,
    overwrite: Overwrite = False,
    keep: Keep = False,
    replace_sample: ReplaceSample = False,
    beside_sample: BesideSample = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """A line for each item that can be bought: a product with its options chosen."""
    _import("products", file, columns, mapping, (overwrite, keep), (replace_sample, beside_sample), dry_run, json, data)


@import_app.command("orders")
def import_orders(
    file: File,
    columns: Columns = None,
    mapping: MappingFile = None,
    dry_run: DryRun = False,
    overwrite: Overwrite = False,
    keep: Keep = False,
    replace_sample: ReplaceSample = False,
    beside_sample: BesideSample = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """A line for each item of an order. Import its customers and products first."""
    _import("orders", file, columns, mapping, (overwrite, keep), (replace_sample, beside_sample), dry_run, json, data)


@export_app.command("customers")
def export_customers(file: File, json: Json = False, data: Data = None) -> None:
    """A line for each customer and payment method."""
    _export("customers", file, json, data)


@export_app.command("products")
def export_products(file: File, json: Json = False, data: Data = None) -> None:
    """A line for each item."""
    _export("products", file, json, data)


@export_app.command("orders")
def export_orders(file: File, json: Json = False, data: Data = None) -> None:
    """A line for each item of an order; refund numbers and tickets stay here."""
    _export("orders", file, json, data)


def _import(
    kind: Literal["customers", "products", "orders"],
    file: Path,
    columns: list[str] | None,
    mapping: Path | None,
    holds: tuple[bool, bool],
    sample: tuple[bool, bool],
    dry_run: bool,
    json: bool,
    data: Path | None,
) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from switchboard.console.app import Workplace
    from switchboard.console.databases import reason_of
    from tools.importing.importing import import_records, read_file
    from tools.importing.reading.fields import read_mapping
    from tools.importing.reading.problems import Problems, Unfit

    if all(holds) or all(sample):
        both = "--overwrite and --keep" if all(holds) else "--replace-sample and --beside-sample"
        raise OperatorError(f"{both} say opposite things. Give one of them.")
    problems = Problems(file.name)
    try:
        read = read_file(kind, file, read_mapping(kind, columns or (), mapping), problems)
        outcome = import_records(
            Workplace(data).opened(with_sample=False),
            read.records,
            problems,
            holds="file" if holds[0] else "desk" if holds[1] else "neither",
            sample="replace" if sample[0] else "beside" if sample[1] else "refuse",
            dry_run=dry_run,
        )
    except Unfit as unfit:
        _tell_problems(unfit, file, json)
        raise typer.Exit(FAILED) from None
    except SQLAlchemyError as error:
        raise OperatorError(f"{file} could not be imported, and nothing of it is there: {reason_of(error)}.") from error
    document = _document(kind, file, read, outcome, dry_run)
    _show_json(document) if json else _show(document, outcome)


def _tell_problems(unfit: "Unfit", file: Path, json: bool) -> None:
    from switchboard.console.terminal.screen import say
    from switchboard.events.rendering import printable

    if json:
        _show_json(
            {"file": str(file), "written": False, "errors": [printable(e) for e in unfit.told], "error_count": unfit.count}
        )
        return
    for one in unfit.told:
        say(one)
    more = unfit.count - len(unfit.told)
    say(
        f"{f'And {more:,} more. ' if more else ''}{unfit.count:,} {'error' if unfit.count == 1 else 'errors'}: nothing was "
        "imported."
    )


def _document(kind: str, file: Path, read: "ReadFile", outcome: "Outcome", dry_run: bool) -> dict[str, Any]:
    counts = Counter[tuple[str, str]]((change.record.kind, change.what) for change in outcome.changes)
    whats = ("new", "changed", "unchanged", "kept")
    kinds = dict.fromkeys(change.record.kind for change in outcome.changes)
    return {
        "file": str(file),
        "kind": kind,
        "dry_run": dry_run,
        "written": not dry_run,
        "counts": {name: {what: counts[name, what] for what in whats} for name in kinds},
        "sample_removed": outcome.removed,
        "columns": read.columns,
        "ignored_columns": list(read.ignored),
        "changes": [_told(change) for change in outcome.changes if change.what in ("changed", "kept")],
    }


def _told(change: "Change") -> dict[str, Any]:
    fields = {name: {"from": _value(old), "to": _value(new)} for name, (old, new) in change.fields.items()}
    return {
        "kind": change.record.kind,
        "id": change.record.id,
        "line": change.record.line,
        "what": change.what,
        "fields": fields,
    }


def _value(value: Any) -> Any:
    """A value as it is shown: masked, and lists as one text."""
    from switchboard.declare.transcript import as_json
    from switchboard.events.rendering import printable

    if isinstance(value, str):
        return printable(value)
    return printable(as_json(value)) if isinstance(value, list | dict) else value


def _show(document: dict[str, Any], outcome: "Outcome") -> None:
    from switchboard.console.terminal.screen import say, show_table
    from switchboard.events.rendering import cut

    dry = document["dry_run"]
    if document["ignored_columns"]:
        say(f"Nothing is made of these columns: {', '.join(document['ignored_columns'])}.")
    if removed := document["sample_removed"]:
        parts = ", ".join(f"{count} {name}" for name, count in removed.items())
        say(f"The sample shop {'would go' if dry else 'is gone'}: {parts}.")
    counts = [
        (name.replace("_", " "), *(str(count) for count in of_kind.values())) for name, of_kind in document["counts"].items()
    ]
    show_table("", ("", "new", "changed", "unchanged", "kept as the desk has it"), counts)
    rows = [
        (f"{one['kind'].replace('_', ' ')} {one['id']}", name, _short(cut, field["from"]), _short(cut, field["to"]))
        for one in document["changes"]
        if one["what"] == "changed"
        for name, field in one["fields"].items()
    ]
    if rows:
        show_table("", ("changed", "field", "from", "to"), rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        say(f"And {len(rows) - MOST_SHOWN:,} more; --json shows all.")
    if dry:
        say("This was a dry run: nothing was written.")


def _short(cut: Any, value: Any) -> str:
    return "—" if value in (None, "") else cut(str(value), MOST_VALUE)


def _show_json(document: dict[str, Any]) -> None:
    from switchboard.console.terminal.screen import show_json

    show_json(document)


def _export(kind: str, file: Path, json: bool, data: Path | None) -> None:
    from switchboard.console.app import Workplace
    from switchboard.console.terminal.screen import say
    from tools.importing.exporting import export

    count = export(Workplace(data).engine, kind, file)
    if json:
        _show_json({"file": str(file), "kind": kind, "count": count})
    else:
        say(f"{count:,} {kind} are in {file}.")
