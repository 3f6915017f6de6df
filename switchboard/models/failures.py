"""What can go wrong between us and a model server: as errors that say who can mend it, and in words for the operator."""

import json
import re
from typing import Any

from switchboard.errors import SwitchboardError
from switchboard.models.endpoints import Endpoint

LONGEST = 240  # characters of one sentence about a failure
TEMPORARY = (408, 409, 429)
"""Refusals that another try may not meet, beside all from 500 on."""


class Failure(SwitchboardError):
    """A request to a model server that brought no completion. `temporary` when another try may bring one."""

    who = "other side"
    temporary = False


class NoConnection(Failure):
    """Nobody could be reached at the address, or who was reached broke off or does not speak HTTP."""

    temporary = True


class TooSlow(NoConnection):
    """The whole answer was not there in time."""


class Unusable(Failure):
    """The address, or the proxy that leads to it, is none that this program can use."""

    who = "operator"


class Status(Failure):
    """An answer that is an HTTP error. `asked_wait` is its Retry-After, `to` where a redirect points."""

    def __init__(self, status: int, body: str = "", asked_wait: str | None = None, to: str = "") -> None:
        super().__init__(f"HTTP {status}")
        self.status, self.body, self.asked_wait, self.to = status, body, asked_wait, to
        self.temporary = status in TEMPORARY or status >= 500
        self.who = "other side" if self.temporary else "operator"
        said = _parsed(body)
        self._said = said.get("error", said) if isinstance(said, dict) else said

    @property
    def code(self) -> object:
        """The name that the server has for the error, such as `insufficient_quota`."""
        return self._said.get("code") if isinstance(self._said, dict) else None

    @property
    def words(self) -> str:
        """The server's own words, unless they are a web page."""
        said = self._said
        words = (said.get("message") or said.get("detail")) if isinstance(said, dict) else said
        return words.strip() if isinstance(words, str) and words.strip()[:1] not in ("", "<") else ""


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body


def described(error: SwitchboardError, endpoint: Endpoint, seconds: float) -> str:
    """One short sentence for the operator, without secrets."""
    if isinstance(error, TooSlow):
        text = f"gave no answer within {seconds:g} s"
    elif isinstance(error, NoConnection):
        text = f"no connection ({error})"
    elif isinstance(error, Status):
        text = f"HTTP {error.status}{_advice(error)}{error.words and f'; the server says: {error.words}'}"
    else:
        text = str(error)
    shown = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(shown.replace(endpoint.api_key.get_secret_value(), "***").split())
    line = re.sub(r"\b(sk-|Bearer )[\w*.-]{6,}", "***", line).removesuffix(".")
    return f"{line[:LONGEST]}."


def _advice(error: Status) -> str:
    if 300 <= error.status < 400:
        return f", a redirect{error.to and f' to {error.to}'}, which is not followed; put the right address into base_url"
    advice = {401: "check api_key", 403: "check api_key", 404: "check model and base_url", 429: "a rate limit or quota"}
    return f", {advice[error.status]}" if error.status in advice else ""
