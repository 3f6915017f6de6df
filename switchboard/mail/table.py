"""`[mail]` of a project's file: which mail server sends the letters."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from switchboard.mail.letters import Tls

Host = Annotated[str, Field(pattern=r"^[\w.:-]+$", max_length=253)]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, Field(pattern=r"^[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}$")]


Writer = Literal["given", "envelope", "from"]


class MailTable(BaseModel):
    """`[mail]` of a project's file. There is no password in it.

    `writer` says whom a mail is from that comes without `--email`: nobody who is known (`given`, the default), the sender of
    its `envelope`, or the address in its `from`. Each is as true as the mail server that let it in has made sure of.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: Host | None = None
    port: Port | None = None
    sender: Address | None = None
    tls: Tls | None = None
    user: str | None = Field(default=None, max_length=320)
    writer: Writer | None = None
