"""Tasks in the tau2 shape played as conversations, on the tiny store of test_tau2_replay."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_tau2_replay import CANCEL, ORDERS, PRODUCTS, USERS, cancelled, task

from groupchats.desk import team
from switchboard.errors import OperatorError
from switchboard.evaluations.results import Trial
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from tools.tau2_play import PLAYS, STOP, first_person, play, play_files

WANTS = {
    "reason_for_call": "You want to cancel your order #W0000001. You no longer need it.",
    "known_info": "You are Ada Test, zip code 97301.",
}
NOTHING: dict[str, Any] = {"orders": {}, "users": {}}


def played(told: dict[str, str], *actions: Any, expected: dict[str, Any], gateway: Gateway | None = None) -> Trial:
    one = {**task(*actions, expected=expected), "user": told}
    (trial,) = play(team, (USERS, ORDERS, PRODUCTS), [one], gateway)
    return trial


@pytest.mark.slow
def test_a_scripted_customer_says_why_and_who_and_yes_to_what_the_task_wants() -> None:
    trial = played(WANTS, CANCEL, expected=cancelled())
    assert (trial.passed, trial.why, trial.model_calls) == (True, (), 0)


@pytest.mark.slow
def test_they_say_no_to_any_other_call_and_the_rows_count() -> None:
    trial = played(WANTS, expected=NOTHING)
    assert (trial.passed, trial.why) == (True, ()), "nobody said yes, so nothing was changed"
    missed = played(WANTS, expected=cancelled())
    assert not missed.passed and missed.why[0].endswith("the rows are not what the task wants.")


def test_a_change_that_the_task_leaves_alone_is_named() -> None:
    trial = played(WANTS, CANCEL, expected=NOTHING)
    assert sorted(trial.why) == [f"{key} was changed, which the task leaves alone." for key in ("#W0000001", "ada_test_1")]


@pytest.mark.slow
def test_each_trial_begins_on_a_fresh_store() -> None:
    one = {**task(CANCEL, expected=cancelled()), "user": WANTS}
    assert [trial.passed for trial in play(team, (USERS, ORDERS, PRODUCTS), [one], None, 2)] == [True, True]


def test_a_model_plays_the_customer_where_one_is_configured() -> None:
    lines = iter(
        ["Please cancel order #W0000001, I no longer need it.", "Ada Test, zip code 97301.", "Yes, please.", f"Thanks! {STOP}"]
    )

    def reply(request: dict[str, Any]) -> Any:
        return next(lines) if request["messages"][0]["content"].startswith(PLAYS) else 500  # the desk goes on by its rules

    with ScriptedModel(reply) as model:
        entry = [{"model": "player", "base_url": model.url, "api_key": "none"}]
        trial = played(
            WANTS, CANCEL, expected=cancelled(), gateway=Gateway(read_endpoints(json.dumps(entry)), retries=0, pause=0.0)
        )
    assert (trial.passed, trial.why) == (True, ())


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("You want your money back.", "I want my money back."),
        ("You are Ada, and you've lost it yourself.", "I am Ada, and I've lost it myself."),
        ("The youngest of yours", "The youngest of mine"),
    ],
)
def test_what_is_told_to_a_customer_is_said_as_they_say_it(told: str, said: str) -> None:
    assert first_person(told) == said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "holds no task"),
        ("{}", "does not hold tasks"),
        ("[7]", "does not hold tasks: 0"),
        ('[{"id": 1}]', "0 actions: Field required"),
        ('[{"id": 1, "actions": [{"name": "a"}]}]', "0 actions 0 kwargs: Field required"),
        ('[{"id": 1, "actions": [], "expected_diff": []}]', "0 expected_diff: Input should be a valid dictionary"),
        ('[{"id": 1, "actions": []}]', 'holds no task with an "expected_diff"'),
    ],
)
def test_a_file_without_tasks_to_compare_is_no_evaluation(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(text, "utf-8")
    with pytest.raises(OperatorError) as caught:
        play_files(team, (path, path, path), path, 1, with_models=False, json=False)
    assert told in str(caught.value)
