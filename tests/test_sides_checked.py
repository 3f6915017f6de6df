"""What `check` and `pin` say of other sides: what their facts leave open, who lets the desk in, what changed there."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from support.described import answering, described, seats, source, tools
from support.other_side import Asked, OtherSide, said
from support.small_project import small_project
from support.terminal import PLAIN, environment

from switchboard.console.terminal.making.sides import live
from switchboard.errors import DeclarationError, OperatorError
from switchboard.toolsets.openapi import pinned
from switchboard.toolsets.opened import open_sources
from switchboard.toolsets.pinned import told_changes
from switchboard.toolsets.remote import Operation
from switchboard.toolsets.table import SourceTable

TOML = """name = "Acme Tools"

[tools.hall]
openapi = "${HALL_URL}/api.json"
headers = { Authorization = "Bearer ${HALL_TOKEN}" }

[tools.hall.calls.get_seat]
operation = "getSeat"
effect = "read"
public = true

[tools.hall.calls.find_seats]
operation = "POST /search"
effect = "read"
public = true

[tools.hall.calls.book]
operation = "bookSeat"
effect = "write"
key = "Idempotency-Key"
"""
LISTED = '\n[tools.hall.calls.list_seats]\noperation = "listSeats"\neffect = "read"\npublic = true\n'


BOOK = {"effect": "write", "operation": "bookSeat", "key": "Idempotency-Key"}
SEARCH = {"effect": "read", "operation": "POST /search"}
LIST = {"effect": "read", "operation": "listSeats"}


def listing(folder: Path, calls: dict[str, Any], address: str) -> tuple[str, str]:
    """What is told of the hall with these calls."""
    one = source(folder, Hall().document, calls, server=address)
    try:
        return live(one, one._table.calls)
    finally:
        one.close()


class Hall:
    """The other side of that file: its description, and what it answers to anything else."""

    def __init__(self) -> None:
        self.document = seats()
        self.document["paths"]["/search"] = {"post": answering({"type": "object", "properties": {"row": {}}})}
        self.answer = said("[]")

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        return [said(json.dumps(self.document)) if asked.target == "/api.json" else self.answer]


def run(folder: Path, side: OtherSide, toml: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in that project, with its file as given."""
    project = small_project(folder, toml) if not (folder / "acme").exists() else folder / "acme"
    (project / "switchboard.toml").write_text(toml, encoding="utf-8")
    variables = {"SWITCHBOARD_PROJECT": str(project), "HALL_URL": side.address, "HALL_TOKEN": "s3cret-token"}
    found = environment(folder, COLUMNS="300", **variables)
    return subprocess.run([*PLAIN, *arguments], cwd=folder, env=found, capture_output=True, text=True, timeout=60)


def found_of(folder: Path, side: OtherSide, toml: str = TOML, *arguments: str) -> dict[str, list[str]]:
    rows = json.loads(run(folder, side, toml, "check", "--json", *arguments).stdout)["findings"]
    ours = [row for row in rows if row["what"] == "tools.hall"]
    return {state: [row["text"] for row in ours if row["state"] == state] for state in ("good", "odd", "wrong")}


@pytest.mark.slow
def test_check_names_what_the_facts_leave_open_by_its_line(tmp_path: Path) -> None:
    with OtherSide(hall := Hall()) as side:
        hall.document["paths"]["/seats/{id}"]["get"] |= answering({"type": "object", "properties": {"row": {}}})
        odd = found_of(tmp_path, side)["odd"]
        assert len(odd) == 2
        assert odd[0].startswith("switchboard.toml, line 7: nothing shows that what get_seat finds is what it was asked for")
        assert 'matches = { id = "its field" }' in odd[0]
        assert odd[1].startswith("switchboard.toml, line 14: find_seats is a POST") and "safe = true" in odd[1]
        sure = TOML.replace('"getSeat"', '"getSeat"\nmatches = { id = "row" }')
        sure = sure.replace('"POST /search"', '"POST /search"\nsafe = true')
        assert found_of(tmp_path, side, sure)["odd"] == []
    assert all(one.method == "GET" for one in side.asked)


