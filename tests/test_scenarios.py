"""Every scenario ends as told: without a model, and with the scripted model over HTTP."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support.own_shop import seeded

from scenarios import all_scenarios, names, scenario_called
from switchboard.console.terminal.reports.research import report_in
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.scenario import play, scripted_by_agent


@pytest.mark.parametrize("name", names())
def test_a_scenario_ends_as_told_without_a_model(name: str, tmp_path: Path) -> None:
    shop = seeded(tmp_path)
    result = play(scenario_called(name), shop)
    assert scenario_called(name).complaints(result, shop) == []
    assert result.document["model_calls"] == 0


@pytest.mark.parametrize("name", names())
def test_a_scenario_ends_as_told_with_the_scripted_model_over_http(name: str, tmp_path: Path) -> None:
    scenario, shop = scenario_called(name), seeded(tmp_path)
    with ScriptedModel(scripted_by_agent(scenario)) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted", "price": [0.001, 0.002]}]
        result = play(scenario, shop, gateway=Gateway(read_endpoints(json.dumps(config)), retries=0))
    assert scenario.complaints(result, shop) == []
    written = sum(len(replies) for replies in scenario.script.values())
    assert result.document["model_calls"] == written, "the script and the run went different ways"
    assert (result.document["cost_usd"] > 0) == (written > 0)


def test_a_scenario_that_does_not_come_out_as_told_is_noticed(tmp_path: Path) -> None:
    scenario, shop = scenario_called("refund_duplicate_charge"), seeded(tmp_path)
    result = play(scenario_called("rectangle_area"), shop)
    complaints = scenario.complaints(result, shop)
    assert len(complaints) >= 4
    assert any("refunds" in complaint for complaint in complaints)


def test_a_model_cannot_put_a_claim_without_a_source_into_a_report(tmp_path: Path) -> None:
    scenario = scenario_called("research_report")
    with ScriptedModel(scripted_by_agent(scenario)) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        report = play(scenario, seeded(tmp_path), gateway=gateway).document["reply"]
    assert "A heat pump burns nothing in the house. [1]" in report and "(heat-pumps.md#emissions)" in report
    assert "999" not in report and "always cheaper" not in report and "nowhere" not in report


def test_a_critic_who_passes_nothing_ends_the_run_at_its_limit_and_the_report_is_kept(tmp_path: Path) -> None:
    scenario = scenario_called("research_report")
    drafts = [f"A heat pump burns nothing in the house. [heat-pumps.md#emissions]\n\nDraft {n}." for n in range(3)]
    grades = {"clarity": 3, "completeness": 3, "accuracy": 3, "passes": False, "feedback": "Write it in verse."}
    script = {**scenario.script, "writer": drafts, "critic": [json.dumps(grades)] * 3}
    with ScriptedModel(scripted_by_agent(replace(scenario, script=script))) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        document = play(scenario, seeded(tmp_path), gateway=Gateway(read_endpoints(json.dumps(config)), retries=0)).document
    assert (document["end"], document["reason"]) == ("limit", "critic passed none of 3 drafts of writer.")
    report, _ = report_in(document)
    assert report and [one.text for one in report.answer] == ["A heat pump burns nothing in the house."]


def test_the_scenarios_of_the_house_are_found_by_their_files() -> None:
    assert [s.name for s in all_scenarios()] == names()
    assert len({s.title for s in all_scenarios()}) == len(names())


@pytest.mark.slow
@pytest.mark.parametrize("command", [["-m", "scenarios.rectangle_area"], ["scenarios/rectangle_area.py"]])
def test_a_scenario_runs_as_a_module_and_as_a_script(command: list[str]) -> None:
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, *command], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "42 m²" in done.stdout
