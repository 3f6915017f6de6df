"""MCP on the pipes of this process."""

from pathlib import Path

import anyio

from switchboard.console.app import Workplace
from switchboard.console.protocols.at_work import AtWork
from switchboard.console.terminal.screen import say
from switchboard.errors import OperatorError


def serve_on_pipes(team: str, data: Path | None) -> None:
    """Serve until whoever began this process closes its input. Nothing but the protocol goes to standard output."""
    try:
        from switchboard.console.protocols.mcp.server import over_pipes
    except ModuleNotFoundError as error:
        raise OperatorError(f"{error.name} is not installed: pip install 'switchboard-desk[mcp]'.") from None
    place = Workplace(data)
    name = place.project.team_name(team)
    with place.worker(stands_by=True) as worker:
        say(f"The team {name} is served over MCP. Close the input, or Ctrl-C, to end.")
        anyio.run(over_pipes, AtWork(place, worker), name)
