"""A second company's project, as small as one can be: a team of one agent, and a scenario. It has no setup and no rows."""

from pathlib import Path
from textwrap import dedent

FILES = {
    "switchboard.toml": """
        name = "Acme Tools"
        """,
    "agents/__init__.py": "",
    "agents/greeter.py": """
        from switchboard.declare.agent import AgentSpec
        from switchboard.declare.moves import Say

        agent = AgentSpec("greeter", "Greets.", "You greet.", lambda view: Say("Acme Tools is glad to hear from you."))
        """,
    "groupchats/__init__.py": "",
    "groupchats/counter.py": """
        from agents import greeter
        from switchboard.declare.team import Rule, TeamSpec
        from switchboard.flows.hub import hub

        team = TeamSpec("counter", "Greets.", {"greeter": greeter.agent}, hub("greeter", {}), (Rule("approve"),))
        """,
    "scenarios/__init__.py": "",
    "scenarios/greeting.py": """
        from groupchats.counter import team
        from switchboard.scenario import Expected, Scenario

        scenario = Scenario("greeting", "Somebody says hello", team, "Hello", Expected("resolved", says=("glad",)))
        """,
}
SETUP = """
    import typer

    from switchboard.project import ProjectSetup

    stock = typer.Typer()


    @stock.command()
    def count(json: bool = False) -> None:
        print("Seven hammers.")


    @stock.command()
    def name() -> None:
        import groupchats

        print(groupchats.__file__)


    setup = ProjectSetup(commands={"stock": stock})
    """
"""A module that adds a command."""


def small_project(folder: Path, toml: str = "", setup: str = "") -> Path:
    """Write it to a folder of its own, with the file and the `tools/setup.py` that are given; returns that folder."""
    project = folder / "acme"
    added = {"tools/__init__.py": "", "tools/setup.py": setup} if setup else {}
    for name, text in {**FILES, **added}.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    if toml:
        (project / "switchboard.toml").write_text(toml, encoding="utf-8")
    return project
