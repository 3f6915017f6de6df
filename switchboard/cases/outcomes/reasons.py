"""Why the agents left a case to a person, out of a closed list: read once, from what was said and done, when its run ends."""

from typing import Literal

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import Entry, HandoffEntry, ResultEntry
from switchboard.flows.matters import is_with_a_human, since_hand_back
from switchboard.loop.state import Run
from switchboard.plays.articles import article_search
from switchboard.plays.default import NOT_VERIFIED
from switchboard.plays.which import newest_play
from switchboard.reading.danger import danger_in
from switchboard.reading.languages import SPOKEN, language_told
from switchboard.reading.person import asks_for_a_person
from switchboard.toolsets.built_in.drafts import suggest_answer

Reason = Literal[
    "danger",
    "asked_for_person",
    "not_known",
    "refused",
    "draft",
    "not_verified",
    "other_language",
    "for_a_person",
    "not_answered",
    "not_settled",
    "taken_over",
    "work_left",
    "limit",
    "loop",
    "failed",
]
"""`not_known`: a call was sent, and nobody can say whether it was done. `refused`: an operator said no, or nobody said yes in
time. `draft`: an answer waits for a person to send it. `for_a_person`: a play that only a person settles. `not_answered`:
nothing that the team may read answers the question; `not_settled`: anything else that rules and models could not do.
`taken_over`: an operator took it. `work_left`: the case was answered, and a ticket opened beside. The last three are ends.
"""


def why_handed_over(run: Run) -> Reason | None:
    """Why a run left its case to a person, the gravest first; None where no agent handed it over."""
    if run.under or run.end != "escalated" or not is_with_a_human(run.transcript):
        return None
    lines = since_hand_back(run.transcript)
    texts = [line.text for line in run.transcript if line.kind == "message" and line.speaker == CUSTOMER]
    latest = texts[-1] if texts else ""
    results = [line for line in lines if line.kind == "result"]
    if any(danger_in(text) for text in texts):
        return "danger"
    if asks_for_a_person(latest, run.language):
        return "asked_for_person"
    if any(line.is_not_known for line in results):
        return "not_known"
    if any(line.refused_by for line in results):
        return "refused"
    if any(_drafts(line) for line in lines):
        return "draft"
    if not run.customer_id and _is_not_verified(run, [line for line in lines if line.kind == "handoff"], results):
        return "not_verified"
    if language_told(latest, run.team.language) not in ("", *SPOKEN):
        return "other_language"
    plays = [play for spec in run.team.members.values() for play in spec.plays]
    if (play := newest_play(plays, latest, run.language)) and play.process is None:
        return "for_a_person"
    return "not_answered" if _only_looked(run, results) else "not_settled"


def _drafts(line: Entry) -> bool:
    """Whether it leaves an answer to a person, who may send it."""
    if line.kind == "result":
        return line.tool == suggest_answer.name and line.status == "done"
    return line.kind == "handoff" and line.facts.get("decision") == "draft"


def _is_not_verified(run: Run, handoffs: list[HandoffEntry], results: list[ResultEntry]) -> bool:
    """Whether it was to be found out who writes, and was not."""
    tried = any((tool := run.team.tools.get(line.tool)) and tool.verifies for line in results)
    return tried or any(line.reason == NOT_VERIFIED for line in handoffs)


def _only_looked(run: Run, results: list[ResultEntry]) -> bool:
    """Whether articles were looked through, where there are any, and nothing of the customer's own was read or done."""
    searches = {tool.name for spec in run.team.members.values() if (tool := article_search(spec))}
    done = {line.tool for line in results if line.status == "done" and not line.ends and line.to != run.team.flow.closer}
    if searches and not done & searches:
        return False
    return all(name in searches or _tells_who(run.team.tools.get(name)) for name in done)


def _tells_who(tool: Tool | None) -> bool:
    return tool is not None and (bool(tool.verifies) or (tool.public and tool.effect == "read"))
