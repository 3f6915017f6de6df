"""The mailbox: each mail is a case once, and its writer is answered in its thread, once, by plain text."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.imap_server import ImapServer
from support.mail_server import MailServer
from support.mail_shapes import SHAPES
from support.mailed import DANA, SAYS, Mailed, mail


@pytest.fixture
def mailed(tmp_path: Path) -> Iterator[Mailed]:
    with ImapServer() as imap, MailServer() as smtp:
        yield Mailed(tmp_path, imap, smtp).write()


@pytest.mark.slow
def test_a_mail_is_a_case_and_is_answered_in_its_thread(mailed: Mailed) -> None:
    mailed.imap.put(mail(head="References: <a@whitlow.example> <b@whitlow.example>\n"))
    mailed.once()
    (answer,) = mailed.answers
    assert mailed.to == [DANA]
    assert (answer["From"], answer["Subject"]) == ("Acme Tools <desk@example.com>", "Re: Hammers")
    assert answer["In-Reply-To"] == "<m1@whitlow.example>"
    assert answer["References"] == "<a@whitlow.example> <b@whitlow.example> <m1@whitlow.example>"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer.get_content_type() == "text/plain"
    assert answer.get_content().splitlines() == [SAYS, "", "-- ", "Acme Tools"]
    assert mailed.imap.found("UNSEEN") == 0
    mailed.once()
    assert (len(mailed.answers), mailed.rows("SELECT count(*) FROM cases")) == (1, [1])


@pytest.mark.slow
def test_an_answer_to_our_answer_goes_on_with_its_case_even_where_it_names_nothing_else(mailed: Mailed) -> None:
    mailed.imap.put(mail())
    mailed.once()
    ours = mailed.answers[0]["Message-ID"]
    mailed.imap.put(mail("And nails?", "m2", subject="Re: Hammers", head=f"In-Reply-To: {ours}\n"))
    mailed.once()
    assert mailed.rows("SELECT count(*) FROM cases") == [1]
    assert [one["In-Reply-To"] for one in mailed.answers] == ["<m1@whitlow.example>", "<m2@whitlow.example>"]
    assert mailed.answers[1]["References"] == f"{ours} <m2@whitlow.example>"
    assert ours != mailed.answers[1]["Message-ID"]
    stranger = mail("And nails?", "m3", "lee@other.example", "Re: Hammers", f"In-Reply-To: {ours}\n")
    mailed.imap.put(stranger)
    mailed.once()
    assert mailed.rows("SELECT count(*) FROM cases") == [2]


@pytest.mark.slow
def test_ids_that_are_long_stay_whole_and_those_that_no_header_can_hold_are_left_out(mailed: Mailed) -> None:
    before = [f"<{str(n) * 200}@whitlow.example>" for n in range(1, 9)]
    mailed.imap.put(mail(number="x" * 150, head=f"References: {' '.join(before)}\n <gr\xfc\xdfe@whitlow.example>\n"))
    mailed.once()
    (answer,) = mailed.answers
    assert answer["In-Reply-To"] == f"<{'x' * 150}@whitlow.example>"
    assert answer["References"].split() == [*before[-3:], answer["In-Reply-To"]]


@pytest.mark.slow
def test_what_an_operator_says_goes_out_too_and_nothing_is_said_while_they_have_the_case(mailed: Mailed) -> None:
    mailed.imap.put(mail())
    mailed.once()
    (case_id,) = mailed.rows("SELECT id FROM cases")
    assert mailed.does("take", case_id, "--as", "ines").returncode == 0
    mailed.imap.put(mail("When do you open?", "m2", head="In-Reply-To: <m1@whitlow.example>\n"))
    mailed.once()
    assert len(mailed.answers) == 1
    assert mailed.does("say", case_id, "We open at nine.", "--as", "ines").returncode == 0
    mailed.once()
    mailed.once()
    assert [one.get_content().splitlines()[0] for one in mailed.answers] == [SAYS, "We open at nine."]
    assert mailed.answers[1]["In-Reply-To"] == "<m2@whitlow.example>"


@pytest.mark.slow
def test_danger_in_a_case_that_a_person_has_is_answered_at_once(mailed: Mailed) -> None:
    mailed.imap.put(mail())
    mailed.once()
    (case_id,) = mailed.rows("SELECT id FROM cases")
    mailed.does("take", case_id, "--as", "ines")
    mailed.imap.put(mail("The drill is on fire right now.", "m2", head="In-Reply-To: <m1@whitlow.example>\n"))
    mailed.once()
    mailed.once()
    assert len(mailed.answers) == 2
    assert SAYS not in mailed.answers[1].get_content()


@pytest.mark.slow
@pytest.mark.parametrize(
    "head, sender",
    [
        ("Auto-Submitted: auto-replied\n", DANA),
        ("Precedence: bulk\n", DANA),
        ("", "mailer-daemon@mail.example"),
        ("", "desk@example.com"),
        ("X-Autoreply: yes\n", DANA),
    ],
)
def test_what_no_person_wrote_is_a_case_and_is_answered_with_silence(mailed: Mailed, head: str, sender: str) -> None:
    mailed.imap.put(mail(head=head, sender=sender))
    mailed.once()
    mailed.once()
    assert (mailed.answers, mailed.rows('SELECT "end" FROM cases')) == ([], ["ignored"])


@pytest.mark.slow
def test_a_bounce_of_our_answer_is_not_answered(mailed: Mailed) -> None:
    mailed.imap.put(mail())
    mailed.once()
    bounce = mail("It could not be delivered.", "b1", DANA, "Undelivered", f"In-Reply-To: {mailed.answers[0]['Message-ID']}\n")
    mailed.imap.put(bounce.replace(f"Return-Path: <{DANA}>".encode(), b"Return-Path: <>"))
    mailed.once()
    assert len(mailed.answers) == 1


@pytest.mark.slow
def test_each_shape_of_a_mail_is_one_case_and_one_answer(mailed: Mailed) -> None:
    mailed.write("most_answers = 1000")
    given = [re.sub(rb"(?im)^message-id:.*\n", b"", one) for one, _ in SHAPES.values()]
    mailed.imap.put(*(b"Message-ID: <shape%d@whitlow.example>\n" % n + one for n, one in enumerate(given)))
    mailed.once()
    mailed.once()
    assert mailed.rows("SELECT count(*) FROM cases") == [len(SHAPES)]
    answered = [one["In-Reply-To"] for one in mailed.answers]
    assert len(answered) == len(set(answered)) == len(SHAPES)


@pytest.mark.slow
def test_mails_are_moved_where_the_project_says_so(mailed: Mailed) -> None:
    mailed.imap.make("Cases")
    mailed.write('moved_to = "Cases"')
    mailed.imap.put(mail(), mail(number="m2"))
    mailed.once()
    assert (mailed.imap.found(), mailed.imap.found(folder="Cases"), len(mailed.answers)) == (0, 2, 2)


@pytest.mark.slow
def test_a_mail_that_cannot_be_read_is_said_once_and_keeps_nobody_waiting(mailed: Mailed) -> None:
    parts = b"Content-Type: multipart/mixed; boundary=x\n" * 500
    mailed.imap.put(mail(head=parts.decode()), mail(number="m2"))
    assert "A mail was not taken" in mailed.once().stderr
    assert "A mail was not taken" not in mailed.once().stderr
    assert len(mailed.answers) == 1
    assert "Of the mails that came one could not be read" in " ".join(mailed.does("mail", "check").stdout.split())
    assert mailed.rows("SELECT count(*) FROM channel_unread") == [1]


@pytest.mark.slow
def test_who_has_no_address_gets_no_answer(mailed: Mailed) -> None:
    mailed.imap.put(mail().replace(f"From: Dana <{DANA}>".encode(), b"From: Dana"))
    mailed.once()
    assert (mailed.answers, mailed.rows("SELECT count(*) FROM cases")) == ([], [1])


@pytest.mark.slow
def test_two_addresses_in_from_are_nobodys(mailed: Mailed) -> None:
    mailed.imap.put(mail().replace(b"From: Dana", b"From: <lee@other.example>, Dana"))
    mailed.once()
    assert mailed.answers == []
