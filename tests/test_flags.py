"""Turns that are flagged: kept, looked at again with today's code from their record, and written as scenarios."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.commands import document, said, switchboard
from support.postgres import running_server, with_driver
from support.sample import prepared
from support.staffed import Place
from support.terminal import PLAIN, environment

from groupchats.desk import team
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.database import sqlite_url
from switchboard.declare.moves import Say
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import View
from switchboard.engine.cleanup import over_since
from switchboard.errors import OperatorError
from switchboard.evaluations.results import Trial
from switchboard.service.fork import lines
from switchboard.service.outcomes.flags import evaluate_flagged, flag, unflag

WHERE = "Where is my order #W1000009?"
GRACE = "grace.mbeki@example.com"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    engine = prepared(sqlite_url(tmp_path / "shop.db"))
    yield Place(Environment(engine, {"desk": team}))
    engine.dispose()


@pytest.mark.slow
def test_of_who_flag_a_line_at_once_none_fails_and_it_is_flagged_once() -> None:
    with running_server() as fresh:
        place = Place(Environment(prepared(with_driver(fresh())), {"desk": team}))
        case_id = asked(place)
        number = next(one.number for one in lines(place, case_id) if one.entry.speaker != "customer")
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda who: flag(place, case_id, number, who, who), "abcd"))
        assert [one.why for one in found] == [*"abcd"]

        def lets_go(_: int) -> bool:
            try:
                return bool(unflag(place, case_id, number))
            except OperatorError:
                return False

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(lets_go, range(4))) == 1
        place.engine.dispose()


def asked(place: Place, words: str = WHERE) -> str:
    with place.worker() as worker:
        ref = worker.open_case("desk", words, known={"email": GRACE})
        assert ref
        return str(worker.work(ref)["case_id"])


def number_of(place: Place, case_id: str, kind: str, speaker: str) -> int:
    return next(one.number for one in lines(place, case_id) if (one.entry.kind, one.entry.speaker) == (kind, speaker))


def today(place: Place, name: str, **facts: Any) -> Place:
    changed: TeamSpec = replace(team, members={**team.members, name: replace(team.members[name], **facts)})
    return Place(replace(place.environment, teams={"desk": changed}))


def tried(place: Place) -> list[Trial]:
    return list(evaluate_flagged(place).trials)


def test_a_flagged_turn_is_the_same_until_the_code_does_something_else_in_its_place(place: Place) -> None:
    case_id = asked(place)
    answer = number_of(place, case_id, "message", "orders")
    flag(place, case_id, answer, "It names no day.", "dana")
    assert [(one.passed, one.why) for one in tried(place)] == [
        (False, ("It is the same today. It was flagged: It names no day.",))
    ]
    rules = team.members["orders"].without_model
    assert rules

    def in_other_words(view: View) -> Any:
        move = rules(view)
        return replace(move, text="It comes on Friday.") if isinstance(move, Say) else move

    [found] = tried(today(place, "orders", without_model=in_other_words))
    assert found.passed and "Today: It comes on Friday." in found.why[0]


def test_a_turn_behind_the_place_where_todays_code_parts_is_other_and_one_before_it_is_not(place: Place) -> None:
    case_id = asked(place)
    handoff, answer = number_of(place, case_id, "handoff", "triage"), number_of(place, case_id, "message", "orders")
    for number in (handoff, answer):
        flag(place, case_id, number, "Wrong.", "dana")
    parted = today(place, "orders", without_model=lambda view: Say("Which order is it?", asks=True))
    assert [one.passed for one in tried(parted)] == [False, True]
    [other] = [one for one in rebuild(parted.environment, case_id).others if one.parts]
    assert (other.case_id, other.run) == (case_id, 1) and handoff < other.n <= answer
    assert other.today == "Which order is it?"


def test_only_a_line_of_ours_is_flagged_and_the_newest_reason_counts(place: Place) -> None:
    case_id = asked(place)
    answer = number_of(place, case_id, "message", "orders")
    for number in (1, 999):
        with pytest.raises(OperatorError):
            flag(place, case_id, number, "Wrong.", "dana")
    flag(place, case_id, answer, "Too long.", "dana")
    flag(place, case_id, answer, "Too short.", "eli")
    assert [one.why for one in tried(place)] == [("It is the same today. It was flagged: Too short.",)]
    assert unflag(place, case_id, answer) == case_id and tried(place) == []
    for number in (answer, 10**30):
        with pytest.raises(OperatorError, match="is not flagged"):
            unflag(place, case_id, number)


def test_the_record_of_a_flagged_case_is_not_cleaned_up(place: Place) -> None:
    kept, other = asked(place), asked(place)
    flag(place, kept, number_of(place, kept, "message", "orders"), "Wrong.", "dana")
    assert over_since(place.engine, datetime.now(UTC) + timedelta(days=1)) == [other]


@pytest.mark.slow
def test_the_commands_flag_a_turn_and_tell_whether_it_is_other_today(tmp_path: Path) -> None:
    assert "No turn is flagged" in said(switchboard(tmp_path, "eval", "flagged"))
    case_id = document(tmp_path, "ask", WHERE, "--email", GRACE)["case_id"]
    answer = next(one["number"] for one in document(tmp_path, "fork", case_id) if one["speaker"] == "orders" and one["text"])
    assert switchboard(tmp_path, "flag", case_id, str(answer)).returncode == 2, "it is to be said why"
    assert document(tmp_path, "flag", case_id, str(answer), "--why", "It names no day.")["entry"]["speaker"] == "orders"
    done = switchboard(tmp_path, "eval", "flagged")
    assert done.returncode == 1 and "It names no day." in " ".join(said(done).split())
    assert switchboard(tmp_path, "flag", case_id, str(answer), "--drop").returncode == 0
    assert switchboard(tmp_path, "eval", "flagged").returncode == 0


def own(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as the modules of another project than the sample are to be imported."""
    found = environment(folder, COLUMNS="200")
    return subprocess.run([*PLAIN, *arguments], cwd=folder, env=found, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_a_flagged_case_becomes_a_scenario_that_runs_and_is_to_be_finished(tmp_path: Path) -> None:
    assert own(tmp_path, "new", "project", "acme").returncode == 0
    acme = tmp_path / "acme"
    case_id = json.loads(own(acme, "ask", 'Do you rent "bikes"? \\n', "--json").stdout)["case_id"]
    own(acme, "ask", "For the 3rd of May. My password is tulip-Garden7.", "--case", case_id)
    found = json.loads(own(acme, "fork", case_id, "--json").stdout)
    number = str(next(one["number"] for one in found if one["speaker"] not in ("customer", "executor")))
    flags = ("flag", case_id, number, "--why", 'They said """no""" \\ to it.', "--scenario")
    written = json.loads(own(acme, *flags, "asks_for_bikes", "--json").stdout)["scenario"]
    text = Path(written).read_text("utf-8")
    assert "Do you rent" in text and "3rd of May" in text and "To be finished" in text
    assert "tulip" not in text
    played = own(acme, "run", "asks_for_bikes")
    assert played.returncode in (0, 1, 3) and "asks_for_bikes.py" not in played.stderr, played.stderr
    again, outside = own(acme, *flags, "asks_for_bikes"), own(acme, *flags, "../elsewhere")
    assert (again.returncode, "there already" in again.stderr) == (2, True)
    assert outside.returncode == 2 and not (acme / "elsewhere.py").exists()
    assert "sample project" in said(switchboard(tmp_path, *flags, "another"))
