"""What `check` says of a project without Python stands once, with its file and line, and under what is to blame for it."""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from support.described import answering, described
from test_project_tables import project, switchboard

from switchboard.errors import OperatorError, nearest
from switchboard.tables.project_file import ProjectFile, read_table

BOX = {
    "type": "object",
    "properties": {
        "no": {"type": "string"},
        "state": {"type": "string", "enum": ["PACKED", "ON_THE_WAY"]},
        "due": {"type": "number"},
    },
}
NUMBER = {"name": "no", "in": "path", "required": True, "schema": {"type": "string"}}
PAY = {"type": "object", "properties": {"total": {"type": ["string", "null"]}}, "required": ["total"]}
API = described(
    {
        "/boxes/{no}": {
            "parameters": [NUMBER],
            "get": {"operationId": "get_box", **answering(BOX)},
            "post": {"operationId": "pay", "requestBody": {"content": {"application/json": {"schema": PAY}}}, **answering(BOX)},
        }
    },
    servers=[{"url": "http://127.0.0.1:9"}],
)
TOML = """
    name = "Acme Boxes"
    currency = "EUR"
    identity = "typed"

    [ids.box]
    form = 'X-\\d{3}'
    example = "X-000"

    [departments.boxes]
    about = "Boxes of the house."
    examples = ["where is my box", "has my box left", "when does the box come", "is the box packed"]
    tools = ["get_box", "pay", "who"]
    plays = ["where"]

    [tools.house]
    openapi = "api.json"
    headers = { Authorization = "Bearer ${HOUSE_TOKEN_NOT_SET}" }

    [tools.house.calls.get_box]
    effect = "read"
    public = true

    [tools.house.calls.who]
    operation = "get_box"
    effect = "read"
    verifies = "no"

    [tools.house.calls.pay]
    effect = "write"
    owner = false
    amount = "total"
    of = "no"
    """
PLAY = """
    about = "The customer wants to know where a box is."
    examples = ["one box", "two box", "three box", "four box", "five box", "six box", "seven box", "eight box"]
    of_customer = false
    told = "Box {box} is {get_box.state}."

    [[slots]]
    name = "box"
    ask = "Which box is it?"
    id = "box"

    [[reads]]
    tool = "get_box"
    arguments = { no = "box" }

    [[conditions]]
    of = "get_box.state"
    values = ["PACKED", "ON_THE_WAY"]
    otherwise = "It is gone."

    [words."get_box.state"]
    PACKED = "packed"
    """


def checked(folder: Path, toml: tuple[str, str] = ("", ""), play: tuple[str, str] = ("", "")) -> list[dict[str, str]]:
    """What `check` finds in that project, with a text of its file, and of its play, in place of another."""
    files = {"agents/plays/where.toml": PLAY.replace(*play), "agents/__init__.py": "", "api.json": json.dumps(API)}
    made = project(folder, TOML.replace(*toml), **files)
    found: list[dict[str, str]] = json.loads(switchboard(made, "check", "--json").stdout)["findings"]
    return [row for row in found if row["state"] != "good" and row["what"] not in ("identity", "database")]


def line(text: str, part: str) -> int:
    return next(n for n, one in enumerate(dedent(text).strip("\n").split("\n"), start=1) if part in one)


@pytest.mark.slow
def test_values_that_a_field_never_has_and_amounts_without_a_unit_are_told_with_their_lines(tmp_path: Path) -> None:
    rows = checked(tmp_path, play=('"ON_THE_WAY"]', '"ON_THEWAY"]'))
    told = {(row["what"], row["state"]): row["text"] for row in rows}
    where = f"agents/plays/where.toml, line {line(PLAY, 'values =')}: conditions: get_box.state is never 'ON_THEWAY'"
    assert told["plays", "wrong"] == f"{where} by the description of get_box; did you mean 'ON_THE_WAY'."
    amounts = [row["text"] for row in rows if "total is a string" in row["text"]]
    assert len(amounts) == 1 and amounts[0].startswith(f"switchboard.toml, line {line(TOML, 'amount =')}: pay: ")
    secret = [row["text"] for row in rows if "HOUSE_TOKEN_NOT_SET" in row["text"]]
    assert len(secret) == 1 and secret[0].startswith(f"switchboard.toml, line {line(TOML, 'headers =')}: ")


@pytest.mark.slow
def test_words_for_a_value_that_a_field_never_has_are_odd(tmp_path: Path) -> None:
    rows = checked(tmp_path, ('amount = "total"', 'amount = "total"\n    unit = "units"'), ("    PACKED =", "    PACKD ="))
    words = [row for row in rows if row["what"] == "plays"]
    assert [row["state"] for row in words] == ["odd"]
    assert f"line {line(PLAY, 'PACKED =')}: words: get_box.state is never 'PACKD'" in words[0]["text"]
    assert not any("total is a" in row["text"] for row in rows)


