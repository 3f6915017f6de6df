"""What an answer costs: by the entry's own price, the project's prices, or the public list of the package genai-prices.

A price that nobody knows is unknown, and never 0. Nothing is fetched: the list is the one of the installed package.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from switchboard.models.endpoints import Endpoint

MILLION, THOUSAND = 1_000_000, 1_000


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens; what the model has in its cache costs as all input does, unless it is said."""

    input: float
    output: float
    cached_input: float | None = None


@dataclass(frozen=True)
class Tokens:
    """What one answer took; `cached` of the prompt's tokens came out of the model's cache, None where nobody says."""

    prompt: int
    completion: int
    cached: int | None = None


@dataclass(frozen=True)
class Prices:
    """The prices of the project, `own` by the model's name, before those of the public list."""

    own: Mapping[str, Price] = field(default_factory=dict)

    def cost(self, endpoint: Endpoint, model: str, tokens: Tokens) -> float | None:
        """US dollars of one answer of an endpoint, which says that this model gave it; None where no price is known."""
        if endpoint.price is not None:  # in AutoGen's form: of 1,000 tokens, and what is cached costs the same
            asked, said = endpoint.price
            return (tokens.prompt * asked + tokens.completion * said) / THOUSAND
        names = dict.fromkeys((endpoint.model, model))
        if price := next((self.own[name] for name in names if name in self.own), None):
            cheaper = price.input if price.cached_input is None else price.cached_input
            cached = tokens.cached or 0
            return ((tokens.prompt - cached) * price.input + cached * cheaper + tokens.completion * price.output) / MILLION
        listed = next((name for name in names if _is_listed(endpoint.base_url, name)), None)
        return _listed(endpoint.base_url, listed, tokens) if listed else None

    def knows(self, endpoint: Endpoint) -> bool:
        """Whether it can be told what an endpoint's model costs, before it was asked for anything."""
        return self.cost(endpoint, endpoint.model, Tokens(1, 1)) is not None


def of_unknown_price(calls: int) -> str:
    """So many calls in words."""
    return f"{calls} {'call' if calls == 1 else 'calls'} of unknown price"


@lru_cache(maxsize=1_000)
def _is_listed(url: str, model: str) -> bool:
    return _listed(url, model, Tokens(1, 1)) is not None


def _listed(url: str, model: str, tokens: Tokens) -> float | None:
    """By the list, which knows a maker by its address: the same name elsewhere, as on a server of one's own, costs what that
    costs. It is imported with the first answer that needs it, as its prices take a third of a second to load.
    """
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        return None
    usage = Usage(input_tokens=tokens.prompt, output_tokens=tokens.completion, cache_read_tokens=tokens.cached or 0)
    try:
        return float(calc_price(usage, model, provider_api_url=url).total_price)
    except (LookupError, ValueError):
        return None
