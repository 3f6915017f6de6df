"""Agents that run code: only in a case that may, only as the approvals say, once by its record, with what it made listed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from support import toys
from support.absent import needs
from support.coders import ASKS, MARK, PASSES, coder, coders
from support.commands import switchboard
from support.contained import processes_with

from agents.research.computing import program_for
from switchboard.cases.approvals import answer, call_that_waits
from switchboard.cases.cases import hear
from switchboard.cases.runs import Environment
from switchboard.console.terminal.screen import call_in_words
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Approval, Prepared
from switchboard.declare.moves import Calls
from switchboard.declare.team import Rule
from switchboard.declare.tool import tool
from switchboard.engine.worker import Worker
from switchboard.errors import DeclarationError, OperatorError
from switchboard.loop.prompts.offered import offered_tools
from switchboard.loop.state import Run
from switchboard.migrations import migrate_cases
from switchboard.toolsets.sandbox.bubblewrap import Bubblewrap
from switchboard.toolsets.sandbox.choice import SANDBOXES, Choice
from switchboard.toolsets.sandbox.monty import Monty

needs_bubblewrap = needs(Bubblewrap().why_not())
needs_monty = needs(Monty().why_not())
SUM = f"{MARK}print(6 * 7)"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(found)
    yield found
    found.dispose()


def results(document: Any) -> list[dict[str, Any]]:
    return [line for line in document["transcript"] if line["kind"] == "result"]


def ran(folder: Path, *rules: Rule, words: str = SUM, **options: Any) -> Any:
    return toys.run(folder, coders(folder / "coding", *rules), words, **{"allows_code": True, **options})


@needs_monty
def test_a_program_runs_where_a_rule_names_its_tool(tmp_path: Path) -> None:
    result = ran(tmp_path, PASSES)
    [call] = results(result.document)
    assert (call["status"], call["result"]["stdout"], call["result"]["exit"], call["result"]["sandbox"]) == (
        "done",
        "42\n",
        0,
        "monty",
    )
    assert toys.told(result) == "It gave 42"


def test_a_case_that_was_begun_without_the_flag_runs_none(tmp_path: Path) -> None:
    result = ran(tmp_path, PASSES, allows_code=False)
    [call] = results(result.document)
    assert (call["status"], call["code"]) == ("refused", "code_not_allowed")
    assert "--allow-code" in toys.told(result)


@pytest.mark.parametrize("rule", [Rule("approve", effect="compute"), Rule("approve")])
def test_no_rule_lets_code_pass_that_does_not_name_it(tmp_path: Path, rule: Rule) -> None:
    assert toys.statuses(ran(tmp_path, rule)) == [("run_python", "refused")]


def test_models_are_offered_the_tool_only_where_code_may_run(engine: Engine, tmp_path: Path) -> None:
    team = coders(tmp_path, PASSES)
    run = Run("case_1", team, engine, Prepared())
    spec, view = team.members["coder"], run.view("coder")
    for allowed in (False, True):
        run.allows_code = allowed
        names = [offer["function"]["name"] for offer in offered_tools(run, spec, view, Calls(()))]
        assert ("run_python" in names) is allowed


def test_what_runs_code_has_no_other_effect() -> None:
    with pytest.raises(DeclarationError, match="it can only compute"):

        @tool(effect="write", runs_code=True)
        def run_anything(code: str) -> str:
            """Run it."""
            return code


def test_without_a_sandbox_it_is_refused_with_what_would_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = (Choice(None, "No code can be run here. Install this."), None)
    monkeypatch.setattr("switchboard.toolsets.built_in.code.run_code", lambda *given: none)
    result = ran(tmp_path, PASSES)
    assert results(result.document)[0]["code"] == "no_sandbox"
    assert toys.told(result) == "It gave No code can be run here. Install this."


def test_an_operator_who_refuses_is_heard(tmp_path: Path) -> None:
    result = ran(tmp_path, ASKS, human=Prepared(approvals=(False,)))
    assert toys.statuses(result) == [("run_python", "refused")]


@pytest.mark.slow
@needs_monty
def test_an_approval_is_of_the_very_program_and_the_case_keeps_that_it_may_run(engine: Engine, tmp_path: Path) -> None:
    """The process that goes on, such as a worker, was not told --allow-code itself."""
    team = coders(tmp_path / "coding", ASKS)
    with Worker(Environment(engine, {"coders": team}, allows_code=True)) as worker:
        ref = worker.open_case("coders", SUM)
        assert worker.work(ref)["end"] == "awaiting_approval"
        asked = call_that_waits(engine, ref.case_id)
        worker.environment.allows_code = False
        with pytest.raises(OperatorError):
            answer(engine, ref.case_id, "0" * len(asked.hash), Approval("approve", "dana"), worker.workflows.executor)
        following = answer(engine, ref.case_id, asked.hash, Approval("approve", "dana"), worker.workflows.executor)
        assert following
        assert worker.work(following)["reply"] == "It gave 42"


@pytest.mark.slow
@needs_monty
def test_a_later_message_may_bring_the_flag_along(engine: Engine, tmp_path: Path) -> None:
    team = coders(tmp_path / "coding", PASSES)
    with Worker(Environment(engine, {"coders": team})) as worker:
        ref = worker.open_case("coders", SUM)
        assert "--allow-code" in worker.work(ref)["reply"]
        again, _ = hear(engine, ref.case_id, f"{MARK}print(1)", worker.workflows.executor)
        assert again and "--allow-code" in worker.work(again)["reply"]
        last, _ = hear(engine, ref.case_id, f"{MARK}print(2)", worker.workflows.executor, allows_code=True)
        assert last
        run = worker.work(last)
        assert run["end"] == "resolved"


@needs_bubblewrap
def test_what_it_makes_is_listed_and_can_be_opened(tmp_path: Path) -> None:
    left = tmp_path / "coding"
    left.mkdir()
    result = ran(tmp_path, PASSES, words=f"{MARK}open('table.csv', 'w').write('a,b'); print('made')")
    [call] = results(result.document)
    [made] = call["result"]["files"]
    assert made == {"path": f"coding/{result.document['case_id']}/call_1/table.csv", "bytes": 3, "kind": "table"}
    assert (tmp_path / made["path"]).read_text() == "a,b"
    assert "monty does not run this code" in call["result"]["note"]


def blocks_of(mark: str) -> list[int]:
    """The processes that a program has become; the one that works on the case has the mark in its command line, too."""
    return [pid for pid in processes_with(mark) if pid not in processes_with("support.coders")]


@pytest.mark.slow
@needs_bubblewrap
@pytest.mark.parametrize("when", ["recorded", "under way"])
def test_a_killed_process_runs_no_recorded_program_again(engine: Engine, tmp_path: Path, when: str) -> None:
    """One that was under way is run again: nothing of it has come out."""
    go, room = tmp_path / "go", tmp_path / "coding"
    then = f" THEN {go}" if when == "recorded" else ""
    mark = f"mark-{uuid4().hex}"
    slow = f'__import__("time").sleep(4) or print(__import__("time").time_ns()) # {mark}'
    under_way = f"import os, sys; os.execv(sys.executable, [sys.executable, '-S', '-c', {slow!r}])"
    recorded = "import socketserver, time; print(time.time_ns())"  # which Monty does not know
    words = f"{MARK}{recorded if then else under_way}{then}"
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    command = [sys.executable, "-m", "support.coders", str(engine.url), str(room), words]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        case_id = process.stdout.readline().strip()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if when == "recorded" and Path(f"{go}.waits").exists():
                break
            if when == "under way" and blocks_of(mark):
                break
            time.sleep(0.05)
        killed_at = time.time_ns()
        process.kill()
    until = time.monotonic() + 5
    while blocks_of(mark) and time.monotonic() < until:
        time.sleep(0.05)
    assert blocks_of(mark) == []
    go.touch()
    with Worker(Environment(engine, {"coders": coders(room, PASSES)})) as worker:
        until = time.monotonic() + 20
        document = worker.document(case_id)
        while document["end"] is None and time.monotonic() < until:
            for ref in worker.take_up():
                worker.wait_for(ref)
            time.sleep(0.2)
            document = worker.document(case_id)
    assert document["end"] == "resolved"
    printed = int(results(document)[0]["result"]["stdout"])
    assert (printed < killed_at) is (when == "recorded")


def test_an_operator_reads_a_program_as_it_is_written() -> None:
    assert call_in_words("run_python", {"code": "x = 1\nprint(x)"}) == "run_python(code: 2 lines)\n  x = 1\n  print(x)"
    assert call_in_words("run_python", {"code": "print(1)"}) == 'run_python(code="print(1)")'


@pytest.mark.slow
def test_the_command_runs_code_only_where_it_is_told_to(tmp_path: Path) -> None:
    refused = switchboard(tmp_path, "run", "table_statistics")
    assert refused.returncode == 2 and "--allow-code" in refused.stderr
    if not SANDBOXES[0].why_not():
        assert switchboard(tmp_path, "run", "table_statistics", "--allow-code").returncode == 0


@pytest.mark.parametrize("name", ["ask", "chat", "run", "research"])
def test_the_commands_that_let_agents_work_have_the_flag(tmp_path: Path, name: str) -> None:
    assert "--allow-code" in switchboard(tmp_path, name, "--help").stdout


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("What is the area of a rectangle of 7.5 x 4 m?", "result = Decimal('7.5') * Decimal('4.0')"),
        ("How much is 19.90 times 3 plus 4.10?", "result = Decimal('19.90') * Decimal('3') + Decimal('4.10')"),
    ],
)
def test_rules_write_exact_programs(question: str, line: str) -> None:
    program = program_for(question)
    assert program and line in program.code.splitlines()


@pytest.mark.parametrize("text", ["Hello!", "a, b and c", "name,town\nAda,Salem\nBo,Rome", "1,2\n3,4\n5,6", "Which is better?"])
def test_rules_compute_nothing_where_there_is_nothing(text: str) -> None:
    assert program_for(text) is None


def test_no_field_of_a_table_becomes_code() -> None:
    program = program_for("Sum it up, and draw a chart.\n\nname');import os#,kg\n'+exit()+',1\nx\"\"\"y,2\n{1/0},3\n")
    assert program and program.of == "table"
    compile(program.code, "main.py", "exec")
    for hostile in ("import os#", "exit()", "{1/0}"):
        assert all(f"'{hostile}" not in line or "json" in line for line in program.code.splitlines())


@needs_bubblewrap
def test_a_chart_is_drawn_and_labels_stay_text(tmp_path: Path) -> None:
    from switchboard.toolsets.sandbox.choice import run_code
    from switchboard.toolsets.sandbox.outcome import Limits

    program = program_for("Please draw a chart of this.\n\nroom,litres\n<script>,10\nattic,2.5\n'cellar',30\n")
    assert program
    choice, outcome = run_code(program.code, {}, Limits(seconds=10.0))
    assert choice.sandbox and choice.sandbox.name == "bubblewrap" and outcome and outcome.done, outcome
    [made] = outcome.files
    assert made.name == "chart.svg" and b"&lt;script&gt;" in made.content and b"<script>" not in made.content


def test_a_branch_may_run_code_that_its_parent_may(engine: Engine, tmp_path: Path) -> None:
    from switchboard.loop.drive import _child

    parent = Run("case_1", coders(tmp_path, PASSES), engine, Prepared())
    assert not _child(parent, "case_1.1-1", type("Told", (), {"is_set": bool})()).allows_code
    parent.allows_code = True
    assert _child(parent, "case_1.1-1", type("Told", (), {"is_set": bool})()).allows_code


def test_the_coder_is_an_agent() -> None:
    assert isinstance(AgentSpec("coder", "x", "y", without_model=coder), AgentSpec)
