"""What an MCP server answers to a call, as the result of a tool or as a refusal with a code."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from mcp import MCPError
from mcp_types import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    UNSUPPORTED_PROTOCOL_VERSION,
    URL_ELICITATION_REQUIRED,
    CallToolResult,
    InputRequiredResult,
    TextContent,
)

from switchboard.errors import Away, NotKnown, ToolError
from switchboard.toolsets.foreign import data, told_error
from switchboard.toolsets.mcp.http import NOT_SENT
from switchboard.toolsets.remote import MayBeDone
from switchboard.toolsets.schemas import misfit, trimmed

LARGEST = 1_000_000
"""Characters of an answer."""
NOT_BEGUN = (
    HEADER_MISMATCH,
    METHOD_NOT_FOUND,
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    UNSUPPORTED_PROTOCOL_VERSION,
    URL_ELICITATION_REQUIRED,
)
"""Errors of the protocol that come before anything is done."""
log = logging.getLogger("switchboard")


def answer_of(
    name: str,
    result: CallToolResult | InputRequiredResult,
    changes: bool,
    schema: Mapping[str, Any] | None = None,
    kept: Sequence[str] = (),
) -> Any:
    """What a call gave, as JSON data, of which the fields that are `kept` (all, where none are named) are as its `schema` says.

    What is done stays done, so of an answer to one that changes something that cannot be used only that is told. An error says
    nothing of whether the call was done, and no more does a value that its schema does not know. Raises ToolError.
    """
    if isinstance(result, InputRequiredResult):
        raise MayBeDone(f"{name} asks for more than its arguments, which nobody gives it.")
    texts = [part.text for part in result.content if isinstance(part, TextContent)]
    if result.is_error:
        said = told_error(" ".join(texts))
        if not changes:  # it may be there: of what failed nobody can tell that there is none
            log.error("%s: the server answered with an error", name)
            raise ToolError(f'{name} has no answer: "{said}"' if said else f"{name} has no answer.", code="away")
        raise MayBeDone(f'{name} refuses: "{said}"' if said else f"{name} refuses, and does not say why.")
    others = sorted({part.type for part in result.content} - {"text"})
    try:
        if result.structured_content is None and others:
            raise ToolError(f"{name} answers with {', '.join(others)}, and only data and text are taken.")
        answer = _data(name, result.structured_content, texts)
    except ToolError as error:
        if not changes:
            raise
        log.warning("%s: %s", name, error)
        return {"left_out": "what it answered cannot be told"}
    held = trimmed(answer, [path.split(".") for path in kept]) if kept else answer
    if schema is not None and result.structured_content is not None and (wrong := misfit(held, schema, schema)):
        log.error("%s answered in a way that is not its description's: %s", name, wrong)
        if changes:
            raise NotKnown(f"{name} was sent, and the answer cannot be read.")
        raise ToolError(f"The answer to {name} cannot be used: {wrong}.", code="wrong_answer")
    return answer


def refusal_of(name: str, error: MCPError) -> ToolError:
    """An error of the protocol, by whether the call can have been done."""
    said = told_error(str(error.message))
    if error.code in (NOT_SENT, INVALID_REQUEST):
        return Away(f'{name} could not be asked: "{said}"')
    if error.code in NOT_BEGUN:
        return ToolError(f'{name} refuses: "{said}"')
    if error.code == INVALID_PARAMS:  # which some say of what failed on the way, too
        return MayBeDone(f'{name} refuses: "{said}"')
    return NotKnown(f'{name} gave no answer: "{said}"')


def _data(name: str, structured: Any, texts: list[str]) -> Any:
    if structured is not None:
        answer = data(structured)
        size = len(json.dumps(answer))
    else:
        size = sum(map(len, texts))
        answer = data(_of_texts(texts)) if size <= LARGEST else None
    if size > LARGEST:
        raise ToolError(f"{name} answers with more than {LARGEST:,} characters. Ask for less of it.", code="result_too_long")
    return answer


def _of_texts(texts: list[str]) -> Any:
    """Texts that are all JSON, as servers without structured answers write it; else the words."""
    found = [_parsed(text) for text in texts]
    if not found or not all(isinstance(one, Mapping | list) for one in found):
        return {"text": "\n".join(texts)}
    return found if len(found) > 1 else found[0]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
