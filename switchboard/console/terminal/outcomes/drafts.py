"""Answers that wait for an operator: listed, shown, sent and dropped."""

from dataclasses import asdict
from pathlib import Path

from switchboard.cases.people import drafts
from switchboard.cases.people.drafts import WaitingDraft
from switchboard.cases.standing import standing
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import acting
from switchboard.console.terminal.live.keyboard import keyboard, nothing_was_done, read_line, typed_again
from switchboard.console.terminal.screen import err, out, say, show_facts, show_record
from switchboard.console.terminal.tickets.lists import draft_commands
from switchboard.events.masking import masked
from switchboard.events.rendering import cut
from switchboard.service.operators.suggesting import suggest

MOST_WORDS = 500


def list_drafts(limit: int, data: Path | None, json: bool) -> None:
    found = drafts.drafts(Workplace(data).engine, limit)
    if json:
        show_record([asdict(one) for one in found])
        return
    for one in found:
        _show(one, with_commands=True)
    if not found:
        say("No answer waits to be sent.")


def suggest_answer(case_id: str, name: str, data: Path | None, json: bool) -> bool:
    """Have an answer suggested, wait for it, and show it. False where there is none."""
    place = Workplace(data)
    found = suggest(place, case_id, acting(place, name), waits=True)
    if json:
        show_record({**asdict(found), "why": found.told})
    elif found.draft:
        _show(found.draft, with_commands=True)
    else:
        say(found.told or "The talk has moved on, so no suggestion waits.", f'switchboard say {found.case_id} "…"')
    return found.draft is not None


def send_draft(case_id: str, name: str, words: str | None, bound: str, data: Path | None, json: bool) -> bool:
    """Show the draft, ask, and send it. False where the operator at the terminal did not say yes."""
    place = Workplace(data)
    operator, found = acting(place, name), drafts.draft_of(place.engine, case_id)
    if not bound:
        keyboard.forget()
        _show(found, with_commands=False, json=json)
        asks = f"Send {'it' if words is None else 'yours in its place'} as {operator}? [y/N] "
        told = f"Nothing was sent; the answer in {found.case_id} waits on. This shows it again, and asks:"
        with nothing_was_done(told, typed_again("send", found.case_id, {"--with": words, "--as": name})):
            said_yes = (read_line(asks) or "").strip().lower() in ("y", "yes")
        if not said_yes:
            say("Nothing was sent; it waits on.")
            return False
    drafts.send_draft(place.engine, found.case_id, operator, bound or found.hash, words)
    say("The customer sees it when they look at the case.")
    if json:
        show_record(standing(place.engine, found.case_id).document)
    return True


def drop_draft(case_id: str, name: str, why: str, bound: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    operator, found = acting(place, name), drafts.draft_of(place.engine, case_id)
    drafts.drop_draft(place.engine, found.case_id, operator, bound or found.hash, why)
    say(f"The draft is dropped; {found.ticket} waits on.", f'switchboard say {found.case_id} "…"')
    if json:
        show_record(standing(place.engine, found.case_id).document)


def _show(one: WaitingDraft, *, with_commands: bool, json: bool = False) -> None:
    """A draft, whole: whoever sends it must see all that the customer will."""
    facts = {
        "wrote": cut(masked(" ".join(one.opening.split())), MOST_WORDS),
        "draft": one.text,
        "ticket": f"{one.ticket}, {one.department}, since {one.since:%Y-%m-%d %H:%M} UTC",
        **({"with": one.held_by} if one.held_by else {}),
    }
    show_facts(one.case_id, facts, draft_commands(one.case_id, one.hash) if with_commands else (), err if json else out)