@pytest.mark.slow
def test_check_live_asks_for_what_needs_no_argument(tmp_path: Path) -> None:
    with OtherSide(hall := Hall()) as side:
        hall.answer = said('{"data": []}')
        assert found_of(tmp_path, side, TOML + LISTED, "--live")["good"] == ["reachable: it answers list_seats."]
    assert {(one.method, one.target) for one in side.asked if one.target} == {("GET", "/api.json"), ("GET", "/seats")}
    assert {one.headers.get("authorization") for one in side.asked if one.target == "/seats"} == {"Bearer s3cret-token"}


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ('{"data": []}', "good", "reachable: it answers list."),
        ("401 Unauthorized", "wrong", "not allowed"),
        ("403 Forbidden", "wrong", "not allowed"),
        ("500 Oh", "wrong", "not reachable"),
        ("404 Not Found", "odd", "unknown: it answers list, but"),
        ("<html>", "odd", "unknown"),
    ],
)
def test_live_tells_who_lets_the_desk_in(answer: str, state: str, words: str, tmp_path: Path) -> None:
    whole = said("{}", answer) if answer[0].isdigit() else said(answer)
    with OtherSide(whole) as side:
        found = listing(tmp_path, {"book": BOOK, "search": SEARCH, "list": LIST}, side.address)
        assert (found[0], words in found[1]) == (state, True)
        assert [(one.method, one.target) for one in side.asked] == [("GET", "/seats")]


def test_live_calls_nothing_that_may_write_or_needs_an_argument(tmp_path: Path) -> None:
    with OtherSide(said("{}")) as side:
        get = {"effect": "read", "operation": "getSeat"}
        found = listing(tmp_path, {"book": BOOK, "search": SEARCH, "get": get}, side.address)
        assert found[0] == "odd" and found[1].startswith("unknown: ") and "its token was not tried" in found[1]
        assert side.asked == []
        assert listing(tmp_path, {"search": {**SEARCH, "safe": True}}, side.address)[0] == "good"
    assert listing(tmp_path, {"list": LIST}, side.address)[0] == "wrong"  # nobody is there


@pytest.mark.slow
def test_live_of_a_database_and_of_an_mcp_server(tmp_path: Path) -> None:
    (tmp_path / "rows.db").touch()
    calls = {"look": {"effect": "read", "query": "SELECT 1 AS one WHERE :day = 'x'"}}
    table = SourceTable.model_validate({"sql": "sqlite:///rows.db", "calls": calls})
    assert live(open_sources({"rows": table}, tmp_path)["rows"], table.calls) == (
        "good",
        "reachable: its database takes the listed queries.",
    )
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    server = [sys.executable, str(Path(__file__).parent / "support" / "mcp_server.py"), str(tmp_path)]
    table = SourceTable.model_validate({"mcp": server, "calls": {"find_member": {"effect": "read"}}})
    opened = open_sources({"house": table}, tmp_path)["house"]
    try:
        assert live(opened, table.calls) == ("good", "reachable: it lists its tools.")
        assert opened.pin() == []
    finally:
        opened.close()


