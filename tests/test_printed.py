"""What is printed, at any width: commands that can be copied, lines within the screen, and one document with --json."""

import json
import re
from pathlib import Path

import pytest
from support.commands import GRACE, LARGE, document, said, switchboard
from support.terminal import Terminal

WIDTHS = [40, 80]


@pytest.mark.slow
@pytest.mark.parametrize("columns", WIDTHS)
def test_a_command_to_copy_is_broken_into_lines_by_nobody_but_the_terminal(tmp_path: Path, columns: int) -> None:
    case_id = document(tmp_path, "ask", LARGE, *GRACE)["case_id"]
    shown = Terminal(tmp_path, "approvals", columns=columns)
    assert shown.end() == 0
    [command] = re.findall(r"^switchboard approve .*$", shown.seen, re.MULTILINE)
    assert re.fullmatch(rf"switchboard approve {case_id} --for [0-9a-f]{{16}}", command)
    assert f'switchboard deny {case_id} --why "…"' in shown.seen.splitlines()


@pytest.mark.parametrize("columns", WIDTHS)
def test_what_check_finds_stays_within_the_screen(tmp_path: Path, columns: int) -> None:
    shown = Terminal(tmp_path, "check", columns=columns, NO_COLOR="1")
    assert shown.end() == 0
    lines = re.sub(r"\x1b\[[\d;]*m", "", shown.seen).splitlines()
    assert max(map(len, lines)) <= columns
    assert {line.split(" ")[0] for line in lines} == {"good", "odd", ""}, "what goes on is set in"


@pytest.mark.slow
def test_an_approval_that_is_not_given_is_one_document_too(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", LARGE, *GRACE)["case_id"]
    done = switchboard(tmp_path, "approve", case_id, "--json", given="n\n")
    assert done.returncode == 3
    assert json.loads(done.stdout)["end"] == "awaiting_approval"
    assert "it would" in done.stderr, "what is asked about is shown beside the document"
    agreed = switchboard(tmp_path, "approve", case_id, "--json", given="y\n")
    assert (agreed.returncode, json.loads(agreed.stdout)["end"]) == (0, "resolved")


@pytest.mark.slow
def test_a_document_masks_what_a_screen_masks(tmp_path: Path) -> None:
    words = f"{LARGE} Or write to lars.holm@example.com."
    answered = switchboard(tmp_path, "ask", words, *GRACE, "--json")
    waiting = switchboard(tmp_path, "approvals", "--json")
    shown = switchboard(tmp_path, "show", json.loads(answered.stdout)["case_id"], "--json")
    for done in (answered, waiting, shown):
        assert "l...@example.com" in done.stdout and "lars.holm@" not in done.stdout and GRACE[-1] not in done.stdout


@pytest.mark.parametrize("command", [[], ["ask"], ["show"], ["submit"], ["sample", "load"], ["tau2", "load"]])
def test_the_help_names_no_type_where_nothing_is_written_behind_a_flag(tmp_path: Path, command: list[str]) -> None:
    shown = switchboard(tmp_path, *command, "--help").stdout
    assert "--trace" in shown
    assert "bool" not in shown.lower()


@pytest.mark.slow
def test_which_tables_a_story_changed_is_told_without_numbers_that_count_nothing(tmp_path: Path) -> None:
    told = " ".join(switchboard(tmp_path, "demo").stderr.split())
    assert "Rows changed in case_notes, order_items, payments, refunds. With --trace" in told


@pytest.mark.slow
def test_a_report_ends_like_a_case_with_its_end_and_what_inside_only_in_a_trace(tmp_path: Path) -> None:
    research = ["research", "How do heat pumps compare with gas boilers for an older house?"]
    assert "tool calls" not in said(switchboard(tmp_path, *research))
    assert "tool calls" in said(switchboard(tmp_path, *research, "--trace"))


def test_a_mail_that_is_none_is_named_by_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "post"
    folder.mkdir()
    (folder / "b-good.eml").write_text("From: a@example.com\nMessage-ID: <1@example.com>\n\nWhere is my parcel?\n")
    for name in ("a-odd", *(f"c-{number}" for number in range(12))):
        (folder / f"{name}.eml").write_text("no header at all\n")
    done = switchboard(tmp_path, "submit", str(folder))
    told = " ".join(done.stderr.split())
    assert f"a-odd.eml of {folder} was not taken: This is no mail" in told
    assert "3 more were not taken." in told
