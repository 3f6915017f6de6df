"""Danger goes to a person at once, whatever else is written and in whichever language; what only sounds like it does not."""

from pathlib import Path

import pytest
from support.own_shop import seeded

from agents.requests.reading import read
from agents.routing.danger import LEARNED, danger_of, dangers_made_from
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import run_team
from switchboard.reading.danger import danger_in, say_harmless
from switchboard.reading.words import lines

JONAS = {"email": "jonas.okafor@example.com"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The charger of my vacuum got so hot that it melted the socket, it is still smoking", "device"),
        ("Your lamp gave me an electric shock this morning. Order #W1000143.", "device"),
        ("there are flames coming out of the coffee grinder!!!", "device"),
        ("My power bank has a bulging battery", "device"),
        ("Der Akku ist aufgebläht und qualmt", "device"),
        ("La prise a pris feu hier soir", "device"),
        ("El cargador echa chispas cuando lo enchufo", "device"),
        ("My son had an allergic reaction to the towels and is in hospital", "health"),
        ("I cut my hand on the broken glass of the lamp", "health"),
        ("Meine Tochter wurde durch den Kocher verletzt", "health"),
        ("Mon fils s'est brûlé la main avec la poêle", "health"),
        ("If the parcel is not here tomorrow I want to die", "self_harm"),
        ("Ich will nicht mehr leben", "self_harm"),
        ("je vais me tuer", "self_harm"),
        ("quiero matarme", "self_harm"),
        ("Send the money or I will burn down your warehouse", "threat"),
        ("I know where you live", "threat"),
        ("The lamp works, but it smells a bit singed after an hour.", "device"),
        ("I get a little shock whenever I touch the metal of the kettle.", "device"),
        ("The handle came off and my foot is scalded.", "health"),
        ("Since we sleep in the sheets my son has a rash, and our doctor wants to know what is in them.", "health"),
        ("We had to take the cat to the vet after it chewed the cable.", "health"),
        ("What is the point of living when even this goes wrong", "self_harm"),
        ("I will come to your shop with a baseball bat", "threat"),
        ("Das Kabel ist angeschmort, und es riecht verbrannt.", "device"),
        ("La lampada fa scintille", "device"),
        ("De oplader rookt", "device"),
        ("O carregador pegou fogo", "device"),
    ],
)
def test_danger_is_told_in_four_languages(text: str, kind: str) -> None:
    found = read(text).danger
    assert found and found.kind == kind, found


@pytest.mark.parametrize(
    "text",
    [
        "Do you sell smoke detectors?",
        "Can the tent catch fire next to a stove?",
        "I am dying to get my kayak",
        "The price nearly killed me, is there a discount?",
        "I burned the receipt, can you send it again?",
        "Is the throw blanket hypoallergenic?",
        "Please send #W1000063 to Room 4, Mercy Hospital, 12 Hill Road, Salem, OR 97301",
        "shoot me an e-mail when it is there",
        "What is the fire rating of the door mat?",
        "I work in a hospital and need the invoice",
        "The lamp burned out after a month",
        "Your prices make me sick",
        "Do you sell carbon monoxide alarms?",
        "The explosion of colour on the rug is wonderful",
        "J'ai eu un choc en voyant les frais de port",
        "Quiero la manta en gris humo",
        "Ist die Lampe brandneu?",
        "The run stopped and cannot go on",
    ],
)
def test_words_that_only_sound_like_danger_are_none(text: str) -> None:
    assert read(text).danger is None


@pytest.mark.parametrize(
    ("opening", "later", "said"),
    [
        ("Where is #W1000002? By the way my other tent lamp started smoking.", (), "stop using the device"),
        ("Cancel order #W1000103, I ordered it by mistake.", ("yes, and the plug is sparking",), "stop using the device"),
        ("Meine Lampe brennt! Bestellung #W1000002", (), "rufen Sie die Feuerwehr"),
        ("I will kill myself if #W1000002 is not here tomorrow", (), "988"),
    ],
)
def test_danger_goes_to_a_person_at_once_wherever_it_is_written(
    opening: str, later: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    human = Prepared(later, live=bool(later))
    result = run_team(team, opening, engine=seeded(tmp_path), known=JONAS, human=human)
    assert result.end == "escalated"
    assert said in result.document["reply"] and "business day" not in result.document["reply"]
    assert not [c for c in result.document["tool_calls"] if c["tool"] == "cancel_pending_order" and c["status"] == "done"]
    [summary] = [c["arguments"]["summary"] for c in result.document["tool_calls"] if c["tool"] == "transfer_to_human_agents"]
    assert summary.startswith("URGENT")


def test_what_is_said_of_danger_is_in_the_language_that_tells_it() -> None:
    spanish, french = read("el enchufe echa humo").danger, read("la prise a pris feu").danger
    assert spanish and french and (spanish.language, french.language) == ("es", "fr")
    for text, language in {"esce fumo": "it", "a tomada deu faíscas": "pt", "er komt rook en brandlucht uit": "nl"}.items():
        found = read(text).danger
        assert found and found.language == language, "and not in that of another"


DATA = Path(__file__).parent / "data"


@pytest.mark.slow
def test_danger_is_noticed_in_words_that_nobody_has_listed() -> None:
    """Messages by other hands than the examples: 100 that tell of danger in seven languages, 250 that tell of none."""
    told, not_told = (lines(DATA / f"danger_{name}.txt") for name in ("told", "not_told"))
    missed = [text for text in told if not danger_of(text)]
    seen = [text for text in not_told if danger_of(text)]
    assert len(missed) <= len(told) * 0.09, missed
    assert len(seen) <= len(not_told) * 0.03, seen


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "the second one",
        "Yes, please do it.",
        "both of them",
        "12 Elm Street",
        "hi there",
        "Где мой заказ?",
        "Gdzie jest moja paczka?",
    ],
)
def test_an_answer_of_a_few_words_tells_of_no_danger(text: str) -> None:
    assert danger_of(text) is None


def test_what_was_learned_of_danger_is_that_of_the_present_examples() -> None:
    shipped = LEARNED.read_text("utf-8")
    assert shipped.startswith(f'{{"made_from":"{dangers_made_from()}"'), "run `python -m agents.learn`"
    assert len(shipped.encode()) < 1_000_000


def test_danger_that_stands_in_no_list_goes_to_a_person_first_of_all(tmp_path: Path) -> None:
    opening = "Hello, the rung of your ladder came off under my brother, he is on crutches now. And can you send me the bill?"
    assert read(opening).danger is None
    result = run_team(team, opening, engine=seeded(tmp_path), known=JONAS)
    assert result.end == "escalated"
    [summary] = [c["arguments"]["summary"] for c in result.document["tool_calls"] if c["tool"] == "transfer_to_human_agents"]
    assert summary.startswith("URGENT") and "crutches" in summary


@pytest.mark.slow
def test_somebody_who_is_lost_among_orders_is_in_no_danger() -> None:
    assert (
        danger_of("Forgive me, I am not sure any more what it was, I just want to know where the one for my son went") is None
    )


def test_what_a_project_calls_harmless_in_its_trade_is_no_danger_and_all_else_is() -> None:
    words = "Ich muss dringend zum Zahnarzt, wann ist etwas frei?"
    try:
        assert danger_in(words)
        say_harmless(["zum Zahnarzt", "a (b"])
        assert danger_in(words) is None
        found = danger_in("Ich muss zum Zahnarzt, mein Sohn ist gestürzt und blutet")
        assert found and found.kind == "health"
        assert danger_in("zum Zahnarzthaus, er ist im Krankenhaus")
    finally:
        say_harmless([])
    assert danger_in(words)
