"""A project with a mailbox: a small desk, an IMAP server that mails arrive at, and a mail server that takes the answers."""

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from support.commands import switchboard
from support.imap_server import PASSWORD, USER, ImapServer
from support.mail_server import MailServer
from switchboard.database import open_engine, sqlite_url

DANA = "dana@whitlow.example"
SAYS = "Could you tell me more about what you need? Then I can find the answer, or someone who has it."
"""What that desk, which has no articles, says to whoever writes."""
TOML = """
name = "Acme Tools"

[mail]
host = "127.0.0.1"
port = {smtp}
sender = "desk@example.com"
tls = "none"
writer = "{writer}"

[departments.tools]
about = "Hammers, nails and drills."
examples = ["Do you sell hammers?", "Which nails do you have?"]

[channels.mail]
imap = "imap://{user}:${{MAILBOX_PASSWORD}}@127.0.0.1:{imap}"
{more}
"""


def mail(
    body: str = "Hello, do you sell hammers?", number: str = "m1", sender: str = DANA, subject: str = "Hammers", head: str = ""
) -> bytes:
    fields = f"Return-Path: <{sender}>\nFrom: Dana <{sender}>\nTo: desk@example.com\nSubject: {subject}\n"
    return f"{fields}Message-ID: <{number}@whitlow.example>\n{head}Content-Type: text/plain; charset=utf-8\n\n{body}\n".encode()


@dataclass
class Mailed:
    """The project in its folder, with both servers."""

    folder: Path
    imap: ImapServer
    smtp: MailServer

    def write(self, more: str = "", writer: str = "from") -> "Mailed":
        toml = TOML.format(smtp=self.smtp.port, imap=self.imap.port, user=USER, writer=writer, more=more)
        self.project.mkdir(exist_ok=True)
        (self.project / "switchboard.toml").write_text(toml, encoding="utf-8")
        return self

    @property
    def project(self) -> Path:
        return self.folder / "acme"

    def does(self, *arguments: str, **variables: str) -> Any:
        return switchboard(self.project, *arguments, **{"MAILBOX_PASSWORD": PASSWORD, **variables})

    def once(self, **variables: str) -> Any:
        done = self.does("mail", "once", **variables)
        assert done.returncode == 0, done.stderr
        return done

    @property
    def answers(self) -> list[EmailMessage]:
        return [letter for _, letter in self.smtp.letters]

    @property
    def to(self) -> list[str]:
        return [to for to, _ in self.smtp.letters]

    @property
    def url(self) -> str:
        return sqlite_url(self.project / "data" / "switchboard.db")

    def rows(self, query: str) -> list[Any]:
        engine: Engine = open_engine(self.url)
        try:
            with Session(engine) as session:
                found = [tuple(row) for row in session.execute(text(query))]
                session.commit()
                return [row[0] if len(row) == 1 else row for row in found]
        finally:
            engine.dispose()
