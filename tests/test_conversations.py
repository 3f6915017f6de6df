"""Cases that go on: a customer who comes back, and a live chat while operators elsewhere decide, speak and hand back."""

from pathlib import Path

import pytest
from support.commands import GRACE, LARGE, WHERE, document, lines, parked, refunds, said, started, switchboard
from support.terminal import CTRL_D, Terminal

from switchboard.reading.languages import language_of
from switchboard.reading.languages import said as said_to

YOU = "You (empty line to end): "


def newest(folder: Path) -> str:
    """The id of the run that was begun last."""
    return str(document(folder, "cases", "--limit", "1")[0]["case_id"])


@pytest.mark.slow
def test_a_case_goes_on_over_three_processes_and_does_nothing_twice(tmp_path: Path) -> None:
    asked = document(tmp_path, "ask", "I want my money back", "--email", "emma.lindqvist@example.com")
    assert asked["end"] == "awaiting_customer"
    case_id = asked["case_id"]
    answered = started(
        tmp_path, "ask", "--case", case_id[:8], "I was charged twice for order #W1000001, refund that.", "--json"
    )
    answered.communicate(timeout=60)
    found = document(tmp_path, "show", case_id)
    assert (found["end"], refunds(found)) == ("resolved", [("done", 4250)])

    further = document(
        tmp_path, "ask", "--case", case_id, "Where is my order #W1000001?", "--email", "Emma.Lindqvist@Example.com"
    )
    assert (further["case_id"], further["end"], refunds(further)) == (case_id, "resolved", [("done", 4250)])
    assert "Tracking number" in further["reply"]
    assert [row["case_id"] for row in document(tmp_path, "cases")] == [case_id]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("opening", "added", "by_dana"),
    [
        (
            "Ich möchte bitte mit einem Menschen sprechen.",
            "Eine Kollegin oder ein Kollege beantwortet sie.",
            "dana beantwortet sie.",
        ),
        ("Bonjour, je voudrais parler à une personne.", "Un collègue y répond.", "dana y répond."),
        ("Hola, quiero hablar con una persona.", "Un compañero lo responde.", "dana lo responde."),
    ],
)
def test_who_was_handed_over_and_writes_again_hears_of_it_in_their_language(
    tmp_path: Path, opening: str, added: str, by_dana: str
) -> None:
    case_id = document(tmp_path, "ask", opening)["case_id"]
    assert document(tmp_path, "ask", "--case", case_id, "#W1000009")["reply"].endswith(added)
    chat = Terminal(tmp_path, "chat", "--case", case_id)
    chat.wait_for(said_to("case.with_human", language_of(opening)))
    chat.wait_for(YOU)
    chat.type(CTRL_D)
    chat.end()
    switchboard(tmp_path, "take", case_id, "--as", "dana")
    assert document(tmp_path, "ask", "--case", case_id, "ok")["reply"].endswith(by_dana)
    assert document(tmp_path, "ask", "--case", case_id, "Is there any news on that?")["reply"].endswith("dana answers it.")


