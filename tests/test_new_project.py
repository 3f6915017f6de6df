"""`switchboard new`: what it writes runs as it stands, and its parts have their right shape."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.own_ids import LETTERED
from support.terminal import PLAIN, environment

PARTS = {
    "agent": "agents/mending.py",
    "tool": "tools/mending.py",
    "team": "groupchats/mending.py",
    "scenario": "scenarios/mending.py",
    "play": "agents/plays/mending.toml",
}


def switchboard(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    found = environment(folder, COLUMNS="200")
    return subprocess.run([*PLAIN, *arguments], cwd=folder, env=found, capture_output=True, text=True, timeout=120)


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    assert switchboard(tmp_path, "new", "project", "acme").returncode == 0
    return tmp_path / "acme"


@pytest.mark.slow
def test_a_new_project_runs_at_once(acme: Path) -> None:
    shown = switchboard(acme, "demo")
    assert (shown.returncode, "The repair R-1001 of your city bicycle is under way." in shown.stdout) == (0, True)
    assert switchboard(acme, "check").returncode == 0
    assert json.loads((acme / "OAI_CONFIG_LIST.example").read_text("utf-8"))[0]["model"]
    played = json.loads(switchboard(acme, "run", "--all", "--json").stdout)
    assert [document["end"] for document in played] == ["resolved"]
    answered = json.loads(switchboard(acme, "ask", "What do two days cost?", "--json").stdout)
    assert (answered["department"], answered["reply"]) == ("hire", "A bicycle costs 15.00 EUR a day: 30.00 EUR in all.")


@pytest.mark.slow
def test_its_own_suite_passes(acme: Path) -> None:
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(run, cwd=acme, env=environment(acme), capture_output=True, text=True, timeout=120)
    assert (ran.returncode, "1 passed" in ran.stdout) == (0, True), ran.stdout


@pytest.mark.slow
def test_its_parts_are_written_once_and_fit(acme: Path) -> None:
    for kind, path in PARTS.items():
        assert switchboard(acme, "new", kind, "mending").returncode == 0
        assert "new_name" not in (acme / path).read_text("utf-8")
    again = switchboard(acme, "new", "play", "mending")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    checked = switchboard(acme, "check", "--json")
    findings = json.loads(checked.stdout)["findings"]
    assert [row["text"] for row in findings if row["state"] == "wrong"] == []
    odd = " ".join(row["text"] for row in findings if row["state"] == "odd")
    assert "agents/plays/mending.toml is no department's" in odd and "agents/mending.py is no department's" in odd
    played = json.loads(switchboard(acme, "run", "--all", "--json").stdout)
    assert [document["end"] for document in played] == ["escalated", "resolved"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "file", "words"),
    [
        ("told =", "tol =", "agents/plays/where_is_my_repair.toml", 'line 17: there is no key "tol"; did you mean "told"'),
        ("scenario = Scenario(", "scenario = Scenario(,", "scenarios/where_is_my_repair.py", "line 6: this is not Python"),
        ("def find_customer", "def find_nobody", "tools/repairs.py", "tools/repairs.py must declare `find_customer`"),
        ("soon =", "sooner =", "messages.toml", "there is no message 'sooner'"),
        ('name="hire"', 'name="higher"', "agents/hire.py", "agents/hire.py must declare `agent`, an AgentSpec called 'hire'"),
    ],
)
def test_check_names_the_file_of_what_would_not_work(acme: Path, old: str, new: str, file: str, words: str) -> None:
    (acme / file).write_text((acme / file).read_text("utf-8").replace(old, new), "utf-8")
    checked = switchboard(acme, "check", "--json")
    assert checked.returncode == 2
    assert words in " ".join(row["text"] for row in json.loads(checked.stdout)["findings"]), checked.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "7up", "a b", "../acme", "a" * 80])
def test_a_name_that_is_none_writes_nothing(tmp_path: Path, name: str) -> None:
    refused = switchboard(tmp_path, "new", "project", name)
    assert (refused.returncode, list(tmp_path.glob("*acme*"))) == (2, [])


@pytest.mark.slow
def test_nothing_is_written_into_the_sample_or_over_a_folder(tmp_path: Path) -> None:
    refused = switchboard(tmp_path, "new", "play", "mending")
    assert (refused.returncode, "switchboard new project NAME" in refused.stderr) == (2, True)
    (tmp_path / "acme").mkdir()
    assert switchboard(tmp_path, "new", "project", "acme").returncode == 2
    assert list((tmp_path / "acme").iterdir()) == []


ROWS = {
    "customers": "customer_id;first_name;last_name;email;zip;payment_method_id;payment_source;last_four\n"
    "K-17;Ida;Kern;ida@example.com;20095;pm_abcd;credit_card;4242\n",
    "products": "product_id;product_name;item_id;options;price;available\nP200;Copper Pan;KP020;size=20 cm;49,99;yes\n",
    "orders": "order_id;customer_id;status;placed_on;promised_on;item_id;price;payment_method_id;paid\n"
    "AC-10432;K-17;pending;2026-11-20;2027-01-30;KP020;49,99;pm_abcd;49,99\n",
}


@pytest.mark.slow
def test_a_shop_of_ones_own_answers_from_its_own_rows_and_numbers(tmp_path: Path) -> None:
    assert switchboard(tmp_path, "new", "project", "shoppe", "--sample").returncode == 0
    shoppe = tmp_path / "shoppe"
    file = shoppe / "switchboard.toml"
    file.write_text(file.read_text("utf-8").replace('"USD"', '"EUR"') + LETTERED, "utf-8")
    for kind, rows in ROWS.items():
        (shoppe / f"{kind}.csv").write_text(rows, "utf-8")
        assert switchboard(shoppe, "import", kind, f"{kind}.csv").returncode == 0
    answered = json.loads(
        switchboard(shoppe, "ask", "Where is my order AC-10432?", "--email", "ida@example.com", "--json").stdout
    )
    assert (answered["end"], "49.99 EUR" in answered["reply"]) == ("resolved", True)
