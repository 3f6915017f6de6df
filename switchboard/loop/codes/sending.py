"""A one-time code is sent where a call finds a customer by what was typed. The executor does that, and no agent can."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from switchboard.consent.before import NOT_IN_A_BRANCH
from switchboard.consent.codes import MOST_TRIES, VALID_SECONDS, Code, begin_code, kept
from switchboard.database import patiently
from switchboard.declare.outcomes import Outcome, ToolOutcome
from switchboard.declare.tool import OnFile, Tool
from switchboard.declare.transcript import as_json, as_key
from switchboard.errors import Refused, ToolError
from switchboard.events.masking import emails, hidden
from switchboard.loop.effects import STOPPED_BEFORE, ToolReply, tool_call
from switchboard.loop.state import Run
from switchboard.toolsets.functions import BY_HAND

log = logging.getLogger("switchboard")
MINUTES = round(VALID_SECONDS / 60)
UNDER = "No code is sent here, where nothing is changed, so nobody can be verified. Say what you found out."
DUE, STOPPED = "code_due", "stopped"
TOLD: dict[str, str] = {
    "code_sent": "If there is an account with this, a one-time code of six digits was sent to {to}. Nobody is verified yet. "
    "Tell the customer so, and ask them to write the code here; it is valid for {minutes} minutes.",
    "code_not_sent": "No code can be sent at the moment, so nobody can be verified. Hand the case to a human.",
    "too_many_codes": "Too many codes were asked for, so no further one is sent. Hand the case to a human.",
    "code_wrong": "The code that the customer wrote is not the one that was sent. Ask them to look again.",
    "code_late": "The code is no longer valid. Make this call again, and a new one is sent.",
    "code_void": f"The code is void: {MOST_TRIES} wrong ones were written, or it was used. Hand the case to a human.",
    DUE: "A code is on its way.",
    STOPPED: STOPPED_BEFORE,
}


def send_code(run: Run, agent: str, call_id: str, tool: Tool, arguments: Mapping[str, Any]) -> ToolReply:
    """Look for the customer of a call, and send a code to the address that the rows have of them. Nobody is verified by it,
    and what is told is the same whether there is such a customer.

    The code is kept in one step and sent in the next, which is made again after a crash: with the same code then.
    """
    if run.under:
        raise Refused(UNDER, code=NOT_IN_A_BRANCH)
    made, on_file = run.codes, tool.address
    if made is None or on_file is None:
        raise Refused(TOLD["code_not_sent"], code="code_not_sent")
    found = tool_call(run, agent, f"{call_id}.lookup", tool, arguments, rehearsed=True)
    if found.status == "failed":
        return replace(found, customer_id=run.customer_id)
    customer_id = (found.customer_id or "") if found.status == "done" else ""
    name = f"{call_id} {tool.name}"

    def keep(session: Session) -> Outcome:
        wanted = run.journal.wanted(session)
        is_new = not wanted and begin_code(session, made, run.id, call_id, customer_id, as_key([tool.name, arguments]))
        code = STOPPED if wanted else DUE if is_new else "too_many_codes"
        return replace(_outcome(code, agent, arguments), name=name, wanted=wanted).as_data()

    def send() -> Outcome:
        run.journal.check()
        stopped, seconds = None, 0.0
        code: Code = "code_not_sent"
        try:
            code, seconds = made.send(*_addressed(run, call_id, on_file, arguments), run.language)
        except ToolError:  # the other side that has the address does not tell it now
            log.warning("case %s: the address for a code is not known: %s does not answer", run.id, tool.name)
        except KeyboardInterrupt:
            stopped = BY_HAND
        return replace(_outcome(code, agent, arguments), stopped=stopped, seconds=seconds).as_data()

    outcome = ToolOutcome.from_data(run.journal.transaction(name, keep))
    run.heard(outcome)
    if outcome.code == DUE:
        outcome = ToolOutcome.from_data(run.journal.step(f"{name} outside", send))
        run.heard(outcome)
    told: dict[str, Any] = {"code": outcome.code, "data": outcome.data}
    return ToolReply("refused", None, found.seconds + outcome.seconds, outcome.text, run.customer_id, **told)


@patiently
def _addressed(run: Run, call_id: str, on_file: OnFile, arguments: Mapping[str, Any]) -> tuple[Any, str]:
    """The row of a code, and the address on file of its customer as it is now."""
    with Session(run.engine.execution_options(reading=True)) as session:
        row = kept(session, run.id, call_id)
        return row, str(on_file(session, row.customer_id, arguments)) if row.customer_id else ""


def _outcome(code: str, agent: str, arguments: Mapping[str, Any]) -> ToolOutcome:
    """What is told of a code: of the address no more than the customer typed themselves, so that it tells nothing new."""
    typed = [found[0] for value in arguments.values() for found in emails(str(value))]
    data = {"to": hidden(typed[0]) if typed else "", "minutes": MINUTES} if code == "code_sent" else {}
    to = data.get("to") or "the e-mail address on file"
    text = TOLD[code].format(to=to, minutes=MINUTES)
    given: dict[str, Any] = {"agent": agent, "arguments": json.loads(as_json(arguments))}
    return ToolOutcome(status="refused", text=text, code=code, data=data, seconds=0.0, customer_id=None, **given)
