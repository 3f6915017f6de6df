"""Letters to companies: one to an address, ever, each after an operator's yes; and who wants none."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import EMail, Prose, Trim
from tools.outreach.outbox import send_kept
from tools.outreach.rows import OutreachLetter, Unsubscribed, folded
from tools.shop import now

UNSUBSCRIBE = 'You do not want to hear from us? Answer this letter with "unsubscribe", and we do not write to you again.'
"""The last line of each letter."""
Subject = Annotated[str, Field(min_length=1, max_length=150, pattern=r"^[^\r\n]+$"), Trim]
Text = Annotated[Prose, Field(description=f"The whole letter. Its last line is: {UNSUBSCRIBE}")]


@tool(effect="read", public=True)
def check_letter(ctx: Context, to: EMail, text: Text) -> dict[str, str]:
    """Tell whether a letter may go to an address: nobody has written to it, it has not unsubscribed, and the text says how."""
    _check(ctx.session, ctx.key, to, text)
    return {"to": to}


def deliver(ctx: Context, result: dict[str, Any]) -> dict[str, Any]:
    """Send the letter that is in the outbox, once; what did not go out now, or is not known to have, is said."""
    letter = send_kept(ctx.session, ctx.services.get("mail"), ctx.key)
    return {**result, "state": letter.state} | ({"why": letter.why} if letter.why else {})


@tool(
    effect="send",
    public=True,
    about="to",
    check=check_letter,
    outside=deliver,
    timeout=60.0,
    called="handing in the letter to {to}",
    read_back=lambda arguments, _: f"Send the letter {arguments['subject']!r} to {arguments['to']}",
)
def send_letter(ctx: Context, to: EMail, subject: Subject, text: Text) -> dict[str, str]:
    """Send a letter to a company that has not asked for it. An operator reads it first, and what they approve is sent."""
    key, address = ctx.key, folded(to)
    letter = ctx.session.get(OutreachLetter, address, with_for_update=True)
    _check(ctx.session, key, to, text)
    if letter is None or letter.key != key:
        new = OutreachLetter(address=address, key=key, case_id=ctx.case_id, recipient=to, subject=subject, text=text)
        new.state, new.why, new.queued_at, new.changed_at = "queued", "", now(), now()
        try:
            with ctx.session.begin_nested():
                if letter is not None:  # one that was withdrawn
                    ctx.session.delete(letter)
                    ctx.session.flush()
                ctx.session.add(new)
        except IntegrityError:  # another case has written there in this moment
            raise _written_before(to) from None
    return {"to": to, "subject": subject, "state": "queued"}


@tool(effect="write", public=True, called="taking an address off our list")
def unsubscribe(ctx: Context, address: EMail | None = None) -> dict[str, str]:
    """Write to an address no more: to the one that is named, else to that of who writes."""
    found = address or ctx.known.get("email", "")
    if not found:
        raise ToolError("Which address is it? Ask for it.", code="no_address")
    keep_off(ctx.session, found, ctx.case_id)
    return {"address": found}


def keep_off(session: Session, address: str, case_id: str = "") -> bool:
    """Keep that an address wants no letter. Whether that is new."""
    if session.get(Unsubscribed, folded(address)):
        return False
    session.add(Unsubscribed(address=folded(address), case_id=case_id, since=now()))
    session.flush()
    return True


def unwanted(session: Session) -> dict[str, str]:
    """The addresses that no letter may go to, folded, and why: `unsubscribed`, or `written_before`."""
    written = select(OutreachLetter.address).where(OutreachLetter.state != "withdrawn")
    found = dict.fromkeys(session.scalars(written), "written_before")
    return found | dict.fromkeys(session.scalars(select(Unsubscribed.address)), "unsubscribed")


def _check(session: Session, key: str, to: str, text: str) -> None:
    """Raises ToolError where the letter may not go out."""
    address = folded(to)
    if session.get(Unsubscribed, address):
        raise ToolError(f"{to} has unsubscribed. Do not write to it.", code="unsubscribed", to=to)
    letter = session.get(OutreachLetter, address)
    if letter and letter.key != key and letter.state != "withdrawn":
        raise _written_before(to)
    if not text.rstrip().endswith(UNSUBSCRIBE):
        raise ToolError(f"The letter must end with this line: {UNSUBSCRIBE}", code="no_unsubscribe_line")


def _written_before(to: str) -> ToolError:
    return ToolError(f"A letter to {to} was written before. No second one goes there.", code="written_before", to=to)
