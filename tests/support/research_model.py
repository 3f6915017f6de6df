"""A model on loopback that plays the whole research team: six parts, a search and two findings each, a report, a verdict.

    python tests/support/research_model.py SECONDS PARTS

serves it from a process of its own, each answer after so many seconds, until standard input is closed.
"""

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from agents.research import critic, planner, researcher, writer
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls

QUESTION = "What should an owner know about heating, cooking, batteries, windows, boilers and insulation?"
PARTS = (
    "What does a heat pump cost to run?",
    "Which pans work on an induction hob?",
    "How long does a home battery last?",
    "How much heat is lost through windows?",
    "What does a gas boiler emit?",
    "How is an older house insulated?",
)
LATENCY_SECONDS = 0.3


class Team:
    """`asked` counts the calls by who is asked, those of researchers by their step and part: "find What ...". `parts` is how
    many the planner makes; `slow` are such calls, with the seconds that each takes; `most` is how many were under way at once.
    """

    def __init__(self, seconds: float = LATENCY_SECONDS, parts: int = len(PARTS)) -> None:
        self.asked: Counter[str] = Counter()
        self.slow: dict[str, float] = {}
        self.most = self._under_way = 0
        self._seconds, self._parts = seconds, PARTS[:parts]
        self._lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Reply:
        who, reply = self._answer(request)
        with self._lock:
            self.asked[who] += 1
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        time.sleep(self.slow.get(who, self._seconds))
        with self._lock:
            self._under_way -= 1
        return reply

    def _answer(self, request: dict[str, Any]) -> tuple[str, Reply]:
        messages = request["messages"]
        told = "\n".join(str(message["content"]) for message in messages if message["role"] == "system")
        if planner.PROMPT[:60] in told:
            return "planner", json.dumps({"parts": list(self._parts)})
        if researcher.PROMPT[:60] in told:
            return self._of_part(messages)
        if writer.PROMPT[:60] in told:
            return "writer", self._report(messages)
        if critic.PROMPT[:60] in told:
            return "critic", json.dumps({"clarity": 9, "completeness": 9, "accuracy": 9, "passes": True, "feedback": ""})
        return "summarizer", "- The report was made."

    def _of_part(self, messages: list[dict[str, Any]]) -> tuple[str, Reply]:
        part = next(part for part in self._parts if part in json_text(messages))
        results = [message["content"] for message in messages if message["role"] == "tool"]
        if not results:
            return f"search {part}", tool_calls([("quote_documents", {"query": part})])
        lines = [f"- {one['text']} [{one['citation']}]" for one in json.loads(results[-1])[:2]]
        return f"find {part}", "\n".join(lines) or "Nothing was found."

    def _report(self, messages: list[dict[str, Any]]) -> str:
        lines = [line for line in json_text(messages).splitlines() if line.startswith("- ")]
        return "\n".join([line.removeprefix("- ") for line in lines[:1]] + ["", "## What was found", "", *lines[1:6]])


def json_text(messages: list[dict[str, Any]]) -> str:
    return "\n".join(str(message["content"]) for message in messages if message["role"] != "system")


if __name__ == "__main__":
    with ScriptedModel(Team(float(sys.argv[1]), int(sys.argv[2]))) as running:
        print(running.url, flush=True)
        sys.stdin.read()
