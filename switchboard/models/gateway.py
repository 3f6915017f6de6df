"""The one way to a model: entry by entry in order, with timeouts, retries, and a circuit breaker per endpoint.

Every completion of a run goes through `Gateway.ask`. One gateway serves all runs of a process, from any thread.
"""

import math
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

from switchboard.declare.outcomes import Answer
from switchboard.errors import ModelUnavailable
from switchboard.models.answer import BadAnswer, read_answer
from switchboard.models.breaker import Breaker
from switchboard.models.endpoints import Endpoint, tagged
from switchboard.models.failures import Failure, Status, described
from switchboard.models.http import Client

FAILURES = 3  # in a row, before an endpoint is left alone
PROBE_SECONDS = 10.0
OPTIONAL = ("response_format", "temperature")
"""What compatible servers and some models refuse to be told; the answer is better without it than not at all."""

_growing_wait = wait_exponential(multiplier=0.25, max=8) + wait_random(0, 0.25)


class Gateway:
    """`timeout` is in seconds per request, unless the entry has its own; a retry begins only within that time.

    `retries` come on connection errors, timeouts, 408, 409, 429 and 5xx, after the server's Retry-After or else a
    growing wait with jitter. `pause` is how many seconds an endpoint is left alone after three failures in a row.
    `prices` maps a model to dollars per 1,000 prompt and completion tokens, for entries that name no price (AutoGen's
    OAI_PRICE1K has this form).
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        timeout: float = 60.0,
        retries: int = 2,
        pause: float = 30.0,
        prices: Mapping[str, Any] | None = None,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self._lines: dict[Endpoint, _Line] = {}
        for index, endpoint in enumerate(endpoints):
            line = _Line(endpoint, index, endpoint.timeout or timeout, retries, Breaker(FAILURES, pause), prices or {})
            self._lines.setdefault(endpoint, line)

    def ask(
        self,
        tag: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        temperature: float | None = None,
        response_format: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The first answer, from the endpoints for `tag` in order. Messages, tools and response_format are as OpenAI's
        API takes them. Raises ModelUnavailable, which says for each endpoint what went wrong.
        """
        given = {"tools": list(tools), "temperature": temperature, "response_format": response_format}
        request = {"messages": list(messages), **{k: v for k, v in given.items() if v not in (None, [])}}
        troubles = []
        for endpoint in tagged(self.endpoints, tag):
            answer = self._lines[endpoint].ask(request)
            if isinstance(answer, Answer):
                return answer
            troubles.append(f"{endpoint.name}: {answer}")
        if not troubles:
            raise ModelUnavailable("No model is configured. Write an OAI_CONFIG_LIST.")
        raise ModelUnavailable(f"No model endpoint answered. {' '.join(troubles)}")

    def problems(self) -> dict[str, str]:
        """By endpoint name, what last went wrong there and is not mended; the operator is told after a run."""
        return {e.name: line.trouble for e, line in self._lines.items() if line.trouble}

    def probe(self, endpoint: Endpoint) -> str | None:
        """Ask one endpoint for one word, once (it costs some ten tokens): what went wrong, or None."""
        return self._lines[endpoint].probe()


class _Line:
    """One endpoint as one gateway knows it."""

    def __init__(
        self,
        endpoint: Endpoint,
        index: int,
        seconds: float,
        retries: int,
        breaker: Breaker,
        prices: Mapping[str, Any],
    ) -> None:
        self.endpoint = endpoint
        self.index = index
        self.seconds = seconds
        self.breaker = breaker
        self.prices = prices
        self.trouble: str | None = None
        self.refused: frozenset[str] = frozenset()
        self.retries = retries
        self.client = Client(endpoint)

    def ask(self, request: dict[str, Any]) -> Answer | str:
        """The answer, or the sentence that says why there is none."""
        if not self.breaker.lets_pass():
            left = math.ceil(self.breaker.seconds_left)
            return f"left alone for {left} s after {FAILURES} failures in a row; the last: {self.trouble}"
        try:
            body = self._complete({"model": self.endpoint.model, **request})
            answer = read_answer(body, request, self.endpoint, self.index, self.prices)
        except (Failure, BadAnswer) as error:
            self.trouble = trouble = described(error, self.endpoint, self.seconds)
            if error.unreadable if isinstance(error, BadAnswer) else error.temporary:
                self.breaker.failed()
            else:
                self.breaker.answered()  # a refusal is a sign of life: the configuration is wrong, not the server
            return trouble
        self.breaker.answered()
        self.trouble = f"does without {' and '.join(sorted(self.refused))}, which it refuses." if self.refused else None
        return answer

    def probe(self) -> str | None:
        seconds = min(self.seconds, PROBE_SECONDS)
        request = {"model": self.endpoint.model, "messages": [{"role": "user", "content": "Say OK."}]}
        try:
            read_answer(self.client.post(request, seconds), request, self.endpoint, self.index, {})
        except (Failure, BadAnswer) as error:
            return described(error, self.endpoint, seconds)
        return None

    def _complete(self, request: dict[str, Any]) -> bytes:
        """The body of the completion, after retries, and without the parts that this endpoint refuses."""
        sent = {name: value for name, value in request.items() if name not in self.refused}
        try:
            return self._tried(sent)
        except Status as error:
            refused = [name for name in OPTIONAL if name in sent and name in error.body]
            if error.status not in (400, 422) or not refused:
                raise
            self.refused = self.refused.union(refused)
        return self._complete(request)

    def _tried(self, sent: dict[str, Any]) -> bytes:
        started = time.monotonic()
        try:
            return self.client.post(sent, self.seconds)
        except Failure as error:
            if not _is_worth_a_retry(error):
                raise
            first = [error]
        # Almost no request comes here, so what retries is built only now; its first try is the one that has failed.
        retrying = Retrying(
            stop=stop_after_attempt(self.retries + 1) | stop_before_delay(self.seconds - (time.monotonic() - started)),
            wait=_wait,
            retry=retry_if_exception(_is_worth_a_retry),
            reraise=True,
        )

        def again() -> bytes:
            if first:
                raise first.pop()
            return self.client.post(sent, self.seconds)

        return retrying(again)


def _is_worth_a_retry(error: BaseException) -> bool:
    used_up = isinstance(error, Status) and error.code == "insufficient_quota"
    return isinstance(error, Failure) and error.temporary and not used_up


def _wait(state: RetryCallState) -> float:
    """Seconds before the next try: what the server asked for (Retry-After: seconds or a date), else a growing wait."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.asked_wait if isinstance(error, Status) else None
    if asked is not None:
        try:
            seconds = float(asked) if re.match(r"[\d.+-]", asked) else _seconds_until(asked)
            if math.isfinite(seconds):
                return max(0.0, seconds)
        except ValueError:
            pass  # not a form of Retry-After that the standard knows
    return _growing_wait(state)


def _seconds_until(date: str) -> float:
    when = parsedate_to_datetime(date)
    return (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
