"""A mail that is too large is put together of its sections but for what hangs on it, whatever a server says of it."""

import time
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.console.channels.parts import structure_in, without_attachments
from switchboard.mail.received import read_mail

HEAD = b"From: dana@whitlow.example\r\nSubject: Drill\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
SECTIONS = {
    "HEADER": HEAD,
    "1.MIME": b'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes; x="a (b"\r\n\r\n',
    "1": b"It does not turn.",
    "2.MIME": b'Content-Type: application/pdf; name="bill (old).pdf"\r\nContent-Disposition: attachment\r\n\r\n',
    "2": b"never asked for",
}
PLAIN = b'("text" "plain" ("charset" "utf-8" "format" "flowed" "delsp" "yes" "x" "a (b") NIL NIL "8bit" 17 1)'
TOKENS = st.sampled_from(
    [b"(", b")", b'"text"', b'"plain"', b"NIL", b'"a\\"b"', b"7", b'"', b"\\", b" ", b"BODYSTRUCTURE", b"{3}"]
)


def asked(asks: list[str]) -> bytes:
    def get(section: str, most: int) -> bytes:
        asks.append(section)
        return SECTIONS.get(section, b"")[:most]

    whole = b"1 (UID 7 BODYSTRUCTURE (" + PLAIN + b'("application" "pdf" ("name" {14}'
    told = [
        (whole, b"bill (old).pdf"),
        b') NIL NIL "base64" 40000000 NIL ("attachment" NIL)) "mixed" ("boundary" "b" "y" "z") NIL))',
    ]
    return without_attachments(structure_in(told), get)


def test_the_text_is_fetched_and_what_hangs_on_it_is_named() -> None:
    asks: list[str] = []
    read = read_mail(asked(asks))
    assert read.text == "Drill\n\nIt does not turn.\n\n[attached: bill (old).pdf]"
    assert asks == ["HEADER", "1.MIME", "1", "2.MIME"]


@given(st.lists(TOKENS, max_size=60).map(b"".join))
def test_no_structure_breaks_it(said: bytes) -> None:
    found = without_attachments(structure_in([b"1 (BODYSTRUCTURE " + said]), lambda section, most: SECTIONS.get(section, b""))
    assert message_from_bytes(found)["Subject"] == "Drill"


@pytest.mark.slow
def test_a_structure_without_end_takes_no_time() -> None:
    began = time.monotonic()
    for said in (b"(" * 900_000, b"()" * 450_000, b'"\\' * 450_000, b'("text" "plain")' * 60_000):
        without_attachments(structure_in([b"BODYSTRUCTURE (" + said]), lambda section, most: SECTIONS.get(section, b""))
    assert time.monotonic() - began < 20
