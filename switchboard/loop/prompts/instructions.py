"""What stands first in each prompt of an agent, byte-identical: its team's policy, its own prompt; and a team's version."""

from dataclasses import fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any

from switchboard.declare.agent import AgentSpec, Twin
from switchboard.declare.flow import Flow
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import as_key


@lru_cache
def policy_text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


ANSWERS_IN = {
    code: f"\n\nAnswer in the language that the customer writes, and in {name} where their words tell none."
    for code, name in (("de", "German"), ("fr", "French"), ("es", "Spanish"))
}
"""What stands at the end of the prompt of a team that answers in another language than English."""


def system_text(team: TeamSpec, spec: AgentSpec) -> str:
    policy = policy_text(team.policy) + "\n\n" if team.policy else ""
    return policy + spec.prompt.strip() + ANSWERS_IN.get(team.language, "")


def shared_prefix(team: TeamSpec) -> tuple[int, float]:
    """How many characters the prompts of all agents begin with in common, and which share that is of a prompt, with the schemas
    of its tools, on average: so much a provider can keep in its cache from one agent to the next.
    """
    texts = [system_text(team, spec) for spec in team.members.values()]
    schemas = sum(len(as_key([tool.schema for tool in spec.tools])) for spec in team.members.values())
    common = sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False)))
    return common, common * len(texts) / max(1, sum(map(len, texts)) + schemas)


@lru_cache
def fingerprint(team: TeamSpec) -> str:
    """The version of what a run is made of: a hash of its team's policy, prompts, tools, flow and rules."""
    members = [
        [spec.name, system_text(team, spec), spec.model, spec.temperature, spec.rules_first, _called(spec.without_model)]
        + [[tool.schema, tool.effect, tool.amount, tool.timeout] for tool in spec.tools]
        for spec in team.members.values()
    ]
    parts = [team.name, members, _flow_in_words(team.flow), [repr(rule) for rule in team.approvals], repr(team.vocabulary)]
    return sha256(as_key(parts).encode()).hexdigest()[:12]


def _flow_in_words(flow: Flow) -> list[Any]:
    """A flow as it is declared: its kind, and beside whom it reaches all that it counts by, such as its rounds. A project's own
    says of itself what its fields say.
    """
    held: dict[str, Any] = {one.name: getattr(flow, one.name) for one in fields(flow)} if is_dataclass(flow) else {}
    told = {name: value for name, value in held.items() if not callable(value)}
    return [type(flow).__name__, flow.entry, flow.members, dict(flow.reaches), told]


def _called(rules: Twin | None) -> str:
    return str(getattr(rules, "__qualname__", ""))
