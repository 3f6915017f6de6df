"""Mails as they come: what in each its writer's own words are, who wrote it, and that nothing in one breaks the reader."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import in_proportion
from support.mail_shapes import ASK, SHAPES, mail, parts

from switchboard.mail.bodies import MOST_TEXT
from switchboard.mail.history import without_courtesies
from switchboard.mail.received import NotAMail, read_mail


@pytest.mark.parametrize("shape", SHAPES)
def test_of_each_shape_exactly_the_own_words_are_read(shape: str) -> None:
    content, own = SHAPES[shape]
    read = read_mail(content)
    assert (read.own, read.kind) == (own, "person")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("", "person"),
        ("Auto-Submitted: no\n", "person"),
        ("Auto-Submitted: auto-replied; owner=dana\n", "automatic"),
        ("Auto-Submitted: (a note)\n auto-generated\n", "automatic"),
        ("Precedence: Bulk\n", "automatic"),
        ("Precedence: list\nList-Id: <desk.fernhill.example>\n", "person"),
        ("X-Autoreply: yes\n", "automatic"),
        ("Return-Path: <>\n", "bounce"),
        ("Return-Path: <dana@whitlow.example>\n", "person"),
        ("X-Failed-Recipients: lee@whitlow.example\n", "bounce"),
    ],
)
def test_the_header_says_whether_a_person_wrote_it(head: str, kind: str) -> None:
    assert read_mail(mail(ASK, head=head)).kind == kind


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Automatic reply: Your order", "automatic"),
        ("Abwesenheitsnotiz: Ihre Bestellung", "automatic"),
        ("=?utf-8?q?R=C3=A9ponse_automatique_:?= x", "automatic"),
        ("Out of Office", "automatic"),
        ("Out of office chairs: are there any?", "person"),
        ("Re: Automatic reply: Your order", "person"),
        ("Absence of a screw in my chair", "person"),
    ],
)
def test_a_notice_of_absence_is_known_by_how_its_subject_begins(subject: str, kind: str) -> None:
    assert read_mail(mail(ASK, subject)).kind == kind


def test_reports_of_mail_servers_and_of_readers_are_no_persons() -> None:
    report = 'multipart/report; report-type={}; boundary="b1"'
    bounced = mail("--b1\n\nNot delivered.\n--b1--\n", kind=report.format("delivery-status"))
    assert read_mail(bounced).kind == "bounce"
    assert read_mail(mail("--b1\n\nIt was read.\n--b1--\n", kind=report.format("disposition-notification"))).kind == "automatic"
    daemon = mail(ASK).replace(b"dana@whitlow.example>\nTo", b"MAILER-DAEMON@mx.example>\nTo")
    assert read_mail(daemon).kind == "bounce"
    assert read_mail(mail("METHOD:REPLY\nSUMMARY:Call", kind="text/calendar; method=REPLY")).kind == "automatic"


def test_our_own_words_are_known_by_the_address_that_we_write_from() -> None:
    assert read_mail(mail(ASK), ours=["Dana@Whitlow.example"]).kind == "own"
    assert read_mail(mail(ASK), ours=["desk@fernhill.example"]).kind == "person"


def test_who_wrote_is_one_address_or_none() -> None:
    def sender(field: str) -> str:
        return read_mail(f"From: {field}\nSubject: x\n\n{ASK}".encode()).sender

    assert sender("Dana <dana@whitlow.example>") == sender("dana@whitlow.example (Dana)") == "dana@whitlow.example"
    assert sender("=?utf-8?q?D=C3=A4na?= <dana@whitlow.example>") == "dana@whitlow.example"
    assert sender("<lee@x.example>, <dana@whitlow.example>") == sender("lee@x.example, dana@x.example") == sender("Dana") == ""
    assert sender('"lee@x.example" <dana@whitlow.example>') == "dana@whitlow.example"


def test_the_mails_before_it_are_named_newest_first() -> None:
    read = read_mail(mail(ASK, head="References: <a@x> <b@x>\n\t<c@x>\nIn-Reply-To: <c@x>\n"))
    assert (read.message_id, read.references) == ("m1@whitlow.example", ("c@x", "b@x", "a@x"))


def test_the_same_mail_without_an_id_has_the_same_one() -> None:
    one, other = (read_mail(f"From: dana@x.example\n\n{text}".encode()).message_id for text in (ASK, "Hello"))
    assert one == read_mail(f"From: dana@x.example\n\n{ASK}".encode()).message_id != other


def test_what_hangs_on_a_mail_is_named_to_people_alone() -> None:
    content = parts(
        ("text/plain", ASK), ('image/png; name="l[am]p\\x00.png"', "x"), ("application/pdf", "x"), kind="multipart/mixed"
    )
    read = read_mail(content)
    assert (read.own, read.quoted) == (ASK, "[attached: l(am)p\\x00.png]\n[attached: application/pdf]")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Yes, please.\n\nKind regards,\nAda Long", "Yes, please."),
        ("Hello,\n\nyes please.\n\nThanks", "yes please."),
        ("Sehr geehrte Damen und Herren,\n\nja.\n\nMit freundlichen Grüßen\nAda", "ja."),
        ("Yes.\nAda", "Yes."),
        ("Yes.\n\nThanks,\nNo", "Yes.\n\nThanks,\nNo"),
        ("Yes.\n\nThanks,\nAda No", "Yes.\n\nThanks,\nAda No"),
        ("Dear me, no,\nyes", "Dear me, no,\nyes"),
        ("Hello", "Hello"),
        ("Ada", "Ada"),
        ("", ""),
    ],
)
def test_an_answer_is_read_without_its_greeting_its_closing_and_the_known_name(text: str, left: str) -> None:
    assert without_courtesies(text, ["ada_long_1", "ada.long@x.example"]) == left


NEST = "".join(f'Content-Type: multipart/mixed; boundary="n{n}"\n\n--n{n}\n' for n in range(90))
HOSTILE = {
    "of nulls": b"From: a@b.c\n\n" + b"\0" * 1_000_000,
    "of fields": b"From: a@b.c\n" + b"a:b\n" * 200_000 + b"\nhello",
    "with a field without end": b"From: a@b.c\nTo: " + b"<a@b>, " * 140_000 + b"\n\nhello",
    "with encoded words": b"From: a@b.c\nSubject: " + b"=?utf-8?b?aGVsbG8=?= " * 40_000 + b"\n\nhello",
    "with encoded words that are broken": b"From: a@b.c\nSubject: =?utf-8?b?a?= =?rot13?q?=ZZ?= =?x?x?x?=\n\nhello",
    "with parameters": b"From: a@b.c\nContent-Type: text/plain; " + b'a*0*=";' * 100_000 + b"\n\nhello",
    "nested": b"From: a@b.c\n" + NEST.encode() + b"\nhello",
    "of mails in mails": b"From: a@b.c\n" + b"Content-Type: message/rfc822\n\n" * 50_000,
    "with half a boundary": b'From: a@b.c\nContent-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n" * 300_000,
    "of open tags": b"From: a@b.c\nContent-Type: text/html\n\n" + b"<a" * 1_000_000,
    "of open comments": b"From: a@b.c\nContent-Type: text/html\n\n" + b"<!-- <!" * 300_000,
    "of quotes in quotes": b"From: a@b.c\nContent-Type: text/html\n\n" + b"<blockquote>" * 200_000 + b"hello",
    "of broken base64": b"From: a@b.c\nContent-Transfer-Encoding: base64\n\n" + b"====a" * 400_000,
    "of broken quoted-printable": b"From: a@b.c\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=\n=Z=" * 400_000,
    "in an odd charset": b'From: a@b.c\nContent-Type: text/plain; charset="punycode"\n\n' + b"a-" * 500_000,
    "of rules": b"From: a@b.c\n\n" + b"From: a@b.c\n" * 100_000,
    "of what others wrote": b"From: a@b.c\n\n" + b"On 1 Jan 2026, at 10:10, a <a@b.c> wrote:\n\n" * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_mail_breaks_the_reader_or_keeps_it(name: str) -> None:
    with in_proportion(), suppress(NotAMail):
        read = read_mail(HOSTILE[name])
        assert len(read.text) <= MOST_TEXT and "\x00" not in read.text
        assert len(read.own) <= len(read.text)


@given(st.binary(max_size=400), st.sampled_from(list(SHAPES)), st.integers(0, 2_000))
def test_a_mail_into_which_anything_is_written_is_read_or_refused(noise: bytes, shape: str, at: int) -> None:
    content = SHAPES[shape][0]
    with suppress(NotAMail):
        read = read_mail(content[:at] + noise + content[at:])
        read.text.encode()
        assert "\n" not in read.subject and "\n" not in read.message_id


@pytest.mark.parametrize("charset", [b"\x80", b"\x00", b"utf-8\x00", b"\xff\xfe", b"no-such-one"])
def test_a_charset_that_cannot_be_one_keeps_no_mail_from_being_read(charset: bytes) -> None:
    head = b"From: emma@example.com\nSubject: Hello\nContent-Type: text/plain; charset="
    assert "Where is my parcel?" in read_mail(head + charset + b"\n\nWhere is my parcel? \x80\n").text


def test_what_is_no_mail_is_said_to_be_none() -> None:
    with pytest.raises(NotAMail, match="Leave --mail out"):
        read_mail(b"Where is my parcel?\n\nThanks")
    with pytest.raises(NotAMail, match="10,000,000 bytes"):
        read_mail(mail("x" * 10_000_000))
