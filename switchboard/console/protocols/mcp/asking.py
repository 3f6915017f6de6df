"""Who sits at a client of MCP: what an operator is asked about a call that waits, and the customer about one that was proposed,
and what they answered.
"""

import re
from collections.abc import Mapping
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp_types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult, InputResponses
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, ConfigDict, StrictBool

from switchboard.console.protocols.deciding import Decision
from switchboard.errors import OperatorError
from switchboard.events.masking import masked
from switchboard.service.programs.proposals import Asked

SINCE = "2026-07-28"
"""The version of MCP from which on a result may ask for input."""
ASKED = re.compile(r"([A-Za-z0-9_.-]{1,100}):([0-9a-f]{16}):([0-9]{1,4})")
FORM = {
    "type": "object",
    "properties": {
        "approve": {"type": "boolean", "title": "Approve this call"},
        "why": {"type": "string", "title": "Why not, where it is refused", "maxLength": 1000},
    },
    "required": ["approve"],
}

TO_CUSTOMER = re.compile(r"yes:([A-Za-z0-9_.-]{1,100}):([0-9a-f]{16}):([0-9]{1,6})")
OF_CUSTOMER = {
    "type": "object",
    "properties": {"yes": {"type": "boolean", "title": "Yes, do this"}},
    "required": ["yes"],
}


class Said(BaseModel):
    """What the customer said to what they were asked at the end of a run, by its hash."""

    model_config = ConfigDict(frozen=True)

    hash: str
    run: int
    yes: StrictBool


def can_be_asked(context: ServerRequestContext[Any, Any]) -> bool:
    """Whether the client says that it shows forms to its user."""
    capabilities = context.session.client_capabilities
    shows = capabilities.elicitation if capabilities else None
    has_forms = shows is not None and (shows.form is not None or shows.url is None)
    return has_forms and is_version_at_least(context.protocol_version, SINCE)


def asking(case_id: str, call: dict[str, Any]) -> InputRequiredResult:
    """The question that goes with a call. Its name says which call, and how much of the customer's words it shows: an answer
    counts for that very one, and a yes for what was shown.
    """
    given = ", ".join(f"{name}: {value}" for name, value in call["arguments"].items())
    what = call["in_words"] or f"{call['tool']} ({given})"
    lines = [what, call["why"]]
    lines += [f"The rows refuse it by now: {call['refused']}"] if call["refused"] else []
    lines += [f"The customer wrote since: {text}" for text in call["since"]]
    if call["operators"] > 1:
        by = ", ".join(call["approved_by"]) or "nobody yet"
        lines.append(f"It needs {call['operators']} operators; approved by {by}.")
    if again := ", ".join(call["asked_again"]):
        lines.append(f"Approved before the customer wrote more, which counts no more: {again}.")
    message = "\n".join([*lines, f"Case {case_id}; it waits until {call['deadline']}."])
    request = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=FORM))
    return InputRequiredResult(input_requests={f"{case_id}:{call['hash']}:{len(call['since'])}": request})


def asking_customer(case_id: str, asked: Asked) -> InputRequiredResult:
    """The question to the customer, in the words that the executor read back. Its name says of what they are."""
    params = ElicitRequestFormParams(message=f"{masked(asked.text)}\nCase {case_id}.", requested_schema=OF_CUSTOMER)
    return InputRequiredResult(input_requests={f"yes:{case_id}:{asked.hash}:{asked.run}": ElicitRequest(params=params)})


def is_of_customer(responses: InputResponses) -> bool:
    """Whether it was the customer who was asked."""
    return any(TO_CUSTOMER.fullmatch(name) for name in responses)


def said_by_customer(responses: InputResponses) -> tuple[str, Said | None]:
    """The case, and what the customer said; None where they gave no answer. Raises OperatorError, and pydantic's error."""
    asked, given = _answer(responses, TO_CUSTOMER)
    return asked[1], None if given is None else Said.model_validate({**given, "hash": asked[2], "run": asked[3]})


def answered(responses: InputResponses) -> tuple[str, Decision | None]:
    """The case, and what the operator said; None where they gave no answer. Raises OperatorError, and pydantic's error."""
    asked, given = _answer(responses, ASKED)
    return asked[1], None if given is None else Decision.model_validate({**given, "hash": asked[2], "seen": asked[3]})


def _answer(responses: InputResponses, form: re.Pattern[str]) -> tuple[re.Match[str], Mapping[str, Any] | None]:
    """What was asked, by its name, and what stands in the form; None where it was put away."""
    name, response = next(iter(responses.items()))
    asked = form.fullmatch(name)
    if len(responses) > 1 or not asked or not isinstance(response, ElicitResult):
        raise OperatorError("This answers nothing that was asked.")
    if response.action != "accept":
        return asked, None
    return asked, {key: value for key, value in (response.content or {}).items() if value not in ("", None)}
