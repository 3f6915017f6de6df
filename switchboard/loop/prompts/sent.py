"""What a model is sent: policy and prompt first and byte-identical, then the brief, then the agent's own part."""

from collections.abc import Sequence
from typing import Any

from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import CUSTOMER, Sight
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry, View, as_json
from switchboard.loop.prompts.compaction import compacted
from switchboard.loop.prompts.instructions import system_text
from switchboard.loop.prompts.lines import add_line, digest
from switchboard.loop.state import Run
from switchboard.models.quirks import history_in_words

OWN = ("call", "message")
MOST_EARLIER, MOST_OF_ONE = 12, 1_500
"""How many earlier messages of a case a model is told, and characters of each."""


def messages(run: Run, spec: AgentSpec, view: View) -> list[dict[str, Any]]:
    """The OpenAI messages for one turn of an agent."""
    rows: list[dict[str, Any]] = [{"role": "system", "content": system_text(run.team, spec)}]
    if spec.name == run.team.flow.closer:
        return [*rows, {"role": "user", "content": digest(run.transcript)}]
    seen = run.team.flow.sees(spec.name, run.transcript)
    mine = (place for place, line in seen.lines if line.speaker == spec.name and line.kind in OWN)
    own = next(mine, len(run.transcript))  # what the customer said before the agent's first own turn belongs to the brief
    first = next((place for place, _ in seen.words if place >= 0), own)
    words = "\n".join(seen.words_before(own))
    rows.append({"role": "user", "content": brief(run.team, view, words, earlier(run.transcript, min(first, own)))})
    notes = [line for line in run.transcript if line.kind == "decision" and line.handed_back]
    found = [line for place, line in seen.lines if place < own and line.kind == "branch"]
    in_short, whole = compacted(in_order(seen, own))
    rows += [{"role": "user", "content": in_short}] if in_short else []
    for line in [*notes, *found, *whole]:
        add_line(rows, line, spec.name if seen.said else "")
    return history_in_words(rows) if spec.output else rows  # who answers in a structure can call nothing


def in_order(seen: Sight, own: int) -> list[Entry]:
    """What the agent saw from its first own turn on, and what was handed on the board, which is told whole."""
    lines = {place: line for place, line in seen.lines if place >= own}
    return [line for _, line in sorted({**lines, **dict(seen.said)}.items())]


def earlier(transcript: Sequence[Entry], before: int) -> list[str]:
    """What customer and team said to each other before the words that are now worked on, the newest last.

    Only what came before the customer's message that these stand in, or follow: what is answered meanwhile is another matter.
    """
    asked = [i for i, e in enumerate(transcript) if e.kind == "message" and e.speaker == CUSTOMER and i <= before]
    said = [e for e in transcript[: asked[-1] if asked else 0] if e.kind == "message" and not e.meanwhile]
    return [
        f"{'Customer' if e.speaker == CUSTOMER else 'You'}: {' '.join(e.text[:MOST_OF_ONE].split())}"
        for e in said[-MOST_EARLIER:]
    ]


def brief(team: TeamSpec, view: View, words: str, before: Sequence[str] = ()) -> str:
    """Who is asking, where the team verifies that, what was said before, what was handed over, and the customer's own words,
    which are data.
    """
    unknown = "Customer not verified." if any(tool.verifies for tool in team.tools.values()) else ""
    who = f"Verified customer: {view.customer_id}" if view.customer_id else unknown
    found = as_json(view.facts) if view.facts else ""
    note = found or view.note
    told = [f"Earlier in this conversation:\n{chr(10).join(before)}\nNow:"] if before else []
    return "\n".join(part for part in (who, *told, note and f"Note: {note}", f"Customer: {words}") if part)
