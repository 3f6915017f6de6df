"""The reference of `switchboard.toml` is made of its schema, its examples are taken, and real files pass the schema."""

import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from test_house import ROOT

from switchboard.console.terminal.making.new import new_project
from switchboard.tables.plays import PlayTable
from switchboard.tables.project_file import ProjectFile
from switchboard.tables.schema import reference, schema

PAGE = ROOT / "docs" / "switchboard.toml.md"
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", reference(), re.MULTILINE | re.DOTALL)


def test_the_page_is_what_the_schema_says() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: switchboard schema --markdown > docs/switchboard.toml.md"


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_examples_are_taken(example: str) -> None:
    found = tomllib.loads(example)
    if "told" in found:
        PlayTable.model_validate(found)
    else:
        ProjectFile.model_validate({"name": "A", "time_zone": "Europe/Berlin", "departments": {"x": {"about": "X."}}, **found})


@pytest.mark.slow
def test_every_table_has_its_keys_on_the_page() -> None:
    wanted = ("[hours]", "[mail]", "[departments.NAME]", "[tools.NAME]", "[tools.NAME.calls.NAME.pages]", "[[approvals]]")
    assert [title for title in (*wanted, "[limits]", "[ids.NAME]", "[[slots]]") if f"## `{title}`" not in reference()] == []
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("folder", ["new", "sample"])
def test_real_files_pass_the_schema_and_misspelt_ones_do_not(tmp_path: Path, folder: str) -> None:
    where = new_project("acme", tmp_path) if folder == "new" else ROOT
    found = tomllib.loads((where / "switchboard.toml").read_text("utf-8"))
    judge = jsonschema.Draft7Validator(schema())
    assert [error.message for error in judge.iter_errors(found)] == []
    assert [*judge.iter_errors({**found, "curency": "EUR"})]
