"""What the mailbox bears: floods, machines that answer each other, large mails, servers that are away, and wrong settings."""

import imaplib
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.commands import environment
from support.imap_server import PASSWORD, USER, ImapServer
from support.mail_server import MailServer
from support.mailed import DANA, Mailed, mail
from support.programs import hall

from switchboard.cases.runs import Environment
from switchboard.console.channels.imap import Imap
from switchboard.console.channels.mail import MailChannel
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.mail.settings import MailboxAt, mailbox_at
from switchboard.mail.table import MailboxTable
from switchboard.migrations import migrate_cases
from switchboard.service.channels.channel import OutOfReach
from switchboard.service.channels.traffic import take_in
from switchboard.service.mails import Incoming

STATES = "SELECT state, count(*) FROM channel_answers GROUP BY state ORDER BY state"
TICKETS = "SELECT subject FROM tickets WHERE subject LIKE '%answer%'"
TOLD = "SELECT subject, summary, contact_email FROM tickets WHERE subject LIKE '%answer%'"
MACHINE = "robot@parts.example"


@pytest.fixture
def mailed(tmp_path: Path) -> Iterator[Mailed]:
    with ImapServer() as imap, MailServer() as smtp:
        yield Mailed(tmp_path, imap, smtp).write()


@pytest.mark.slow
def test_a_flood_from_one_address_has_so_many_answers_and_one_ticket(mailed: Mailed) -> None:
    mailed.write("most_answers = 4")
    mailed.imap.put(*(mail(number=f"flood{n}") for n in range(12)), mail(number="other", sender="lee@other.example"))
    mailed.once()
    mailed.once()
    assert sorted(mailed.to) == [*[DANA] * 4, "lee@other.example"]
    assert mailed.rows("SELECT count(*) FROM cases") == [13]
    assert mailed.rows(STATES) == [("sent", 5), ("withdrawn", 8)]
    assert mailed.rows(TICKETS) == ["An answer was not sent to the customer"]


def as_mail(answer: Any, number: int, *, honest: bool) -> bytes:
    """What a machine that answers everything sends back; one that is not honest as a new matter, as a person would."""
    head = f"In-Reply-To: {answer['Message-ID']}\nAuto-Submitted: auto-replied\n" if honest else ""
    return mail(f"Thank you for your message. Ours has the number {number}.", f"r{number}", MACHINE, "Re: Parts", head)


@pytest.mark.slow
@pytest.mark.parametrize("honest", [True, False])
def test_two_machines_that_answer_each_other_come_to_an_end(mailed: Mailed, honest: bool) -> None:
    mailed.write("most_answers = 3")
    mailed.imap.put(mail(sender=MACHINE))
    answered = 0
    for number in range(10):
        mailed.once()
        if len(mailed.answers) == answered:
            break
        answered = len(mailed.answers)
        mailed.imap.put(as_mail(mailed.answers[-1], number, honest=honest))
    assert answered == (1 if honest else 3)


@pytest.mark.slow
def test_two_desks_of_ours_do_not_answer_each_other(mailed: Mailed) -> None:
    mailed.imap.put(mail(sender="desk@other.example"))
    mailed.once()
    (ours,) = mailed.answers
    ours.replace_header("From", "Other <desk@other.example>")
    ours.replace_header("To", "desk@example.com")
    ours.replace_header("Message-ID", "<theirs@other.example>")
    mailed.imap.put(ours.as_bytes())
    mailed.once()
    assert len(mailed.answers) == 1
    assert mailed.rows('SELECT "end" FROM cases WHERE "end" = \'ignored\'') == ["ignored"]


