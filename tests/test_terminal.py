"""The command line at a real terminal, with a full disk and with a reader that goes away."""

import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from support.absent import absent
from support.forked import Forked
from support.terminal import CTRL_D, PLAIN, Terminal, colours, environment, plain

from switchboard.cases import documents as record
from switchboard.database import open_engine, sqlite_url

EMMA = ["--email", "emma.lindqvist@example.com"]
CHARGED_TWICE = "I was charged twice for order #W1000001, please refund it."
YOU = "You (empty line to end): "
WHERE = "Where is my order #W1000001?"


def kept(folder: Path) -> list[dict[str, Any]]:
    """The documents of the runs that are on record, newest first."""
    engine = open_engine(sqlite_url(folder / "data" / "switchboard.db"))
    documents = [record.load(engine, row["case_id"]) for row in record.listing(engine, 10)]
    engine.dispose()
    return documents


def switchboard(folder: Path, *arguments: str, stdout: int) -> tuple[int, str]:
    """How a command ended whose output goes there, and what it said on standard error."""
    with TemporaryFile("w+", encoding="utf-8") as err, Path(os.devnull).open() as nothing:
        done = Forked(arguments, folder, environment(folder), [nothing.fileno(), stdout, err.fileno()]).wait(60)
        err.seek(0)
        return done, err.read()


def test_ctrl_c_at_the_first_prompt_ends_with_one_word(tmp_path: Path):
    chat = Terminal(tmp_path, "chat")
    chat.wait_for(YOU)
    chat.interrupt()
    assert chat.end() == 1
    *_, prompt, last = plain(chat.seen).splitlines()
    assert prompt.startswith(YOU.strip())
    assert last == "Stopped."


def test_ctrl_d_at_the_first_prompt_says_that_nothing_was_done(tmp_path: Path):
    chat = Terminal(tmp_path, "chat")
    chat.wait_for(YOU)
    chat.type(CTRL_D)
    assert chat.end() == 2
    assert "Nothing was said, so nothing was done." in chat.seen
    assert "Traceback" not in chat.seen


@pytest.mark.slow
def test_ctrl_c_within_a_conversation_closes_it_and_keeps_the_run_as_cancelled(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.answer(YOU, "I want my money back")
    chat.wait_for(YOU)
    chat.interrupt()
    assert chat.end() == 1
    assert "Nothing was changed" in chat.seen
    assert "Traceback" not in chat.seen

    runs = Terminal(tmp_path, "runs", columns=120)
    assert runs.end() == 0
    assert "cancelled" in runs.seen
    assert kept(tmp_path)[0]["case_id"] in runs.seen


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["always", "never"])
def test_a_terminal_that_closes_stops_the_conversation_and_leaves_nothing_undone(tmp_path: Path, mode: str):
    chat = Terminal(tmp_path, "chat", "--human", mode, *EMMA)
    chat.answer(YOU, CHARGED_TWICE if mode == "always" else "I want my money back")
    chat.wait_for("(Enter: pass) > " if mode == "always" else YOU)
    assert chat.hang_up() == 1
    assert [document["end"] for document in kept(tmp_path)] == ["cancelled"]
    assert "Nothing was changed" in kept(tmp_path)[0]["reply"]
    with Path(os.devnull).open("w") as nothing:
        done, err = switchboard(tmp_path, "resume", "--all", stdout=nothing.fileno())
    assert (done, err) == (0, "Nothing was left unfinished.\n")


