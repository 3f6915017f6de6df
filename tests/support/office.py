"""A desk whose tools are a payments API, and that API in a process of its own, which may be killed and begun again."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from support.ports import free_port
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import tool
from switchboard.declare.transcript import View
from switchboard.flows.hub import hub
from switchboard.toolsets.openapi.source import OpenApiSource
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.table import SourceTable

LEFT = Call("call_the_office", {"summary": "It was not finished."})
WORDS, EMAIL = "Please pay me my 12.50, I am ada@example.com", "ada@example.com"


class PaymentsApi:
    """As a context manager. `folder` is the project's: the description is kept there, and what the API did."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "PaymentsApi":
        self.start()
        with urllib.request.urlopen(f"{self.address}/openapi.json", timeout=10) as answer:
            (self.folder / "members.json").write_bytes(answer.read())
        return self

    def start(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("payments_api.py")), str(self.port), str(self.folder)]
        self.process = subprocess.Popen(command)
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/openapi.json", timeout=5).close()
                return
            except OSError:
                assert time.monotonic() < until and self.process.poll() is None
                time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    def answers(self, *ways: str) -> None:
        """How the next requests to pay are answered."""
        (self.folder / "next").write_text(" ".join(ways), encoding="utf-8")

    def paid(self) -> list[dict[str, Any]]:
        """What it did, in order."""
        kept = self.folder / "payments.jsonl"
        return [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []


def office(address: str, folder: Path, keyed: bool = True, looks: bool = True) -> TeamSpec:
    """A team that finds who writes and pays them, on the API at an address. Without a key an operator is asked before."""
    pay: dict[str, Any] = {"effect": "write", "amount": "amount", "unit": "units", "customer": "member_id", "timeout": 1.0}
    pay |= {"key": "Idempotency-Key"} if keyed else {"status_of": "find_payment", "found": "id"} if looks else {}
    calls = {
        "find_member": {"effect": "read", "operation": "findMember", "verifies": "id"},
        "find_payment": {"effect": "read", "operation": "findPayment", "customer": "member_id"},
        "pay": {**pay, "called": "the payment"},
    }
    table = SourceTable.model_validate({"openapi": "members.json", "server": address, "calls": calls})
    tools = tools_from(OpenApiSource("members", table, folder).operations(), table.calls)

    @tool(effect="send", public=True, ends="escalated")
    def call_the_office(summary: str) -> str:
        """Hand over to the office."""
        return "The office writes to you."

    def rules(view: View) -> Move:
        if not view.customer_id:
            return call("find_member", email=EMAIL)
        paid = view.last("pay")
        if paid is None:
            return call("pay", amount=12.5)
        return Say(f"Paid {paid.result['id']}." if paid.done else f"Not paid: {paid.code}.")

    spec = AgentSpec("desk", "Pays.", "You pay.", tools=(call_the_office, *tools.values()), without_model=rules)
    members = {"desk": spec, "closer": AgentSpec("closer", "Notes.", "You note.")}
    approvals = (
        Rule("approve" if keyed else "ask", tool="pay"),
        Rule("approve", effect="read"),
        Rule("approve", effect="send"),
    )
    return TeamSpec("office", "", members, hub("desk", {}, "closer"), approvals, rescue=lambda _: LEFT)
