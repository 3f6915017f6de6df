"""What a model left for somebody else to fill in is neither sent nor written down; brackets that mean something are."""

import json
from pathlib import Path

import pytest
from support.toys import find_customer, look_up, run

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say, Unsure
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult
from switchboard.models.answers.placeholders import placeholder_in
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls

LEFT = [
    "Kind regards, [Your Name]",
    "Dear [Customer Name], it is on its way.",
    "Mit freundlichen Grüßen, [Ihr Name]",
    "Cordialement, [Votre nom]",
    "Un saludo, [Nombre del agente]",
    "It comes on [insert date].",
    "Write to <your email> then.",
    "Hello {{customer_name}}, thank you.",
    "Your number is ${ORDER}.",
    "It costs {total_price} in all.",
    "Lorem ipsum dolor sit amet.",
    "The number is XXXXXX.",
    "TODO: say when it comes.",
]
MEANT = [
    "It is in the catalogue [pumps.md#sizes].",
    "See [our page](https://example.com/your-name) for that.",
    "Sizes run from S to XXXL.",
    "He said it [sic] twice.",
    "The set {1, 2} has two members, and a < b > c.",
    "Take the M[8] bolt.",
    "To do: nothing on your side.",
    "",
]


@pytest.mark.parametrize("text", LEFT)
def test_what_is_to_be_filled_in_is_found_in_four_languages(text: str) -> None:
    assert placeholder_in(text) in text and placeholder_in(text)


@pytest.mark.parametrize("text", MEANT)
def test_brackets_and_capitals_that_mean_something_are_let_pass(text: str) -> None:
    assert placeholder_in(text) == ""


def test_what_the_customer_or_an_article_wrote_so_may_be_repeated() -> None:
    text = "Write [your number] on the label."
    assert placeholder_in(text) == "[your number]" and placeholder_in(text, f"An article says: {text}") == ""


@pytest.mark.parametrize(
    ("label", "article"),
    [
        ("[Lieferadresse und Adresse ändern]", "Gehen Sie zu **Lieferadresse und Adresse ändern**."),
        ("[Adresse prüfen]", "Wählen Sie „Adresse prüfen“ und dann Weiter."),
        ("[Adresse prüfen]", "Wählen Sie „Adresse pru\u0308fen“ und dann Weiter."),
        ("[Datum wählen]", "Unter Mein Konto > Datum wählen steht der Tag."),
        ("[Modifier le montant]", "Appuyez sur [Modifier le montant](https://example.com/m)."),
        ("[Email us]", 'Press "Email us" below.'),
        ("[Order Number]", "The field <b>Order Number</b> is at the top."),
    ],
)
def test_the_label_of_a_button_that_an_article_carries_is_none(label: str, article: str) -> None:
    text = f"Bitte {label} und dann weiter."
    assert placeholder_in(text) == label and placeholder_in(text, json.dumps({"text": article}, ensure_ascii=False)) == ""


@pytest.mark.parametrize(
    ("blank", "article"),
    [
        ("[Ihr Name]", "Ihr Name und Ihre Anschrift stehen auf dem Schein."),
        ("[Order Number]", "The Order Number is on the label."),
        ("[insert the date]", "You can insert the date by hand."),
        ("[Adresse prüfen]", "Wir prüfen die Adresse."),
    ],
)
def test_what_is_left_to_fill_in_stays_so_beside_an_article_with_its_words(blank: str, article: str) -> None:
    assert placeholder_in(f"Danke, {blank}", article) == blank


def test_any_length_is_looked_at_in_no_time() -> None:
    for piece in ("[your ", "{a_", "<name", "[", "{{a "):
        assert placeholder_in(piece * 200_000) in ("", piece)


def greeted(tmp_path: Path, *replies: Reply) -> tuple[RunResult, ScriptedModel]:
    """A case of an agent whose rules are unsure, with a model that answers so."""
    greeter = AgentSpec(
        "greeter", "Greets.", "You greet.", lambda view: Unsure(Say("The rules greet you.")), tools=(find_customer, look_up)
    )
    team = TeamSpec("counter", "Greets.", {"greeter": greeter}, hub("greeter", {}), (Rule("approve"),))
    with ScriptedModel(replies) as model:
        gateway = Gateway(read_endpoints(json.dumps([{"model": "m", "base_url": model.url}])), retries=0)
        return run(tmp_path, team, "Hello", gateway=gateway), model


CUT = {"choices": [{"message": {"role": "assistant", "content": "Welcome, dear"}, "finish_reason": "length"}]}
BAD: dict[str, Reply] = {
    "a blank": "Welcome, [Customer Name]!",
    "a tool that is none": tool_calls([("open_the_door", {"door": 2})]),
    "a blank in a call": tool_calls([("look_up", {"number": "<your number>"})]),
    "an empty message": "",
    "a message that was cut off": json.dumps(CUT).encode(),
}
SAID = {
    "a blank": "'[Customer Name]' was left to be filled in",
    "a tool that is none": "there is no tool 'open_the_door' for you; you have find_customer, look_up",
    "a blank in a call": "'<your number>' was left to be filled in, in a call of look_up",
}


@pytest.mark.parametrize("what", BAD)
def test_an_answer_that_is_none_is_asked_for_once_more(what: str, tmp_path: Path) -> None:
    result, model = greeted(tmp_path, BAD[what], "Welcome, dear customer.")
    assert (result.document["reply"], result.end, model.count) == ("Welcome, dear customer.", "resolved", 2)
    if what in SAID:
        assert SAID[what] in model.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize("what", BAD)
def test_where_it_is_none_again_the_rules_answer(what: str, tmp_path: Path) -> None:
    result, model = greeted(tmp_path, BAD[what], BAD[what], "Welcome, dear customer.")
    assert (result.document["reply"], result.end, model.count) == ("The rules greet you.", "resolved", 2)
    assert any(e.kind == "decision" and e.text.endswith("The rules answer.") for e in result.run.transcript)
    assert not result.document["tool_calls"]
