"""A project without a line of Python: what its file says becomes a desk that works, and what is wrong in it has its line."""

import json
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from support.terminal import PLAIN, environment

from switchboard.errors import DeclarationError, OperatorError
from switchboard.plays.departments import Router
from switchboard.reading.languages import IN_PLACE, said, say_in_place
from switchboard.reading.spelling import hours_spelled
from switchboard.tables.project_file import ProjectFile, read_file
from switchboard.tables.schema import reference, schema
from switchboard.tables.team import desk_of

HALL = """
    name = "Acme Hall"
    currency = "EUR"
    time_zone = "Europe/Berlin"
    identity = "typed"
    articles = "articles"

    [hours]
    monday = "09:00-17:00"

    [ids.booking]
    form = 'B-\\\\d{3}'
    example = "B-000"
    prefix = "B-"

    [departments.bookings]
    about = "Bookings of the hall."
    examples = ["when is my booking", "I want to see my reservation", "which day did I book", "is the hall mine on Friday"]

    [departments.bills]
    about = "Bills and payments."
    examples = "bills.txt"

    [[approvals]]
    decision = "approve"
    effect = "send"
    """.replace("\\\\", "\\")
BILLS = "I did not get a bill\nthe bill is wrong\nyou charged me twice\nwhere is my receipt\n"
ARTICLE = "# The hall\n\n## When is the hall open?\n\nThe hall is open from 8 to 22 on every day but Sunday.\n"


def project(folder: Path, toml: str = HALL, **files: str) -> Path:
    made = folder / "hall"
    given = {"switchboard.toml": toml, "bills.txt": BILLS, "articles/hall.md": ARTICLE, **files}
    for name, text in given.items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return made


