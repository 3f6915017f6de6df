"""Repairs: what the workshop knows of them. Put your own system in place of the rows below."""

from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError

CUSTOMERS = {"kim@example.com": "C-1", "lou@example.com": "C-2"}
REPAIRS: dict[str, dict[str, str | None]] = {
    "R-1001": {"customer": "C-1", "bicycle": "city bicycle", "state": "under way", "ready": "2030-05-14"},
    "R-1002": {"customer": "C-2", "bicycle": "cargo bicycle", "state": "done", "ready": None},
}


class Repair(BaseModel):
    """How far a repair is; `ready` is the day (ISO 8601) on which it can be fetched, where that is known."""

    bicycle: str
    state: str
    ready: str | None


@tool(effect="read", public=True, verifies=True)
def find_customer(ctx: Context, email: Annotated[str, Field(max_length=254)]) -> str:
    """Find and verify a customer by the e-mail address that they have with us."""
    customer_id = CUSTOMERS.get(email.strip().lower())
    if customer_id is None:
        raise ToolError("No customer has this address. Ask for the one that they gave us.", code="not_found")
    ctx.verify(customer_id)
    return customer_id


@tool(effect="read", about="repair")
def get_repair(ctx: Context, repair: Annotated[str, Field(pattern=r"^R-\d{4}$", description="Such as R-0000.")]) -> Repair:
    """Look up how far a repair is."""
    found = REPAIRS.get(repair)
    if found is None or found["customer"] != ctx.customer_id:  # of somebody else: the same as of nobody
        raise ToolError(f"This customer has no repair {repair}. Ask for the number on the receipt.", code="not_found")
    return Repair.model_validate(found)
