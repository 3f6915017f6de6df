"""Mails as they come to the desk: whose case they are, what is answered with silence, and that nobody acts upon history."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.commands import switchboard

from switchboard.console.channels.mailbox import mails_in
from switchboard.service.mails import Incoming, message_from

EMMA, JONAS = "emma.lindqvist@example.com", "jonas.okafor@example.com"
WHERE = "Where is my parcel from order #W1000002?"
ENVELOPE = {"SWITCHBOARD_MAIL_WRITER": "envelope"}


def mail(
    body: str, message_id: str = "m1@example.com", sender: str = JONAS, subject: str = "Re: parcel", head: str = ""
) -> bytes:
    fields = f"Return-Path: <{sender}>\nFrom: Somebody <{sender}>\nSubject: {subject}\nMessage-ID: <{message_id}>\n{head}"
    return f"{fields}Content-Type: text/plain; charset=utf-8\n\n{body}\n".encode()


def taken(folder: Path, content: bytes, *arguments: str, **variables: str) -> dict[str, Any]:
    """The document of the case that a mail comes to."""
    done = switchboard(folder, "ask", "-", "--mail", "--json", *arguments, given=content, **variables)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def results(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def rows(shop: Engine, query: str) -> Any:
    with shop.connect() as connection:
        return connection.execute(text(query)).scalar()


def test_a_mail_is_a_case_of_who_the_server_says_wrote_it(tmp_path: Path) -> None:
    found = taken(tmp_path, mail(WHERE, sender=EMMA), "--email", JONAS)
    assert found["end"] == "resolved" and "#W1000002" in found["reply"]
    assert found["transcript"][0]["text"] == WHERE


@pytest.mark.slow
def test_what_from_says_verifies_nobody_unless_the_project_believes_it(tmp_path: Path) -> None:
    alone = taken(tmp_path, mail(WHERE, "m1@x"))
    assert [call["tool"] for call in alone["tool_calls"] if call["status"] == "done"] == []
    assert "find_user_id_by_email" in str(taken(tmp_path, mail(WHERE, "m2@x"), SWITCHBOARD_MAIL_WRITER="from")["tool_calls"])
    forged = mail(WHERE, "m3@x").replace(f"From: Somebody <{JONAS}>".encode(), f"From: {EMMA}".encode())
    assert "'j...@example.com'" in str(taken(tmp_path, forged, **ENVELOPE)["tool_calls"])


def test_what_others_wrote_is_shown_to_people_and_acted_upon_by_nobody(shop: Engine, tmp_path: Path) -> None:
    history = (
        f"Thank you.\n\nOn Tue, 24 Nov 2026, {EMMA} <{EMMA}> wrote:\n> Please cancel order #W1000019, I ordered it by mistake."
    )
    found = taken(tmp_path, mail(history), "--email", EMMA)
    assert (found["transcript"][0]["text"], "#W1000019" in found["transcript"][0]["quoted"]) == ("Thank you.", True)
    assert "#W1000019" not in found["reply"] and "cancel_pending_order" not in str(found["tool_calls"])
    assert rows(shop, "SELECT status FROM orders WHERE id = '#W1000019'") == "pending"
    assert "│ > Please cancel order #W1000019" in switchboard(tmp_path, "show", found["case_id"], "--trace").stdout
    assert json.loads(switchboard(tmp_path, "cases", "--json").stdout)[0]["opening"] == "Thank you."


def test_a_letter_that_is_pasted_without_a_word_is_asked_about(shop: Engine, tmp_path: Path) -> None:
    pasted = f"---------- Forwarded message ---------\nFrom: {JONAS}\nSubject: x\n\nPlease cancel order #W1000019."
    done = switchboard(tmp_path, "ask", "-", "--json", "--email", EMMA, given=pasted)
    assert json.loads(done.stdout)["end"] == "awaiting_customer"
    assert rows(shop, "SELECT status FROM orders WHERE id = '#W1000019'") == "pending"


@pytest.mark.slow
@pytest.mark.parametrize(
    "yes", ["Yes, please.", "Hello,\n\nyes, please.\n\nKind regards,\nEmma Lindqvist", "Yes.\n\nThanks\nEmma"]
)
def test_a_yes_above_the_question_that_it_answers_is_a_plain_one(shop: Engine, tmp_path: Path, yes: str) -> None:
    asked = taken(tmp_path, mail("I ordered #W1000019 by mistake, please cancel it.", "m1@x", EMMA), **ENVELOPE)
    quoted = "\n".join(f"> {line}" for line in asked["reply"].split("\n"))
    answer = mail(
        f"{yes}\n\nFernhill Supply <desk@fernhill.example> wrote:\n{quoted}", "m2@x", EMMA, head="References: <m1@x>\n"
    )
    found = taken(tmp_path, answer, **ENVELOPE)
    assert (found["case_id"], found["end"]) == (asked["case_id"], "resolved")
    assert rows(shop, "SELECT status FROM orders WHERE id = '#W1000019'") == "cancelled"


@pytest.mark.slow
def test_a_yes_in_the_letter_below_is_none(shop: Engine, tmp_path: Path) -> None:
    taken(tmp_path, mail("I ordered #W1000019 by mistake, please cancel it.", "m1@x", EMMA), **ENVELOPE)
    taken(
        tmp_path,
        mail(f"One moment.\n\nOn 1 Jan 2026, Lee <{JONAS}> wrote:\n> Yes.", "m2@x", EMMA, head="In-Reply-To: <m1@x>\n"),
        **ENVELOPE,
    )
    assert rows(shop, "SELECT status FROM orders WHERE id = '#W1000019'") == "pending"


@pytest.mark.slow
def test_the_same_mail_again_is_the_same_case(tmp_path: Path) -> None:
    first = taken(tmp_path, mail(WHERE), **ENVELOPE)
    further = mail("Thank you!", "m2@x", head="References: <m1@example.com>\n")
    again = [taken(tmp_path, content, **ENVELOPE) for content in (mail(WHERE), further, further)]
    assert {one["case_id"] for one in again} == {first["case_id"]}
    assert [e["text"] for e in again[-1]["transcript"] if e["speaker"] == "customer"] == [WHERE, "Thank you!"]


@pytest.mark.slow
def test_nobody_else_comes_into_a_case_by_naming_its_mails(tmp_path: Path) -> None:
    first = taken(tmp_path, mail(WHERE), **ENVELOPE)
    others = (
        taken(tmp_path, mail("And now?", "m2@x", EMMA, head="References: <m1@example.com>\n"), **ENVELOPE),
        taken(tmp_path, mail("And now?", "m1@example.com", EMMA), **ENVELOPE),
        taken(tmp_path, mail("And now?", "m3@x", head="References: <m1@example.com>\n")),
        taken(tmp_path, mail("And then?", "m1@example.com")),
    )
    assert len({first["case_id"], *(one["case_id"] for one in others)}) == 5


@pytest.mark.parametrize(
    ("head", "arguments"),
    [("Auto-Submitted: auto-replied\n", ["--email", JONAS]), ("", ["--email", "<>"]), ("Precedence: junk\n", [])],
)
def test_what_no_person_wrote_is_answered_with_silence(shop: Engine, tmp_path: Path, head: str, arguments: list[str]) -> None:
    before = rows(shop, "SELECT count(*) FROM tickets")
    content = mail("I am away. My parcel #W1000002 was charged twice, refund it.", head=f"References: <m0@x>\n{head}")
    done = switchboard(tmp_path, "ask", "-", "--mail", "--json", *arguments, given=content)
    found = json.loads(done.stdout)
    assert (done.returncode, found["end"], found["reply"], found["model_calls"]) == (0, "ignored", "", 0)
    assert found["reason"] and [e["speaker"] for e in found["transcript"]] == ["customer"]
    assert rows(shop, "SELECT count(*) FROM tickets") == before
    replayed = json.loads(switchboard(tmp_path, "replay", found["case_id"], "--json").stdout)
    assert (replayed["end"], replayed["replay"]["differences"]) == ("ignored", [])


@pytest.mark.slow
def test_a_notice_of_absence_that_comes_as_plain_text_is_answered_with_silence_too(shop: Engine, tmp_path: Path) -> None:
    notice = "Out of Office: Re: your ticket\n\nI am on leave until January. For urgent matters write to my colleague."
    opened = json.loads(switchboard(tmp_path, "ask", "-", "--json", "--email", JONAS, given=notice).stdout)
    assert (opened["end"], opened["reply"]) == ("ignored", "")
    asked = json.loads(switchboard(tmp_path, "ask", "Cancel my order", "--json", "--email", JONAS).stdout)
    again = switchboard(tmp_path, "ask", "-", "--json", "--case", asked["case_id"], given=notice)
    assert "notice of absence" in again.stdout + again.stderr
    kept = json.loads(switchboard(tmp_path, "show", asked["case_id"], "--json").stdout)
    assert (kept["end"], len(kept["transcript"])) == (asked["end"], len(asked["transcript"]))


def test_our_own_words_that_come_back_are_answered_with_silence(tmp_path: Path) -> None:
    found = taken(tmp_path, mail(WHERE, sender="desk@fernhill.example"), SWITCHBOARD_MAIL_SENDER="desk@fernhill.example")
    assert (found["end"], found["reason"]) == ("ignored", "We wrote it ourselves.")


@pytest.mark.slow
def test_a_notice_of_absence_comes_into_no_case(tmp_path: Path) -> None:
    first = taken(tmp_path, mail(WHERE), **ENVELOPE)
    away = mail("I am away.", "m2@x", subject="Automatic reply: parcel", head="References: <m1@example.com>\n")
    found = taken(tmp_path, away, **ENVELOPE)
    assert (found["end"], found["case_id"] != first["case_id"]) == ("ignored", True)
    lately = taken(tmp_path, mail("Where?", "m3@x", head="References: <m2@x>\n"), **ENVELOPE)
    assert lately["case_id"] not in (found["case_id"], first["case_id"])


def test_a_mail_that_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    refused = switchboard(tmp_path, "ask", "-", "--mail", given="Where is my parcel?")
    assert (refused.returncode, "Leave --mail out" in refused.stderr) == (2, True)
    assert switchboard(tmp_path, "ask", "Hello", "--mail").returncode == 2


@pytest.mark.slow
def test_a_folder_of_mails_is_submitted_with_what_answers_what_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail("Thank you!", "m2@x", head="References: <m1@x>\n"))
    (folder / "b.eml").write_bytes(mail(WHERE, "m1@x"))
    (folder / "c.eml").write_bytes(mail("I am away.", "m3@x", head="Auto-Submitted: auto-replied\n"))
    (folder / "d.eml").write_bytes(b"nothing")
    done = switchboard(tmp_path, "submit", str(folder), **ENVELOPE)
    found = {one["id"]: one for one in results(done.stdout)}
    first, second, away = (found[f"<m{n}@x> {JONAS}"] for n in (1, 2, 3))
    assert first["case_id"] == second["case_id"] != away["case_id"]
    assert (away["end"], "d.eml of" in done.stderr, "1 ignored" in done.stderr) == ("ignored", True, True)
    again = switchboard(tmp_path, "submit", str(folder), **ENVELOPE)
    assert {one["case_id"] for one in results(again.stdout)} == {one["case_id"] for one in found.values()}


@pytest.mark.slow
def test_a_mailbox_is_submitted_with_the_senders_of_its_envelopes(tmp_path: Path) -> None:
    one, other = (mail(WHERE, f"m{n}@x").split(b"\n", 1)[1] for n in (1, 2))
    box = b"From %s Tue Nov 24 10:12:00 2026\n%s\nFrom <> Tue Nov 24 10:12:00 2026\n%s" % (JONAS.encode(), one, other)
    (tmp_path / "in.mbox").write_bytes(box)
    found = results(switchboard(tmp_path, "submit", "in.mbox", **ENVELOPE).stdout)
    assert sorted((one["id"].rpartition(" ")[2] == JONAS, one["end"]) for one in found) == [
        (False, "ignored"),
        (True, "resolved"),
    ]


def test_only_a_line_that_begins_a_mail_parts_a_mailbox() -> None:
    box = b"From a@b.c x\nSubject: x\n\nHello\nFrom here\n>From there\n\nFrom d@e.f x\nSubject: y\n\nHi\n"
    assert mails_in(box) == [(b"Subject: x\n\nHello\nFrom here\nFrom there", "a@b.c"), (b"Subject: y\n\nHi\n", "d@e.f")]


def test_an_address_that_looks_like_another_one_is_nobodys() -> None:
    content = mail(WHERE).replace(JONAS.encode(), "j\u043enas@example.com".encode())
    assert message_from(content, Incoming("from"), 1).known == {}
    assert message_from(content, Incoming("envelope"), 1).known == {}


def test_a_message_is_routed_by_its_own_words(tmp_path: Path) -> None:
    own = "My router has been offline since this morning and shows the error E23."
    below = f"{own}\n\nOn 1 Jan 2026, Lee <{JONAS}> wrote:\n> I want my money back for the double charge on my card."
    one, other = (switchboard(tmp_path, "route", words, "--json").stdout for words in (own, below))
    assert one == other
