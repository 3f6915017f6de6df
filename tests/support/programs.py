"""A desk whose sub-applications are served by a real uvicorn on this machine, beside its own worker. Rules decide alone."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvicorn
from sqlalchemy import Engine
from starlette.types import ASGIApp

from support.ports import free_port
from support.toys import agent, call_a_human, find_customer, look_up, pay, team
from switchboard.cases.runs import Environment
from switchboard.console.protocols.seam import Holder, NotAllowed, NotLetIn, Scope
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.moves import HandOff, Move, Note, Say, call
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import NotThere
from switchboard.flows.hub import hub
from switchboard.migrations import migrate_cases
from switchboard.tables.project_file import ProjectFile

TOKENS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "whole": ("robin", ("cases:read", "cases:write", "approvals:decide", "stats:read")),
    "second": ("kim", ("cases:read", "approvals:decide")),
    "reads": ("lou", ("cases:read",)),
    "writes": ("max", ("cases:read", "cases:write")),
    "nothing": ("sam", ()),
}


def authorize(token: str, scope: Scope) -> Holder:
    """Accounts as they will be: who holds a token, and for what it is good."""
    if token not in TOKENS:
        raise NotLetIn("This token is none of ours.")
    name, scopes = TOKENS[token]
    if scope not in scopes:
        raise NotAllowed(f"This token is not good for {scope}.")
    return Holder(name)


@tool(effect="read", public=True)
def opening_hours(ctx: Context, day: str) -> dict[str, Any]:
    """Say when the hall is open on a day."""
    return {"day": day, "open": "nine to five", "asked_by": ctx.customer_id}


def meets(view: View) -> Move:
    words = view.latest.lower()
    if view.last("call_a_human"):
        return Say("A person writes to you.")
    if "person" in words:
        return call("call_a_human", summary=view.latest)
    if "break" in words:
        raise ZeroDivisionError("the rules broke")
    if "open" in words:
        return Say("We are open from nine to five.")
    if not view.customer_id and view.facts.get("email"):
        return call("find_customer", email=view.facts["email"])
    return HandOff("worker", "do it")


def works(view: View) -> Move:
    if not view.questions:
        return Say("How much do you want?", asks=True)
    done = view.last("pay")
    if done is None:
        return call("pay", cents=7000)
    return Say("It is paid." if done.done else f"It was not paid. {done.text}")


def hall(**facts: Any) -> TeamSpec:
    members = [
        agent("triage", meets, find_customer, call_a_human, opening_hours, rules_first=True),
        agent("worker", works, look_up, pay),
        agent("closer", lambda view: Note("The note."), rules_first=True),
    ]
    flow = hub("triage", {"worker": []}, "closer")
    return team(members={spec.name: spec for spec in members}, flow=flow, **facts)


@dataclass
class Desk:
    """A place with one worker for as long as it is served."""

    engine: Engine
    environment: Environment
    project: Any
    at_work: Worker

    @contextmanager
    def worker(self, about: str = "") -> Iterator[Worker]:
        yield self.at_work

    def called(self, name: str) -> str:
        return name or "dana"


@contextmanager
def desk(folder: Path, toys: TeamSpec | None = None, environment: Environment | None = None) -> Iterator[Desk]:
    """A desk of two teams on rows of its own; the first one may be another than `hall`. Or one of another `environment`."""
    engine = environment.engine if environment else open_engine(sqlite_url(folder / "served.db"))
    if environment is None:
        migrate_cases(engine)
        environment = Environment(engine, {"toys": toys or hall(), "others": hall(name="others")})
    at: Environment = environment
    project = SimpleNamespace(file=ProjectFile(name="Toys"), team_name=lambda asked=None: _team(at, asked))
    with Worker(at, takes_cases=True) as worker:
        yield Desk(engine, at, project, worker)
    engine.dispose()


def _team(environment: Environment, asked: str | None) -> str:
    if asked and asked not in environment.teams:
        raise NotThere(f"There is no team {asked!r}.")
    return asked or "toys"


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive() and time.monotonic() < until
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