def switchboard(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    found = environment(folder, COLUMNS="200")
    return subprocess.run([*PLAIN, *arguments], cwd=folder, env=found, capture_output=True, text=True, timeout=120)


def asked(folder: Path, words: str, *more: str) -> Any:
    return json.loads(switchboard(folder, "ask", words, "--json", *more).stdout)


def wrong(folder: Path, toml: str) -> str:
    with pytest.raises((OperatorError, DeclarationError)) as caught:
        made = project(folder, toml)
        desk_of(made, read_file(made / "switchboard.toml"))
    return str(caught.value)


@pytest.mark.slow
def test_a_file_alone_makes_a_desk_that_answers_routes_and_hands_over(tmp_path: Path) -> None:
    here = project(tmp_path)
    answered = asked(here, "When is the hall open?")
    assert (answered["end"], "from 8 to 22" in answered["reply"]) == ("resolved", True)
    routed = asked(here, "Where is my receipt for last week?")
    assert (routed["department"], routed["end"]) == ("bills", "awaiting_customer")
    left = asked(here, "The thing with the thing.", "--case", routed["case_id"])
    assert left["end"] == "escalated"
    assert "We answer Monday 09:00–17:00 (Europe/Berlin)." in left["reply"]
    found = json.loads(switchboard(here, "route", "the bill is too high", "--json").stdout)
    assert found["department"] == "bills"


@pytest.mark.slow
def test_what_was_learned_is_kept_and_measured(tmp_path: Path) -> None:
    here = project(tmp_path)
    (here / "agents").mkdir()
    (here / "agents" / "__init__.py").touch()
    assert switchboard(here, "learn").returncode == 0
    kept = (here / "agents" / "learned.json").read_text()
    (here / "rows.jsonl").write_text(
        "\n".join(json.dumps({"text": text, "department": "bills"}) for text in ("the bill is not right", "sing a song"))
    )
    measured = json.loads(switchboard(here, "eval", "routing", "rows.jsonl", "--json").stdout)
    assert (measured["messages"], measured["right"], measured["unsure"]) == (2, 1, 1)
    assert switchboard(here, "eval", "routing", "bills.txt").returncode == 2
    (here / "unknown.jsonl").write_text('{"text": "x", "department": "biils"}')
    unknown = switchboard(here, "eval", "routing", "unknown.jsonl")
    assert (unknown.returncode, "'biils'; there is bookings, bills" in unknown.stderr) == (2, True)
    (here / "bills.txt").write_text(BILLS + "what is this amount\n")
    assert switchboard(here, "learn").returncode == 0
    assert (here / "agents" / "learned.json").read_text() != kept


WRONG = {
    "a department without a sentence": (f"{HALL}\n[departments.x]\n", '"departments.x.about" is missing'),
    "a misspelt key of a department": (
        f'{HALL}\n[departments.x]\nabout = "X."\nexample = []\n',
        'there is no key "departments.x.example"; did you mean "examples"',
    ),
    "a tool that is nowhere": (f'{HALL}\n[departments.x]\nabout = "X."\ntools = ["get"]\n', "no source has a call 'get'"),
    "a play that is nowhere": (f'{HALL}\n[departments.x]\nabout = "X."\nplays = ["gone"]\n', "gone.toml"),
    "a form that is slow": (f"{HALL}\n[ids.x]\nform = '(\\d+)+'\nexample = '1'\n", "more than a plain one needs"),
    "a form of card numbers": (f"{HALL}\n[ids.x]\nform = '\\d{{16}}'\nexample = '{'4' * 16}'\n", "is that of card numbers"),
    "an example of another form": (f"{HALL}\n[ids.x]\nform = '\\d'\nexample = '12'\n", "is not of the form"),
    "a rule that decides nothing": (f'{HALL}\n[[approvals]]\ndecision = "maybe"\n', '"approvals.decision" is wrong'),
    "hours that end before they begin": (HALL.replace("09:00-17:00", "17:00-09:00"), "ends before it begins"),
    "a zone that is none": (HALL.replace("Europe/Berlin", "Europe/Atlantis"), "is no time zone"),
    "a folder outside of the project": (HALL.replace('"articles"', '".."'), "is outside of the project"),
    "a file that is not there": (HALL.replace('"bills.txt"', '"none.txt"'), "is not there"),
    "the name of another agent": (f'{HALL}\n[departments.notes]\nabout = "X."\n', "another agent's"),
    "policy without a desk": ('name = "A"\npolicy = "p.md"\n', "there is none"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, name: str) -> None:
    toml, words = WRONG[name]
    assert words in wrong(tmp_path, toml)


PLAY = """
    about = "The customer wants to know when a booking is."
    examples = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    told = "{booking} is on {get_booking.day}."

    [[slots]]
    name = "booking"
    ask = "Which booking is it?"
    id = "booking"

    [[reads]]
    tool = "get_booking"
    arguments = { booking = "booking" }
    """


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "booking"', 'id = "order"', "is read by the id 'order'; there is booking"),
        ("get_booking.day", "get_hall.day", "names 'get_hall.day' in told, which nothing before it finds"),
        ("about =", "abou =", 'line 1: there is no key "abou"; did you mean "about"'),
        ('"six", "seven", "eight"', '"six"', "6 examples are too few"),
        ("", "", "the play when calls get_booking, which it does not hold"),
        ('told = "{booking} is on {get_booking.day}."', "", "`told` says what the customer hears"),
    ],
)
def test_what_is_wrong_in_a_play_names_its_file(tmp_path: Path, old: str, new: str, words: str) -> None:
    toml = f'{HALL}\n[departments.x]\nabout = "X."\nplays = ["when"]\n'
    made = project(tmp_path, toml, **{"agents/plays/when.toml": PLAY.replace(old, new), "agents/__init__.py": ""})
    with pytest.raises((OperatorError, DeclarationError)) as caught:
        desk_of(made, read_file(made / "switchboard.toml"))
    assert words in str(caught.value)
    assert "when" in str(caught.value)


def test_amounts_of_rules_are_in_units_of_the_currency(tmp_path: Path) -> None:
    rule = '\n[[approvals]]\ndecision = "ask"\neffect = "write"\nabove = 49.99\n'
    made = project(tmp_path, HALL + rule)
    assert desk_of(made, read_file(made / "switchboard.toml")).approvals[-1].above == 4999
    made = project(tmp_path, HALL.replace("EUR", "JPY") + rule.replace("49.99", "5000"))
    assert desk_of(made, read_file(made / "switchboard.toml")).approvals[-1].above == 5000


def test_without_rules_nothing_is_written_without_two_yeses(tmp_path: Path) -> None:
    made = project(tmp_path, HALL.partition("[[approvals]]")[0])
    decisions = [rule.decision for rule in desk_of(made, read_file(made / "switchboard.toml")).approvals]
    assert decisions[-5:] == ["approve", "approve", "approve", "confirm", "ask"]


