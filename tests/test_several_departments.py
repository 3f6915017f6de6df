"""A message about matters of several departments: the reception of a desk without rules gives each its own words."""

from pathlib import Path
from typing import Any

import pytest
from support.toys import call_a_human, find_customer, run

from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Prepared
from switchboard.declare.play import Play, Process, Slot, Step
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import tool
from switchboard.flows.hub import hub
from switchboard.plays.asked.several import matters_in

BIKE = Slot("bike", "Which bike?", r"R-\d{3}")


@tool(effect="write", public=True)
def give_back(bike: str) -> dict[str, Any]:
    """Take a bike back."""
    return {"bike": bike}


def play(name: str, told: str, deeds: str, *examples: str) -> Play:
    does = Step("give_back", {"bike": "bike"}) if deeds else None
    slots = (BIKE,) if deeds else ()
    return Play(
        name,
        "It is about that.",
        "A colleague looks.",
        examples * 2,
        of_customer=bool(deeds),
        process=Process(told, slots=slots, does=does, deeds=deeds),
    )


PLAYS = {
    "en": (
        play("back", "{bike} is back.", "return|give back|bring back", "I want to return the bike", "return bike R-000",
             "can I give back my bike", "bring back the bike R-000"),
        play("route", "The lake path is open.", "", "is the lake path open", "which path along the lake is open",
             "can we ride around the lake", "is the lake path dry"),
    ),
    "de": (
        play("back", "{bike} ist zurück.", "zurückgeben|geb|abgeb", "ich möchte das Rad zurückgeben", "Rad R-000 zurückgeben",
             "ich gebe mein Rad ab", "bitte das Rad R-000 zurückgeben"),
        play("route", "Der Seeweg ist offen.", "", "ist der Seeweg offen", "welcher Weg am See ist offen",
             "kann man um den See fahren", "ist der Seeweg trocken"),
    ),
    "fr": (
        play("back", "{bike} est rendu.", "rend|rapport", "je veux rendre le vélo", "rendre le vélo R-000",
             "je rapporte mon vélo", "rapportez le vélo R-000"),
        play("route", "Le sentier du lac est ouvert.", "", "le sentier du lac est-il ouvert", "quel sentier du lac est ouvert",
             "peut-on faire le tour du lac", "le sentier du lac est-il sec"),
    ),
    "es": (
        play("back", "{bike} está devuelta.", "devolv|devuelv", "quiero devolver la bicicleta", "devolver la bicicleta R-000",
             "devuelvo mi bicicleta", "devuelvan la bicicleta R-000"),
        play("route", "El camino está abierto.", "", "está abierto el camino del lago", "qué camino del lago está abierto",
             "se puede dar la vuelta al lago", "está seco el camino del lago"),
    ),
}  # fmt: skip
TWO = [
    ("en", "Please return bike R-207. And is the lake path open?", ["rental", "tours"]),
    ("en", "Is the lake path open, and I want to return bike R-207, thanks", ["tours", "rental"]),
    ("de", "Bitte das Rad R-207 zurückgeben. Ist der Seeweg offen?", ["rental", "tours"]),
    ("de", "Ist der Seeweg offen, und ich möchte das Rad R-207 zurückgeben", ["tours", "rental"]),
    ("fr", "Je veux rendre le vélo R-207. Et le sentier du lac est-il ouvert ?", ["rental", "tours"]),
    ("fr", "Le sentier du lac est-il ouvert, et je veux rendre le vélo R-207", ["tours", "rental"]),
    ("es", "Quiero devolver la bicicleta R-207. ¿Está abierto el camino del lago?", ["rental", "tours"]),
]
ONE = [
    ("en", "Please return bike R-207. We have been around the town and it is late."),
    ("en", "Please return bike R-207 and R-208"),
    ("en", "I do not want to return bike R-207. Is the lake path open?"),
    ("de", "Bitte das Rad R-207 zurückgeben, weil der Reifen platt ist."),
    ("fr", "Je veux rendre le vélo R-207. Merci d'avance !"),
    ("es", "Quiero devolver la bicicleta R-207 y la R-208"),
]


