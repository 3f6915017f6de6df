"""What can go wrong between us and a model server: as errors that say who can mend it, and in words for the operator."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from switchboard.declare.outcomes import Wasted
from switchboard.errors import ModelUnavailable, SwitchboardError
from switchboard.models.endpoints import ROOMS, Endpoint

LONGEST = 240  # characters of one sentence about a failure
TEMPORARY = (408, 409, 429)
"""Refusals that another try may not meet, beside all from 500 on."""
RATE_LIMIT = 429
WORDS_STAND_IN = ("message", "detail", "error", "msg", "status_msg", "error_msg", "errors", "base_resp", "title")
"""The fields that servers put the words of an error into, the usual one first."""
MOST_NESTED = 6


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


class Busy(Failure):
    """It said to somebody else of this process that there are too many requests, and for how long."""

    temporary = True


class Status(Failure):
    """An answer that is an error. `asked_wait` is its Retry-After, `to` where a redirect points.

    `inside` is set where the error came in the body of an answer that was called a success, as routers send it.
    """

    def __init__(
        self, status: int, body: str = "", asked_wait: str | None = None, to: str = "", *, inside: bool = False
    ) -> None:
        super().__init__(f"HTTP {status}")
        self.status, self.body, self.asked_wait, self.to, self.inside = status, body, asked_wait, to, inside
        self.temporary = status in TEMPORARY or status >= 500
        self.who = "other side" if self.temporary else "operator"
        self._said = _error_in(_parsed(body))

    @property
    def code(self) -> object:
        """The name that the server has for the error, such as `insufficient_quota`."""
        return self._said.get("code") if isinstance(self._said, dict) else None

    @property
    def words(self) -> str:
        """The server's own words, unless they are a web page."""
        words = next(_texts(self._said), "").strip()
        return "" if words.startswith("<") else words


class BadAnswer(SwitchboardError):
    """The endpoint answered with something that is no answer. What it cost is in `wasted`: it was billed all the same.

    `fault`: *unreadable* is not even a chat completion; *cut* came to the end of its tokens; *broken* says itself that it
    failed, or is empty; *declined* is a refusal, or was filtered. Asked again, cut and broken ones may be better.
    """

    who = "other side"

    def __init__(
        self,
        message: str,
        fault: Literal["unreadable", "cut", "broken", "declined"] = "unreadable",
        wasted: Wasted = Wasted(),  # noqa: B008 - it never changes
    ) -> None:
        super().__init__(message)
        self.fault, self.wasted = fault, wasted


class Unanswered(ModelUnavailable):
    """No endpoint gave an answer that can be used; what those cost that they gave is in `wasted`."""

    def __init__(self, message: str, wasted: Wasted = Wasted()) -> None:  # noqa: B008 - it never changes
        super().__init__(message)
        self.wasted = wasted


def status_inside(document: Any) -> Status | None:
    """The error in an answer that came as a success: by its own code where it has one, else as a failure of the server."""
    said = _error_in(document)
    if not any(_texts(said)):
        return None
    names = [said.get(name) for name in ("code", "status", "status_code", "type")] if isinstance(said, dict) else []
    numbers = [int(n) for n in map(str, names) if re.fullmatch(r"[45]\d\d", n, re.ASCII)]
    named = " ".join(name for name in names if isinstance(name, str)).lower()
    by_name = RATE_LIMIT if "rate_limit" in named else 400 if "invalid_request" in named else 500
    return Status(numbers[0] if numbers else by_name, json.dumps(document), inside=True)


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body


def _error_in(document: Any) -> Any:
    """The error of a document: its field of that name, where it has one; some send it in a list."""
    if isinstance(document, list) and document:
        document = document[0]
    return document.get("error") or document if isinstance(document, dict) else document


def _texts(said: Any, nested: int = 0) -> Iterator[str]:
    """The words of an error, wherever they stand in it."""
    if isinstance(said, str) and said.strip():
        yield said
    if nested < MOST_NESTED and isinstance(said, list | dict):
        for item in said if isinstance(said, list) else [said[name] for name in WORDS_STAND_IN if name in said]:
            yield from _texts(item, nested + 1)


def described(error: SwitchboardError, endpoint: Endpoint, seconds: float) -> str:
    """One short sentence for the operator, without secrets."""
    if isinstance(error, TooSlow):
        bound = (
            ""
            if any(name in endpoint.options for name in ROOMS)
            else "; a model that finds no end needs max_tokens in its entry"
        )
        text = f"gave no answer within {seconds:g} s{bound}"
    elif isinstance(error, NoConnection):
        text = f"no connection ({error})"
    elif isinstance(error, Status):
        how = f"answered with an error ({error.status}" if error.inside else f"HTTP {error.status}"
        text = f"{how}{_advice(error)}{')' * error.inside}{error.words and f'; the server says: {error.words}'}"
    else:
        text = str(error)
    shown = "".join(character if character.isprintable() else " " for character in text)
    for secret in endpoint.secrets:
        shown = shown.replace(secret, "***")
    line = re.sub(r"\b(sk-|Bearer )[\w*.-]{6,}", "***", " ".join(shown.split())).removesuffix(".")
    return f"{line[:LONGEST]}."


def _advice(error: Status) -> str:
    if 300 <= error.status < 400:
        return f", a redirect{error.to and f' to {error.to}'}, which is not followed; put the right address into base_url"
    advice = {401: "check api_key", 403: "check api_key", 404: "check model and base_url", RATE_LIMIT: "a rate limit or quota"}
    return f", {advice[error.status]}" if error.status in advice else ""
