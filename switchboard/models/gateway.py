"""The one way to a model: entry by entry in order, with timeouts, retries, and a circuit breaker per endpoint.

Every completion of a run goes through `Gateway.ask`. One gateway serves all runs of a process, from any thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from switchboard.declare.outcomes import Answer, ModelOutcome, Wasted
from switchboard.errors import ModelUnavailable
from switchboard.models.answers.answer import ROOM, estimated_tokens
from switchboard.models.breaker import Breaker, Pace
from switchboard.models.endpoints import ROOMS, Endpoint, tagged
from switchboard.models.failures import Unanswered
from switchboard.models.line import FAILURES, Line
from switchboard.models.money.budgets import Asked, Begun, Estimate, Spending
from switchboard.models.money.prices import Prices, Tokens


class Gateway:
    """`timeout` is in seconds per request, unless the entry has its own; another request for the same answer begins only
    within that time.

    `retries` come on connection errors, timeouts, 408, 409 and 5xx, after the server's Retry-After or else a growing wait
    with jitter. After 429 the endpoint is asked again (unless `retries` is 0) at the pace that it takes. `pause` is how many
    seconds an endpoint is left alone after three failures in a row; neither a refusal nor 429 is one. What an endpoint
    refuses in a request it is asked without, from then on.
    `prices` tell what an answer of an entry costs that names no price. `spending` counts what is asked for by runs.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        timeout: float = 60.0,
        retries: int = 2,
        pause: float = 30.0,
        prices: Prices | None = None,
        spending: Spending | None = None,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.spending = spending
        self._prices = prices or Prices()
        self._lines: dict[Endpoint, Line] = {}
        paces: dict[tuple[str, str, str], Pace] = {}
        for index, endpoint in enumerate(endpoints):
            line = Line(endpoint, index, endpoint.timeout or timeout, retries, Breaker(FAILURES, pause), self._prices)
            line.pace = paces.setdefault((endpoint.base_url, endpoint.model, endpoint.api_key.get_secret_value()), line.pace)
            self._lines.setdefault(endpoint, line)

    def ask(
        self,
        tag: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        tool_choice: str | None = None,
        temperature: float | None = None,
        response_format: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The first answer, from the endpoints for `tag` in order. Messages, tools, tool_choice (`none` or nothing) and
        response_format are as OpenAI's API takes them. Raises Unanswered, a ModelUnavailable, which says for each endpoint
        what went wrong, and what answers cost that could not be used.
        """
        given = {
            "tools": list(tools),
            "tool_choice": tool_choice,
            "temperature": temperature,
            "response_format": response_format,
        }
        request = {"messages": list(messages), **{k: v for k, v in given.items() if v not in (None, [])}}
        troubles: list[str] = []
        wasted = Wasted()
        for endpoint in tagged(self.endpoints, tag):
            answer, more = self._lines[endpoint].ask(request)
            wasted += more
            if isinstance(answer, Answer):
                met = [*troubles, *([f"{endpoint.name}: {answer.after}"] if answer.after else [])]
                return replace(answer, wasted=wasted, after=" ".join(met))
            troubles.append(f"{endpoint.name}: {answer}")
        if not troubles:
            raise ModelUnavailable("No model is configured. Write an OAI_CONFIG_LIST.")
        raise Unanswered(f"No model endpoint answered. {' '.join(troubles)}", wasted)

    def ask_for(self, case_id: str, tag: str, messages: Sequence[Mapping[str, Any]], **options: Any) -> Asked:
        """What `ask` gives for a case, within the budgets, or why there is no answer. Whoever records it counts it."""
        tools = options.get("tools") or ()
        begun = self.spending.begin(case_id, lambda: self._estimate(tag, messages, tools)) if self.spending else Begun()
        answer, error, wasted = None, begun.refused, Wasted()
        try:
            answer = None if begun.refused else self.ask(tag, messages, **options)
        except Unanswered as unanswered:
            error, wasted = str(unanswered), unanswered.wasted
        except ModelUnavailable as unavailable:
            error = str(unavailable)
        return Asked(answer, error, wasted, begun.day, begun.warnings)

    def settle(self, case_id: str, outcome: ModelOutcome) -> None:
        """Count what nobody records."""
        if self.spending and outcome.day:
            self.spending.settle(case_id, outcome.day, outcome.took)

    def _estimate(self, tag: str, messages: Sequence[Mapping[str, Any]], tools: Sequence[Any]) -> Estimate:
        """What a call takes at most, at the endpoint where that is most. The seconds are those of all of them in turn."""
        asked = estimated_tokens([messages, tools])
        chosen = [(one, Tokens(asked, _room(one))) for one in tagged(self.endpoints, tag)]
        costs = [self._prices.cost(one, one.model, tokens) or 0.0 for one, tokens in chosen]
        seconds = sum(2 * self._lines[one].seconds for one, _ in chosen)
        return Estimate(asked + max((tokens.completion for _, tokens in chosen), default=0), max(costs, default=0.0), seconds)

    def states(self) -> dict[str, list[str]]:
        """By endpoint name, how it is asked by this process at the moment, where that is not as usual."""
        return {e.name: told for e, line in self._lines.items() if (told := line.state())}

    def problems(self) -> dict[str, str]:
        """By endpoint name, what last went wrong there and is not mended; the operator is told after a run."""
        return {e.name: line.trouble for e, line in self._lines.items() if line.trouble}

    def left_alone(self) -> dict[str, bool]:
        """By endpoint name, whether it is left alone now, after failures in a row."""
        return {e.name: line.breaker.seconds_left > 0 for e, line in self._lines.items()}

    def probe(self, endpoint: Endpoint) -> str | None:
        """Ask one endpoint for one word, once (it costs some ten tokens): what went wrong, or None."""
        return self._lines[endpoint].probe()

    def shortcomings(self, endpoint: Endpoint) -> list[str]:
        """Ask one endpoint to call a tool and to answer in a structure (some 200 tokens): what it does not do, in sentences."""
        return self._lines[endpoint].shortcomings()


def _room(endpoint: Endpoint) -> int:
    """The tokens that an answer may have: as the entry bounds it, else as hardly one is longer."""
    bounds = [endpoint.options[name] for name in ROOMS if type(endpoint.options.get(name)) is int]
    return max(bounds, default=ROOM)
