"""The tools that the desk offers over MCP: to write to it, to look at a case, what its teams let anybody look up, and what they
may change for a customer, each call of which is proposed.
"""

from typing import Annotated, Any

from mcp_types import Tool, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field

from switchboard.console.protocols.bounds import Email, Words
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Tool as Declared
from switchboard.loop.recording.proposals import proposable
from switchboard.service.programs.reads import public_reads

ASK, CASE = "ask", "case"
PROPOSED = "It is read back to the customer and made after their yes, and an operator's where the desk's rules want one."
CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]

Key = Annotated[str, Field(pattern=r"^[!-~]{16,200}$")]


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ask(Given):
    """Send a customer's message to the desk and get its answer. Whatever is to be changed is asked for in words, here: the desk
    reads it back, asks an operator where its rules want one, and does it once.
    """

    message: Words = Field(description="What the customer writes.")
    case_id: CaseId | None = Field(None, description="The case that it goes on with; without one, a new case begins.")
    email: Email = Field("", description="Whose message it is, where the program that asks knows so for sure.")
    key: Key | None = Field(
        None,
        description="A new UUID for each message. Sent again with the same one, after a failure, a message counts once. In a "
        "case what was said before, or a second yes, is heard only with one.",
    )


class ShowCase(Given):
    """Look at a case: what was said and done, and how it stands."""

    case_id: CaseId


class Proposes(BaseModel):
    """What stands beside the arguments of a tool that changes something."""

    model_config = ConfigDict(frozen=True)

    customer_email: Annotated[Email, Field(min_length=3)] = Field(
        description="Whose it is: the address of the customer, where the program that asks knows so for sure."
    )
    idempotency_key: Key = Field(description="A new UUID for each call. With the same one it is the same call, made once.")


class Answer(BaseModel):
    """What the customer is told. `end` is how the case stands, `working` while the agents are at it: then look at it later."""

    case_id: str
    end: str
    reply: str
    waits_for: str


class Outcome(Answer):
    """The same of a call that changes something. `status` is `asks` while the customer has to say yes or no to `reply`, which
    `ask` tells the desk; `waiting` while an operator decides, `working` while it is being made: then send it again with the
    same key. `result` is what came of it, `why` why nothing did. One that was `refused` is made later only where the same is
    asked for again in its case, which the same key tells then.
    """

    status: str
    result: Any
    why: str


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
    ours += [_as_offered(name, tool.schema) for name, (_, tool) in public_reads(team).items() if name not in (ASK, CASE)]
    return ours + [_as_proposed(tool) for tool in writes(team).values()]


def writes(team: TeamSpec) -> dict[str, Declared]:
    """The tools that change something, by name: those that take no argument which is called as ours are."""
    ours, found = Proposes.model_fields.keys(), proposable(team)
    return {name: one for name, (_, one) in found.items() if name not in (ASK, CASE) and not ours & one.arguments.model_fields}


def _as_offered(name: str, schema: dict[str, Any]) -> Tool:
    function = schema["function"]
    return Tool(name=name, description=function["description"], input_schema=function["parameters"], annotations=_reads())


def _as_proposed(tool: Declared) -> Tool:
    function, beside = tool.schema["function"], Proposes.model_json_schema()
    parameters = function["parameters"]
    properties = {**parameters.get("properties", {}), **beside["properties"]}
    schema = {**parameters, "properties": properties, "required": [*parameters.get("required", []), *beside["required"]]}
    return Tool(
        name=tool.name,
        description=f"{function['description']} {PROPOSED}",
        input_schema=schema,
        output_schema=Outcome.model_json_schema(),
        annotations=ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True),
    )


def _reads() -> ToolAnnotations:
    return ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True)
