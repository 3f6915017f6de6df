"""`switchboard outreach`: what went out to whom, and who is written to no more.

What the commands work with is imported when one of them runs, since every command imports this file.
"""

from pathlib import Path
from typing import Annotated

import typer

from switchboard.errors import OperatorError

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The folder that holds the database.")]
Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="E-mail addresses that want no letter.")]

outreach_app = typer.Typer(help="The letters of the team `outreach`, and who wants none.", no_args_is_help=True)


@outreach_app.command("letters")
def letters(json: Json = False, data: Data = None) -> None:
    """List the letters with what became of each, the newest first, and who has unsubscribed, with their whole addresses."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from switchboard.console.app import Workplace
    from switchboard.console.terminal.screen import say, show_json, show_table
    from tools.outreach.rows import OutreachLetter, Unsubscribed, became

    with Session(Workplace(data).engine.execution_options(reading=True)) as session:
        rows = session.scalars(select(OutreachLetter).order_by(OutreachLetter.queued_at.desc())).all()
        kept = [
            {"to": one.recipient, "subject": one.subject, "state": one.state, "why": one.why, "case_id": one.case_id}
            for one in rows
        ]
        none = list(session.scalars(select(Unsubscribed.address).order_by(Unsubscribed.address)))
    if json:
        show_json({"letters": kept, "unsubscribed": none})
        return
    told = [(one["to"], one["subject"], became(one["state"], one["why"]), one["case_id"]) for one in kept]
    show_table("", ("to", "subject", "what became of it", "case"), told)
    say(f"Unsubscribed: {', '.join(none) or 'nobody'}.")


@outreach_app.command("unsubscribe")
def unsubscribe(addresses: Addresses, json: Json = False, data: Data = None) -> None:
    """Write to these addresses no more. A letter that waits in the outbox does not go out."""
    from pydantic import TypeAdapter, ValidationError
    from sqlalchemy.orm import Session

    from switchboard.console.app import Workplace
    from switchboard.console.terminal.screen import say, show_json
    from tools.nouns import EMail
    from tools.outreach.letters import keep_off

    for one in addresses:
        try:
            TypeAdapter(EMail).validate_python(one)
        except ValidationError:
            raise OperatorError(f"{one!r} is no e-mail address. Nothing was kept.") from None
    with Session(Workplace(data).engine) as session:
        new = sum(keep_off(session, one) for one in addresses)
        session.commit()
    if json:
        show_json({"addresses": [one.strip() for one in addresses], "new": new})
    else:
        say(f"{new} of {len(addresses)} are new: no letter goes there any more.")
