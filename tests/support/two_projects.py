"""Two companies' projects that differ in nothing but their name: the same team, the same customers, the same tools."""

import json
import subprocess
from pathlib import Path
from typing import Any

from support.small_project import FILES
from support.terminal import PLAIN, environment
from switchboard.project import Project
from switchboard.tables.project_file import read_file

COUNTER = {
    "tools/__init__.py": "",
    "tools/counter.py": '''
        import os
        import time
        from pathlib import Path

        from switchboard.declare.tool import Context, tool


        @tool(effect="read", public=True, verifies=True)
        def find_customer(ctx: Context, email: str) -> str:
            """Find and verify a customer."""
            ctx.verify(email.split("@")[0])
            return email


        @tool(effect="write", amount="cents")
        def give(ctx: Context, cents: int) -> dict[str, int]:
            """Give an amount in cents."""
            return {"given": cents}


        @tool(effect="compute", public=True, timeout=300.0)
        def ponder(ctx: Context) -> str:
            """Think until a file is there, and leave a line that tells who began."""
            with Path(os.environ["PONDERED"]).open("a") as lines:
                lines.write(f"{ctx.case_id} {os.getpid()}\\n")
            while not Path(os.environ["PONDERED"] + ".over").exists():
                time.sleep(0.05)
            return "thought"
        ''',
    "agents/greeter.py": """
        from pathlib import Path

        from switchboard.declare.agent import AgentSpec
        from switchboard.declare.moves import Say, call
        from tools.counter import find_customer, give, ponder

        NAME = Path(__file__).parent.parent.name


        def without_model(view):
            if "gift" in view.latest:
                if not view.customer_id:
                    return call("find_customer", email=view.facts["email"])
                given = view.last("give")
                return Say(f"{NAME} gave {given.result['given']}.") if given and given.done else call("give", cents=700)
            if "ponder" in view.latest and not view.last("ponder"):
                return call("ponder")
            return Say(f"{NAME} is glad to hear from you.")


        agent = AgentSpec("greeter", "Greets.", "You greet.", without_model, (find_customer, give, ponder))
        """,
    "groupchats/counter.py": """
        from agents import greeter
        from switchboard.declare.team import Rule, TeamSpec
        from switchboard.flows.hub import hub

        rules = (Rule("ask", tool="give"), Rule("approve"))
        team = TeamSpec("counter", "Greets.", {"greeter": greeter.agent}, hub("greeter", {}), rules)
        """,
}


def counter(folder: Path, name: str) -> Project:
    """A project called like this, in a folder called like this. Nothing of it is imported here."""
    from textwrap import dedent

    for path, content in {**FILES, **COUNTER, "switchboard.toml": f'name = "{name}"\n'}.items():
        file = folder / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(content).lstrip("\n"), encoding="utf-8")
    return Project(folder / name, read_file(folder / name / "switchboard.toml"))


class Office:
    """A project at the database of both, with its commands in processes of their own: a process has one project."""

    def __init__(self, folder: Path, name: str, url: str) -> None:
        self.project = counter(folder, name)
        self.folder = self.project.folder
        self.pondered = folder / f"{name}.pondered"
        self.variables = {"SWITCHBOARD_DATABASE_URL": url, "PONDERED": str(self.pondered), "COLUMNS": "200"}

    def command(self, *arguments: str, expected: tuple[int, ...] = (0, 3)) -> Any:
        found = environment(self.folder, **self.variables)
        done = subprocess.run([*PLAIN, *arguments], cwd=self.folder, env=found, capture_output=True, text=True, timeout=120)
        assert done.returncode in expected, done.stdout + done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.command(*arguments, "--json").stdout)

    def submit(self, *messages: tuple[str, str]) -> None:
        """Put messages on the queue, by their ids; each is of the same customer."""
        file = self.folder / "messages.jsonl"
        lines = [json.dumps({"id": name, "text": words, "email": "ada@example.com"}) for name, words in messages]
        file.write_text("\n".join(lines), encoding="utf-8")
        self.command("submit", str(file), "--no-wait")

    def cases(self) -> dict[str, str | None]:
        """How each case ended, by what its customer wrote."""
        return {row["opening"]: row["end"] for row in self.json("cases")}
