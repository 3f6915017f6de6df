"""A case as a scenario that a developer finishes: its words, the operators' answers, and how it ended."""

from pathlib import Path

from switchboard.cases.standing import Standing
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import Entry
from switchboard.events.secrets import without_secrets
from switchboard.group_chats import is_module
from switchboard.service.outcomes.flags import Flagged

OURS = '''"""{name}: what was flagged in {case}, line {number}. To be finished.

Flagged: {why}
At that line: {line}

The words are the customer's own: take out what does not belong into a project, such as names and addresses. `expected` is what
became of the case: say what should become of it.
"""

{imports}

scenario = Scenario(
    name={name!r},
    title={title!r},
    team={team},
    opening={opening!r},
    email={email!r},
    turns={turns!r},
    approvals={approvals!r},
    expected=Expected(
        end={end!r},
        department={department!r},
        tools={tools!r},
    ),
)
'''
MOST_TITLE = 100


def as_scenario(folder: Path, name: str, stand: Standing, flagged: Flagged, transcript: list[Entry]) -> str:
    """The file of the scenario, in Python, without keys and passwords."""
    words = [without_secrets(line.text) for line in transcript if line.kind == "message" and line.speaker == CUSTOMER]
    ours = is_module(folder, f"groupchats.{stand.team}")
    imports = [f"from groupchats.{stand.team} import team"] if ours else ["from switchboard.project import desk"]
    imports.append("from switchboard.scenario import Expected, Scenario")
    done = [call["tool"] for call in stand.document["tool_calls"] if call["status"] == "done"]
    return OURS.format(
        name=name,
        case=flagged.case_id,
        number=flagged.number,
        why=_in_docstring(flagged.why),
        line=_in_docstring(flagged.entry.text or flagged.entry.kind),
        imports="\n".join(imports),
        title=" ".join(without_secrets(flagged.why).split())[:MOST_TITLE],
        team="team" if ours else "desk(__file__)",
        opening=words[0] if words else "",
        email=stand.email,
        turns=tuple(words[1:]),
        approvals=answers(transcript),
        end=stand.end or "resolved",
        department=stand.document["department"],
        tools=tuple(dict.fromkeys(done)),
    )


def answers(transcript: list[Entry]) -> tuple[bool, ...]:
    """What operators said to the calls that they were asked about, in order: yes or no."""
    refused = {line.call_id for line in transcript if line.kind == "result" and line.refused_by}
    decided = [line for line in transcript if line.kind == "decision" and line.by == "human" and line.call_id]
    asked = dict.fromkeys(line.call_id for line in decided if line.speaker != CUSTOMER)
    return tuple(call_id not in refused for call_id in asked)


def _in_docstring(text: str) -> str:
    plain = "".join(character for character in " ".join(without_secrets(text).split()) if character.isprintable())
    return plain.replace("\\", "/").replace('"', "'")
