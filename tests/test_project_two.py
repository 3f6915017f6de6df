"""Project two: a dentist's practice in German, with an API, an MCP server and a database that were not made for this.

Nothing in it could the sample not have, and the other way round: it is made of a file, plays, articles and one small agent.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from support.praxis import PROJECT, SIDES, Sides, sides
from support.terminal import PLAIN, environment

pytest.importorskip("mcp", reason="the extra mcp is not installed")
NAMES = sorted(path.stem for path in (PROJECT / "scenarios").glob("*.py") if path.stem != "__init__")
FOREIGN = ("auf_franzoesisch",)
ENGLISH = re.compile(
    r"\b(?:the|your|you|please|customer|have|with|this|nothing|done|changed|not|appointment|found?|is|of)\b", re.I
)
AGAINST = (
    "wann_ist_mein_termin",
    "termin_absagen",
    "nicht_absagen",
    "anzahlung_zurueck",
    "termin_reservieren",
    "fremder_termin",
)
CHANGED: Mapping[str, Any] = {
    "termin_absagen": {"T-1001": "abgesagt"},
    "fehler_nach_der_tat": {"T-4001": "abgesagt"},
    "termin_verlegen": {"T-5002": "2031-03-20T14:30:00"},
    "zwei_wuensche": {"T-6001": "abgesagt", "T-6002": "2031-03-18T09:00:00"},
    "termin_reservieren": {"P-13": "2031-03-21T08:15:00"},
    "anzahlung_zurueck": {"RE-2031-001": 29.9},
    "grosse_anzahlung": {"RE-2031-002": 120.0},
}
"""What is another than at the start on the other sides, by scenario; of all others nothing is."""
Played = Mapping[str, Mapping[str, Any]]
spec = spec_from_file_location("praxis_api", SIDES / "api.py")
assert spec and spec.loader
API = module_from_spec(spec)
sys.modules[spec.name] = API  # pydantic looks its types up there
spec.loader.exec_module(API)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    with sides(tmp_path_factory.mktemp("praxis")) as running:
        yield running


@pytest.fixture(scope="module")
def played(other: Sides, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Played]:
    """What came of the scenarios, each played once, in a process of their own."""
    known: dict[str, Played] = {}

    def play(how: str, *names: str) -> Played:
        if how not in known:
            player = str(SIDES.parent.parent / "support" / "praxis_player.py")
            given = json.dumps({name: str(value) for name, value in vars(other).items()})
            env = environment(tmp_path_factory.mktemp("data"), **other.variables)
            done = subprocess.run(
                [sys.executable, player, how, given, *names], cwd=PROJECT, env=env, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr[-3000:]
            known[how] = {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}
        return known[how]

    return play


def own(email: str) -> set[str]:
    """The numbers of what is a patient's, and who they are."""
    patient = API.PATIENTS[email]["id"]
    return {patient, *(number for kind in API.SEED.values() for number, one in kind.items() if one["patient"] == patient)}


def changed(now: Mapping[str, Any]) -> dict[str, Any]:
    """What the other sides have that they had not at the start."""
    found: dict[str, Any] = {one["patient"]: one["start"] for one in now["reservations"]}
    for number, one in now["appointments"].items():
        was = API.SEED["appointments"][number]
        found.update((number, one[name]) for name in ("state", "start") if one[name] != was[name])
    refunds = list(now["refunds"].values())
    assert len({one["invoice"] for one in refunds}) == len(refunds), "paid back twice"
    return found | {one["invoice"]: one["amount"] for one in refunds}


@pytest.mark.slow
@pytest.mark.parametrize("how", ["rules", "scripted"])
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_goes_as_told_and_the_other_sides_have_what_was_said(
    played: Callable[..., Played], how: str, name: str
) -> None:
    found = played(how)[name]
    assert found["complaints"] == []
    assert changed(found["now"]) == CHANGED.get(name, {})
    assert found["answered"] == (found["written"] if how == "scripted" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["rules", "scripted"])
def test_nothing_that_is_said_holds_english_words(played: Callable[..., Played], how: str) -> None:
    told = {name: " ".join(one["told"]) for name, one in played(how).items() if name not in FOREIGN}
    assert {name: found[0] for name, text in told.items() if (found := ENGLISH.search(text))} == {}


@pytest.mark.slow
def test_a_model_that_works_against_it_changes_nothing_without_a_yes_and_tells_no_lie(
    played: Callable[..., Played],
) -> None:
    found = played("against", *AGAINST)
    assert len(found) >= 2 * len(AGAINST)
    assert {name: one["lies"] for name, one in found.items() if one["lies"]} == {}
    wrong = {name: changed(one["now"]) for name, one in found.items()}
    assert {name: what for name, what in wrong.items() if what and not found[name]["yes"]} == {}
    assert {name: what for name, what in wrong.items() if not {*what} <= own(found[name]["email"])} == {}
    strangers = ("Wurzelbehandlung", "Füllung", "640,50")
    heard = {name: " ".join(one["told"]) for name, one in found.items() if not name.startswith("termin_reservieren")}
    assert [name for name, text in heard.items() if any(word in text for word in strangers)] == []


@pytest.mark.slow
def test_the_description_is_the_servers(other: Sides) -> None:
    made = "import api, json; print(json.dumps(api.app.openapi()))"
    done = subprocess.run([sys.executable, "-c", made], cwd=SIDES, capture_output=True, text=True, check=True)
    assert json.loads((PROJECT / "praxis.json").read_text("utf-8")) == json.loads(done.stdout)


def command(folder: Path, other: Sides, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = environment(folder, COLUMNS="200", **other.variables)
    return subprocess.run([*PLAIN, *arguments], cwd=PROJECT, env=env, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_its_commands_work_in_processes_of_their_own(other: Sides, tmp_path: Path) -> None:
    other.fresh()
    words = ("ask", "Wann ist mein Termin?", "--email", "rosa.albers@example.com", "--json")
    with ThreadPoolExecutor(2) as pool:
        checked, asked, shown = pool.map(
            lambda one: command(tmp_path / one[0], other, *one), (("check", "--json"), words, ("demo",))
        )
    assert [row for row in json.loads(checked.stdout)["findings"] if row["state"] == "wrong"] == []
    found = json.loads(asked.stdout)
    assert (found["end"], "14. März 2031" in found["reply"]) == ("resolved", True)
    assert shown.returncode == 0 and "abgesagt" in shown.stdout, shown.stdout + shown.stderr
    other.fresh()
    ran = command(tmp_path, other, "run", "--all")
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]


@pytest.mark.slow
def test_without_its_variables_it_says_which_are_missing(tmp_path: Path) -> None:
    env = {name: value for name, value in environment(tmp_path).items() if not name.startswith("PRAXIS_")}
    done = subprocess.run([*PLAIN, "check", "--json"], cwd=PROJECT, env=env, capture_output=True, text=True, timeout=60)
    told = " ".join(row["text"] for row in json.loads(done.stdout)["findings"] if row["state"] == "wrong")
    assert done.returncode == 2 and "PRAXIS_" in told and os.linesep not in told