def test_an_mcp_server_that_lets_nobody_in_says_so(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    with OtherSide(said('{"error": "no"}', "401 Unauthorized")) as side:
        table = SourceTable.model_validate({"mcp": f"{side.address}/mcp", "calls": {"find_member": {"effect": "read"}}})
        opened = open_sources({"house": table}, tmp_path)["house"]
        try:
            with pytest.raises(OperatorError, match="does not let this desk in"):
                live(opened, table.calls)
        finally:
            opened.close()


@pytest.mark.slow
def test_pin_tells_what_changed_and_takes_it_over(tmp_path: Path) -> None:
    with OtherSide(hall := Hall()) as side:
        first = run(tmp_path, side, TOML, "pin")
        assert first.returncode == 0 and "get_seat: it was not pinned yet" in " ".join(first.stderr.split())
        path = pinned.path_of(tmp_path / "acme", "hall")
        assert json.loads(path.read_text())[pinned.FROM] == "${HALL_URL}/api.json" and side.address not in path.read_text()
        seat = hall.document["paths"]["/seats/{id}"]
        seat["get"]["parameters"] = [{"name": "row", "in": "query", "required": True, "schema": {"type": "integer"}}]
        (wrong,) = found_of(tmp_path, side)["wrong"]
        assert "`switchboard pin hall`" in wrong
        before = path.read_text()
        told = json.loads(run(tmp_path, side, TOML, "pin", "--dry-run", "--json").stdout)
        words = ["tools.hall.calls.get_seat: the argument row is new and must be given."]
        assert (told, path.read_text()) == ({"kept": False, "changed": {"hall": words}}, before)
        assert json.loads(run(tmp_path, side, TOML, "pin", "hall", "--json").stdout)["changed"] == {"hall": words}
        assert "tools.hall: nothing has changed." in run(tmp_path, side, TOML, "pin").stderr
        nobody = run(tmp_path, side, TOML, "pin", "hull")
        assert nobody.returncode != 0 and "there is hall" in nobody.stderr


def test_facts_that_no_longer_fit_are_named_and_nothing_is_taken_over(tmp_path: Path) -> None:
    document = seats()
    with OtherSide(lambda _: [said(json.dumps(document))]) as side:
        calls = {"getSeat": {"effect": "read", "matches": {"id": "id"}}}
        one = source(tmp_path, f"{side.address}/api.json", calls, server=side.address)
        one.operations()
        path = pinned.path_of(tmp_path, "seats")
        kept = path.read_text()
        document["paths"]["/seats/{no}"] = document["paths"].pop("/seats/{id}")
        document["paths"]["/seats/{no}"]["parameters"][0]["name"] = "no"
        with pytest.raises(DeclarationError, match="matches names 'id'"):
            one.pin()
        assert path.read_text() == kept
        more = source(tmp_path, f"{side.address}/api.json", {"holdSeat": {"effect": "write"}}, server=side.address)
        with pytest.raises(DeclarationError, match="holdSeat"):
            more.pin()
        assert path.read_text() == kept
        new = source(tmp_path, f"{side.address}/api.json", {"getSeat": {"effect": "read"}}, server=side.address)
        assert new.pin() == ["tools.seats.calls.getSeat: the argument id is gone; the argument no is new and must be given."]
        assert "no" in tools(new)["getSeat"].arguments.model_fields
        elsewhere = source(tmp_path, f"{side.address}/other.json", {"getSeat": {"effect": "read"}}, server=side.address)
        with pytest.raises(DeclarationError, match="`switchboard pin seats`"):
            elsewhere.operations()
        assert elsewhere.pin() and elsewhere.operations()


def test_an_address_of_a_description_is_filled_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALL_URL", raising=False)
    one = source(tmp_path, "${HALL_URL}/api.json", {"getSeat": {"effect": "read"}})
    with pytest.raises(OperatorError, match="HALL_URL"):
        one.operations()
    with OtherSide(said(json.dumps(seats()))) as side:
        monkeypatch.setenv("HALL_URL", side.address)
        assert source(tmp_path, "${HALL_URL}/api.json", {"getSeat": {"effect": "read"}}).operations()
        assert source(tmp_path, "${HALL_URL}/api.json", {"getSeat": {"effect": "read"}}).problems() == []
    assert side.asked[0].target == "/api.json"


def test_what_changed_of_a_call_is_told_by_its_arguments_and_fields() -> None:
    def made(properties: Any, required: list[str], *declared: str, about: str = "Book.") -> Operation:
        return Operation("book", about, {"properties": properties, "required": required}, declared)

    old = made({"row": {"type": "integer"}, "day": {"type": "string"}, "why": {}, "key": {}}, ["row"], "id", "state")
    new = made({"row": {"type": "string"}, "day": {"type": "string", "enum": ["a"]}, "why": {}}, ["row", "why"], "id", "end")
    assert told_changes(old, new).split("; ") == [
        'the argument row is "string", and was "integer"',
        "the argument day takes other values",
        "the argument why must be given now",
        "the argument key is gone",
        "the field state of its answer is gone",
        "the field end of its answer is new",
    ]
    words = told_changes(old, made({**old.parameters["properties"]}, ["row"], "id", "state", about="Pay \x1b[1m me."))
    assert words.startswith('it is described as "Pay') and "\x1b" not in words
    assert "no argument" in told_changes(old, old)


def test_safe_is_a_word_for_what_reads(tmp_path: Path) -> None:
    document = described({"/search": {"post": answering({"type": "object"})}})
    with pytest.raises(ValueError, match="safe is for what reads"):
        source(tmp_path, document, {"s": {"effect": "write", "operation": "POST /search", "safe": True}}, server="http://x")
