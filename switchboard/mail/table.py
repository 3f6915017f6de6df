"""`[mail]` of a project's file: which mail server sends the letters."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from switchboard.mail.letters import Tls

Host = Annotated[str, Field(pattern=r"^[\w.:-]+$", max_length=253)]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, Field(pattern=r"^[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}$")]


class MailTable(BaseModel):
    """`[mail]` of a project's file. There is no password in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: Host | None = None
    port: Port | None = None
    sender: Address | None = None
    tls: Tls | None = None
    user: str | None = Field(default=None, max_length=320)
