"""`[notifications]` of a project's file: who is told of what a person must see."""

from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

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


def check_program(address: str) -> None:
    """Raises ValueError for what is no address of a program, called over TLS unless it is on this machine."""
    place = urlsplit(address)
    near = place.scheme == "http" and place.hostname in ("127.0.0.1", "localhost", "::1")
    if not (place.hostname and (place.scheme == "https" or near)):
        raise ValueError('it is no address such as "https://crm.example.com/switchboard", nor "${A_NAME}" for one')


def webhook(url: str) -> str:
    """The address of a program as it may stand in a file. Raises ValueError."""
    place = urlsplit(url)
    if not is_plain(url) or " " in url or place.password or (SECRET.search(place.query) and not VARIABLE.search(url)):
        raise ValueError("it holds a blank, something that cannot be shown, or a secret, which stands in no file")
    if not VARIABLE.fullmatch(url):
        check_program(url)
    return url


def named_alone(text: str) -> str:
    """A secret, which is a variable's name here. Raises ValueError."""
    if not VARIABLE.fullmatch(text):
        raise ValueError('a secret stands in no file: write "${A_NAME}", and set that')
    return text


Url = Annotated[str, Field(min_length=4, max_length=500), AfterValidator(without_secret)]
Webhook = Annotated[str, Field(min_length=4, max_length=500), AfterValidator(webhook)]
Secret = Annotated[str, Field(max_length=100), AfterValidator(named_alone)]


class NotificationsTable(BaseModel):
    """Who is told that a case waits for a person, that a ticket is urgent or late, and that a budget of models runs out, which
    needs the extra `notifications` (Apprise); and which programs are told of what happens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    urls: list[Url] = Field(default_factory=list, max_length=MOST_URLS)
    """Where to, each as Apprise writes it, such as "mailtos://…" for mail or "slack://…" for chat. "${NAME}" is a variable of
    the environment, in which the whole URL can stand."""
    urgent: list[Url] = Field(default_factory=list, max_length=MOST_URLS)
    """Where to, beside, with what is critical or high, and a budget that is used up: chat, and the pager of who is on call."""
    ends: list[Notified] = Field(default=list(get_args(Notified)), min_length=1, strict=False)
    """After which ends of a run; left out, after all that wait for a person. Of urgent and late tickets, and of budgets, they
    are told in any case."""
    webhooks: list[Webhook] = Field(default_factory=list, max_length=MOST_URLS)
    """Programs that are told of each run that ended, of calls, cases and tickets that wait for people, and of tickets that are
    late, each by a POST that is signed as Standard Webhooks has it."""
    allow_private: list[Annotated[str, Field(pattern=r"^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$")]] = Field(
        default_factory=list, max_length=20
    )
    """Addresses of your own network, with their ports ("10.0.0.5:443"), that names of `webhooks` may lead to. Other names that
    lead there are not called; an address that stands in `webhooks` itself is."""
    secret: Secret | None = None
    """What these are signed with: the variable that holds it, such as "${WEBHOOK_SECRET}"."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.urls and not self.webhooks:
            raise ValueError("it names nobody: give it urls, or webhooks")
        if self.webhooks and self.secret is None:
            raise ValueError('webhooks are signed: give it a secret, such as "${WEBHOOK_SECRET}"')
        if twice := {*self.webhooks} & {*self.urls, *self.urgent}:
            raise ValueError(f"{min(twice)} is named twice")
        return self

    def places(self, *, is_urgent: bool) -> list[str]:
        """Whom something is told to, each once."""
        return list(dict.fromkeys([*self.urls, *(self.urgent if is_urgent else ())]))
