"""Who meets the customers holds all that verifies one, and what does not fit is said by `check`."""

import json
from pathlib import Path

import pytest
from test_project_tables import HALL, project, switchboard, wrong

from switchboard.tables.project_file import read_file
from switchboard.tables.team import desk_of


def finds(of: dict[str, int]) -> str:
    """A project whose departments hold so many calls that verify a customer."""
    names = {one: [f"find_{one}{n}" for n in range(many)] for one, many in of.items()}
    calls = "".join(
        f'[tools.rows.calls.{name}]\neffect = "read"\nverifies = "id"\none = true\n'
        f'query = "SELECT id FROM people WHERE {name} = :given"\n'
        for listed in names.values()
        for name in listed
    )
    tables = "".join(f'[departments.{one}]\nabout = "X."\ntools = {listed}\n' for one, listed in names.items())
    return f'{HALL}\n{tables}\n[tools.rows]\nsql = "sqlite:///rows.db"\n{calls}\n[[approvals]]\ndecision = "approve"\n'


def test_all_that_verifies_is_held_by_who_meets_the_customers(tmp_path: Path) -> None:
    made = project(tmp_path, finds({"a": 4, "b": 4}))
    desk = desk_of(made, read_file(made / "switchboard.toml"))
    assert [tool.name for tool in desk.members["reception"].tools][2:] == [f"find_{one}{n}" for one in "ab" for n in range(4)]


@pytest.mark.slow
def test_what_does_not_fit_is_said_by_check_by_its_name(tmp_path: Path) -> None:
    said = "reception, who finds out who writes, holds 11 tools (search_articles, hand_over_to_a_person, find_a0"
    assert said in wrong(tmp_path, finds({"a": 5, "b": 4}))
    checked = switchboard(tmp_path / "hall", "check", "--json")
    told = [row["text"] for row in json.loads(checked.stdout)["findings"] if row["state"] == "wrong"]
    assert any(said in text and "10 is the most" in text for text in told), told