def of(language: str) -> dict[str, tuple[Play, ...]]:
    back, route = PLAYS[language]
    return {"rental": (back,), "tours": (route,)}


@pytest.mark.parametrize(("language", "text", "to"), TWO)
def test_two_matters_go_each_where_they_belong_with_their_own_words(language: str, text: str, to: list[str]) -> None:
    found = matters_in(text, of(language), None, language)
    assert [one.to for one in found] == to
    words = {one.to: one.words for one in found}
    assert "R-207" in words["rental"] and "R-207" not in words["tours"]


@pytest.mark.parametrize(("language", "text"), ONE)
def test_one_matter_is_left_whole(language: str, text: str) -> None:
    assert matters_in(text, of(language), None, language) == []


@pytest.mark.parametrize("routed", ["Which helmet fits a small head?", "Could you recommend a helmet, please?"])
def test_a_request_that_no_play_knows_goes_where_it_is_routed(routed: str) -> None:
    found = matters_in(f"Please return bike R-207. {routed}", of("en"), lambda text: "shop" if "helmet" in text else "", "en")
    assert [(one.to, one.words) for one in found] == [("rental", "Please return bike R-207."), ("shop", routed)]


def test_what_is_only_remarked_is_not_routed() -> None:
    said = "Please return bike R-207. The helmet was fine."
    assert matters_in(said, of("en"), lambda text: "shop" if "helmet" in text else "", "en") == []


def test_both_are_done_one_after_the_other(tmp_path: Path) -> None:
    result = run(tmp_path, desk(), "Please return bike R-207. And is the lake path open?", Prepared(["yes"]))
    said = [e.text for e in result.run.transcript if e.kind == "message" and e.speaker in ("rental", "tours")]
    assert (result.end, said[1:]) == ("resolved", ["R-207 is back.", "The lake path is open."])


def test_who_does_not_want_the_one_is_told_the_other(tmp_path: Path) -> None:
    result = run(tmp_path, desk(), "Please return bike R-207. And is the lake path open?", Prepared(["no"]))
    assert (result.end, result.document["reply"].splitlines()[-1]) == ("resolved", "The lake path is open.")


def test_what_nobody_knows_is_with_a_person(tmp_path: Path) -> None:
    words = "Is the lake path open? Could you recommend a helmet, please?"
    result = run(tmp_path, desk(routes=lambda text: "shop" if "helmet" in text else ""), words, Prepared(["a red one"]))
    assert result.end == "escalated" and "The lake path is open." in [
        e.text for e in result.run.transcript if e.kind == "message"
    ]


def desk(**facts: Any) -> TeamSpec:
    back, route = PLAYS["en"]
    held = (find_customer, call_a_human)
    members = {
        "reception": AgentSpec("reception", "Meets.", "You meet.", tools=held, **facts),
        "rental": AgentSpec("rental", "Bikes.", "You rent.", tools=(*held, give_back), plays=(back,)),
        "tours": AgentSpec("tours", "Paths.", "You know paths.", tools=held, plays=(route,)),
        "shop": AgentSpec("shop", "Helmets.", "You sell.", tools=held),
        "closer": AgentSpec("closer", "Notes.", "You note."),
    }
    rules = (Rule("confirm", effect="write"), *(Rule("approve", effect=one) for one in ("read", "send", "write")))
    return TeamSpec("bikes", "", members, hub("reception", {"rental": [], "tours": [], "shop": []}, "closer"), rules)


def test_of_a_message_too_long_to_be_read_whole_what_stands_behind_is_with_the_last_matter() -> None:
    rest = f"{'The sun was out all day. ' * 230}And please return bike R-208."
    found = matters_in(f"Please return bike R-207. And is the lake path open? {rest}", of("en"), None, "en")
    assert [one.to for one in found] == ["rental", "tours"] and found[1].words.endswith(rest)
