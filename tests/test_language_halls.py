"""A hall of bookings in German and in French: whole conversations by rules alone, and nothing is done without a yes."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from support.toys import statuses, told
from support.translated import AS_SEEDED, saal, salle, seed

from switchboard.consent.codes import Codes, codes
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Prepared
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.events.masking import hidden
from switchboard.loop.drive import RunResult, run_team
from switchboard.mail.letters import Letter
from switchboard.reading.languages import said

ENGLISH = re.compile(
    r"\b(?:the|you|your|please|and|is|are|not|colleague|with|what|shall|done|booking|which|write|nothing|i|this|that|of|to|yes)\b",
    re.IGNORECASE,
)
ADA, BO = "ada@example.com", "bo@example.com"


def spoken(result: RunResult) -> list[str]:
    """All that the customer heard."""
    return [e.text for e in result.run.transcript if e.kind == "message" and e.speaker != "customer"]


def written(
    folder: Path, team: TeamSpec, *words: str, email: str = ADA, approvals: Sequence[bool] = ()
) -> tuple[RunResult, dict[str, tuple[str, str]]]:
    """The conversation, and what it changed."""
    engine = open_engine(sqlite_url(folder / "hall.db"))
    seed(engine)
    try:
        known = {"email": email} if email else {}
        result = run_team(team, words[0], engine=engine, human=Prepared(words[1:], approvals), known=known)
        with engine.connect() as rows:
            now = {row.id: (row.day, row.state) for row in rows.execute(text("SELECT id, day, state FROM bookings"))}
    finally:
        engine.dispose()
    assert [one for one in spoken(result) if ENGLISH.search(one)] == []
    agreed = [e for e in result.run.transcript if e.kind == "consent" and e.stance == "yes"]
    done = [
        e
        for e in result.run.transcript
        if e.kind == "result" and e.status == "done" and e.tool in ("cancel_booking", "move_booking")
    ]
    assert {e.call_id for e in done} <= {e.call_id for e in agreed}, "nothing is done without a yes"
    return result, {number: state for number, state in now.items() if state != AS_SEEDED[number]}


CANCELLED = ("2026-08-07", "cancelled")


@pytest.mark.parametrize(
    ("team", "words", "ends"),
    [
        (
            saal(), ("Guten Tag, sagen Sie bitte B-102 ab, wir brauchen den Saal nicht mehr.", "ja bitte"),
            "Die Buchung B-102 am 7. August 2026 ist abgesagt. Sie bekommen 1.234,56 EUR.",
        ),
        (
            saal(), ("Ich moechte meine Buchung kuendigen", "die zweite", "es war ein Versehen", "passt so"),
            "Die Buchung B-102 am 7. August 2026 ist abgesagt. Sie bekommen 1.234,56 EUR.",
        ),
        (
            salle(), ("Bonjour, annulez B-102 s'il vous plaît, nous n'en avons plus besoin.", "oui"),
            "La réservation B-102 du 7 août 2026 est annulée. Vous recevez 1 234,56 EUR.",
        ),
        (
            salle(), ("JE VOUDRAIS ANNULER MA RESERVATION", "celle du 7 août", "c'était une erreur", "d'accord"),
            "La réservation B-102 du 7 août 2026 est annulée. Vous recevez 1 234,56 EUR.",
        ),
    ],
)  # fmt: skip
def test_a_wish_is_read_back_done_and_told(tmp_path: Path, team: TeamSpec, words: tuple[str, ...], ends: str) -> None:
    result, changed = written(tmp_path, team, *words)
    assert (told(result), changed) == (ends, {"B-102": CANCELLED})


def test_what_is_missing_is_asked_for_in_a_list(tmp_path: Path) -> None:
    result, changed = written(tmp_path, saal(), "Ich würde gern eine Buchung stornieren")
    assert told(result).splitlines() == [
        "Um welche Buchung geht es?", "1. B-101 am 3. August 2026", "2. B-102 am 7. August 2026", "3. B-103 am 1. Mai 2026",
    ]  # fmt: skip
    result, changed = written(tmp_path, salle(), "Pourriez-vous annuler une réservation ?")
    assert told(result).splitlines()[3] == "3. B-103 le 1er mai 2026" and changed == {}


@pytest.mark.parametrize(
    ("team", "words", "says"),
    [
        (saal(), "Bitte sagen Sie die Buchung B-101 nicht ab!", said("play.left", "de")),
        (saal(), "B-101 stornieren. Ach nein, doch nicht", said("play.left", "de")),
        (saal(), "Könnte ich B-101 vielleicht absagen?", said("play.shall_i", "de")),
        (saal(), "Bitte B-103 stornieren, das war ein Versehen", "Die Buchung B-103 liegt zurück, daran lässt sich nichts"),
        (saal(), "B-101 oder B-102 stornieren, beide brauchen wir nicht", "Sie haben B-101 und B-102 genannt."),
        (saal(), "Bitte B-900 absagen, ein Versehen", "Unter B-900 finde ich nichts. Um welche Buchung geht es?"),
        (saal(), "Bitte B-101 auf Sonntag verlegen", "Sonntag geht leider nicht. Welcher Tag soll es sein?"),
        (salle(), "N'annulez pas B-101", said("play.left", "fr")),
        (salle(), "Annulez ma réservation B-101. Finalement non.", said("play.left", "fr")),
        (salle(), "Puis-je annuler ma réservation B-101 ?", said("play.shall_i", "fr")),
        (salle(), "Annulez B-103, c'était une erreur", "La réservation B-103 est passée, on ne peut plus rien y changer."),
        (salle(), "Annulez B-101 ou B-102, plus besoin", "Vous avez nommé B-101 et B-102."),
        (salle(), "Déplacez B-101 à dimanche", "dimanche n'est pas possible. Quel jour vous faut-il ?"),
    ],
)  # fmt: skip
def test_what_is_denied_asked_about_or_not_possible_changes_nothing(
    tmp_path: Path, team: TeamSpec, words: str, says: str
) -> None:
    result, changed = written(tmp_path, team, words)
    assert told(result).startswith(says) and changed == {}


@pytest.mark.parametrize(
    ("team", "words", "left"),
    [
        (saal(), ("Bitte B-102 absagen, wird nicht gebraucht", "nein danke"), said("read_back.left", "de")),
        (saal(), ("Bitte B-102 absagen, wird nicht gebraucht", "auf keinen Fall"), said("read_back.left", "de")),
        (saal(), ("Bitte B-102 absagen, wird nicht gebraucht", "ja, aber erst morgen"), said("read_back.instead", "de")),
        (salle(), ("Annulez B-102, plus besoin", "non merci"), said("read_back.left", "fr")),
        (salle(), ("Annulez B-102, plus besoin", "oui mais demain"), said("read_back.instead", "fr")),
    ],
)
def test_a_no_or_a_yes_with_more_leaves_it(tmp_path: Path, team: TeamSpec, words: tuple[str, ...], left: str) -> None:
    result, changed = written(tmp_path, team, *words)
    assert (told(result), changed) == (left, {})


def test_a_question_in_place_of_a_yes_is_read_back_once_more(tmp_path: Path) -> None:
    asked = ("Bitte B-102 absagen, wird nicht gebraucht", "Wann bekomme ich das Geld?", "ja")
    result, changed = written(tmp_path, saal(), *asked)
    assert said("read_back.no_answer", "de") in spoken(result)[1] and changed == {"B-102": CANCELLED}


def test_of_two_wishes_one_is_done_and_the_other_named(tmp_path: Path) -> None:
    result, changed = written(tmp_path, saal(), "B-102 stornieren, es war falsch, und B-101 auf Freitag verschieben", "ja")
    assert "„B-101 auf Freitag verschieben“" in told(result) and changed == {"B-102": CANCELLED}
    both = "Annulez B-102, c'était une erreur, et déplacez B-101 à vendredi"
    (tmp_path / "fr").mkdir()
    result, changed = written(tmp_path / "fr", salle(), both, "oui")
    assert "« déplacez B-101 à vendredi »" in told(result) and changed == {"B-102": CANCELLED}


def test_what_is_left_alone_is_not_taken(tmp_path: Path) -> None:
    result, changed = written(tmp_path, saal(), "Sagen Sie B-102 ab, aber nicht B-101, wir brauchen es nicht mehr", "ja")
    assert changed == {"B-102": CANCELLED}, told(result)


@pytest.mark.parametrize(
    ("team", "words", "says"),
    [
        (saal(), "Hilfe, im Saal brennt es und überall ist Rauch", said("danger.device", "de")),
        (salle(), "Au secours, il y a le feu dans la salle", said("danger.device", "fr")),
        (saal(), "Ich habe gestern meine Mütze im Saal liegen lassen", "Schade, dass es weg ist. Das Büro sucht danach."),
        (salle(), "J'ai oublié mon parapluie dans la salle", "C'est dommage. Le bureau le cherche."),
        (saal(), "Vorrei cancellare la mia prenotazione, per favore", "Das Büro schreibt"),
        (saal(), "Хочу отменить бронь B-101", "Das Büro schreibt"),
        (salle(), "Quero cancelar a minha reserva B-101, por favor", "Le bureau vous écrit"),
        (saal(), "Je voudrais annuler ma réservation, s'il vous plaît", f"{said('play.has_it', 'fr')} Das Büro schreibt"),
    ],
)
def test_danger_loss_and_other_languages_go_to_a_person(tmp_path: Path, team: TeamSpec, words: str, says: str) -> None:
    result, changed = written(tmp_path, team, words)
    assert (result.end, changed) == ("escalated", {}) and told(result).startswith(says)
    assert statuses(result)[-1] == ("call_the_office", "done")


def test_who_is_not_known_is_asked_and_then_helped(tmp_path: Path) -> None:
    result, changed = written(tmp_path, saal(), "Bitte B-102 absagen, wird nicht gebraucht", "zoe@example.com", "hm", email="")
    assert spoken(result)[0] == said("play.who", "de") and result.end == "escalated" and changed == {}


def test_an_operators_no_and_an_open_approval_are_told(tmp_path: Path) -> None:
    rules = (Rule("ask", tool="cancel_booking"),)
    result, changed = written(tmp_path, saal(*rules), "Bitte B-102 absagen, wird nicht gebraucht", approvals=[False])
    assert told(result) == said("play.not_let_pass", "de") and changed == {}


@tool(effect="read", public=True, verifies=True, address=lambda session, customer_id, given: f"{customer_id}@example.com")
def find_by_code(ctx: Context, email: str) -> str:
    """Find a member, who is sent a code."""
    ctx.verify(email.split("@")[0])
    return email.split("@")[0]


class Box:
    """Who keeps the letters that are sent."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def probe(self) -> str:
        return ""

    def code(self) -> str:
        return next(match[0] for match in re.finditer(r"\b\d{6}\b", self.letters[-1].text))


