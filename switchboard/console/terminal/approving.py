"""What operators do with calls that wait for them: look, approve, refuse."""

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from switchboard.cases.approvals import answer, call_that_waits, open_approvals
from switchboard.console.app import Workplace
from switchboard.console.terminal.commands import Document
from switchboard.console.terminal.operator import read_line
from switchboard.console.terminal.screen import say, show_facts, show_json
from switchboard.console.terminal.standing import call_in_words, standing
from switchboard.console.terminal.takeover import go_on
from switchboard.declare.human import Approval
from switchboard.declare.transcript import as_json
from switchboard.errors import OperatorError, ToolError
from switchboard.events.rendering import cut
from switchboard.loop.executor import parsed_json

MOST_WORDS = 300
"""Characters of what the customer wrote, in a list."""


def list_approvals(data: Path | None, json: bool) -> None:
    found = open_approvals(Workplace(data).engine)
    if json:
        show_json(found)
    elif not found:
        say("Nothing waits for an approval.")
    for asked in [] if json else found:
        show_asked(asked)


def show_asked(asked: Document, *, with_commands: bool = True) -> None:
    """A call that waits, whole: whoever approves must see all that they approve; `with_commands` tells how to."""
    needed = f" ({len(asked['approved_by'])} of {asked['operators']})" if asked["operators"] > 1 else ""
    commands = {
        "answer": f"switchboard approve {asked['case_id']} --for {asked['hash']}{with_edits(asked['edited'])}",
        "or": f'switchboard deny {asked["case_id"]} --why "…"',
    }
    show_facts(
        asked["case_id"],
        {
            "call": call_in_words(asked["tool"], asked["arguments"]),
            "why": f"{asked['why']} Asked by {asked['agent']}.",
            "customer": cut(" ".join(asked["opening"].split()), MOST_WORDS),
            **({"wrote since": cut(" / ".join(asked["since"]), MOST_WORDS)} if asked["since"] else {}),
            **({"edited": call_in_words(asked["tool"], asked["edited"])} if asked["edited"] else {}),
            "approved by": f"{', '.join(asked['approved_by']) or 'nobody yet'}{needed}",
            "deadline": until(asked["deadline"]),
            **(commands if with_commands else {}),
        },
    )


def with_edits(edited: dict[str, Any] | None) -> str:
    """The option that approves the same arguments as another operator did."""
    return f" --with {shlex.quote(as_json(edited))}" if edited else ""


def until(deadline: datetime) -> str:
    """A deadline with how long it is until then; one that has passed is a no, with whatever runs next."""
    minutes = int((deadline - datetime.now(UTC)).total_seconds() // 60)
    if minutes < 0:
        return f"{deadline:%Y-%m-%d %H:%M} UTC has passed, which is a no"
    left = f"{round(minutes / 60)} h" if minutes >= 120 else f"{minutes} min"
    return f"{deadline:%Y-%m-%d %H:%M} UTC, in {left}; then it is a no"


def approve(case_id: str, name: str, edited: str, bound: str, data: Path | None, json: bool) -> Document | None:
    """Show the call that waits, ask, and approve it. None when the operator at the terminal did not say yes."""
    place = Workplace(data)
    operator, asked = place.called(name), call_that_waits(place.engine, case_id, bound)
    arguments = edited_arguments(place, asked, edited) if edited else {}
    if not json or not bound:
        show_asked({**asked, "arguments": arguments or asked["arguments"]}, with_commands=False)
    if not bound and (read_line(f"Approve as {operator}? [y/N] ") or "").strip().lower() not in ("y", "yes"):
        say("Nothing was done; the call waits on.")
        return None
    return answered(place, asked, Approval("approve", operator, arguments=arguments), json)


def deny(case_id: str, name: str, why: str, bound: str, data: Path | None, json: bool) -> Document:
    """Refuse the call that waits; the agent hears why."""
    place = Workplace(data)
    operator, asked = place.called(name), call_that_waits(place.engine, case_id, bound)
    return answered(place, asked, Approval("refuse", operator, why), json)


def answered(place: Workplace, asked: Document, approval: Approval, json: bool) -> Document:
    case_id = asked["case_id"]

    def record_answer(executor: str | None) -> Any:
        ref = answer(place.engine, case_id, asked["hash"], approval, executor)
        if ref is None:
            same = f"switchboard approve {case_id} --for {asked['hash']}{with_edits(approval.arguments or None)}"
            say(f"Noted. Another operator must approve it too: {same}")
        return ref

    return go_on(place, case_id, record_answer, json)


def edited_arguments(place: Workplace, asked: Document, text: str) -> dict[str, Any]:
    """The call's arguments with those that the operator gives instead, as the tool takes them."""
    try:
        given = parsed_json(text)
    except (ValueError, RecursionError) as error:
        raise OperatorError(f"--with is no JSON ({error}); nothing was done.") from None
    if not isinstance(given, dict) or not given:
        raise OperatorError("--with takes one JSON object with the arguments to change, like '{\"amount_cents\": 500}'.")
    team = place.environment.teams[standing(place.engine, asked["case_id"]).document["team"]]
    arguments = {**asked["arguments"], **given}
    try:
        team.tools[asked["tool"]].validated(arguments)
    except ToolError as error:
        raise OperatorError(f"Nothing was approved. {error}") from None
    return arguments