@pytest.mark.slow
def test_nobody_comes_back_to_the_case_of_somebody_else(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    for command in (["ask", "--case", case_id, "Send me the money."], ["chat", "--case", case_id]):
        other = switchboard(tmp_path, *command, "--email", "emma.lindqvist@example.com")
        assert other.returncode == 2
        assert said(other).startswith(f"{case_id} was not begun with that e-mail address.")
    assert "Send me the money." not in str(document(tmp_path, "show", case_id))


@pytest.mark.slow
def test_a_chat_waits_for_an_approval_and_goes_on_when_it_comes(tmp_path: Path) -> None:
    chat = Terminal(tmp_path, "chat", *GRACE)
    chat.answer(YOU, LARGE)
    chat.wait_for("It waits for an operator to approve: the refund of order")
    chat.answer(YOU, WHERE)
    chat.wait_for("Your message was kept. The case waits for an approval")
    chat.wait_for(YOU)
    case_id = newest(tmp_path)
    assert switchboard(tmp_path, "approve", case_id, "--as", "dana", given="y\n").returncode == 0
    chat.wait_for("approved the refund of order #W1000009, 179.90 USD")
    chat.wait_for("I have refunded the duplicate charge")
    chat.wait_for("is delivered")
    chat.answer(YOU, "What do you charge for delivery?")
    chat.wait_for("customer")
    chat.answer(YOU, "")
    assert chat.end() == 0
    found = document(tmp_path, "show", case_id)
    assert lines(found, "message").count(WHERE) == 1
    assert "What do you charge for delivery?" in lines(found, "message")
    assert refunds(found) == [("done", 17990)]
    assert chat.seen.count("I have refunded the duplicate charge") == 1


@pytest.mark.slow
def test_a_chat_says_no_itself_when_the_deadline_passes(tmp_path: Path) -> None:
    chat = Terminal(tmp_path, "chat", *GRACE, SWITCHBOARD_APPROVAL_HOURS="0.0004")  # 1.4 s
    chat.answer(YOU, LARGE)
    chat.wait_for("It waits for an operator to approve: the refund of order")
    chat.wait_for("No operator approved it until")
    chat.wait_for(YOU)
    chat.type(CTRL_D)
    chat.end()
    assert refunds(document(tmp_path, "show", newest(tmp_path))) == [("refused", 17990)]


@pytest.mark.slow
def test_an_operator_takes_a_chat_over_speaks_in_it_and_hands_it_back(tmp_path: Path) -> None:
    chat = Terminal(tmp_path, "chat", *GRACE)
    chat.answer(YOU, "I want my money back")
    chat.wait_for(YOU)
    case_id = newest(tmp_path)
    assert "The agents stop" in said(switchboard(tmp_path, "take", case_id, "--as", "dana"))
    chat.wait_for("dana has taken the case over. What you write goes to them.")
    chat.answer(YOU, "It is about the coffee grinder.")
    chat.wait_for("Your message was added to the case. dana answers it.")
    assert switchboard(tmp_path, "say", case_id, "Dana here. One moment, please.", "--as", "dana").returncode == 0
    chat.wait_for("Dana here. One moment, please.")
    back = switchboard(tmp_path, "hand-back", case_id, "--note", "Order #W1000009, tell them where it is.", "--as", "dana")
    assert back.returncode in (0, 3), said(back)
    chat.wait_for("gives the case back to the agents.")
    chat.wait_for(YOU)
    chat.type(WHERE + "\n")
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    found = document(tmp_path, "show", case_id)
    note = "Order #W1000009, tell them where it is."
    assert note not in chat.seen, "it is for the agents; the customer does not see it"
    assert note in said(switchboard(tmp_path, "show", case_id))
    assert "The customer left" not in str(lines(found, "decision")[:-1])
    assert lines(found, "message").count("It is about the coffee grinder.") == 1
    assert found["end"] == "resolved"


@pytest.mark.slow
def test_a_chat_that_the_agents_hand_to_a_human_stays_open_for_the_humans_words(tmp_path: Path) -> None:
    chat = Terminal(tmp_path, "chat", *GRACE)
    chat.answer(YOU, "I want to speak to a human right now.")
    chat.wait_for("The case is with a human now. What you write is added to it.")
    case_id = newest(tmp_path)
    switchboard(tmp_path, "say", case_id, "Dana here. How can I help?", "--as", "dana")
    chat.wait_for("Dana here. How can I help?")
    chat.wait_for("dana has taken the case over")
    chat.answer(YOU, "")
    chat.wait_for(f"`switchboard chat --case {case_id}` goes on with it.")
    assert chat.end() == 0
    again = Terminal(tmp_path, "chat", "--case", case_id)
    again.wait_for("Dana here. How can I help?")
    again.wait_for("dana has taken the case over")
    again.answer(YOU, "My grinder is too loud.")
    again.wait_for("dana answers it.")
    again.answer(YOU, "")
    again.end()
    assert "My grinder is too loud." in lines(document(tmp_path, "show", case_id), "message")


@pytest.mark.slow
def test_what_a_customer_has_begun_to_type_stays_when_an_operator_writes(tmp_path: Path) -> None:
    chat = Terminal(tmp_path, "chat", *GRACE)
    chat.answer(YOU, "I want to speak to a human right now.")
    chat.wait_for("What you write is added to it.")
    chat.wait_for(YOU)
    chat.type("My grinder is")
    chat.wait_for("My grinder is")
    switchboard(tmp_path, "say", newest(tmp_path), "Dana here. How can I help?", "--as", "dana")
    chat.wait_for("Dana here. How can I help?")
    chat.wait_for(YOU + "My grinder is")
    chat.type(" too loud.\n")
    chat.wait_for("dana answers it.")
    chat.answer(YOU, "")
    chat.end()
    assert "My grinder is too loud." in lines(document(tmp_path, "show", newest(tmp_path)), "message")


@pytest.mark.slow
def test_a_chat_that_is_cancelled_elsewhere_ends(tmp_path: Path) -> None:
    chat = Terminal(tmp_path, "chat", *GRACE)
    chat.answer(YOU, "I want my money back")
    chat.wait_for(YOU)
    case_id = newest(tmp_path)
    switchboard(tmp_path, "cancel", case_id, "--as", "dana")
    assert chat.end() == 1
    assert "This conversation was stopped before it was finished." in chat.seen
    assert document(tmp_path, "show", case_id)["end"] == "cancelled"
