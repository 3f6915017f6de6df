"""new_name: what can be looked up and done about it. One noun per file."""

from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError


class Found(BaseModel):
    """What a call gives: its fields are what agents and plays know. Money is whole cents."""

    number: str
    state: str


@tool(effect="read", about="number")
def find_new_name(ctx: Context, number: Annotated[str, Field(min_length=1, max_length=60)]) -> Found:
    """Say here, for models, what it finds. `ctx.customer_id` is who is verified: tell nobody what is another's."""
    raise ToolError(f"There is no {number}. Ask for the number again.", code="not_found")
