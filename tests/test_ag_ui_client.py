"""AG-UI as the protocol's own client for browsers speaks it: `@ag-ui/client`, run by node against a real server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.applications import Starlette
from support.absent import absent
from support.programs import authorize, desk, serving

from switchboard.console.protocols.mounted import Protocols

pytestmark = pytest.mark.slow
SCRIPT = """
import { HttpAgent } from "@ag-ui/client"
const headers = { Authorization: "Bearer whole" }
const agent = new HttpAgent({ url: process.argv[1] + "/ag-ui", headers, threadId: process.argv[2] })
const turns = []
async function turn(words, answers) {
  if (words) agent.addMessage({ id: crypto.randomUUID(), role: "user", content: words })
  const answer = (one) => ({ interruptId: one.id, status: "resolved", payload: answers })
  const resume = answers ? { resume: agent.pendingInterrupts.map(answer) } : {}
  const { newMessages } = await agent.runAgent({ forwardedProps: { email: "ag@example.com" }, ...resume })
  const said = newMessages.filter((one) => one.role === "assistant" && one.content).map((one) => one.content)
  turns.push({ said, end: agent.state.end, interrupts: agent.pendingInterrupts })
}
await turn("When are you open?")
await turn("Please pay me.")
await turn("", "70")
await turn("", { approve: true })
console.log(JSON.stringify(turns))
"""


def packages() -> Path:
    """The folder whose `node_modules` have the client, as `AG_UI_CLIENT` names it."""
    folder = os.environ.get("AG_UI_CLIENT", "")
    if not folder:
        pytest.skip("AG_UI_CLIENT does not name a folder in which npm has put @ag-ui/client")
    if shutil.which("node") is None:
        absent("There is no node here.")
    return Path(folder)


def test_a_front_end_asks_answers_a_question_and_approves_a_call(tmp_path: Path) -> None:
    folder = packages()
    with desk(tmp_path) as at_desk, serving(Starlette(routes=Protocols(at_desk, authorize).routes)) as address:
        command = ["node", "--input-type=module", "-e", SCRIPT, address, "a-thread"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    hours, question, call, paid = json.loads(done.stdout)
    assert (hours["said"], hours["end"], hours["interrupts"]) == (["We are open from nine to five."], "resolved", [])
    assert [one["reason"] for one in question["interrupts"]] == ["input_required"]
    assert [(one["reason"], one["metadata"]["arguments"]) for one in call["interrupts"]] == [("tool_call", {"cents": 7000})]
    assert (call["interrupts"][0]["expiresAt"] > "2026", paid["interrupts"], paid["end"]) == (True, [], "resolved")
    assert paid["said"] == ["It is paid."]
