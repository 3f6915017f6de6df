"""`switchboard mail check`: whether the mailbox can be read, and answers be sent."""

from pathlib import Path

from switchboard.cases.channels.answers import states_of
from switchboard.console.app import Workplace
from switchboard.console.terminal.channels.serving import channel_of
from switchboard.console.terminal.screen import show_findings, show_json
from switchboard.errors import OperatorError
from switchboard.service.channels.channel import OutOfReach
from switchboard.service.channels.traffic import unread

MOST_SHOWN = 10
STYLES = {"good": "green", "odd": "yellow", "wrong": "red"}
BECAME = {
    "queued": "wait to be sent",
    "sending": "are being sent",
    "sent": "were sent",
    "refused": "were refused, for their addresses or themselves, as a ticket tells",
    "not_known": "were sent or not, nobody knows which, and that have a ticket each",
    "overtaken": "were not sent, since somebody else has answered",
    "withdrawn": "were not sent, since an address had too many or they waited too long, as a ticket tells",
}


def check_mail(data: Path | None, json: bool) -> bool:
    """Show what is found. Returns whether anything has to be mended."""
    place = Workplace(data)
    findings = looked_at(place)
    for state, count in states_of(place.engine, "mail").items():
        findings.append(("good" if state == "sent" else "odd", f"Answers that {BECAME[state]}: {count}."))
    if marks := unread(place.engine, "mail"):
        many = f"{len(marks) if len(marks) > 1 else 'one'} could not be read, and became no case"
        findings.append(("odd", f"Of the mails that came {many}. Look in the mailbox: UID {', '.join(marks[:MOST_SHOWN])}."))
    if json:
        show_json({"findings": [{"state": state, "text": text} for state, text in findings]})
    else:
        show_findings([(state, STYLES[state], "mail", text) for state, text in findings])
    return any(state == "wrong" for state, _ in findings)


def looked_at(place: Workplace) -> list[tuple[str, str]]:
    """The mailbox and the mail server, as they are found now."""
    try:
        channel, team, _ = channel_of(place)
    except OperatorError as error:
        return [("wrong", line) for line in str(error).splitlines()]
    found = []
    try:
        channel.mailbox.look()
        found.append(("good", f"{channel.mailbox.named} can be read; its mails are for the team {team}."))
    except (OutOfReach, OperatorError) as error:
        found.append(("wrong", str(error)))
    finally:
        channel.mailbox.close()
    problem = channel.sender.probe()
    told = f"No answer can be sent: {problem.rstrip('.')}." if problem else f"Answers can be sent, as {channel.us}."
    return [*found, ("wrong" if problem else "good", told)]
