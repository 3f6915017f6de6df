"""What support does without a model."""

import pytest
from sqlalchemy import Engine
from support.department import arguments_of, ask, calls_of

from agents.desk.support import agent
from switchboard.declare.moves import Calls, Say
from switchboard.declare.transcript import View


def test_an_error_code_is_answered_by_its_own_article_with_the_citation(shop: Engine) -> None:
    run = ask(agent, shop, "My coffee machine shows error E23 and does not heat any more.")
    assert "cool for 30 minutes" in run["reply"] and "[error-codes.md#e23-overheated-coffee-machine]" in run["reply"]
    assert "open a ticket" in run["reply"] and "open_ticket" not in calls_of(run) and run["end"] == "resolved"


@pytest.mark.parametrize("words", ["our application has stopped working, do something please", "network trouble"])
def test_some_program_or_network_is_asked_which_before_a_ticket_is_opened(shop: Engine, words: str) -> None:
    run = ask(agent, shop, words)
    assert run["reply"].startswith("Which device is it") and "open_ticket" not in calls_of(run)


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("The lamp will not pair with the app", "smart-lamp.md#the-lamp-is-not-found"),
        ("my e-bike battery does not charge", "e-bike-battery.md#the-battery-does-not-charge"),
        ("The app crashes when I open it", "app-will-not-sync.md#the-app-crashes-or-stays-white"),
        ("no sound from my speaker", "wifi-speaker.md#no-sound"),
        ("How do I descale my espresso machine?", "coffee-machine-descaling.md#descale-step-by-step"),
    ],
)
def test_a_symptom_finds_the_section_that_helps_against_it(shop: Engine, words: str, anchor: str) -> None:
    assert f"[{anchor}]" in ask(agent, shop, words)["reply"]


def test_chatter_around_the_symptom_does_not_hide_it(shop: Engine) -> None:
    words = "Hi there, I bought a wifi speaker from you last month and since yesterday it won't connect to my network any more"
    reply = ask(agent, shop, words)["reply"]
    assert "1. Move it within 5 metres" in reply and "5. Reset the speaker" in reply


def test_a_code_that_no_article_knows_is_not_answered_by_another_codes_remedy(shop: Engine) -> None:
    run = ask(agent, shop, "error E99 on my speaker")
    assert calls_of(run)[-1] == "open_ticket" and "E99" in arguments_of(run, "open_ticket")["summary"]
    assert "T0000" in run["reply"] and "do not guess" in run["reply"]


def test_a_device_that_no_article_is_about_gets_a_ticket(shop: Engine) -> None:
    run = ask(agent, shop, "My robot vacuum makes a terrible noise", email="emma.lindqvist@example.com")
    assert arguments_of(run, "open_ticket")["department"] == "support" and run["end"] == "awaiting_customer"


def test_a_vague_complaint_gets_one_question_and_the_answer_is_used(shop: Engine) -> None:
    run = ask(agent, shop, "my coffee machine is broken", "it leaks")
    assert "[coffee-machine-descaling.md#it-leaks]" in run["reply"] and "open_ticket" not in calls_of(run)


def test_a_complaint_that_stays_vague_gets_a_ticket_and_no_second_question(shop: Engine) -> None:
    run = ask(agent, shop, "my lamp is broken", "it is just broken", email="emma.lindqvist@example.com")
    assert calls_of(run).count("open_ticket") == 1 and sum(e.get("asks", False) for e in run["transcript"]) == 1


def test_what_still_does_not_work_becomes_a_ticket_with_all_that_was_written(shop: Engine) -> None:
    run = ask(agent, shop, "My app does not sync", "it still does not work")
    assert "My app does not sync" in arguments_of(run, "open_ticket")["summary"]
    assert "still does not work" in run["reply"]


def test_a_swollen_battery_goes_to_a_human_at_once_with_a_warning(shop: Engine) -> None:
    run = ask(agent, shop, "the battery of my e-bike is swollen and smoking")
    assert calls_of(run) == ["transfer_to_human_agents"] and run["end"] == "escalated"
    assert "stop using the device" in run["reply"]


def test_damage_on_arrival_is_answered_with_what_to_do_first(shop: Engine) -> None:
    assert "Take photos" in ask(agent, shop, "my tent arrived damaged")["reply"]


def test_a_warranty_question_is_answered_from_the_article_and_the_customers_order(shop: Engine) -> None:
    run = ask(agent, shop, "Is there a warranty on order #W1000009?", email="grace.mbeki@example.com")
    assert "2-year warranty" in run["reply"] and "#W1000009" in run["reply"] and "delivered on" in run["reply"]


def test_the_order_of_another_customer_is_not_told(shop: Engine) -> None:
    run = ask(agent, shop, "my lamp from order #W1000009 flickers", email="emma.lindqvist@example.com")
    assert "delivered on" not in run["reply"] and "could not look up order #W1000009" in run["reply"]


def test_who_wants_a_person_gets_one(shop: Engine) -> None:
    assert ask(agent, shop, "my lamp flickers, let me talk to a human")["end"] == "escalated"


def test_a_device_that_only_stands_in_another_ones_article_gets_no_steps_of_that_one(shop: Engine) -> None:
    run = ask(agent, shop, "My router does not connect to wifi")
    assert "Reset the speaker" not in run["reply"] and "do not guess" in run["reply"]
    assert "smart-lamp.md" in ask(agent, shop, "my phone does not find the lamp")["reply"]


def test_an_unknown_customer_with_a_ticket_is_asked_how_to_be_reached_and_the_answer_is_noted(shop: Engine) -> None:
    run = ask(agent, shop, "My robot vacuum makes a terrible noise", "Anna Meyer, anna.meyer@example.com")
    assert calls_of(run).count("open_ticket") == 1
    note = arguments_of(run, "add_case_note")["text"]
    assert "T0000" in note and "Anna Meyer" in note and "anna.meyer@example.com" in note and "anna.meyer" in run["reply"]


def test_who_does_not_want_to_be_reached_keeps_the_ticket(shop: Engine) -> None:
    run = ask(agent, shop, "My robot vacuum makes a terrible noise", "no, thanks")
    assert calls_of(run).count("open_ticket") == 1 and "T0000" in run["reply"] and run["end"] == "awaiting_customer"


def test_where_a_passage_is_asked_for_nothing_else_is_searched() -> None:
    words = "how do I pair my lamp?"
    move = agent.without_model(View("support", words, words, facts={"passage": "smart-lamp.md#pair-the-lamp"}))
    assert isinstance(move, Calls) and [c.arguments["query"] for c in move.calls] == [
        "Pair the lamp Lumen smart lamp: pairing and problems"
    ]


def test_where_no_ticket_can_be_opened_a_person_is_asked(shop: Engine) -> None:
    ways = " ".join(f"ida.{n}@{'x' * 40}.example.com" for n in range(200))
    run = ask(agent, shop, f"My blender smells odd. {ways}")
    assert run["end"] == "escalated" and calls_of(run)[-1] == "transfer_to_human_agents"


def test_a_case_that_has_a_ticket_gets_no_second_one() -> None:
    words = "it still does not work"
    move = agent.without_model(View("support", words, words, facts={"ticket": "T000042"}))
    assert isinstance(move, Say) and "T000042" in move.text and move.asks
