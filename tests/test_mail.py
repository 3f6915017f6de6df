"""Letters by SMTP: to a real server on loopback, with and without TLS, and what is told where it does not take one."""

import re
import smtplib
import time
from pathlib import Path
from typing import Any

import pytest
from support.mail_server import MailServer

from switchboard.errors import OperatorError
from switchboard.mail.letters import Letter, LetterRefused, NoSuchMailbox, NotSent, NotThisOne
from switchboard.mail.settings import MailSettings, code_key, smtp_from
from switchboard.mail.smtp import Smtp
from switchboard.mail.table import MailTable

LETTER = Letter("ann@example.com", "Your code", "It is 000111.\n.\nThat is all.", "case_1:call_1")


def by(server: MailServer, **given: Any) -> Smtp:
    return Smtp(**{"host": "localhost", "port": server.port, "sender": "desk@example.com", "tls": "none", **given})


def test_a_letter_arrives_as_it_was_written() -> None:
    with MailServer() as server:
        by(server, name="Acme, Tools").send(LETTER)
    ((to, letter),) = server.letters
    assert (to, letter["To"], letter["From"]) == ("ann@example.com", "ann@example.com", '"Acme, Tools" <desk@example.com>')
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    assert letter["Auto-Submitted"] == "auto-generated"


def test_an_answer_has_short_lines_but_for_the_names_of_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = "Re:" + " Grüße aus Köln über die Lieferung der schönen Möbel für die Küche," * 5
    answers, references = f"m1@{'x' * 300}.example", (f"{'a' * 200}@y.example", f"{'b' * 100}@y.example")
    raw: list[bytes] = []
    with MailServer() as server:
        send = smtplib.SMTP.sendmail

        def kept(self: smtplib.SMTP, sender: str, to: list[str], message: bytes, *given: Any) -> Any:
            raw.append(message)
            return send(self, sender, to, message, *given)

        monkeypatch.setattr(smtplib.SMTP, "sendmail", kept)
        by(server).send(Letter(LETTER.to, subject, "Hello.", "key", answers=answers, references=references))
    ((_, letter),) = server.letters
    assert letter["Subject"] == subject
    assert (letter["In-Reply-To"], letter["References"]) == (f"<{answers}>", " ".join(f"<{n}>" for n in (*references, answers)))
    head = raw[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 76 for line in head if not line.startswith((b"In-Reply-To: <m1@", b"References: <aaa"))), head
    assert max(len(word) for word in re.findall(rb"=\?.*?\?=", b" ".join(head))) <= 75


def test_the_same_letter_has_the_same_id_and_another_has_another() -> None:
    with MailServer() as server:
        for key in ("one", "one", "two"):
            by(server).send(Letter("ann@example.com", "Code", "x", key))
    one, again, two = (letter["Message-ID"] for _, letter in server.letters)
    assert one == again != two


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_letter_goes_by_tls_to_a_server_that_is_signed_on_to(certificate: Path, wrapped: bool) -> None:
    with MailServer(users={"desk": "secret"}, certificate=certificate, wrapped=wrapped) as server:
        tls = "tls" if wrapped else "starttls"
        by(server, tls=tls, user="desk", password="secret").send(LETTER)
        with pytest.raises(NotSent, match="refuses the user or the password"):
            by(server, tls=tls, user="desk", password="wrong").send(LETTER)
        assert by(server, tls=tls, user="desk", password="secret").probe() == ""
    assert len(server.letters) == 1


def test_nothing_is_said_to_a_server_that_cannot_show_who_it_is(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with MailServer(certificate=certificate) as server, pytest.raises(NotSent, match="SSLCertVerificationError"):
        by(server, tls="starttls").send(LETTER)
    with MailServer() as server, pytest.raises(NotSent, match="does not offer what is asked of it"):
        by(server, tls="starttls").send(LETTER)
    assert not server.letters


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (MailServer(answers={"DATA": "451 try later, ann@example.com"}), r"refuses the letter \(451\)"),
        (MailServer(answers={"MAIL": "554 desk@example.com may not"}), r"refuses the letter \(554\)"),
        (MailServer(answers={"RCPT": "450 busy"}), r"does not take the letter now \(450\)"),
        (MailServer(answers={"EHLO": "garbage", "HELO": "garbage"}), "broke off|refuses"),
    ],
)
def test_why_a_letter_was_not_taken_is_told_without_the_address(server: MailServer, told: str) -> None:
    with server, pytest.raises(NotSent, match=told) as raised:
        by(server).send(LETTER)
    assert "@" not in str(raised.value) and not isinstance(raised.value, NoSuchMailbox)


