"""Calls that wait for operators: looking at them, approving and refusing them."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from switchboard.cases.approvals import WaitingCall, check_seen
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import acting, proved
from switchboard.console.terminal.live.keyboard import keyboard, nothing_was_done, read_line, typed_again
from switchboard.console.terminal.reports.pending import kept
from switchboard.console.terminal.screen import Seen, call_in_words, err, out, say, show_facts, show_record, show_worked
from switchboard.declare.document import Document
from switchboard.declare.moves import parsed_json
from switchboard.declare.transcript import as_json
from switchboard.errors import OperatorError
from switchboard.events.rendering import cut
from switchboard.service import approvals, cases
from switchboard.service.place import Worked

OWED = {True: "yes, the rows bear it out", False: "the rows do not say so"}
AGAIN = "they approved it before the customer wrote more, which counts no more"
MOST_WORDS, MOST_SINCE = 300, 20_000
"""Characters of the words that the customer came with, in a list, and of each message that they wrote while the call waits."""


def list_approvals(limit: int, data: Path | None, json: bool) -> None:
    """Show so many of the calls that wait; only those are rehearsed for their cards."""
    place = Workplace(data)
    found = approvals.list_approvals(place, limit)
    if json:
        show_record([{**asdict(asked), "card": asdict(approvals.card(place, asked))} for asked in found])
    elif not found:
        say("Nothing waits for an approval.")
    for asked in [] if json else found:
        show_asked(asked, approvals.card(place, asked))
    waiting = approvals.count_approvals(place) if len(found) == limit else 0
    if waiting > limit:
        say(f"{waiting - limit} more wait. All of them:", f"switchboard approvals --limit {waiting}")


def show_asked(asked: WaitingCall, card: approvals.Card, *, with_commands: bool = True, on: Console = out) -> None:
    """A call that waits, whole: whoever approves must see all that they approve; `with_commands` tells how to."""
    needed = f" ({len(asked.approved_by)} of {asked.operators})" if asked.operators > 1 else ""
    commands = (approve_command(asked, asked.edited), f'switchboard deny {asked.case_id} --why "…"')
    show_facts(
        asked.case_id,
        {
            "call": call_in_words(asked.tool, asked.arguments),
            **({"it would": card.in_words} if card.in_words else {}),
            **({"the rows": f"refuse it by now: {card.refused}"} if card.refused else {}),
            **({"owed": OWED[card.is_due]} if card.is_due is not None else {}),
            **({"looked up": "\n".join(card.looked_up)} if card.looked_up else {}),
            **({"changed": "\n".join(card.changed)} if card.changed else {}),
            "why": f"{asked.why} Asked by {asked.agent}.",
            "customer": asked.customer_id or "not verified",
            "wrote": cut(" ".join(asked.opening.split()), MOST_WORDS),
            **since(asked),
            **({"before": " / ".join(card.decided_before)} if card.decided_before else {}),
            **({"edited": call_in_words(asked.tool, asked.edited)} if asked.edited else {}),
            "approved by": f"{', '.join(asked.approved_by) or 'nobody yet'}{needed}",
            **({"asked again": f"{', '.join(asked.asked_again)}: {AGAIN}"} if asked.asked_again else {}),
            "deadline": until(asked.deadline),
        },
        commands if with_commands else (),
        on,
    )


def since(asked: WaitingCall) -> dict[str, str]:
    """What the customer wrote while the call waits, a line for each: all of it counts as seen by whoever approves then."""
    lines = [" ".join(text.split()) for text in asked.since]
    lines = [f"{cut(one, MOST_SINCE)} (`approvals --json` has the rest)" if len(one) > MOST_SINCE else one for one in lines]
    return {"wrote since": "\n".join(lines)} if lines else {}


def approve_command(asked: WaitingCall, edited: Mapping[str, Any] | None) -> str:
    """The command that approves this call, with the same arguments as another operator did, having seen what stands there."""
    seen = f" --seen {len(asked.since)}" if asked.since else ""
    option = f" --with {shlex.quote(as_json(edited))}" if edited else ""
    return f"switchboard approve {asked.case_id} --for {asked.hash}{seen}{option}"


def until(deadline: datetime) -> str:
    """A deadline with how long it is until then; one that has passed is a no, with whatever runs next."""
    minutes = int((deadline - datetime.now(UTC)).total_seconds() // 60)
    if minutes < 0:
        return f"{deadline:%Y-%m-%d %H:%M} UTC has passed, which is a no"
    left = f"{round(minutes / 60)} h" if minutes >= 120 else f"{minutes} min"
    return f"{deadline:%Y-%m-%d %H:%M} UTC, in {left}; then it is a no"


def approve(case_id: str, name: str, edited: str, bound: str, seen: int, data: Path | None, json: bool) -> Document | None:
    """Show the call that waits, ask, and approve it. None when the operator at the terminal did not say yes. Who does not look
    (`bound`) has seen only so many of the messages that the customer wrote since.
    """
    place = Workplace(data)
    operator, asked = acting(place, name), approvals.waiting_call(place, case_id, bound)
    arguments = approvals.edited(place, asked, changes_in(edited))
    if bound and len(asked.since) > seen:
        show_facts(asked.case_id, since(asked), [approve_command(asked, arguments or asked.edited)], err)
        check_seen(asked.since, seen)
    if not bound:
        keyboard.forget()
    if not json or not bound:
        shown = replace(asked, arguments=arguments or asked.arguments)
        show_asked(shown, approvals.card(place, asked, arguments), with_commands=False, on=err if json else out)
    typed = {"--with": edited, "--for": bound, "--seen": str(seen or ""), "--as": name}
    with nothing_was_done(_still_waits(asked, shows=not bound), typed_again("approve", asked.case_id, typed)):
        if not bound and (read_line(f"Approve as {operator}? [y/N] ") or "").strip().lower() not in ("y", "yes"):
            say("Nothing was done; the call waits on.")
            if json:
                show_record(cases.show(place, asked.case_id).standing.document)
            return None
        by = proved(place, operator)
    answered = approvals.approve(place, asked, by, arguments, Seen(json))
    if answered.needs_another:
        say("Noted. Another operator must approve it too:", approve_command(asked, arguments))
    return _delivered(place, answered.worked, json)


def deny(case_id: str, name: str, why: str, bound: str, data: Path | None, json: bool) -> Document:
    """Refuse the call that waits; the agent hears why."""
    place = Workplace(data)
    operator, asked = acting(place, name), approvals.waiting_call(place, case_id, bound)
    typed = {"--why": why, "--for": bound, "--as": name}
    with nothing_was_done(_still_waits(asked, shows=False), typed_again("deny", asked.case_id, typed)):
        by = proved(place, operator)
    return _delivered(place, approvals.deny(place, asked, by, why, Seen(json)).worked, json)


def _still_waits(asked: WaitingCall, *, shows: bool) -> str:
    then = "This shows it again, and asks:" if shows else "This asks again:"
    return f"Nothing was approved, refused or done; the call of {asked.case_id} waits on. {then}"


def _delivered(place: Workplace, worked: Worked, json: bool) -> Document:
    """Show what became of a case, and write the report that waited for the answer, where there is one."""
    if worked.here and (pending := kept(place, worked.document["case_id"])):
        from switchboard.console.terminal.reports.research import write_report

        write_report(place, pending, worked.document)
    return show_worked(worked, json)


def changes_in(text: str) -> dict[str, Any]:
    """The arguments that --with changes; {} where it was not given. Raises OperatorError where it is no object of them."""
    if not text:
        return {}
    try:
        given = parsed_json(text)
    except (ValueError, RecursionError) as error:
        raise OperatorError(f"--with is no JSON ({error}); nothing was done.") from None
    if not isinstance(given, dict) or not given:
        raise OperatorError("--with takes one JSON object with the arguments to change, like '{\"amount_cents\": 500}'.")
    return given
