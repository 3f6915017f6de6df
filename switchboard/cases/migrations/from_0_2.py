"""Taking the runs of Switchboard 0.2 along: read before the tables are made anew, and written as cases, runs and entries after.

What waits for a customer, an approval or a human goes on as it was. What was on the queue and not begun yet is begun. A run
that was under way cannot go on by itself, as its steps were recorded in another way: it is given up, which tells the customer
and a human what was done.
"""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

from switchboard.errors import OperatorError

Rows = list[dict[str, Any]]
Old = dict[str, Rows]
TABLES = ("workers", "opinions", "approvals", "legs", "runs")
"""In the order in which they can be dropped."""
WHY = "Switchboard was updated while this run was under way, so it could not go on by itself."
USED = ("model_calls", "tokens", "cost_usd", "cost_known", "seconds")


def taken_out(op: Operations) -> Old | None:
    """All rows of the old tables, which are dropped; None where there are none."""
    bind = op.get_bind()
    if not sa.inspect(bind).has_table("legs"):
        if sa.inspect(bind).has_table("alembic_version"):
            raise OperatorError("A Switchboard before 0.2 wrote the database. Open it once with 0.2, then with this one.")
        return None
    tables = sa.MetaData()
    tables.reflect(bind, only=[*TABLES])
    old: Old = {name: [dict(row) for row in bind.execute(sa.select(tables.tables[name])).mappings()] for name in TABLES}
    old["steps"] = _steps(bind)
    for name in TABLES:
        op.drop_table(name)
    bind.execute(sa.text("UPDATE alembic_version SET version_num = 'taken along by 0.3'"))
    return old


def _steps(bind: sa.Connection) -> Rows:
    """The recorded steps of the old engine: in a schema of its own on Postgres, in a file beside the rows on SQLite."""
    columns = "workflow_uuid, function_id, function_name, output"
    unfinished = "SELECT workflow_uuid FROM {0}workflow_status WHERE status IN ('PENDING', 'ENQUEUED', 'DELAYED')"
    query = f"SELECT {columns} FROM {{0}}operation_outputs WHERE workflow_uuid IN ({unfinished}) ORDER BY 1, 2"
    if bind.dialect.name == "postgresql":
        if not sa.inspect(bind).has_table("operation_outputs", schema="dbos"):
            return []
        return [dict(row) for row in bind.execute(sa.text(query.format("dbos."))).mappings()]
    beside = Path(f"{str(bind.engine.url.database).removesuffix('.db')}-steps.db")
    if not beside.exists():
        return []
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(beside)))
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(sa.text(query.format(""))).mappings()]
    engine.dispose()
    return found


def put_in(op: Operations, old: Old) -> None:
    new: dict[str, Rows] = {"cases": [], "runs": [], "entries": [], "approvals": [], "opinions": []}
    for row in old["runs"]:
        _add_case(new, row, [leg for leg in old["legs"] if leg["run_id"] == row["id"]], old["steps"])
    for row in old["approvals"]:
        new["approvals"].append({**_renamed(row), "arguments": json.loads(row["arguments"])})
    for row in old["opinions"]:
        new["opinions"].append({**row, "arguments": json.loads(row["arguments"]) if row["arguments"] else None})
    tables = sa.MetaData()
    tables.reflect(op.get_bind(), only=list(new))
    for name, rows in new.items():
        if rows:
            op.get_bind().execute(sa.insert(tables.tables[name]), rows)
    if op.get_bind().dialect.name == "postgresql":  # rows that came with their number do not move the sequence
        newest = "(SELECT coalesce(max(id), 0) + 1 FROM approvals)"
        op.execute(f"SELECT setval(pg_get_serial_sequence('approvals', 'id'), {newest}, false)")


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {"case_id" if name == "run_id" else name: value for name, value in row.items()}


def _add_case(new: dict[str, Rows], row: dict[str, Any], legs: Rows, steps: Rows) -> None:
    document, state = json.loads(row["document"]), json.loads(row["state"]) if row["state"] else None
    newest = max(legs, key=lambda leg: leg["number"], default=None)
    under_way = row["end"] is None and newest is not None
    lines = state["transcript"] if state else document["transcript"]
    kept = {name: row[name] for name in ("id", "team", "end", "department", "opening", "created_at", "seconds")}
    kept |= {name: row[name] for name in ("held_by", "cancelled_by", "message_id")}
    used = {name: document.get(name, 0) for name in USED}
    start = {name: value for name, value in state.items() if name != "transcript"} if state else None
    more = {"reason": document["reason"], "run": row["leg"], "used": used, "state": start, "inbox": json.loads(row["inbox"])}
    new["cases"].append({**kept, **more})
    at = row["created_at"].timestamp()
    last = 0
    for last, line in enumerate(lines, start=1):
        data = _with_request(line)
        entry = {"case_id": row["id"], "n": last, "run": row["leg"], "kind": line["kind"], "name": "", "data": data, "at": at}
        # What was said before a run that is not over belongs to those before it.
        new["entries"].append({**entry, "run": max(row["leg"] - 1, 0)} if under_way else entry)
    for leg in legs:
        workflow = f"{row['id']}:{leg['number']}"
        _add_run(new, leg, row, start, last, [step for step in steps if step["workflow_uuid"] == workflow])


def _with_request(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the transcript; what a handoff asked for was one of its facts."""
    facts = dict(line.get("facts") or {})
    if line["kind"] != "handoff" or "request" not in facts:
        return line
    return {**line, "request": str(facts.pop("request")), "facts": facts}


def _add_run(new: dict[str, Rows], leg: dict[str, Any], case: dict[str, Any], start: Any, last: int, steps: Rows) -> None:
    """A leg as a run. Those that are over keep their times and no record; of what is under way and was begun, what was done."""
    is_newest = leg["number"] == case["leg"]
    given = json.loads(leg["given"])
    if is_newest and case["end"] is None and steps:
        given = {"kind": "given_up", "why": WHY, "lines": _lines(given, steps)}
    run = {**_renamed(leg), "given": given, "start": start or {}, "first": last + 1, "owner": None, "attempts": 0, "reached": 0}
    run["end"] = case["end"] if is_newest else "awaiting_customer"
    del run["executor"]
    new["runs"].append(run)


def _lines(given: dict[str, Any], steps: Rows) -> Rows:
    """What is known of a run that cannot go on: what the customer wrote, and each call that was made."""
    opening = {"speaker": "customer", "kind": "message", "by": "human"}
    lines: Rows = [{**opening, "text": given["words"]}] if given["kind"] == "words" else []
    for step in steps:
        outcome = json.loads(step["output"]) if step["output"] else {}
        call_id, _, tool = step["function_name"].partition(" ")
        if "agent" in outcome and "." not in call_id:
            call = {"tool": tool, "arguments": outcome["arguments"], "call_id": call_id}
            lines.append({"speaker": outcome["agent"], "kind": "call", "by": "rules", "text": "", **call})
            result = {part: outcome[part] for part in ("text", "result", "status")}
            lines.append({"speaker": "executor", "kind": "result", "by": "tool", "to": outcome["agent"], **call, **result})
    return lines
