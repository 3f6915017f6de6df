"""An operator who sits at a client of MCP: what they are asked about a call that waits, and what they answered."""

import re
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp_types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult, InputResponses
from mcp_types.version import is_version_at_least

from switchboard.console.protocols.deciding import Decision
from switchboard.errors import OperatorError

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
    message = "\n".join([*lines, f"Case {case_id}; it waits until {call['deadline']}."])
    request = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=FORM))
    return InputRequiredResult(input_requests={f"{case_id}:{call['hash']}:{len(call['since'])}": request})


def answered(responses: InputResponses) -> tuple[str, Decision | None]:
    """The case, and what the operator said; None where they gave no answer. Raises OperatorError, and pydantic's error."""
    name, response = next(iter(responses.items()))
    asked = ASKED.fullmatch(name)
    if len(responses) > 1 or not asked or not isinstance(response, ElicitResult):
        raise OperatorError("This answers nothing that was asked.")
    if response.action != "accept":
        return asked[1], None
    said = {key: value for key, value in (response.content or {}).items() if value not in ("", None)}
    return asked[1], Decision.model_validate({**said, "hash": asked[2], "seen": asked[3]})
