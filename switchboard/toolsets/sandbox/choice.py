"""Which sandbox runs a block of code: the best there is that speaks enough Python for it; never this process itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from switchboard.toolsets.sandbox.bubblewrap import Bubblewrap
from switchboard.toolsets.sandbox.docker import Docker
from switchboard.toolsets.sandbox.monty import Monty
from switchboard.toolsets.sandbox.outcome import Limits, Outcome, Sandbox

SANDBOXES: tuple[Sandbox, ...] = (Monty(), Bubblewrap(), Docker())
"""Best first: the one that has least to reach."""
OFF = "No code can be run here."


@dataclass(frozen=True)
class Choice:
    """The sandbox that is used, if there is one, and in `why` what speaks against each better one, a sentence for each."""

    sandbox: Sandbox | None
    why: str


def sandbox_for(passed_over: Mapping[str, str] | None = None, among: Sequence[Sandbox] = SANDBOXES) -> Choice:
    """The best sandbox of this machine but those that are `passed_over`, with the reason by their names."""
    reasons = list[str]()
    for sandbox in among:
        reason = (passed_over or {}).get(sandbox.name) or sandbox.why_not()
        if not reason:
            return Choice(sandbox, " ".join(reasons))
        reasons.append(reason)
    return Choice(None, " ".join([OFF, *reasons]))


def run_code(
    code: str, files: Mapping[str, bytes], limits: Limits, among: Sequence[Sandbox] = SANDBOXES
) -> tuple[Choice, Outcome | None]:
    """Run code in the best sandbox, and where it is beyond that one in the next: it changed nothing, so it can be run again.

    Returns which it was and what came of it; None where there is no sandbox at all.
    """
    passed_over: dict[str, str] = {}
    last: tuple[Choice, Outcome | None] | None = None
    while True:
        choice = sandbox_for(passed_over, among)
        if choice.sandbox is None:
            return last or (choice, None)
        outcome = choice.sandbox.run(code, files, limits)
        last = (choice, outcome)
        if not outcome.beyond:
            return last
        line = (outcome.stderr.strip().splitlines() or ["It"])[-1]
        passed_over[choice.sandbox.name] = f"{choice.sandbox.name} does not run this code ({line[:160]})."
