"""One endpoint as one gateway knows it: how it is asked, what went wrong there, and what it does not take."""

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from switchboard.declare.outcomes import Answer, Wasted
from switchboard.models.answers.answer import ROOM, read_answer, read_document
from switchboard.models.answers.arguments import object_in
from switchboard.models.breaker import Breaker, Pace, wait_after
from switchboard.models.endpoints import ROOMS, Endpoint
from switchboard.models.failures import RATE_LIMIT, BadAnswer, Busy, Failure, Status, described
from switchboard.models.http import Client
from switchboard.models.money.prices import Prices
from switchboard.models.quirks import Quirk, Search

FAILURES = 3  # in a row, before an endpoint is left alone
PROBE_SECONDS = 10.0
MOST_FORMS = 16
"""How often one request is asked in another form, and with it the requests of one answer."""

Trial = tuple[dict[str, Any], Callable[[Answer], bool], str]
"""A request, whether an answer is what it asked for, and what an endpoint does that gives another."""


class Line:
    """One endpoint as one gateway knows it."""

    def __init__(
        self,
        endpoint: Endpoint,
        index: int,
        seconds: float,
        retries: int,
        breaker: Breaker,
        prices: Prices,
    ) -> None:
        self.endpoint = endpoint
        self.index = index
        self.seconds = seconds
        self.breaker = breaker
        self.pace = Pace()
        self.prices = prices
        self.trouble: str | None = None
        self.refused: frozenset[Quirk] = frozenset()
        self.guesses = True
        self.retries = retries
        self.client = Client(endpoint)

    def ask(self, request: dict[str, Any]) -> tuple[Answer | str, Wasted]:
        """The answer, or the sentence that says why there is none; and what those cost that could not be used."""
        if not self.breaker.lets_pass():
            left = math.ceil(self.breaker.seconds_left)
            return f"left alone for {left} s after {FAILURES} failures in a row; the last: {self.trouble}", Wasted()
        try:
            answer = self._answer(request)
        except (Failure, BadAnswer) as error:
            self.trouble = trouble = described(error, self.endpoint, self.seconds)
            if _is_outage(error):
                self.breaker.failed()
            else:
                self.breaker.answered()  # a refusal is a sign of life: the configuration is wrong, or it is busy
            return trouble, error.wasted if isinstance(error, BadAnswer) else Wasted()
        self.breaker.answered()
        self.trouble = self._quirks()
        return answer, answer.wasted

    def state(self) -> list[str]:
        """How the endpoint is asked here at the moment, in sentences; none where that is as usual."""
        told, left = [], math.ceil(self.breaker.seconds_left)
        if left:
            told.append(f"is left alone for {left} s after {FAILURES} failures in a row; the last: {self.trouble}")
        if self.pace.gap:
            told.append(f"is busy: one request goes out every {self.pace.gap:.2f} s.")
        return [*told, *filter(None, [self._quirks()])]

    def _quirks(self) -> str | None:
        names = sorted(quirk.name for quirk in self.refused)
        return f"does without {' and '.join(names)}, which it refuses." if names else None

    def probe(self) -> str | None:
        return self._try({"messages": [{"role": "user", "content": "Say OK."}]})[1]

    def shortcomings(self) -> list[str]:
        found = []
        for request, fits, words in TRIALS:
            answer, why = self._try(request)
            if answer is None or not fits(answer):
                found.append(f"{words}{f' ({why[:-1]})' if why else ''}. The rules do that work.")
        quirks = self._quirks()
        return [*found, quirks] if quirks else found

    def _try(self, request: dict[str, Any]) -> tuple[Answer | None, str | None]:
        """One request without retries, whatever the breaker says: the answer, or why there is none."""
        trial = copy.copy(self)
        trial.seconds, trial.retries = min(self.seconds, PROBE_SECONDS), 0
        try:
            return trial._answer(request), None
        except (Failure, BadAnswer) as error:
            return None, described(error, self.endpoint, trial.seconds)
        finally:
            self.refused |= trial.refused

    def _answer(self, request: dict[str, Any]) -> Answer:
        """The answer. One that broke off is asked for once more, one that was cut off with more room, if it can have more."""
        since, wasted, after = time.monotonic(), Wasted(), ""
        full = {"model": self.endpoint.model, **request, **self.endpoint.options}
        for again in (False, True):
            document, met = self._complete(full, since)
            after = after or (described(met, self.endpoint, self.seconds) if met else "")
            try:
                answer = read_answer(document, request, self.endpoint, self.index, self.prices)
                return replace(answer, wasted=wasted, after=after)
            except BadAnswer as bad:
                after = after or described(bad, self.endpoint, self.seconds)
                bad.wasted = wasted = wasted + bad.wasted
                bounded = bad.fault == "cut" and any(name in full for name in ROOMS)
                if again or bounded or bad.fault not in ("cut", "broken") or self._left(since) <= 0:
                    raise
                full |= {"max_tokens": ROOM} if bad.fault == "cut" else {}
        raise AssertionError("the second answer is given or raised")

    def _left(self, since: float) -> float:
        """Seconds within which another request for the same answer may begin."""
        return self.seconds - (time.monotonic() - since)

    def _complete(self, request: dict[str, Any], since: float) -> tuple[dict[str, Any], Failure | None]:
        """The completion, asked for in a form that this endpoint takes, and what kept it from coming at once."""
        search = Search(request, self.refused, self.guesses)
        for _ in range(MOST_FORMS):
            try:
                document, met = self._sent(search.request, since)
            except Status as error:
                if self._left(since) <= 0 or not search.goes_on(error):
                    self.guesses = False  # nothing helped, so what cannot be explained is not tried to be for now
                    raise
            else:
                self.refused |= search.refused
                self.guesses = True
                return document, met
        raise BadAnswer(f"refused each of {MOST_FORMS} forms of a request", "broken")

    def _has_turn(self, since: float) -> bool:
        """Wait for the turn of a request; false where it would come too late."""
        while turn := self.pace.take_turn(self._left(since)):
            if turn.seconds > 0:
                time.sleep(turn.seconds)
            if self.pace.holds(turn):
                return True
        return False

    def _sent(self, request: dict[str, Any], since: float) -> tuple[dict[str, Any], Failure | None]:
        """The completion, after retries and at the pace that the endpoint takes; and the last failure before it."""
        failed = limited = 0
        last: Failure | None = None
        while True:
            if not self._has_turn(since):
                raise last or Busy(f"takes no more requests for {math.ceil(self.pace.seconds_left)} s (a rate limit)")
            begun = time.monotonic()
            try:
                document = read_document(self.client.post(request, self.seconds))
                self.pace.taken()
                return document, last
            except Failure as error:
                last = error
            if not _is_worth_a_retry(last) or not self.retries:
                raise last
            if isinstance(last, Status) and last.status == RATE_LIMIT:
                self.pace.too_many(begun, wait_after(last, limited))
                limited += 1
                continue
            wait, failed = wait_after(last, failed), failed + 1
            if failed > self.retries or wait > self._left(since):
                raise last
            time.sleep(wait)