@pytest.mark.slow
def test_of_a_large_mail_the_text_alone_is_fetched(mailed: Mailed, monkeypatch: pytest.MonkeyPatch) -> None:
    film = b"QUJD" * 19 + b"\n"
    parts = (
        b"--out\nContent-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: text/plain; charset=utf-8\n"
        b"Content-Transfer-Encoding: quoted-printable\n\nDer Bohrer l=C3=A4uft nicht, siehe Film.\n\n"
        b"--in\nContent-Type: text/html\n\n<p>Der Bohrer l\xc3\xa4uft nicht.</p>\n--in--\n"
        b'--out\nContent-Type: video/mp4; name="film.mp4"\nContent-Transfer-Encoding: base64\n'
        b'Content-Disposition: attachment; filename="film.mp4"\n\n' + film * 520_000 + b"\n"
        b'--out\nContent-Type: text/plain\nContent-Disposition: attachment; filename="log.txt"\n\nnot ours\n--out--\n'
    )
    whole = mail(head="MIME-Version: 1.0\n").replace(b"text/plain; charset=utf-8", b'multipart/mixed; boundary="out"')
    mailed.imap.put(whole.replace(b"Hello, do you sell hammers?", parts))
    read, fetched = imaplib.IMAP4.read, list[int]()

    def counted(client: imaplib.IMAP4, size: int) -> bytes:
        fetched.append(size)
        return read(client, size)

    monkeypatch.setattr(imaplib.IMAP4, "read", counted)
    mailed.once()
    assert len(mailed.answers) == 1
    assert sum(fetched) < 100_000
    (given,) = mailed.rows("SELECT given FROM runs")
    words = json.loads(given)["words"]
    assert words == "Hammers\n\nDer Bohrer läuft nicht, siehe Film.\n\n[attached: film.mp4]\n[attached: log.txt]"


@pytest.mark.slow
def test_a_large_mail_of_one_part_is_read_as_far_as_any_text_is(mailed: Mailed) -> None:
    mailed.imap.put(mail("My drill is broken.\n" + ("and so on " * 7 + "\n") * 200_000))
    mailed.once()
    assert len(mailed.answers) == 1
    assert mailed.rows("SELECT length(opening) > 1000 FROM cases") == [1]


@pytest.mark.slow
def test_mails_that_the_server_cannot_give_keep_no_other_one_waiting(mailed: Mailed, monkeypatch: pytest.MonkeyPatch) -> None:
    mailed.imap.put(*(mail(number=f"m{n}") for n in range(1, 5)))
    fetch, broken = Imap.fetch, {"1", "2", "3"}

    def at_times(box: Imap, uid: str) -> bytes:
        if uid == "3" and broken:
            raise RecursionError("nobody expects it")
        return fetch(box, "no uid" if uid in broken else uid)

    monkeypatch.setattr(Imap, "fetch", at_times)
    uids = sorted(Imap.new(channel(mailed).mailbox), key=int)
    broken = set(uids[:3])
    done = mailed.does("mail", "once")
    assert done.returncode != 0 and done.stderr.count("A mail could not be read") == 3
    assert mailed.imap.found("UNSEEN") == 3 and len(mailed.answers) == 1
    broken.clear()
    mailed.once()
    assert sorted(one["In-Reply-To"] for one in mailed.answers) == [f"<m{n}@whitlow.example>" for n in (1, 2, 3, 4)]


