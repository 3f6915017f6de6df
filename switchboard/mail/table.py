"""`[mail]` of a project's file: which mail server sends the letters."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from switchboard.mail.letters import Tls

Host = Annotated[str, Field(pattern=r"^[\w.:-]+$", max_length=253)]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, Field(pattern=r"^[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}$")]


Writer = Literal["given", "envelope", "from"]


class MailTable(BaseModel):
    """The mail server. There is no password in it: that is SWITCHBOARD_MAIL_PASSWORD."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: Host | None = None
    """The mail server that codes are sent by."""
    port: Port | None = None
    """Its port; else the usual one of its `tls`."""
    sender: Address | None = None
    """The address that codes come from."""
    tls: Tls | None = None
    """How the connection is encrypted: "starttls", which it is without this, "tls", or "none" to this machine alone."""
    user: str | None = Field(default=None, max_length=320)
    """The account that sends, where the server wants one."""
    writer: Writer | None = None
    """Whom a mail is from that comes without `--email`: nobody who is known ("given", the default), the sender of its
    "envelope", or the address in its "from". Each is as true as the mail server that let it in has made sure of."""
