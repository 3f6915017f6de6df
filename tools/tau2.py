"""Replay of tau2-bench retail tasks: their reference calls run through the executor; what comes back is what changed.

Shapes are tau2's: a store of users, orders and products, and tasks with `actions` of {"name", "kwargs"}.
"""

import shutil
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

from switchboard.consent.wanted import MustConfirm
from switchboard.console.terminal.screen import out, say, show_json
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.human import Prepared
from switchboard.declare.moves import Call
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import CallEntry, ConsentEntry, ResultEntry, digest
from switchboard.loop.executor import do_call
from switchboard.loop.state import Run
from tools.tau2_files import read_store, read_tasks
from tools.tau2_rows import Json, alike, changed_rows, fresh_store

FIND = "find_user_id_by_"


def replay_files(team: TeamSpec, users: Path, orders: Path, products: Path, tasks: Path, json: bool) -> int:
    """The command: show each task's outcome. Returns 1 when one does not match."""
    results = replay(team, *read_store(users, orders, products), read_tasks(tasks))
    if json:
        show_json(results)
    else:
        marks = {True: "matches", False: "DIFFERS", None: "nothing to compare with"}
        for row in results:
            errors = "; ".join(f"{c['name']}: {c['error']}" for c in row["calls"] if c["error"])
            out.print(f"{row['id']}  {marks[row['matches']]}  {errors}", markup=False)
    compared = [row for row in results if row["matches"] is not None]
    say(f"{sum(bool(row['matches']) for row in compared)} of {len(compared)} tasks match.")
    return 0 if all(row["matches"] for row in compared) else 1


def replay(team: TeamSpec, users: Json, orders: Json, products: Json, tasks: Sequence[Json]) -> list[dict[str, Any]]:
    """Run each task's actions on a fresh copy of the store, by the team's executor, with every approval answered yes.

    Per task: {"id", "changed": {"orders", "users"} with the whole new rows, "matches": whether they are the task's
    `expected_diff` (None where it has none), "calls": [{"name", "error": str | None}]}.
    """
    with fresh_store(users, orders, products) as fresh:
        results = []
        for number, task in enumerate(tasks):
            copy = fresh.with_name(f"task-{number}.db")
            shutil.copyfile(fresh, copy)
            results.append(_replay_task(team, task, copy, fresh, orders))
            copy.unlink()
    return results


def _replay_task(team: TeamSpec, task: Json, copy: Path, fresh: Path, orders: Json) -> dict[str, Any]:
    engine = open_engine(sqlite_url(copy))
    run = Run(f"replay-{task['id']}", team, engine, Prepared(approvals=repeat(True)))
    actions = task["actions"]
    calls = []
    written: set[str | None] = set()
    for number, action in enumerate(actions):
        if run.customer_id is None and not any(later["name"].startswith(FIND) for later in actions[number:]):
            run.customer_id = _named_customer(actions, orders)
        result = _do(run, action)
        calls.append({"name": action["name"], "error": None if result.status == "done" else result.text})
        if result.status == "done" and run.team.tools[action["name"]].effect == "write":
            written.update(action["kwargs"].get(name) for name in ("order_id", "user_id"))
    changed = changed_rows(engine, copy, fresh, written)
    engine.dispose()
    expected = task.get("expected_diff")
    matches = None if expected is None else alike(changed, expected)
    return {"id": task["id"], "changed": changed, "matches": matches, "calls": calls}


def _do(run: Run, action: Json) -> ResultEntry:
    """One reference action, called by the first agent of the team that holds the tool. Returns the result's entry."""
    name, arguments = action["name"], action["kwargs"]
    agent = next((spec.name for spec in run.team.members.values() if spec.tool(name)), run.team.flow.entry)
    call_id = run.next_call_id()
    if name.startswith(FIND):  # the task's customer gives what it verifies them by
        run.known = {given: str(value) for given, value in arguments.items()}
    run.add(CallEntry(agent, tool=name, arguments=arguments, call_id=call_id))
    try:
        return do_call(run, call_id, Call(name, arguments))
    except MustConfirm as asked:
        bound = digest([asked.call.tool, asked.call.arguments])
        run.add(ConsentEntry(CUSTOMER, by="human", call_id=call_id, bound=bound, stance="yes"))
        return do_call(run, call_id, asked.call)


def _named_customer(actions: Sequence[Json], orders: Json) -> str | None:
    """Who the task is about where no find call says so: the first customer, or owner of an order, that a call names."""
    for action in actions:
        order_id, user_id = action["kwargs"].get("order_id"), action["kwargs"].get("user_id")
        if user_id:
            return str(user_id)
        if order_id in orders:
            return str(orders[order_id]["user_id"])
    return None