def channel(mailed: Mailed) -> MailChannel:
    at = MailboxAt("127.0.0.1", mailed.imap.port, USER, PASSWORD, "none")
    return MailChannel(Imap(at, "INBOX"), mailed, Incoming("from", frozenset()), "desk@example.com", "Acme")  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_mail_that_cannot_be_read_is_named_once_and_left_to_a_person_after_some_tries(
    mailed: Mailed, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed.imap.put(mail(number="m1"), mail(number="m2"))
    reading, now = channel(mailed), [0.0]
    monkeypatch.setattr("switchboard.console.channels.mail.time.monotonic", lambda: now[0])
    first, second = reading.mailbox.new()
    fetch = Imap.fetch
    monkeypatch.setattr(Imap, "fetch", lambda box, uid: fetch(box, "no uid" if uid == first else uid))
    came = []
    for _ in range(8):
        found = list(reading.came())
        assert [one.mark for one in found if one.message] == [second]
        came += [one for one in found if not one.message]
        assert not [one for one in reading.came() if not one.message], "it rests"
        now[0] += 1000.0
    assert [bool(one.wrong) for one in came[:5]] == [True, False, False, False, False]
    assert [one.again for one in came[:5]] == [True, True, True, True, False]
    reading.mailbox.close()


def test_a_mail_that_cannot_be_marked_keeps_no_other_one_waiting_and_is_no_success(
    mailed: Mailed, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed.imap.put(mail(number="m1"), mail(number="m2"))
    reading = channel(mailed)
    first, _ = reading.mailbox.new()
    mark = Imap.mark
    engine = open_engine(sqlite_url(mailed.folder / "rows.db"))
    migrate_cases(engine)

    def read_only(box: Imap, uid: str) -> None:
        if uid == first:
            raise OutOfReach("The mailbox is read-only.")
        mark(box, uid)

    with monkeypatch.context() as while_so:
        while_so.setattr(Imap, "mark", read_only)
        with Worker(Environment(engine, {"toys": hall()})) as worker:
            taken = take_in(worker.environment, reading, "toys")
            assert (len(taken.ids), taken.new, taken.again) == (2, 2, 1)
    assert reading.mailbox.new() == [first] and reading.later[first][0] == 1
    reading.mailbox.close()
    engine.dispose()


def test_a_server_that_is_away_is_no_trouble_of_a_mail(mailed: Mailed) -> None:
    mailed.imap.put(mail(number="m1"), mail(number="m2"))
    reading = channel(mailed)
    coming = reading.came()
    assert next(coming).message
    mailed.imap.leave()
    with pytest.raises(OutOfReach):
        list(coming)
    mailed.imap.come_back()
    assert reading.later == {} and len(list(reading.came())) == 2
    reading.mailbox.close()


@pytest.mark.slow
def test_a_folder_that_was_made_anew_has_no_other_mail_marked(mailed: Mailed) -> None:
    mailed.imap.put(mail(number="m1"))
    box = channel(mailed).mailbox
    [uid] = box.new()
    box.close()
    box._listed = b"1"  # as of a folder whose UIDs were others
    for does in (box.mark, box.fetch):
        with pytest.raises(OutOfReach, match="made anew"):
            does(uid)
    assert mailed.imap.found("UNSEEN") == 1 and box.new() == [uid]
    box.mark(uid)
    assert mailed.imap.found("UNSEEN") == 0
    box.close()


def serving(mailed: Mailed) -> "subprocess.Popen[str]":
    """`switchboard mail serve` in a process of its own."""
    found = environment(mailed.project, MAILBOX_PASSWORD=PASSWORD)
    script = "from switchboard.console.terminal.cli import main; main()"
    command = [sys.executable, "-c", script, "mail", "serve"]
    return subprocess.Popen(command, cwd=mailed.project, env=found, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def until(holds: Callable[[], bool], seconds: float = 200) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.slow
def test_a_server_that_tells_of_mails_itself_is_not_looked_at_meanwhile(tmp_path: Path) -> None:
    with ImapServer() as imap, MailServer() as smtp:
        mailed = Mailed(tmp_path, imap, smtp).write("looks_every = 300")
        mailed.once()
        imap.put(mail(number="m1"))
        server = serving(mailed)
        try:
            until(lambda: len(mailed.answers) == 1)  # it looks once at its start, and again in five minutes
            for n in (2, 3):
                imap.put(mail(number=f"m{n}"))
                until(lambda n=n: len(mailed.answers) == n)  # type: ignore[misc]
            server.send_signal(signal.SIGTERM)
            _, said = server.communicate(timeout=200)
        finally:
            if server.poll() is None:
                os.kill(server.pid, signal.SIGKILL)
        assert server.returncode == 0, said
        assert mailed.rows("SELECT count(*) FROM cases") == [3]


@pytest.mark.parametrize(
    ("idle", "looks_every", "seconds"),
    [(True, 300, 4), (False, 1, 4), *(pytest.param(*given, 60, marks=pytest.mark.slow) for given in ((True, 300), (False, 1)))],
)
def test_servers_that_are_away_for_a_while_lose_nothing_and_are_told_of_once(
    tmp_path: Path, idle: bool, looks_every: int, seconds: float
) -> None:
    with ImapServer(idle=idle) as imap, MailServer() as smtp:
        mailed = Mailed(tmp_path, imap, smtp).write(f"looks_every = {looks_every}")
        mailed.once()
        server = serving(mailed)
        try:
            imap.put(mail())
            until(lambda: len(mailed.answers) == 1)
            imap.leave()
            time.sleep(seconds)
            imap.come_back()
            smtp.answers["MAIL"] = "451 Later"
            imap.put(mail(number="m2"))
            until(lambda: mailed.rows(STATES) == [("queued", 1), ("sent", 1)])
            time.sleep(3)
            del smtp.answers["MAIL"]
            until(lambda: len(mailed.answers) == 2)
            server.send_signal(signal.SIGTERM)
            _, said = server.communicate(timeout=200)
        finally:
            if server.poll() is None:
                os.kill(server.pid, signal.SIGKILL)
        assert server.returncode == 0, said
        said = " ".join(said.split())
        assert len(re.findall(r"The mailbox at .*? It is tried again", said)) == 1, said
        assert said.count("The channel mail is read again.") == 1
        assert len(re.findall(r"The mail server .*? It is tried again", said)) == 1, said
        assert said.count("Answers are sent again.") == 1
        assert mailed.rows("SELECT count(*) FROM cases") == [2]


@pytest.mark.slow
def test_what_the_mail_server_does_not_take_now_goes_out_later_and_what_it_never_takes_not_at_all(mailed: Mailed) -> None:
    mailed.smtp.answers["DATA"] = "451 Later"
    mailed.imap.put(mail())
    assert mailed.does("mail", "once").returncode == 1
    assert mailed.rows(STATES) == [("queued", 1)]
    del mailed.smtp.answers["DATA"]
    mailed.smtp.refuses = ("lee@other.example",)
    mailed.imap.put(mail(number="m2", sender="lee@other.example"))
    mailed.once()
    assert (mailed.to, mailed.rows(STATES)) == ([DANA], [("refused", 1), ("sent", 1)])
    [(subject, summary, email)] = mailed.rows(TOLD)
    assert (subject, email) == ("An answer to the customer was refused", "lee@other.example")
    assert "takes no letters to the address on file (550). It is not sent again." in summary


@pytest.mark.slow
def test_who_gets_no_answer_now_keeps_nobody_else_waiting(mailed: Mailed) -> None:
    mailed.smtp.puts_off = ("lee@other.example",)
    mailed.imap.put(mail(number="m1", sender="lee@other.example"), mail(number="m2"))
    assert mailed.does("mail", "once").returncode == 1, "one is left"
    assert (mailed.to, mailed.rows(STATES)) == ([DANA], [("queued", 1), ("sent", 1)])
    mailed.smtp.puts_off = ()
    mailed.once()
    assert mailed.to == [DANA, "lee@other.example"]


@pytest.mark.slow
def test_an_answer_that_waited_too_long_for_a_mail_server_is_not_sent_and_a_person_hears_of_it(mailed: Mailed) -> None:
    mailed.smtp.answers["MAIL"] = "451 Later"
    mailed.imap.put(mail())
    assert mailed.does("mail", "once").returncode == 1
    del mailed.smtp.answers["MAIL"]
    mailed.rows("UPDATE channel_answers SET queued_at = '2020-01-01 00:00:00' RETURNING 1")
    for _ in range(2):
        mailed.once()
    assert (mailed.to, mailed.rows(STATES)) == ([], [("withdrawn", 1)])
    [(subject, summary, _)] = mailed.rows(TOLD)
    assert subject == "An answer was not sent to the customer"
    assert summary.startswith("It waited too long to be sent.") and "refuses the letter (451). It is not sent" in summary


@pytest.mark.slow
def test_where_nobody_knows_whether_an_answer_was_taken_it_is_not_sent_again_and_a_person_hears_of_it(mailed: Mailed) -> None:
    mailed.smtp.answers["DATA"] = "no answer at all"
    mailed.imap.put(mail())
    mailed.once()
    del mailed.smtp.answers["DATA"]
    mailed.once()
    assert (mailed.to, mailed.rows(STATES)) == ([], [("not_known", 1)])
    assert mailed.rows(TICKETS) == ["It is not known whether the customer got an answer"]
    assert "not_known" not in mailed.does("mail", "check").stdout
    assert "nobody knows" in mailed.does("mail", "check").stdout


@pytest.mark.parametrize(
    "more, variables, told",
    [
        ("", {"MAILBOX_PASSWORD": "wrong"}, "refuses the user or the password"),
        ('folder = "Nowhere"', {}, "has no folder 'Nowhere'"),
        ('team = "others"', {}, r"switchboard.toml, line \d+, \[channels.mail\]: .*no team 'others'"),
        ("", {"MAILBOX_PASSWORD": ""}, r"switchboard.toml, line \d+, \[channels.mail\]: .*MAILBOX_PASSWORD, which is not set"),
        ("most_answers = 0", {}, r"switchboard.toml, line \d+: .*most_answers"),
        ('fodler = "INBOX"', {}, r"switchboard.toml, line \d+: .*\"folder\""),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(mailed: Mailed, more: str, variables: dict[str, str], told: str) -> None:
    mailed.write(more)
    done = mailed.does("mail", "once", **variables)
    assert done.returncode == 2
    assert re.search(told, done.stderr), done.stderr
    checked = mailed.does("mail", "check", **variables)
    assert checked.returncode == 2
    assert re.search(told, " ".join(f"{checked.stdout}{checked.stderr}".split())), checked.stdout


@pytest.mark.slow
def test_check_looks_at_both_servers(mailed: Mailed) -> None:
    told = " ".join(mailed.does("check").stdout.split())
    assert "can be read; its mails are for the team desk." in told and "Answers can be sent" in told
    mailed.smtp.answers["MAIL"] = "530 Sign on first"
    assert "No answer can be sent" in " ".join(mailed.does("check").stdout.split())


def test_nobody_is_answered_where_nothing_says_whom_a_mail_is_from(mailed: Mailed) -> None:
    mailed.write(writer="given")
    done = mailed.does("mail", "once")
    assert (done.returncode, "set writer of [mail]" in done.stderr) == (2, True)


def test_a_project_without_a_mailbox_says_so(mailed: Mailed) -> None:
    (mailed.project / "switchboard.toml").write_text('name = "Acme"\n[departments.tools]\nabout = "Tools."\n', "utf-8")
    assert "names no mailbox" in mailed.does("mail", "serve").stderr


@pytest.mark.parametrize(
    "url, tls",
    [
        ("imaps://desk:${P}@imap.example.com", ("imap.example.com", 993, "tls")),
        ("imap://desk:${P}@imap.example.com", ("imap.example.com", 143, "starttls")),
        ("imap://desk:${P}@localhost:1143", ("localhost", 1143, "none")),
    ],
)
def test_a_mailbox_is_reached_by_tls_but_on_this_machine(
    url: str, tls: tuple[str, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("P", "s/e@c:ret")
    at = mailbox_at(MailboxTable(imap=url))
    assert ((at.host, at.port, at.tls), at.password) == (tls, "s/e@c:ret")
    assert "ret" not in repr(at)
    monkeypatch.setenv("WHOLE", url.replace("${P}", "a:b"))
    assert mailbox_at(MailboxTable(imap="${WHOLE}")).password == "a:b"


@pytest.mark.parametrize(
    "url", ["imaps://desk:secret@imap.example.com", "https://x:${P}@y", "imaps://imap.example.com", "${P}x"]
)
def test_a_password_stands_in_no_file(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|password"):
        MailboxTable(imap=url)


@pytest.mark.slow
def test_a_server_with_a_certificate_that_nobody_vouches_for_is_not_spoken_to(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.parent / "key")
    with ImapServer(tls=context) as imap:
        box = Imap(MailboxAt("localhost", imap.port, USER, PASSWORD), "INBOX")
        assert box.new() == []
        box.close()
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(OutOfReach, match="SSLCertVerificationError"):
            Imap(MailboxAt("localhost", imap.port, USER, PASSWORD), "INBOX").new()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(OperatorError, match="refuses the user or the password"):
            Imap(MailboxAt("localhost", imap.port, USER, "wrong"), "INBOX").new()


@pytest.mark.slow
@pytest.mark.parametrize("lacks, left", [((b"MOVE",), 1), ((b"MOVE", b"UIDPLUS"), 2)])
def test_what_others_have_deleted_in_the_folder_stays_where_a_server_cannot_move(
    tmp_path: Path, lacks: tuple[bytes, ...], left: int
) -> None:
    """Only with UIDPLUS can one mail be removed alone; else it stays, marked, and is read no more."""
    with ImapServer(lacks=lacks) as imap, MailServer() as smtp:
        mailed = Mailed(tmp_path, imap, smtp).write('moved_to = "Cases"')
        imap.make("Cases")
        imap.put(mail(number="theirs"))
        imap.mark_deleted()
        imap.put(mail(number="ours"))
        for _ in range(2):
            mailed.once()
        assert (imap.found("UNDELETED"), imap.found("DELETED"), imap.found(folder="Cases")) == (0, left, 1)
        assert mailed.to == [DANA]
