"""`[notifications]` of a project's file: who is told of what a person must see."""

from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from switchboard.characters import is_plain
from switchboard.toolsets.environment import SECRET, VARIABLE

MOST_URLS = 20
WITHOUT_SECRETS = ("mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "syslog")
"""Services of Apprise whose addresses name a place and hold no token; a password in one stands before an @."""

Notified = Literal["escalated", "awaiting_approval", "failed", "limit", "loop"]
"""Ends of a run after which a person has something to do."""


def without_secret(url: str) -> str:
    """A URL that may stand in a file. Raises ValueError."""
    if not is_plain(url) or " " in url:
        raise ValueError("a URL holds no blank and nothing that cannot be shown")
    if VARIABLE.search(url):
        return url
    place = urlsplit(url)
    if not place.scheme or "://" not in url:
        raise ValueError('it is no URL such as "mailtos://…" or "${ON_CALL_URL}"')
    if place.scheme not in WITHOUT_SECRETS or place.password or "pass=" in place.query or SECRET.search(place.query):
        raise ValueError('it holds a secret, as it seems, and none stands in this file: write "${A_NAME}", and set that to it')
    return url


Url = Annotated[str, Field(min_length=4, max_length=500), AfterValidator(without_secret)]


class NotificationsTable(BaseModel):
    """Who is told that a case waits for a person, that a ticket is urgent or late, and that a budget of models runs out. Needs
    the extra `notifications`, which is Apprise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    urls: list[Url] = Field(min_length=1, max_length=MOST_URLS)
    """Where to, each as Apprise writes it, such as "mailtos://…" for mail or "slack://…" for chat. "${NAME}" is a variable of
    the environment, in which the whole URL can stand."""
    urgent: list[Url] = Field(default_factory=list, max_length=MOST_URLS)
    """Where to, beside, with what is critical or high, and a budget that is used up: chat, and the pager of who is on call."""
    ends: list[Notified] = Field(default=list(get_args(Notified)), min_length=1, strict=False)
    """After which ends of a run; left out, after all that wait for a person. Of urgent and late tickets, and of budgets, they
    are told in any case."""

    def places(self, *, is_urgent: bool) -> list[str]:
        """Whom something is told to, each once."""
        return list(dict.fromkeys([*self.urls, *(self.urgent if is_urgent else ())]))