def _is_outage(error: Failure | BadAnswer) -> bool:
    if isinstance(error, BadAnswer):
        return error.fault == "unreadable"
    limited = isinstance(error, Busy) or (isinstance(error, Status) and error.status == RATE_LIMIT)
    return error.temporary and not limited


def _is_worth_a_retry(error: Failure) -> bool:
    used_up = isinstance(error, Status) and error.code == "insufficient_quota"
    return error.temporary and not used_up


def _is_form(answer: Answer) -> bool:
    try:
        return type(json.loads(object_in(answer.text)).get("number")) is int
    except (ValueError, AttributeError, RecursionError):
        return False


_TOLD = {"role": "system", "content": "You are being tried out. Do what you are asked."}
_NUMBER = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
_TOOL = {"name": "note_number", "description": "Note a number.", "parameters": _NUMBER}
TRIALS: tuple[Trial, ...] = (
    (
        {
            "messages": [_TOLD, {"role": "user", "content": "Note the number 4: call note_number."}],
            "tools": [{"type": "function", "function": _TOOL}],
        },
        lambda answer: [call.name for call in answer.calls] == ["note_number"],
        "was asked to call a tool and did not",
    ),
    (
        {
            "messages": [_TOLD, {"role": "user", "content": "Which number is two and two?"}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "Number", "schema": _NUMBER}},
        },
        _is_form,
        "was asked to answer in a structure and did not",
    ),
)