REJECTS = """of = "no"

    [[approvals]]
    decision = "reject"
    tool = "pey"

    [[approvals]]
    decision = "ask"
"""
FAULTS: dict[str, tuple[tuple[str, str], tuple[str, str], str, str]] = {
    "a call that there is not": (
        ("public = true", 'operation = "getBoxes"\n    public = true'),
        ("", ""),
        "public",
        "did you mean 'get_box'",
    ),
    "a fact that names no argument": (('of = "no"', 'of = "nr"'), ("", ""), "of =", "of names 'nr'"),
    "a call without its owner": (("owner = false", ""), ("", ""), "[tools.house.calls.pay]", "nothing says whose it is"),
    "a tool that there is not": (('"pay", ', '"pey", '), ("", ""), "tools = [", "no source has a call 'pey'"),
    "articles that are not there": (
        ('identity = "typed"', 'identity = "typed"\n    articles = "none"'),
        ("", ""),
        "identity",
        "articles: ",
    ),
    "a name that holds no argument": (
        ('of = "no"', 'of = "no"\n    called = "paying for {nr}"'),
        ("", ""),
        "of =",
        "called names 'nr', which is no argument",
    ),
    "a field that is kept and that no answer has": (
        ("public = true", 'result = ["stat"]\n    public = true'),
        ("", ""),
        "public =",
        "result names 'stat', which no answer of get_box has; did you mean 'state'",
    ),
    "a value that is fixed and that is of another type": (
        ('amount = "total"', "fixed = { total = 3 }"),
        ("", ""),
        "amount =",
        "fixed gives what the other side does not take: total",
    ),
    "a currency that there is not": (('"EUR"', '"ABC"'), ("", ""), "currency =", "'ABC' is the code of no currency"),
    "hours that are none": (
        ("[ids.box]", 'time_zone = "Europe/Rome"\n\n    [hours]\n    monday = "9 to 5"\n\n    [ids.box]'),
        ("", ""),
        "[ids.box]",
        'write it like "09:00-17:30"',
    ),
    "an amount in quotes": (
        ('of = "no"', 'of = "no"\n\n    [[approvals]]\n    decision = "ask"\n    up_to = "20"'),
        ("", ""),
        "of =",
        "(20, without quotes)",
    ),
    "a rule for no tool": (
        ('of = "no"', REJECTS),
        ("", ""),
        "of =",
        "did you mean 'pay'",
    ),
}
OF_PLAYS = {
    "told": (("{get_box.state}", "{get_box.stat}"), "told =", "told names 'get_box.stat'"),
    "conditions": (('of = "get_box.state"', 'of = "get_bx.state"'), 'of = "get_box', "which nothing before it finds"),
    "reads": (('{ no = "box" }', '{ no = "bax" }'), "tool =", "names 'bax'"),
    "slots": (('id = "box"', 'id = "bax"'), "name =", "read by the id 'bax'"),
    "examples": ((', "six box", "seven box", "eight box"', ""), "examples =", "5 examples are too few"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_in_the_file_is_told_once_with_its_line(tmp_path: Path, name: str) -> None:
    toml, play, near, words = FAULTS[name]
    rows = [row for row in checked(tmp_path, toml, play) if row["state"] == "wrong" and words in row["text"]]
    assert len(rows) == 1, rows
    first, lines = rows[0]["text"].partition(": ")[0], range(line(TOML, near), line(TOML, near) + 5)
    assert int(first.partition("line ")[2].split(",")[0]) in lines
    assert "plays/" not in rows[0]["text"]


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_PLAYS)
def test_what_is_wrong_in_a_play_is_told_once_with_its_line(tmp_path: Path, name: str) -> None:
    play, near, words = OF_PLAYS[name]
    rows = [row for row in checked(tmp_path, play=play) if row["state"] == "wrong" and words in row["text"]]
    assert len(rows) == 1, rows
    number = int(rows[0]["text"].partition("where.toml, line ")[2].split(":")[0])
    assert number in (line(PLAY, near), line(PLAY, near) - 1)  # of a table, its own


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            'not_done_on = ["409"]',
            'not_done_on" is wrong: input should be a valid integer (409, without quotes), or input should',
        ),
        ("owner = true", 'owner" is wrong: input should be a valid string, or input should be False.'),
        ("matches = { no = 3 }", 'matches.no" is wrong: input should be a valid string, or input should be False.'),
    ],
)
def test_a_value_that_is_of_none_of_its_kinds_is_told_once_by_its_key(tmp_path: Path, facts: str, words: Any) -> None:
    path = tmp_path / "switchboard.toml"
    path.write_text(f'name = "A"\n[tools.x]\nopenapi = "a.json"\n[tools.x.calls.get]\neffect = "write"\n{facts}\n')
    with pytest.raises(OperatorError) as refused:
        read_table(path, ProjectFile)
    assert f', line 6: "tools.x.calls.get.{words}' in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("people.email", None),
        ("people.nmae", "people.name"),
        ("people.street", "address.street"),
        ("persons.name", "people.name"),
        ("totl", "total"),
        ("zzz", None),
    ],
)
def test_of_paths_what_is_near_by_its_own_name_is_meant(wrong: str, near: str | None) -> None:
    assert nearest(wrong, ["people.name", "people.note", "people.number", "address.street", "total"]) == near
