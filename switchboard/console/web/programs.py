"""Which program asks beside the pages, by the token that it shows, as the protocols want to know it."""

from switchboard.console.protocols.seam import Authorize, Holder, NotAllowed, NotLetIn, Scope
from switchboard.service import accounts
from switchboard.service.accounts.people import Rows


def authorize_by(place: Rows) -> Authorize:
    """Who holds a token, as the accounts of a place say it; a session opens nothing here, and a token no page."""

    def authorize(token: str, scope: Scope) -> Holder | None:
        holder = accounts.holder_of(place, token) if token else None
        if holder is None:
            if not accounts.any_accounts(place):
                return None
            why = "This token is none, or was revoked." if token else "Send `Authorization: Bearer TOKEN`."
            raise NotLetIn(f"{why} `switchboard tokens add` makes one.")
        if not holder.may(scope):
            raise NotAllowed(f"This token is not good for {scope}: it needs that scope, and an account whose role may do it.")
        return Holder(holder.person.name)

    return authorize
