"""`[departments.NAME]`: who looks after one kind of matter, with an agent of the project's own or without a line of Python."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Module = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", max_length=120)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,40}$")]


Drafts = bool | Literal["model"] | Annotated[int, Field(ge=1, le=100)]


class DepartmentTable(BaseModel):
    """Who looks after one kind of matter: an agent without a line of Python, or one of the project's own (`agent`).

    ```toml
    [departments.orders]
    about = "Orders: where one is, and when it comes."
    examples = ["where is my order", "when does my order come"]
    tools = []
    plays = []
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    about: Word
    """What it looks after, in one sentence: models go by it."""
    examples: list[Word] | Word = Field(default_factory=list)
    """Sentences of its customers, by which rules find it; or the name of a text file of the project that has one a line."""
    tools: list[Module] = Field(default_factory=list, max_length=6)
    """Calls of the project's `tools` by their names, and functions of its own, such as "tools.slots.free_slots"."""
    plays: list[Name] = Field(default_factory=list, max_length=40)
    """Files of `agents/plays/` without their endings: what its rules do about a kind of request."""
    agent: Module | None = None
    """The module of an agent of its own, called like the department, in place of what an agent does without rules."""
    model: Literal["fast", "strong"] = "fast"
    """Which models it asks first, by their tag in OAI_CONFIG_LIST."""
    drafts: Drafts | None = None
    """Whether its answers wait for a person, who edits and sends them (`switchboard drafts`): all of them (true), those that
    a model gives ("model"), as rules answer only what they are sure of, or those that are less sure than a number of 100. What
    plays tell is sure (100); of articles a section that is headed by the very question (95), one that holds all of its telling
    words (88), and any other that fits (75); what a model words is as sure as the section that the rules would answer with,
    where that carries it, and else waits. Its questions that tell nothing go out. Without it as the project's `drafts` say."""
