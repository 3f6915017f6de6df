"""`[accounts]` of a project's file: which provider says who somebody is, beside the passwords that are kept here."""

from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from switchboard.accounts.roles import Role
from switchboard.characters import is_plain
from switchboard.notifications.table import Secret


def is_safe_address(url: str) -> bool:
    """Whether an address is asked over TLS, or is one of this machine."""
    place = urlsplit(url)
    near = place.scheme == "http" and place.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(place.hostname) and (place.scheme == "https" or near) and not place.username


def issuer(url: str) -> str:
    """An issuer as OpenID Connect names one. Raises ValueError."""
    if not is_plain(url) or " " in url or not is_safe_address(url) or urlsplit(url).query or "#" in url:
        raise ValueError('it is no address such as "https://login.example.com"')
    return url


def network(text: str) -> str:
    """An address, or a network of them, that does not hold every one. Raises ValueError."""
    try:
        found = ip_network(text)
    except ValueError:
        raise ValueError('it is no address and no network such as "10.0.0.0/8"') from None
    if not found.prefixlen:
        raise ValueError("it holds every address, and so would have anybody say where they are")
    return text


Claim = Annotated[str, Field(min_length=1, max_length=200)]


class OidcTable(BaseModel):
    """A provider of OpenID Connect, such as Keycloak, Entra or Google, by which people sign in. Its client is given the
    address `https://NAME/sign-in/provider/back`, and gives the claims that are named here in its ID token.

    An account is one that was made by `users add --by-provider`, or, with `roles`, one that the first sign-in makes. It is
    bound to whom the provider then said it is, whatever they are called later; who has a password keeps their account alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    issuer: Annotated[str, Field(max_length=500), AfterValidator(issuer)]
    """Its address, as its own description has it."""
    client_id: Annotated[str, Field(min_length=1, max_length=300)]
    """What this desk is called there."""
    secret: Secret | None = None
    """The variable that holds the client's secret, such as "${OIDC_SECRET}"; a client without one is told by PKCE alone."""
    name: Claim = "preferred_username"
    """The claim that gives the account's name. Of "email" it must say that it is verified."""
    scopes: list[Annotated[str, Field(pattern=r"^[!#-\[\]-~]+$", max_length=100)]] = Field(
        default=["profile", "email"], max_length=20
    )
    """What is asked for beside "openid"."""
    roles_in: Claim = "groups"
    """The claim whose values `roles` names: a text, or a list of them."""
    roles: dict[Claim, Role] = Field(default_factory=dict, max_length=100)
    """Which value of `roles_in` gives which role; of several the largest holds, looked at with each sign-in, and who has none
    of them is not let in. Without it, only accounts that were made before are, with the role that they were given."""

    @property
    def host(self) -> str:
        """What the provider is called where people choose it."""
        return urlsplit(self.issuer).netloc


class AccountsTable(BaseModel):
    """Who may work at the desk. Accounts are kept by `switchboard users`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    proxies: list[Annotated[str, Field(max_length=60), AfterValidator(network)]] = Field(default=[], max_length=50)
    """Proxies that stand before `serve`, as addresses or networks such as "10.0.0.0/8", those on this machine, too
    ("127.0.0.1"). Whom they say a request is from (X-Forwarded-For) tries to sign in are counted for; who else says so is
    believed nothing."""
    oidc: OidcTable | None = None
    """A provider by which people sign in, beside passwords."""