def test_messages_stand_in_place_of_the_programs_own() -> None:
    try:
        say_in_place({"en": {"soon": "Tomorrow.", "case": {"added": "Kept."}}})
        assert (said("soon", "en"), said("case.added", "en")) == ("Tomorrow.", "Kept.")
        assert said("soon", "de") != "Tomorrow."
        for given, words in (
            ({"en": {"no": "x"}}, "no message"),
            ({"tlh": {"soon": "x"}}, "are said in"),
            ({"en": {"soon": "{x}"}}, "no {x}"),
            ({"en": {"soon": "x" * 2000}}, "up to 1000 characters"),
        ):
            with pytest.raises(ValueError, match=words):
                say_in_place(given)
        assert said("soon", "en") == "Tomorrow."
    finally:
        say_in_place({})
    assert IN_PLACE == {}


def test_hours_are_spelled_in_the_customers_language() -> None:
    week = [(0, "09:00-18:00"), (1, "09:00-18:00"), (2, "09:00-18:00"), (4, "09:00-16:00")]
    assert hours_spelled(week, "Europe/Berlin", "en") == "Monday to Wednesday 09:00–18:00, Friday 09:00–16:00 (Europe/Berlin)"
    assert hours_spelled(week, "Europe/Berlin", "de").startswith("Montag bis Mittwoch 09:00–18:00, Freitag")


def test_a_router_is_sure_or_silent() -> None:
    router = Router({"bills": BILLS.splitlines(), "bookings": ["when is my booking", "which day did I book"]})
    assert router.route("the bill is wrong").department == "bills"
    for words in ("", "what is the capital of that country", "zzz qqq", "hello"):
        assert router.route(words).department == ""
    assert Router({}).route("the bill is wrong").department == ""


def test_the_schema_says_what_each_key_is() -> None:
    found = schema()
    keys = {**found["properties"], **{k: v for one in found["$defs"].values() for k, v in one.get("properties", {}).items()}}
    assert [name for name, key in keys.items() if not key.get("description")] == []
    page = reference()
    assert all(f"`{name}`" in page for name in ProjectFile.model_fields)
    assert "## `[departments.NAME]`" in page and "## `[tools.NAME.calls.NAME]`" in page


def test_a_rule_names_a_tool_that_there_is(tmp_path: Path) -> None:
    rule = '\n[[approvals]]\ndecision = "reject"\ntool = "search_article"\n'
    assert "did you mean 'search_articles'" in wrong(tmp_path, HALL + rule)


ROWS = """
    [tools.rows]
    sql = "sqlite:///rows.db"

    [tools.rows.calls.get]
    effect = "read"
    query = "SELECT day FROM bookings WHERE id = :id"
    """


def test_a_call_that_finds_what_is_somebodys_says_whose(tmp_path: Path) -> None:
    listed = '\n[departments.x]\nabout = "X."\ntools = ["get"]\n[[approvals]]\ndecision = "approve"\neffect = "read"\n'
    assert "calls.get: nothing says whose it is" in wrong(tmp_path, HALL + listed + dedent(ROWS))
    made = project(tmp_path, HALL + listed + dedent(ROWS) + "public = true\n")
    assert "get" in desk_of(made, read_file(made / "switchboard.toml")).tools


@pytest.mark.slow
def test_two_departments_with_one_example_are_told_by_check(tmp_path: Path) -> None:
    same = '\n[departments.x]\nabout = "X."\nexamples = ["when is my booking"]\n'
    checked = switchboard(project(tmp_path, HALL + same), "check", "--json")
    odd = [row["text"] for row in json.loads(checked.stdout)["findings"] if row["state"] == "odd"]
    assert any("have the same example 'when is my booking'" in text for text in odd), odd


def test_the_examples_of_a_play_in_python_tell_its_department(tmp_path: Path) -> None:
    play = """
        from switchboard.declare.play import Play

        SENTENCES = "lost my scarf,left a bag,forgot my keys,lost my hat,left my coat,forgot a bag,lost my keys,left my scarf"
        play = Play("lost", "Something was left in the hall.", "We look for it.", tuple(SENTENCES.split(",")))
        """
    lost = '\n[departments.things]\nabout = "What was left in the hall."\nplays = ["lost"]\n'
    here = project(tmp_path, HALL + lost, **{f"agents/{name}": "" for name in ("__init__.py", "plays/__init__.py")})
    (here / "agents" / "plays" / "lost.py").write_text(dedent(play).lstrip(), "utf-8")
    found = json.loads(switchboard(here, "route", "I left my scarf", "--json").stdout)
    assert found["department"] == "things"
