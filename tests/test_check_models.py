"""What `check` says of models: how much of each budget is used, and whose price nobody knows."""

import json
from pathlib import Path

import pytest
from support.small_project import small_project
from test_project_tables import switchboard

from switchboard.models.scripted import ScriptedModel

TOML = """
name = "Acme Tools"

[budgets.day]
tokens = 10

[budgets.month]
cost_usd = 5.0
"""


def found(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """What `check` finds, by what it is about."""
    said = json.loads(switchboard(folder, "check", "--json").stdout)["findings"]
    rows: dict[str, list[tuple[str, str]]] = {}
    for row in said:
        rows.setdefault(row["what"], []).append((row["state"], row["text"]))
    return rows


@pytest.mark.slow
def test_check_tells_what_is_used_of_each_budget_and_which_calls_one_of_money_cannot_count(tmp_path: Path) -> None:
    project = small_project(tmp_path, TOML)
    with ScriptedModel(["Acme is glad."], repeat=True) as model:
        (project / "OAI_CONFIG_LIST").write_text(json.dumps([{"model": "m", "base_url": model.url}]), encoding="utf-8")
        before = found(project)
        assert ("good", "0 of 10 tokens of the day are used.") in before["budgets"]
        assert ("good", "0.00 of 5.00 US dollars of the month are used.") in before["budgets"]
        assert [state for state, text in before["budgets"] if "no price is known" in text] == ["odd"]
        assert [(state, text[:21]) for state, text in before["endpoints"]] == [("good", "No process is at work")]
        assert switchboard(project, "ask", "Hello").returncode == 0
        after = found(project)
    (day,) = (text for state, text in after["budgets"] if state == "odd" and "tokens" in text and "price" not in text)
    assert day.endswith("of 10 tokens of the day are used, so no model is asked; the rules do all the work.")
    assert ("good", "0.00 of 5.00 US dollars of the month (beside 1 call of unknown price) are used.") in after["budgets"]


@pytest.mark.slow
def test_check_tells_what_prompts_have_in_common_and_when_caches_of_them_begin_anew(tmp_path: Path) -> None:
    project = small_project(tmp_path, TOML)
    assert "prompts" not in found(project), "without a model there is no prompt"
    with ScriptedModel(["Acme is glad."], repeat=True) as model:
        (project / "OAI_CONFIG_LIST").write_text(json.dumps([{"model": "m", "base_url": model.url}]), encoding="utf-8")
        assert switchboard(project, "ask", "Hello").returncode == 0
        (before,) = found(project)["prompts"]
        assert before[0] == "good" and "characters in common" in before[1]
        greeter = project / "agents" / "greeter.py"
        greeter.write_text(greeter.read_text("utf-8").replace('"You greet."', '"You greet kindly."'), encoding="utf-8")
        assert [state for state, _ in found(project)["prompts"]] == ["good", "odd"]
        assert "caches of prompts begin anew" in found(project)["prompts"][1][1]
