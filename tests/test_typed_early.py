"""What is typed before it could be meant: a yes before the question, an Enter behind a paste, a word while agents work."""

import json
import subprocess
import time
from pathlib import Path

import pytest
from support.own_shop import data_folder
from support.terminal import CTRL_D, PLAIN, Terminal, environment
from test_terminal import EMMA, WHERE, YOU, kept

CANCEL = "Please cancel order #W1000019, I no longer need it."
EARLY = "What you typed before this was shown was not sent"


def words_of_customer(folder: Path) -> list[str]:
    return [line["text"] for line in kept(folder)[0]["transcript"] if line["speaker"] == "customer"]


@pytest.mark.slow
@pytest.mark.parametrize("early", ["yes\n", "yes\nyes\n", "ye"])
def test_a_yes_that_was_typed_before_the_call_was_read_back_does_nothing(tmp_path: Path, early: str):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.answer(YOU, CANCEL)
    time.sleep(0.1)  # no paste, but a hand that is fast
    chat.type(early)
    chat.wait_for("Shall I do it?")
    chat.wait_for(EARLY)
    chat.wait_for(YOU)
    chat.type(CTRL_D)
    assert chat.end() == 3
    assert "is cancelled" not in chat.seen
    assert words_of_customer(tmp_path)[0] == CANCEL
    assert "yes" not in words_of_customer(tmp_path)


@pytest.mark.slow
def test_a_yes_that_was_typed_before_the_conversation_was_shown_again_does_nothing(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.answer(YOU, CANCEL)
    chat.wait_for("Shall I do it?")
    chat.answer(YOU, "")
    assert chat.end() == 3
    again = Terminal(tmp_path, "chat", "--case", kept(tmp_path)[0]["case_id"])
    again.type("yes\n")
    again.wait_for("Shall I do it?")
    again.wait_for(EARLY)
    again.answer(YOU, "Yes, please.")
    again.wait_for("is cancelled")
    again.answer(YOU, "")
    assert again.end() == 0


@pytest.mark.slow
def test_an_enter_behind_a_pasted_message_does_not_end_the_conversation(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.wait_for(YOU)
    chat.type(f"Hello,\n\n{WHERE}\n")
    time.sleep(0.2)
    chat.type("\n")
    chat.wait_for("is delivered")
    chat.answer(YOU, "When did it arrive?")
    chat.wait_for(YOU)
    assert EARLY not in chat.seen, "there was no word in it"
    chat.type(CTRL_D)
    assert chat.end() == 0
    assert words_of_customer(tmp_path)[:2] == [f"Hello,\n\n{WHERE}", "When did it arrive?"]


@pytest.mark.slow
def test_an_operators_letter_that_is_typed_as_the_customers_answer_is_no_yes_and_the_question_comes_again(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", "--human", "always", *EMMA)
    chat.answer(YOU, CANCEL)
    for _ in range(4):
        chat.answer(" > ", "p")
    chat.wait_for("Shall I do it?")
    chat.answer(YOU, "p")
    chat.wait_for("I could not read that as a yes or a no, so nothing is done yet")
    chat.answer(YOU, "Yes, please.")
    chat.answer(" > ", "p")
    chat.wait_for("is cancelled")
    chat.wait_for(YOU)
    chat.type(CTRL_D)
    for _ in range(2):
        chat.answer(" > ", "p")
    assert chat.end() == 0


@pytest.mark.slow
def test_lines_that_come_from_a_file_are_each_an_answer(tmp_path: Path):
    data_folder(tmp_path)
    script = f"{CANCEL}\nYes, please.\n"
    done = subprocess.run(
        [*PLAIN, "chat", *EMMA, "--json"], input=script, env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "is cancelled" in json.loads(done.stdout)["reply"]
