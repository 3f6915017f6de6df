"""A small team with tools that show what the library does, for tests that need no shop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Human
from switchboard.declare.moves import HandOff, Note, Say, call
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.vocabulary import Vocabulary
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult, run_team

PAID: list[str] = []


@tool(effect="read", public=True, verifies=True)
def find_customer(ctx: Context, email: str) -> str:
    """Find and verify a customer."""
    ctx.verify(email.split("@")[0])
    return email.split("@")[0]


@tool(effect="read")
def look_up(ctx: Context, number: int) -> dict[str, Any]:
    """Look a number up."""
    return {"number": number, "customer": ctx.customer_id}


@tool(effect="write", amount="cents")
def pay(ctx: Context, cents: int) -> dict[str, Any]:
    """Pay an amount in cents."""
    PAID.append(ctx.key)
    return {"paid": cents}


@tool(effect="send", public=True, ends="escalated")
def call_a_human(summary: str) -> str:
    """Hand over to a human."""
    return "A human comes."


@tool(effect="compute", public=True)
def break_down() -> str:
    """Fail in a way that nobody foresaw."""
    raise ZeroDivisionError("the tool broke")


def triage(view: Any) -> Any:
    if not view.customer_id and view.facts.get("email"):
        return call("find_customer", email=view.facts["email"])
    return HandOff("worker", "do it", {"cents": 300})


def worker(view: Any) -> Any:
    done = view.last("pay")
    return Say(f"Paid {done.result['paid']}.") if done and done.done else Say(done.text) if done else call("pay", cents=300)


def agent(name: str, twin: Callable[[Any], Any], *tools: Any, **facts: Any) -> AgentSpec:
    return AgentSpec(name=name, description=name, prompt=f"You are {name}.", without_model=twin, tools=tools, **facts)


def team(worker_twin: Callable[[Any], Any] = worker, **facts: Any) -> TeamSpec:
    """Triage hands to a worker who pays; then the closer writes a note."""
    members = [
        agent("triage", triage, find_customer, call_a_human, rules_first=True),
        agent("worker", worker_twin, look_up, pay, break_down),
        agent("closer", lambda view: Note("The note."), rules_first=True),
    ]
    rules = (Rule("approve", effect="read"), Rule("approve", effect="compute"), Rule("approve", effect="send"))
    defaults: dict[str, Any] = {
        "name": "toys",
        "description": "For tests.",
        "members": {spec.name: spec for spec in members},
        "flow": hub("triage", {"worker": []}, "closer"),
        "approvals": (*rules, Rule("approve", tool="pay", up_to=5000), Rule("ask", tool="pay", up_to=10000)),
        "limits": Limits(),
        "vocabulary": Vocabulary(currency="USD"),
    }
    return TeamSpec(**{**defaults, **facts})


def run(folder: Path, spec: TeamSpec, opening: str = "Please pay me.", human: Human | None = None, **options: Any) -> RunResult:
    """Run on a database of its own, as a known customer."""
    PAID.clear()
    engine = open_engine(sqlite_url(folder / "toys.db"))
    options.setdefault("known", {"email": "ada@example.com"})
    try:
        return run_team(spec, opening, engine=engine, human=human, **options)
    finally:
        engine.dispose()


def told(result: RunResult) -> str:
    return str(result.document["reply"])


def statuses(result: RunResult) -> list[tuple[str, str]]:
    return [(c["tool"], c["status"]) for c in result.document["tool_calls"]]
