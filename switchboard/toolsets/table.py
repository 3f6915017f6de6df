"""`[tools.NAME]` of a project's file: another side that tools come from, and those of its calls that the project lists."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from switchboard.declare.tool import CALLED
from switchboard.toolsets.facts import Facts, Path

MOST_CALLS = 100
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(pattern=CALLED.pattern)]


class SourceTable(BaseModel):
    """Another side whose calls are tools. Exactly one of `openapi`, `mcp` and `sql` says what it speaks; "${NAME}" in a value
    is a variable of the environment, and what carries a secret is given by one.

    ```toml
    [tools.office]
    openapi = "office.json"
    server = "${OFFICE_API}"
    headers = { Authorization = "Bearer ${OFFICE_TOKEN}" }

    [tools.office.calls.get_order]
    effect = "read"
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    openapi: Text | None = None
    """An OpenAPI description: a file of the project, or an https address such as "${OFFICE_API}/openapi.json"."""
    server: Text | None = None
    """Where the API is asked, such as "https://api.example.com" or "${OFFICE_API}"; without it, where the description says."""
    mcp: Text | Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=40)] | None = None
    """The address of an MCP server (streamable HTTP), or its command in parts (stdio), such as ["python", "calendar.py"]."""
    sql: Text | None = None
    """The address of a database, of which only the listed queries are asked, each in a transaction that only reads."""
    headers: dict[Text, Text] = Field(default_factory=dict, max_length=20)
    """Headers that go with each request, as in `{ Authorization = "Bearer ${OFFICE_TOKEN}" }`."""
    environment: dict[Text, Text] = Field(default_factory=dict, max_length=40)
    """Variables that the command of an MCP server is given."""
    calls: dict[Name, Facts] = Field(max_length=MOST_CALLS)
    """The calls that are tools, by the names that they have here. What is not listed is no tool."""

    @model_validator(mode="after")
    def _speaks_one(self) -> "SourceTable":
        if sum(one is not None for one in (self.openapi, self.mcp, self.sql)) != 1:
            raise ValueError("it has one of openapi, mcp and sql")
        if not self.calls:
            raise ValueError("calls lists no call, so there is no tool")
        if self.server and not self.openapi:
            raise ValueError("server is for openapi")
        for name, facts in self.calls.items():
            if (facts.query is not None) != (self.sql is not None):
                raise ValueError(f"{name}: query is what a sql source asks, and it asks nothing else")
            if self.sql and facts.changes:
                raise ValueError(f"{name}: a sql source reads, and {facts.effect} is more")
        return self


class CustomerTable(BaseModel):
    """What operators see of a customer beside their case: the answer of one call, asked for whoever is verified there.

    ```toml
    [customer]
    call = "list_orders"
    fields = ["number", "state", "total"]
    title = "Order"

    [tools.office]
    openapi = "office.json"

    [tools.office.calls.list_orders]
    effect = "read"
    customer = "customerId"
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    call: Name
    """A call of [tools.NAME] that only reads, and that takes nothing but its `customer`."""
    fields: list[Path] = Field(min_length=1, max_length=10)
    """The fields of its answer that are shown. Those of a list make one row of each of its lines; ten rows are the most."""
    title: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    """What the lines of a list are called, such as "Order"."""
