"""The command for programs that begin this one: `switchboard mcp`."""

from switchboard.console.terminal.cli import Data, TeamName, app
from switchboard.console.terminal.operators import MANY


@app.command(rich_help_panel=MANY)
def mcp(team: TeamName = "", data: Data = None) -> None:
    """Serve the desk over MCP to the program that begins this one, on its pipes: an assistant, an editor, an agent."""
    from switchboard.console.terminal.protocols.pipes import serve_on_pipes

    serve_on_pipes(team, data)
