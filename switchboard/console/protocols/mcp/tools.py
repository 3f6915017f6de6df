"""The tools that the desk offers over MCP: to write to it, to look at a case, and what its teams let anybody look up."""

from typing import Annotated, Any

from mcp_types import Tool, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field

from switchboard.console.protocols.bounds import Email, Words
from switchboard.declare.team import TeamSpec
from switchboard.service.programs.reads import public_reads

ASK, CASE = "ask", "case"
CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ask(Given):
    """Send a customer's message to the desk and get its answer. Whatever is to be changed is asked for in words, here: the desk
    reads it back, asks an operator where its rules want one, and does it once.
    """

    message: Words = Field(description="What the customer writes.")
    case_id: CaseId | None = Field(None, description="The case that it goes on with; without one, a new case begins.")
    email: Email = Field("", description="Whose message it is, where the program that asks knows so for sure.")
    key: Annotated[str, Field(pattern=r"^[!-~]{16,200}$")] | None = Field(
        None, description="A new UUID for each message. Sent again with the same one, after a failure, a message counts once."
    )


class ShowCase(Given):
    """Look at a case: what was said and done, and how it stands."""

    case_id: CaseId


class Answer(BaseModel):
    """What the customer is told. `end` is how the case stands, `working` while the agents are at it: then look at it later."""

    case_id: str
    end: str
    reply: str
    waits_for: str


def offered(team: TeamSpec) -> list[Tool]:
    """The tools of a desk that speaks for a team."""
    ours = [
        Tool(
            name=ASK,
            description=Ask.__doc__,
            input_schema=Ask.model_json_schema(),
            output_schema=Answer.model_json_schema(),
            annotations=ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=False),
        ),
        Tool(name=CASE, description=ShowCase.__doc__, input_schema=ShowCase.model_json_schema(), annotations=_reads()),
    ]
    return ours + [_as_offered(name, tool.schema) for name, (_, tool) in public_reads(team).items() if name not in (ASK, CASE)]


def _as_offered(name: str, schema: dict[str, Any]) -> Tool:
    function = schema["function"]
    return Tool(name=name, description=function["description"], input_schema=function["parameters"], annotations=_reads())


def _reads() -> ToolAnnotations:
    return ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True)
