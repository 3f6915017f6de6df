"""Help desks asked by HTTP: bounded in time and length, and each failure told as what it means for an answer."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from switchboard.mail.letters import LetterRefused, MayBeSent, NotSent, NotThisOne
from switchboard.service.channels.channel import Away, OutOfReach
from switchboard.service.channels.conversation import NotSigned

SECONDS, MOST_SECONDS = 15.0, 30.0
"""How long is waited for something to come, and for all of it."""
MOST_BYTES = 4_000_000
MOST_PAGES = 20
FRESH_SECONDS = 300
"""How old a webhook may be, and how far two clocks may be apart."""
NEVER = (400, 404, 405, 410, 413, 422)
"""Statuses by which a post is refused, and would be at any other time."""
NOT_NOW = (401, 402, 403, 407, 423, 429, 503)
"""Statuses by which it is surely not made, and can be once something is mended or has passed."""
AWAY = (401, 402, 407, 408, 429)
"""Statuses from 400 to 499 that are not about what was asked for, but about whoever asks."""
CONFLICT = 409
NOT_OURS = "This webhook is not signed as one of ours is."


@dataclass(frozen=True)
class Side:
    """One help desk. `headers` hold the token, and are shown nowhere."""

    name: str
    url: str
    headers: Mapping[str, str] = field(repr=False)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON under a path, None where there is none. Raises Away, or OutOfReach where it is about the path alone."""
        import httpx

        try:
            status, body = self._asked("GET", path, query, None)
        except httpx.DecodingError:
            raise OutOfReach(f"{self.name} answered with what is too long, or cannot be decoded.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Away(f"{self.name} cannot be reached ({type(error).__name__}).") from None
        if status in (404, 410):
            return None
        if status != 200:
            is_about_path = 400 <= status < 500 and status not in AWAY
            raise (OutOfReach if is_about_path else Away)(f"{self.name} answered {status} where it was read.")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise Away(f"{self.name} answered with what is no JSON.") from None  # as a page that tells of maintenance

    def send(self, method: str, path: str, values: Mapping[str, Any]) -> bytes:
        """Have something posted, and give what is answered. Raises NotSent, and what that can be: only after MayBeSent it may
        have been.
        """
        import httpx

        try:
            status, body = self._asked(method, path, {}, values)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL) as error:
            raise NotSent(f"{self.name} cannot be reached ({type(error).__name__}).") from None
        except httpx.HTTPError as error:
            raise MayBeSent(f"{self.name} gave no answer ({type(error).__name__}).") from None
        if status in NEVER:
            raise LetterRefused(f"{self.name} refused an answer with {status}.")
        if status == CONFLICT:
            raise NotThisOne(f"{self.name} took no answer, since the conversation changed at that moment.")
        if status in NOT_NOW:
            raise NotSent(f"{self.name} took no answer: it said {status}.")
        if not 200 <= status < 300:
            raise MayBeSent(f"{self.name} answered {status}.")
        return body

    def _asked(self, method: str, path: str, query: Mapping[str, Any], values: Mapping[str, Any] | None) -> tuple[int, bytes]:
        """Bounded as a whole, since each byte that comes begins another wait. Raises httpx.HTTPError, httpx.InvalidURL."""
        import asyncio

        import httpx

        try:
            return asyncio.run(asyncio.wait_for(self._answer(method, path, query, values), MOST_SECONDS))
        except TimeoutError:
            raise httpx.ReadTimeout("it takes too long") from None

    async def _answer(
        self, method: str, path: str, query: Mapping[str, Any], values: Mapping[str, Any] | None
    ) -> tuple[int, bytes]:
        import httpx  # a tenth of a second, and only who has a help desk needs it

        body = b""
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, headers=self.headers, trust_env=False) as client,
            client.stream(method, f"{self.url}{path}", params=query, json=values) as answer,
        ):
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise httpx.DecodingError("it is too long")
            return answer.status_code, body


def check_signed(expected: str, shown: str) -> None:
    """Raises NotSigned."""
    if not hmac.compare_digest(expected.encode(), shown.encode("utf-8", "replace")):
        raise NotSigned(NOT_OURS)


def check_fresh(at: float, now: float) -> None:
    """Raises NotSigned for a webhook of another time: one that somebody kept."""
    if not abs(now - at) <= FRESH_SECONDS:
        raise NotSigned("This webhook is of another time.")


def number_in(value: Any) -> str:
    """A number of the help desk's, as text. Raises ValueError."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= 20 and int(text) > 0):
        raise ValueError("it names no conversation")
    return str(int(text))


def table_in(value: Any) -> Mapping[str, Any]:
    """A JSON object, {} where there is none."""
    return value if isinstance(value, dict) else {}


def object_in(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a webhook. Raises ValueError."""
    try:
        found = json.loads(body)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found
