"""`[web]` of a project's file: how the web is searched, and which of its pages may be read."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Pattern = Annotated[str, Field(pattern=r"^(\*|(\*\.)?[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$", max_length=260)]
Socket = Annotated[str, Field(pattern=r"^([0-9.]+|\[[0-9a-f:.]+\]):[0-9]{1,5}$", max_length=60)]
Engine = Literal["ddgs", "tavily", "searxng"]


class WebTable(BaseModel):
    """The web as a source of research, which only `research --web` asks. Needs the extra `web`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    search: Engine
    """What searches: "ddgs", a package that asks public search engines; "tavily", a service that wants a key; or "searxng", a
    server of your own that gives JSON (`search.formats` in its settings)."""
    allow: list[Pattern] = Field(min_length=1, max_length=200)
    """The hosts whose pages are read: "example.org" is that one, "*.example.org" are those below it, "*" is every public one.
    Behind a host may stand a port, which else is 80 or 443."""
    address: str | None = Field(default=None, pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$", max_length=300)
    """Where the SearxNG server is; of Tavily another address than its own."""
    key: str = Field(default="${TAVILY_API_KEY}", max_length=200)
    """The key for Tavily: a variable of the environment, no secret stands in this file."""
    megabytes: int = Field(default=5, ge=1, le=50)
    """What a page may have at most."""
    seconds: float = Field(default=20.0, ge=1, le=60)
    """How long a page may take to come, with its redirects and its robots.txt."""
    allow_private: list[Socket] = Field(default_factory=list, max_length=20)
    """Addresses that are not public and may be asked all the same, each with its port, such as "10.0.0.7:8080". Without any,
    nothing within your own network is."""

    @model_validator(mode="after")
    def _fit(self) -> "WebTable":
        if self.search == "searxng" and not self.address:
            raise ValueError('"searxng" needs the "address" of the server')
        if self.search == "ddgs" and self.address:
            raise ValueError('"ddgs" has no "address"')
        return self
