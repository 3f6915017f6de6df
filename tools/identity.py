"""Who the customer is. Finding one verifies it, and a run serves only the customer it verified."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switchboard.characters import is_plain, is_plain_address, same
from switchboard.declare.tool import Context, tool
from switchboard.errors import Refused, ToolError
from tools.nouns import EMail, Name, Zip
from tools.shop import Customer


def address_on_file(session: Session, customer_id: str, arguments: Mapping[str, Any]) -> str:
    """Where a code goes to, if the project verifies by one."""
    return session.get_one(Customer, customer_id).email


@tool(effect="read", public=True, verifies=True, address=address_on_file)
def find_user_id_by_email(ctx: Context, email: EMail) -> str:
    """Find and verify the customer by e-mail address."""
    channel = ctx.known.get("email", email)
    if not is_plain_address(channel.strip()) or not same(channel, email):
        why = "The customer writes from another address. Ask for first name, last name and zip code."
        raise Refused(why, code="other_address")
    found = ctx.session.scalars(select(Customer.id).where(func.lower(Customer.email) == email).limit(2)).all()
    return _verified(ctx, found, "this e-mail address", "Ask for another one, or for first name, last name and zip code.")


@tool(effect="read", public=True, verifies=True, address=address_on_file)
def find_user_id_by_name_zip(ctx: Context, first_name: Name, last_name: Name, zip: Zip) -> str:
    """Find and verify the customer by name and zip code, where the e-mail address is unknown or not found."""
    if not is_plain(first_name) or not is_plain(last_name):
        raise ToolError("No customer is called that. Ask for the name as it is on the account.", code="no_such_customer")
    named = select(Customer.id).where(
        func.lower(Customer.first_name) == first_name.lower(),
        func.lower(Customer.last_name) == last_name.lower(),
        Customer.zip == zip,
    )
    found = ctx.session.scalars(named.limit(2)).all()
    return _verified(ctx, found, "this name and zip code", "Ask for the e-mail address, or for the zip code again.")


def _verified(ctx: Context, found: Sequence[str], by: str, then: str) -> str:
    if ctx.customer_id is not None and list(found) != [ctx.customer_id]:
        # Said before anything else, so that it does not tell whether there is such a customer.
        why = "Another customer is already verified in this conversation; it can serve only that one."
        raise Refused(why, code="other_customer")
    if len(found) > 1:
        raise ToolError(f"More than one customer has {by}. {then}", code="several_customers")
    if not found:
        raise ToolError(f"No customer has {by}. {then}", code="no_such_customer")
    ctx.verify(found[0])
    return found[0]