@pytest.mark.parametrize(
    ("team", "language", "words", "told_last"),
    [
        (saal(), "de", ("Bitte B-102 absagen, wird nicht gebraucht", "Er ist nicht angekommen", "ja"), "Die Buchung B-102"),
        (salle(), "fr", ("Annulez B-102, plus besoin", "je n'ai rien reçu", "oui"), "La réservation B-102"),
    ],
)
def test_a_code_is_asked_for_and_mailed_in_the_language(
    tmp_path: Path, team: TeamSpec, language: str, words: tuple[str, ...], told_last: str
) -> None:
    box = Box()
    desk = team.members["desk"]
    own = replace(desk, tools=tuple(find_by_code if one.verifies else one for one in desk.tools))
    team = replace(team, members={**team.members, "desk": own})

    def answers() -> Iterator[str]:
        yield ADA
        yield words[1]
        yield "000000" if box.code() != "000000" else "000001"
        yield box.code()
        yield words[2]

    engine = open_engine(sqlite_url(tmp_path / "hall.db"))
    seed(engine)
    codes.metadata.create_all(engine)
    made = Codes(b"k" * 32, box)
    result = run_team(team, words[0], engine=engine, human=Prepared(answers()), identity="code", codes=made)
    engine.dispose()
    heard = spoken(result)
    to = hidden(ADA)
    assert heard[:3] == [said("play.who", language), *[said("code.sent_to", language, to=to, minutes="10")] * 2]
    assert heard[3] == said("code.wrong", language, left="4") and told(result).startswith(told_last)
    subject, text = box.letters[0].subject, box.letters[0].text
    assert len(box.letters) == 2 and subject == said("code.subject", language, us=said("code.us", language))
    assert [one for one in (*heard, subject, text) if ENGLISH.search(one.replace(to, ""))] == []