def test_an_address_that_the_server_does_not_know_is_no_fault_of_the_server() -> None:
    with MailServer(refuses=("ann@example.com",)) as server, pytest.raises(NoSuchMailbox) as raised:
        by(server).send(LETTER)
    assert "@" not in str(raised.value)


NO_UTF8 = MailServer(answers={"EHLO": "250 mail.example.com"})


@pytest.mark.parametrize(
    ("server", "to", "is_of_this_one", "is_for_good"),
    [
        (MailServer(answers={"RCPT": "450 Not now"}), LETTER.to, True, False),
        (MailServer(answers={"RCPT": "421 Closing"}), LETTER.to, False, False),
        (MailServer(answers={"RCPT": "550 Unknown"}), LETTER.to, True, True),
        (MailServer(answers={"DATA": "451 Later"}), LETTER.to, False, False),
        (MailServer(answers={"DATA": "554 Looks like spam"}), LETTER.to, True, True),
        (MailServer(answers={"MAIL": "550 Who are you"}), LETTER.to, False, False),
        (NO_UTF8, "ann@zähl.example", True, False),
    ],
)
def test_what_is_wrong_with_one_letter_or_recipient_is_known_from_what_is_wrong_with_all(
    server: MailServer, to: str, is_of_this_one: bool, is_for_good: bool
) -> None:
    with server, pytest.raises(NotSent) as raised:
        by(server).send(Letter(to, "Your code", "It is 000111.", "key"))
    assert isinstance(raised.value, NotThisOne) is is_of_this_one
    assert isinstance(raised.value, LetterRefused) is is_for_good
    assert "@" not in str(raised.value)


def test_a_server_that_does_not_take_an_address_of_ours_beyond_ascii_takes_no_letter_at_all() -> None:
    with NO_UTF8, pytest.raises(NotSent) as raised:
        by(NO_UTF8, sender="desk@döck.example").send(LETTER)
    assert not isinstance(raised.value, NotThisOne)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@example.com, eve@example.org",
        "ann@example.com\r\nBcc: eve@example.org",
        "A <ann@example.com>",
        "an\u0308n@example.com",
    ],
)
def test_what_is_no_single_address_gets_no_letter(address: str) -> None:
    with MailServer() as server, pytest.raises(NoSuchMailbox):
        by(server).send(Letter(address, "Code", "x", "key"))
    assert server.visits == 0


@pytest.mark.slow
def test_a_server_that_is_silent_or_gone_is_not_waited_for() -> None:
    with MailServer(silent=True) as server:
        started = time.monotonic()
        with pytest.raises(NotSent):
            by(server, seconds=0.3).send(LETTER)
        assert time.monotonic() - started < 3
        assert by(server, seconds=0.3).probe()
    with pytest.raises(NotSent, match="cannot be reached"):
        by(server).send(LETTER)


def test_the_environment_comes_before_the_file() -> None:
    table = MailTable(host="mail.example.com", sender="desk@example.com", user="desk")
    given = {"mail_host": "localhost", "mail_tls": "tls", "mail_password": "secret"}
    found = smtp_from(table, MailSettings(_env_file=None, **given), "Acme")
    assert (found.host, found.port, found.sender, found.tls) == ("localhost", 465, "desk@example.com", "tls")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({}, "no mail server.*no address"),
        ({"host": "mail.example.com"}, "sender of \\[mail\\]"),
        ({"host": "mail.example.com", "sender": "d@example.com", "user": "desk"}, "SWITCHBOARD_MAIL_PASSWORD"),
        ({"host": "mail.example.com", "sender": "d@example.com", "tls": "none"}, "without TLS"),
    ],
)
def test_what_is_missing_is_said(table: dict[str, Any], told: str) -> None:
    with pytest.raises(OperatorError, match=f"(?s){told}"):
        smtp_from(MailTable(**table), MailSettings(_env_file=None), "Acme")
    with pytest.raises(OperatorError, match="SWITCHBOARD_CODE_KEY"):
        code_key(MailSettings(_env_file=None))
