"""Mails in files: one, a folder of them, or a mailbox in one file (mbox, RFC 4155)."""

import re
from pathlib import Path

from switchboard.errors import OperatorError
from switchboard.mail.headers import address_in
from switchboard.mail.received import MOST_BYTES

MOST_MAILS = 100_000
BEGINS = re.compile(r"(?:\A|\n\r?\n)From ([^\n]{0,1000})\n")
"""The line above each mail of a mailbox: the envelope's sender and a date."""
ESCAPED = re.compile(r"^>(>{0,50}From )", re.MULTILINE)
Mail = tuple[bytes, str | None]
"""Its bytes, and its envelope's sender: None where that is not known, "" where it is to have no answer."""


def is_of_mails(path: str) -> bool:
    """Whether a path is of mails by its look: a folder, or a file that is called like one."""
    return path != "-" and (Path(path).is_dir() or Path(path).suffix.lower() in (".eml", ".mbox"))


def mails_of_folder(folder: Path) -> dict[str, Mail]:
    """The mails of a folder by the names of their files, which end in `.eml`. Raises OperatorError where there are none."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".eml" and path.is_file())
    if not files:
        raise OperatorError(f"There is no mail in {folder}: it holds no file that ends in .eml.")
    if len(files) > MOST_MAILS:
        raise OperatorError(f"{folder} holds more than {MOST_MAILS:,} mails. Submit them in several folders.")
    try:
        return {file.name: (_read(file), None) for file in files}
    except OSError as error:
        raise OperatorError(f"{error.filename} cannot be read: {error.strerror}.") from error


def mails_in(content: bytes) -> list[Mail]:
    """The mails of a mailbox; of what is none, the one mail that it is."""
    if not content.startswith(b"From "):
        return [(content, None)]
    box = content.decode("latin-1")  # a character for each byte
    begins = list(BEGINS.finditer(box))
    ends = [found.start() for found in begins[1:]] + [len(box)]
    return [(_unescaped(box[one.end() : end]), _sender(one[1])) for one, end in zip(begins, ends, strict=True)]


def _unescaped(mail: str) -> bytes:
    return ESCAPED.sub(r"\1", mail).encode("latin-1")


def _read(file: Path) -> bytes:
    """A mail's bytes, or of one that is too long so many that it is found to be."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _sender(line: str) -> str | None:
    named = line.partition(" ")[0]
    return "" if named.lower() in ("<>", "mailer-daemon") else address_in(named) or None