TURNS = {
    "de": (
        saal(),
        [
            "Bitte B-102 absagen", "ich brauche sie nicht mehr", "ja", "nein danke", "die erste", "B-101",
            "Sagen Sie B-101 nicht ab",
            "auf Donnerstag verschieben", "Wann ist das?", "Danke!", "hm", "doch nicht", "Kann ich B-101 stornieren?",
            "ein Versehen",
            "beide", "vergessen Sie es", "Montag", "wie bitte", "ich möchte B-101 verlegen", "passt so", "stornieren",
        ],
    ),
    "fr": (
        salle(),
        [
            "Annulez B-102", "plus besoin", "oui", "non merci", "la première", "B-101", "N'annulez pas B-101", "à jeudi",
            "merci",
            "Quand est-ce ?", "hm", "finalement non", "Puis-je annuler B-101 ?", "une erreur", "les deux", "oubliez", "lundi",
            "pardon", "je voudrais déplacer B-101", "d'accord", "annuler",
        ],
    ),
}  # fmt: skip


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TURNS)), st.data())
def test_in_whatever_order_it_is_said_nothing_is_done_without_a_yes(language: str, data: st.DataObject) -> None:
    team, turns = TURNS[language]
    words = data.draw(st.lists(st.sampled_from(turns), min_size=1, max_size=7))
    with tempfile.TemporaryDirectory() as folder:
        result, changed = written(Path(folder), team, *words)
    yes = {"ja", "passt so", "oui", "d'accord"}
    assert not changed or yes & {*words}, told(result)
