"""`[channels]` of a project's file: the ways that customers write by."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from switchboard.mail.table import MailboxTable
from switchboard.notifications.table import Secret, check_program

Number = Annotated[int, Field(ge=1, le=2**53)]
Member = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{1,30}$")]
Account = Annotated[str, Field(min_length=1, max_length=60)]
ORIGIN = re.compile(r"https://[a-z0-9.-]{1,253}(?::\d{1,5})?|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")
Writer = Literal["nobody", "verified", "contact"]


def at_https(url: str) -> str:
    """The address of a help desk. Raises ValueError."""
    check_program(url)
    if len(url.split("/")) != 3 or "@" in url or "?" in url or "#" in url:
        raise ValueError('it is more than an address such as "https://help.example.com"')
    return url


class HelpDeskTable(BaseModel):
    """What each help desk needs."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: Annotated[str, Field(min_length=8, max_length=300), AfterValidator(at_https)]
    """Where it is, such as "https://help.example.com"."""
    user: Number
    """The number of the account that the desk posts as, whose token it has. What this account writes is the desk's; where
    somebody else has a conversation, or has answered it, the desk is silent, until it is given to this account."""
    token: Secret
    """The token that it is asked with: a variable, such as "${HELP_DESK_TOKEN}"."""
    secret: Secret
    """What it signs its webhooks with: a variable, such as "${HELP_DESK_SECRET}"."""
    team: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """The team that works on what customers write; else the one that the project speaks with."""
    writer: Writer = "nobody"
    """Whom a message is from: nobody who is known, the contact of the help desk where that is "verified" there, or the
    "contact" in any case. It is as true as what the help desk was told."""
    most_answers: int = Field(default=30, ge=1, le=1000)
    """How many answers one customer gets in an hour; what is more is not sent, and a person hears of it."""


class ChatwootTable(HelpDeskTable):
    """Conversations of Chatwoot: `switchboard serve` hears its webhooks (conversation_created, conversation_status_changed,
    conversation_updated and message_created) at /channels/chatwoot, answers there, and leaves drafts as private notes. A
    conversation is given to the desk by its status `pending`, too.
    """

    account: Number
    """The number of the account, as it stands in the address of Chatwoot's pages."""


class ZammadTable(HelpDeskTable):
    """Tickets of Zammad: `switchboard serve` hears the webhook of a trigger (a ticket or an article was created, an owner or a
    state changed) at /channels/zammad, answers there, by mail where the customer wrote a mail, and leaves drafts as internal
    notes. Zammad signs no time.
    """


class ZendeskTable(HelpDeskTable):
    """Tickets of Zendesk: `switchboard serve` hears its webhooks at /channels/zendesk, of the ticket events (created, comment
    added, agent assignment changed, status changed) or of a trigger whose JSON has `ticket_id`, answers there, and leaves
    drafts as internal notes; so it does with answers where somebody from outside is in copy.
    """

    email: Annotated[str, Field(max_length=320, pattern=r"^[^\s@:/]{1,64}@[^\s@:/]{1,255}$")]
    """The address of the account `user`, whose API token it is."""


class SlackTable(BaseModel):
    """A channel of Slack in which calls that wait for an operator are shown, with buttons: `switchboard serve` posts them, and
    hears who presses at /channels/slack. Slack reads what the calls say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{1,30}$")]
    """The channel, by its id, such as "C0123456789"."""
    token: Secret
    """The token of the app's bot, which may write there (chat:write): a variable, such as "${SLACK_TOKEN}"."""
    secret: Secret
    """The app's signing secret: a variable, such as "${SLACK_SECRET}"."""
    people: dict[Member, Account] = Field(min_length=1, max_length=200)
    """Whose account a member of Slack has, by the id of the member. Who is not named here decides nothing."""
    url: Annotated[str, Field(min_length=8, max_length=300), AfterValidator(at_https)] = "https://slack.com"
    """Where Slack is asked."""


def origin(text: str) -> str:
    """The origin of a site's pages. Raises ValueError."""
    if not ORIGIN.fullmatch(text):
        raise ValueError('it is no origin such as "https://www.example.com": https, a name in small letters, and no path')
    return text


class WidgetTable(BaseModel):
    """A chat on a site's pages, which `switchboard serve` serves: `<script src="https://DESK/widget.js" async></script>`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    origins: Annotated[list[Annotated[str, AfterValidator(origin)]], Field(min_length=1, max_length=50)]
    """The site's pages that the chat may stand on, such as "https://www.example.com"; on another one no browser shows it."""
    team: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """The team that answers; else the one that the project speaks with."""


class ChannelsTable(BaseModel):
    """The ways that customers write by."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    mail: MailboxTable | None = None
    """A mailbox."""
    widget: WidgetTable | None = None
    """A chat on a site's pages."""
    chatwoot: ChatwootTable | None = None
    """Conversations of Chatwoot."""
    zammad: ZammadTable | None = None
    """Tickets of Zammad."""
    zendesk: ZendeskTable | None = None
    """Tickets of Zendesk."""
    slack: SlackTable | None = None
    """A channel of Slack in which operators approve calls."""
