"""The README is true: every command in it runs, its transcript is the demo's, and it names every command there is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import test_tau2_replay as tau2
import typer
from test_tau2_play import WANTS

from switchboard.console.terminal.cli import app
from switchboard.evaluations.results import Evaluation, Trial, as_data

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PROSE = re.sub(r"^ *```.*?^ *```$", "", README, flags=re.MULTILINE | re.DOTALL)
INLINE = re.findall(r"`((?:switchboard|python) [^`]+)`", PROSE)
COMMANDS = [line for block in BLOCKS[2:] for line in block.splitlines() if line.strip()]
TYPED = "How long does a refund take?" + 12 * "\n"
"""What a person types in a chat: a question, and then nothing but Enter."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the commands name, and a database with one case."""
    place = tmp_path_factory.mktemp("readme")
    for name in ("switchboard", "python"):
        code = " -c 'from switchboard.console.terminal.cli import main; main()'" if name == "switchboard" else ""
        (place / name).write_text(f'#!/bin/sh\nexec {sys.executable}{code} "$@"\n', encoding="utf-8")
        (place / name).chmod(0o755)
    (place / "message.txt").write_text("I was charged twice for order #W1000001, please refund it.", encoding="utf-8")
    mail = "From: jonas.okafor@example.com\nSubject: My parcel\n\nWhere is my parcel from order #W1000002?\n"
    (place / "message.eml").write_text(mail, encoding="utf-8")
    (place / "messages.jsonl").write_text('{"id": 1, "text": "I cannot log in"}\n{"id": 2, "text": "Where is my order?"}\n')
    for name in ("before.json", "after.json"):
        found = [Evaluation("twins", "rules", (Trial("a", passed=True),))]
        (place / name).write_text(json.dumps(as_data(found)), encoding="utf-8")
    (place / "notes").mkdir()
    (place / "notes" / "guarantee.md").write_text("# Guarantee\n\nThe guarantee covers every part for two years.\n")
    rows = {"users": tau2.USERS, "orders": tau2.ORDERS, "products": tau2.PRODUCTS}
    for name, value in {**rows, "tasks": [{**tau2.task(tau2.CANCEL, expected=tau2.cancelled()), "user": WANTS}]}.items():
        (place / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return place


PARKS = 'switchboard ask "I was charged twice for order #W1000009, please refund it." --email grace.mbeki@example.com'
"""A case that ends as waiting for an approval."""
BEFORE = {
    "approve": [PARKS],
    "deny": [PARKS],
    "cancel": [PARKS],
    "escalate": [PARKS],
    "take": [PARKS],
    "say": [PARKS, "switchboard take CASE"],
    "hand-back": [PARKS, "switchboard take CASE"],
    "ask": ["switchboard ask 'Where is my parcel from order #W1000002?' --email jonas.okafor@example.com"],
    "reopen": ["switchboard ask 'Where is my parcel from order #W1000002?' --email jonas.okafor@example.com"],
    "replay": [PARKS],
    "fork": [PARKS],
    "flag": [PARKS],
    "suggest": [
        "switchboard ask 'I want to speak to a person, please.' --email jonas.okafor@example.com",
        "switchboard ask 'Where is my parcel from order #W1000002?' --case CASE",
    ],
}
"""What must have happened before a command that names a CASE can run, on a database of its own."""


def run(command: str, folder: Path, data: str = "data") -> subprocess.CompletedProcess[str]:
    """The line as a shell runs it, with the name of a scenario and the id of the newest case in their places."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SWITCHBOARD_", "OAI_", "OPENAI_"))}
    path = f"{folder}:{os.environ['PATH']}"
    environment = {**inherited, "PATH": path, "SWITCHBOARD_DATA": str(folder / data), "COLUMNS": "120"}
    line = re.sub(r"\bNAME\b", "rectangle_area", command)
    line = re.sub(r"^switchboard serve(?: --port \d+)?", "switchboard serve --port 0", line)  # two at once want two ports
    if "CASE" in line:
        newest = json.loads(run("switchboard cases --limit 1 --json", folder, data).stdout) or [run_once(folder)]
        line = re.sub(r"\bCASE\b", newest[0]["case_id"], line)
    if " worker" in line or " serve" in line:
        line = f"timeout --preserve-status -s TERM 4 {line}"  # it works until it is told to stop
    typed = "y\n" if " approve " in line else TYPED
    options = {"cwd": folder, "env": environment, "input": typed, "timeout": 120}
    return subprocess.run(line, shell=True, capture_output=True, text=True, **options)


def run_once(folder: Path) -> dict[str, str]:
    return dict(json.loads(run("switchboard demo --json", folder).stdout))


def test_the_first_two_blocks_set_up_and_test() -> None:
    assert len(BLOCKS) >= 3
    assert "switchboard demo" in BLOCKS[0]
    assert BLOCKS[1].strip().endswith("pytest -n auto")
    assert [len(block.strip().splitlines()) for block in BLOCKS[:2]] == [1, 1]


OWN = {
    r"switchboard (?:import|export) ": ("shoppe", ["switchboard new project shoppe --sample"]),
    r"switchboard (?:new (?!project)|learn|eval (?:routing|messages)|messages|schema)": (
        "acme",
        ["switchboard new project acme"],
    ),
    r"cd acme ": ("", ["switchboard new project acme"]),
    r"switchboard new project ": ("", []),
}
"""In which project a command runs that is about one's own, and what must have happened before; its files are beside it."""
FILES = {
    "customers.csv": "customer_id,first_name,last_name,email,zip,payment_method_id,payment_source,last_four\n"
    "ida_kern_1,Ida,Kern,ida@example.com,20095,credit_card_901,credit_card,4242\n",
    "products.csv": "product_id,product_name,Artikel,options,price,available\n2000000901,Pan,3000000901,size=20 cm,49.99,yes\n",
    "orders.jsonl": '{"order": "#W9000001", "customer_id": "ida_kern_1", "status": "pending", "placed_on": "2026-11-20", '
    '"item_id": "3000000901", "price": "49.99", "payment_method_id": "credit_card_901", "paid": "49.99"}\n',
    "ours.toml": '[orders]\norder_id = "order"\n',
    "messages.jsonl": '{"text": "is my bicycle ready", "department": "workshop"}\n',
}


def place_of(command: str, folder: Path, tmp_path: Path) -> tuple[Path, str]:
    """The folder that a command runs in, and its data."""
    for form, (project, before) in OWN.items():
        if re.match(form, command):
            for name in ("switchboard", "python"):
                (tmp_path / name).symlink_to(folder / name)
            for earlier in before:
                run(earlier, tmp_path)
            here = tmp_path / project
            for name, text in FILES.items() if project else ():
                (here / name).write_text(text, encoding="utf-8")
            if project:
                (here / "switchboard").symlink_to(folder / "switchboard")
            if " import orders " in command:
                run("switchboard import customers customers.csv", here, str(tmp_path / "own"))
                run('switchboard import products products.csv --map "Artikel=item_id"', here, str(tmp_path / "own"))
            return here, str(tmp_path / "own")
    return folder, "data"


@pytest.mark.slow
@pytest.mark.each
@pytest.mark.parametrize("command", dict.fromkeys([*COMMANDS, *INLINE]))
def test_a_command_of_the_readme_runs(command: str, folder: Path, tmp_path: Path) -> None:
    folder, data = place_of(command, folder, tmp_path)
    if re.match("switchboard (?:users|tokens|serve --host) ", command):  # where there are accounts, the others would want one
        data = re.sub(r"\W+", "_", command)
        if " serve " in command:
            run("switchboard users add anna --role admin", folder, data)
    if "CASE" in command and (before := BEFORE.get(command.split()[1])):
        data = re.sub(r"\W+", "_", command)
        for earlier in before:
            run(earlier, folder, data)
    done = run(command, folder, data)
    asks = (" ask ", " submit ", " tickets ", "--case", " hand-back ", " outreach")
    waits = any(word in command for word in asks)  # somebody may be asked
    assert done.returncode in ((0, 3) if waits else (0,)), done.stdout + done.stderr
    assert done.stdout or done.stderr
    target = re.search(r"--out (\S+)", command)
    assert not target or (folder / target[1]).read_text(encoding="utf-8").strip()


@pytest.mark.slow
def test_the_transcript_is_what_the_demo_prints(folder: Path) -> None:
    shown = re.search(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown
    printed = run("switchboard demo", folder).stdout
    changes = r"case_\w{12}|\d+\.\d\d s|\d{4}-\d\d-\d\d"  # the id of the run, its duration, the days of the sample shop
    told, heard = re.sub(changes, "…", shown[1]), re.sub(changes, "…", printed)
    assert [line.rstrip() for line in told.splitlines()] == [line.rstrip() for line in heard.splitlines()][
        : len(told.splitlines())
    ]


@pytest.mark.slow
def test_the_call_that_is_read_back_is_what_the_customer_sees(folder: Path) -> None:
    shown = re.findall(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[1]
    told = json.loads(run("switchboard run cancel_order --json", folder).stdout)["transcript"]
    assert shown.splitlines() == "\n".join(f"{e['speaker']}: {e['text']}" for e in told if e["kind"] == "message").splitlines()


def commands() -> dict[str, set[str]]:
    """The options of every command, of the sample project's too, by the words that it is called with: "tau2 replay"."""
    found: dict[str, set[str]] = {}
    group: Any = typer.main.get_command(app)
    waiting = [(name, group.get_command(None, name)) for name in group.list_commands(None)]
    for name, command in waiting:
        inner = getattr(command, "commands", None)
        if inner:
            waiting += [(f"{name} {word}", one) for word, one in inner.items()]
        else:
            found[name] = {option for parameter in command.params for option in parameter.opts}
    return found


def unnamed(text: str) -> list[str]:
    """The commands that stand neither behind `switchboard` nor alone between backticks."""
    return [name for name in commands() if not re.search(rf"\bswitchboard {name}(?![\w-])|`{name}`", text)]


def test_every_command_is_named_in_the_readme() -> None:
    assert {"demo", "show", "tau2 replay"} <= commands().keys()
    assert unnamed(README) == []
    without = README.replace("tau2 replay", "tau2").replace("switchboard version", "switchboard")
    assert unnamed(without) == ["version", "tau2 replay"]


def test_every_option_that_is_named_is_one() -> None:
    known = {"--help", *(option for options in commands().values() for option in options)}
    named = [option for block in BLOCKS[2:] for option in re.findall(r"(?<=\s)--[\w-]+", block)]
    named += [option for span in re.findall(r"`([^`]+)`", PROSE) for option in re.findall(r"(?<!\S)--[\w-]+", span)]
    assert len(named) > 10
    assert sorted(set(named) - known) == []


@pytest.mark.parametrize("option", ["--data", "--json"])
def test_every_command_takes_what_the_readme_says_every_one_takes(option: str) -> None:
    """Those without are named: after "take no `--data`", or before it."""
    text = " ".join(README.split())
    [said] = [part for part in re.split(r"(?<=[.;])\s|\)", text) if f"take no `{option}`" in part]
    but = set(re.findall(r"`([a-z][\w-]*)`", said))
    without = {name.split()[0] for name, options in commands().items() if option not in options and name not in ("submit",)}
    assert without - but == set() and but - without == set()
