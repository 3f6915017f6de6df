"""The document of a case: what every command prints with --json, and what consoles read."""

from typing import Any, NotRequired

from typing_extensions import TypedDict  # the one of Python 3.11 cannot be read by pydantic

from switchboard.declare.transcript import Status


class MadeCall(TypedDict):
    """A call with how it ended; one that the run's end overtook counts as refused."""

    tool: str
    agent: str
    arguments: dict[str, Any]
    status: Status


class MadeBranch(TypedDict):
    """A branch of the case, with the agent that worked on it and how it ended."""

    case_id: str
    agent: str
    end: str


class Document(TypedDict):
    """A case as JSON-ready data. `run_id` is of its newest run, `end` None while somebody works on that; `transcript` holds the
    entries' own documents, `reply` what was said to the customer since their last words. `seconds` are of models and tools.
    `outcome` is what became of a case that is kept, and why a person has it (`Outcome` in `switchboard/cases/outcomes/`).
    """

    case_id: str
    run_id: str
    team: str
    end: str | None
    reason: str
    department: str | None
    reply: str
    note: str
    transcript: list[dict[str, Any]]
    tool_calls: list[MadeCall]
    branches: list[MadeBranch]
    model_calls: int
    tokens: int
    cost_usd: float
    cost_known: bool
    unpriced_calls: int
    seconds: float
    outcome: NotRequired[dict[str, Any]]


class MessageDocument(Document):
    """The same with the sender's id of the message that opened the case."""

    id: str | None


def spent(document: Document) -> float | None:
    """What a case cost in US dollars; None where a price is not known."""
    return document["cost_usd"] if document["cost_known"] or not document["model_calls"] else None