@pytest.mark.slow
def test_ctrl_c_while_a_model_answers_closes_the_conversation_and_keeps_the_run(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        models = json.dumps([{"model": "m", "api_key": "x", "base_url": f"http://127.0.0.1:{silent.getsockname()[1]}/v1"}])
        ask = Terminal(tmp_path, "ask", "I want my money back", *EMMA, OAI_CONFIG_LIST=models)
        with silent.accept()[0] as asked:
            asked.recv(1)
            ask.interrupt()
            assert ask.end() == 1
    assert "Nothing was changed" in ask.seen
    assert "Traceback" not in ask.seen
    assert [document["end"] for document in kept(tmp_path)] == ["cancelled"]


@pytest.mark.slow
def test_what_a_keyboard_sends_that_is_no_text_is_only_odd_text(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA, PYTHONUTF8="1")
    chat.wait_for(YOU)
    chat.type(b"\xff\xfe\x1b[A where is my order #W1000001?\n")
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    assert "Traceback" not in chat.seen
    assert [document["end"] for document in kept(tmp_path)] == ["resolved"]


@pytest.mark.slow
def test_a_message_that_is_pasted_is_one_message_with_its_empty_lines(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.wait_for(YOU)
    chat.type("Hello,\n\nwhere is my order #W1000001?\n\nRegards\nEmma\n")
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    words = [line["text"] for line in kept(tmp_path)[0]["transcript"] if line["speaker"] == "customer"]
    assert words[0] == "Hello,\n\nwhere is my order #W1000001?\n\nRegards\nEmma"
    assert len(words) == 2, "the second is that the customer left"


@pytest.mark.slow
def test_a_paste_that_stops_on_its_way_is_one_message(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.wait_for(YOU)
    for part in ("Hello,\n\n", "where is my order #W1000001?\n", "Regards\nEmma\n"):
        chat.type(part)
        time.sleep(0.2)
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    words = [line["text"] for line in kept(tmp_path)[0]["transcript"] if line["speaker"] == "customer"]
    assert words[0] == "Hello,\n\nwhere is my order #W1000001?\nRegards\nEmma"


@pytest.mark.slow
def test_a_paste_that_the_terminal_marks_is_one_message_however_long_it_takes(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.wait_for(YOU)
    for part in ("\x1b[200~Hello,\n", "where is my order #W1000001?\n", "Emma\n\x1b[201~", "\n"):
        chat.type(part)
        time.sleep(0.9)
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    words = [line["text"] for line in kept(tmp_path)[0]["transcript"] if line["speaker"] == "customer"]
    assert words[0] == "Hello,\nwhere is my order #W1000001?\nEmma"


@pytest.mark.slow
def test_a_paste_whose_last_line_has_no_end_is_one_message_and_goes_out_with_enter(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.wait_for(YOU)
    chat.type("Hello,\n\nwhere is my order #W1000001?\nRegards, Em")
    chat.wait_for("Regards, Em")
    time.sleep(1)
    chat.type("ma\n")
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    words = [line["text"] for line in kept(tmp_path)[0]["transcript"] if line["speaker"] == "customer"]
    assert words[0] == "Hello,\n\nwhere is my order #W1000001?\nRegards, Emma"
    assert len(words) == 2, "the second is that the customer left"


@pytest.mark.slow
@pytest.mark.parametrize("marks", [("", ""), ("\x1b[200~", "\x1b[201~")])
def test_a_line_that_is_longer_than_a_terminal_keeps_is_sent_whole(tmp_path: Path, marks: tuple[str, str]):
    line = "Please look into this for me. " * 200 + WHERE
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.wait_for(YOU)
    for start in range(0, len(line), 1000):  # as much as a terminal passes on at once
        chat.type((marks[0] if not start else "") + line[start : start + 1000])
    chat.type(marks[1] + "\n")
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    words = [line["text"] for line in kept(tmp_path)[0]["transcript"] if line["speaker"] == "customer"]
    assert words[0] == line


@pytest.mark.slow
def test_a_terminal_without_a_cursor_gives_its_lines_as_they_are(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", *EMMA, TERM="dumb")
    chat.wait_for(YOU)
    chat.type(WHERE + "\n")
    chat.wait_for("is delivered")
    chat.wait_for(YOU)
    chat.type("\n")
    assert chat.end() == 0
    assert "\x1b" not in chat.seen


@pytest.mark.slow
def test_a_line_is_edited_before_it_is_sent(tmp_path: Path):
    left, backspace = "\x1b[D", "\x7f"
    chat = Terminal(tmp_path, "chat", *EMMA)
    chat.answer(YOU, "Where is my order #W1000002?" + left + backspace + "1")
    chat.wait_for("is delivered")
    chat.answer(YOU, "")
    assert chat.end() == 0
    words = [line["text"] for line in kept(tmp_path)[0]["transcript"] if line["speaker"] == "customer"]
    assert words[0] == WHERE


@pytest.mark.slow
def test_what_was_typed_before_a_question_was_shown_is_no_answer_to_it(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", "--human", "always", *EMMA)
    chat.wait_for(YOU)
    chat.type(CHARGED_TWICE + "\n")
    chat.wait_for("about to call find_user_id_by_email (read)")
    chat.type("p\np\np\np\np\np\n")
    chat.wait_for("about to hand the case to billing")
    chat.wait_for("(Enter: pass) > ")
    chat.interrupt()
    assert chat.end() == 1
    assert "to refunds" not in chat.seen


def test_what_nobody_read_of_a_conversation_is_no_command_for_the_shell(tmp_path: Path):
    def left(was_read: bool) -> int:
        """How many streams still have something to read after it."""
        screen, line = pty.openpty()
        code = (
            "import os, select; from switchboard.console.terminal import cli;"
            "from switchboard.console.terminal.live import keyboard;"
            f"os.login_tty({line}); os.write({screen}, b'Please\\n'); keyboard.keyboard.was_read = {was_read};"
            "cli.drop_what_was_typed(); os._exit(10 + len(select.select([0], [], [], 0.2)[0]))"
        )
        try:
            return subprocess.run([sys.executable, "-c", code], pass_fds=[screen, line], start_new_session=True).returncode
        finally:
            os.close(screen)
            os.close(line)

    assert left(was_read=True) == 10
    assert left(was_read=False) == 11, "what was typed for the shell stays"


@pytest.mark.slow
def test_an_operator_at_the_keyboard_passes_refuses_edits_answers_and_stops(tmp_path: Path):
    chat = Terminal(tmp_path, "chat", "--human", "always", *EMMA)
    chat.answer(YOU, CHARGED_TWICE)
    chat.answer("about to call find_user_id_by_email (read)", "")
    chat.answer("about to hand the case to billing", "r")
    chat.answer("Why?", "Look again.")
    chat.answer("about to hand the case to billing", "p")
    chat.answer("about to hand the case to refunds", "what?")
    chat.wait_for("'what?' is not one of")
    chat.answer("(Enter: pass) > ", "P")
    chat.answer("about to call list_charges (read)", "e")
    chat.answer("Arguments to change as JSON", "no JSON")
    chat.wait_for("nothing was changed")
    chat.answer("(Enter: pass) > ", "")
    chat.answer("about to call refund_order (write)", "e")
    changed = {"kind": "partial", "amount_cents": 100, "reason": "goodwill"}
    chat.answer("Arguments to change as JSON", json.dumps(changed))
    chat.answer("about to say to the customer: ", "a")
    chat.answer("Your answer to the customer: ", "")
    chat.answer("Your answer to the customer: ", "One dollar is on its way.")
    chat.answer(YOU, "")
    chat.wait_for("about to call add_case_note (write)")
    chat.answer("(Enter: refuse) > ", "")
    chat.answer("about to write the case note", "s")
    assert chat.end() == 1

    document = kept(tmp_path)[0]
    calls = document["tool_calls"]
    told = [(call["tool"], call["status"]) for call in calls]
    assert told[:4] == [
        ("find_user_id_by_email", "done"),
        ("list_charges", "done"),
        ("refund_order", "done"),
        ("add_case_note", "refused"),
    ]
    assert calls[2]["arguments"] == {"order_id": "#W1000001", **changed}
    assert document["end"] == "cancelled"
    assert "One dollar is on its way." in [line["text"] for line in document["transcript"]]
    assert "What was done: the refund of order #W1000001, 1.00 USD." in document["reply"]


@pytest.mark.slow
def test_colours_are_shown_on_a_terminal_that_wants_them_and_nowhere_else(tmp_path: Path):
    seen = {}
    for name, variables in {"terminal": {}, "NO_COLOR": {"NO_COLOR": "1"}}.items():
        screen = Terminal(tmp_path, "check", **variables)
        assert screen.end() == 0
        seen[name] = screen.seen
    assert colours(seen["terminal"])
    assert not colours(seen["NO_COLOR"])
    # That there are none in a pipe is seen in tests/test_cli.py.


@pytest.mark.parametrize("columns", [40, pytest.param(8, marks=pytest.mark.slow)])
def test_a_narrow_terminal_shows_the_whole_story_within_its_width(tmp_path: Path, columns: int):
    screen = Terminal(tmp_path, "ask", CHARGED_TWICE, *EMMA, columns=columns, NO_COLOR="1")
    assert screen.end() == 0
    lines = re.sub(r"\x1b\[[\d;]*m", "", screen.seen).splitlines()
    assert max(map(len, lines)) <= max(columns, 40), "below that the terminal breaks the lines"
    assert kept(tmp_path)[0]["case_id"] in "".join("".join(lines).split())


@pytest.mark.parametrize("form", [[], pytest.param(["--json"], marks=pytest.mark.slow)])
def test_a_reader_that_went_away_does_not_end_the_run(tmp_path: Path, form: list[str]):
    reading, writing = os.pipe()
    os.close(reading)
    done = switchboard(tmp_path, "ask", CHARGED_TWICE, *EMMA, *form, stdout=writing)
    os.close(writing)
    assert done == (1, "")
    assert [document["end"] for document in kept(tmp_path)] == ["resolved"]


FULL = [
    ["demo", "--json"],
    pytest.param(["ask", WHERE, *EMMA], marks=pytest.mark.slow),
    ["version"],
    ["--help"],
]


@pytest.mark.parametrize("arguments", FULL)
def test_output_that_finds_no_room_is_said_in_one_sentence_and_the_case_is_kept(tmp_path: Path, arguments: list[str]):
    with Path("/dev/full").open("w") as full:
        done, err = switchboard(tmp_path, *arguments, stdout=full.fileno())
    assert done == 1
    assert err == "The output could not be written: No space left on device. Make room for it, or send it elsewhere.\n"
    if arguments[0] == "ask":
        assert [document["end"] for document in kept(tmp_path)] == ["resolved"]


FILL = """
import sys
from pathlib import Path
from switchboard.console.terminal.cli import main
from switchboard.console.app import Workplace
place = Workplace()
place.engine.connect()  # another process that has the database open, so that it can still be opened on a full disk
with Path(sys.argv.pop(1), "filler").open("wb", buffering=0) as filler:
    try:
        while True:
            filler.write(bytes(1024))
    except OSError:
        pass
main()
"""


def on_a_disk_of(size: str, folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a disk of its own mounted on `folder`: in a namespace, so that the mount ends with it."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    mount = ["sh", "-c", 'mount -t tmpfs -o "size=$0" none "$1" && shift && exec "$@"', size, str(folder)]
    if shutil.which("unshare") is None or subprocess.run([*unshare, *mount, "true"], capture_output=True).returncode:
        (absent if os.geteuid() == 0 else pytest.skip)("A small disk cannot be mounted here.")
    return subprocess.run(
        [*unshare, *mount, *command],
        cwd=folder.parent,
        env=environment(folder.parent, **variables),
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.mark.parametrize("arguments", [["ask", "hello"], pytest.param(["demo"], marks=pytest.mark.slow)])
def test_a_data_folder_without_room_is_said_in_one_sentence(tmp_path: Path, arguments: list[str]):
    (tmp_path / "data").mkdir()
    done = on_a_disk_of("64k", tmp_path / "data", *PLAIN, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("The database cannot be opened: database or disk is full. Check the folder")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_disk_that_is_full_for_the_sample_shop_is_said_in_one_sentence(tmp_path: Path):
    (tmp_path / "temporary").mkdir()
    done = on_a_disk_of("64k", tmp_path / "temporary", *PLAIN, "demo", "--json", TMPDIR=str(tmp_path / "temporary"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "disk is full" in done.stderr
    assert "TMPDIR" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow  # a command waits a quarter of a minute for room
def test_a_full_disk_is_said_in_one_sentence_and_what_was_asked_can_be_asked_again(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "fill.py").write_text(FILL)
    (tmp_path / "plain.py").write_text(PLAIN[-1])
    ask = f"ask '{CHARGED_TWICE}' {' '.join(EMMA)} --json"
    script = f"$0 fill.py data {ask}; rm data/filler; $0 plain.py resume --all && $0 plain.py {ask}"
    done = on_a_disk_of("3m", data, "sh", "-c", script, PLAIN[0], PYTHONPATH=os.pathsep.join(sys.path))
    told = done.stderr.splitlines()
    assert told[0].startswith("The database does not take what has to be recorded: database or disk is full. Nothing was done")
    assert told[1:] == ["Nothing was left unfinished."]
    assert json.loads(done.stdout)["end"] == "resolved"


@pytest.mark.slow  # it, too
def test_a_full_disk_is_said_in_one_sentence_by_what_people_do(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "fill.py").write_text(FILL)
    script = "printf 'a heron on one leg' | $0 fill.py data users add anna --role admin"
    done = on_a_disk_of("3m", data, "sh", "-c", script, PLAIN[0], PYTHONPATH=os.pathsep.join(sys.path))
    said = "The database cannot be used now: database or disk is full. What was being done then was not kept."
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and done.stderr.startswith(said), done.stderr


FILL_IN_THE_MIDDLE = """
import os, signal, sys, threading
from pathlib import Path
import switchboard.console.patience
import switchboard.console.terminal.screen
from switchboard.console.terminal.cli import main
filler, show = Path(sys.argv.pop(1), "filler"), switchboard.console.terminal.screen.show_entry
switchboard.console.patience.PATIENCE_SECONDS = 6
def after():
    filler.unlink() if os.environ["THEN"] == "room" else os.kill(os.getpid(), signal.SIGINT)
def fill(entry, **more):
    show(entry, **more)
    if entry.kind == "call" and entry.tool == "refund_order":
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1024))
            except OSError:
                threading.Timer(float(os.environ["UNTIL"]), after).start()
switchboard.console.terminal.screen.show_entry = fill
main()
"""


@pytest.mark.slow
def test_a_case_waits_while_the_disk_is_full_and_goes_on_when_there_is_room_again(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    in_the_middle = [*PLAIN[:1], "-c", FILL_IN_THE_MIDDLE, str(data)]
    done = on_a_disk_of("6m", data, *in_the_middle, "ask", CHARGED_TWICE, *EMMA, UNTIL="2", THEN="room")
    assert done.returncode == 0, done.stderr
    assert "I have refunded the duplicate charge" in done.stdout
    assert "failed" not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("until", ["4", "60"])
def test_waiting_for_a_disk_that_stays_full_ends_with_what_to_do_and_the_case_goes_on_later(tmp_path: Path, until: str):
    """It ends by one Ctrl-C, or by itself when the patience is over."""
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "fill.py").write_text(FILL_IN_THE_MIDDLE)
    (tmp_path / "plain.py").write_text(PLAIN[-1])
    ask = f"ask '{CHARGED_TWICE}' {' '.join(EMMA)}"
    script = f"$0 fill.py data {ask}; echo $? >&2; rm data/filler; $0 plain.py resume --all --json"
    given = {"UNTIL": until, "THEN": "Ctrl-C", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = on_a_disk_of("6m", data, "sh", "-c", script, PLAIN[0], **given)
    told = " ".join(done.stderr.split())
    room = "Make room on its disk."
    assert told.startswith(f"Waiting for the database: database or disk is full. {room} This goes on by itself then; after")
    assert f"Stopped waiting for the database: database or disk is full. {room} Nothing was done twice:" in told
    assert "goes on with what was under way. 1 Taking up case_" in told, "it failed, and said nothing else"
    assert "stopped before it was finished" not in done.stdout, "what is not recorded was not said"
    assert '"end": "resolved"' in done.stdout
    assert "42.50 USD to your credit card" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("size", "code", "state"), [("3m", 0, "odd"), ("1m", 2, "wrong")])
def test_check_says_that_the_disk_of_the_database_is_full(tmp_path: Path, size: str, code: int, state: str):
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "plain.py").write_text(PLAIN[-1])
    fill = "head -c 900k /dev/zero > data/filler; " if state == "wrong" else ""
    script = f"$0 plain.py cases; {fill}$0 plain.py check --json"
    done = on_a_disk_of(size, data, "sh", "-c", script, PLAIN[0], PYTHONPATH=os.pathsep.join(sys.path))
    found = [row for row in json.loads(done.stdout)["findings"] if "MB are free" in row["text"]]
    assert (done.returncode, [row["state"] for row in found]) == (code, [state])
    assert "Make room" in found[0]["text"]
