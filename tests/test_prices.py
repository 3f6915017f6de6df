"""What models cost: by an entry, by the project, by the public list; and what nobody knows the price of is never free."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from switchboard.declare.outcomes import ModelOutcome, Wasted
from switchboard.events.rendering import money_of
from switchboard.loop.state import Used
from switchboard.models.answers.answer import read_answer
from switchboard.models.endpoints import Endpoint
from switchboard.models.money.prices import Price, Prices, Tokens

MILLION = Tokens(1_000_000, 1_000_000)
OWN = Prices({"house-model": Price(2.0, 8.0, 0.5)})


def at(model: str, url: str = "https://api.openai.com/v1", **entry: Any) -> Endpoint:
    return Endpoint(model=model, base_url=url, api_key="a-key-of-nobody", **entry)


def test_the_entry_counts_before_the_project_and_the_project_before_the_list() -> None:
    listed = Prices().cost(at("gpt-4o-mini"), "gpt-4o-mini", MILLION)
    of_project = Prices({"gpt-4o-mini": Price(1.0, 2.0)})
    assert of_project.cost(at("gpt-4o-mini"), "gpt-4o-mini", MILLION) == 3.0 != listed
    assert of_project.cost(at("gpt-4o-mini", price=[0.01, 0.02]), "gpt-4o-mini", MILLION) == pytest.approx(30.0)


def test_a_model_of_a_maker_is_priced_by_the_list_under_its_name_or_the_one_that_the_answer_gives() -> None:
    assert Prices().cost(at("gpt-4o-mini"), "gpt-4o-mini-2024-07-18", MILLION) == pytest.approx(0.75)
    assert Prices().cost(at("our deployment"), "gpt-4o-mini-2024-07-18", MILLION) == pytest.approx(0.75)


def test_the_same_name_on_a_server_of_ones_own_has_no_known_price() -> None:
    assert Prices().cost(at("gpt-4o-mini", "http://127.0.0.1:8000/v1"), "gpt-4o-mini", MILLION) is None
    assert Prices().cost(at("nobody-knows-it"), "nobody-knows-it", MILLION) is None


def test_what_the_model_had_in_its_cache_costs_what_that_costs() -> None:
    half_cached = Tokens(1_000_000, 0, cached=500_000)
    assert OWN.cost(at("house-model"), "house-model", half_cached) == pytest.approx(1.25)
    assert Prices().cost(at("gpt-4o-mini"), "gpt-4o-mini", half_cached) == pytest.approx(0.1125)
    assert Prices({"m": Price(2.0, 8.0)}).cost(at("m"), "m", half_cached) == 2.0


@pytest.mark.parametrize(
    "usage",
    [{"prompt_tokens_details": {"cached_tokens": 40}}, {"prompt_cache_hit_tokens": 40}, {"cache_read_input_tokens": 40}],
)
def test_tokens_out_of_a_cache_are_read_from_the_answer(usage: dict[str, Any]) -> None:
    document = {"choices": [{"message": {"content": "Yes."}}], "usage": {"prompt_tokens": 100, "completion_tokens": 2, **usage}}
    answer = read_answer(document, {"messages": []}, at("house-model"), 0, OWN)
    assert (answer.cached_tokens, answer.cost_usd) == (40, pytest.approx((60 * 2 + 40 * 0.5 + 2 * 8) / 1_000_000))


def test_a_server_that_says_more_came_from_the_cache_than_was_sent_makes_nothing_cheaper_than_all_of_it() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 10**6}}
    answer = read_answer(
        {"choices": [{"message": {"content": "Yes."}}], "usage": usage}, {"messages": []}, at("house-model"), 0, OWN
    )
    assert answer.cached_tokens == 10 and answer.cost_usd > 0


def test_a_price_of_nothing_is_known_and_no_price_is_not() -> None:
    assert Prices({"m": Price(0, 0)}).cost(at("m", "http://127.0.0.1:1/v1"), "m", MILLION) == 0.0
    assert Prices().knows(at("m", "http://127.0.0.1:1/v1")) is False


@pytest.mark.parametrize(
    ("cost", "unpriced", "shown"),
    [
        (0.25, 0, "0.2500 USD"),
        (0.25, 2, "0.2500 USD + 2 calls of unknown price"),
        (0.0, 1, "1 call of unknown price"),
        (0.0, 0, "0.0000 USD"),
    ],
)
def test_what_a_case_cost_is_the_known_part_and_the_calls_of_unknown_price(cost: float, unpriced: int, shown: str) -> None:
    document: Any = {"cost_usd": cost, "unpriced_calls": unpriced}
    assert money_of(document) == shown


def test_records_that_only_said_whether_all_prices_were_known_are_read() -> None:
    assert Used.from_data({"model_calls": 3, "cost_known": False}).unpriced == 3
    assert Used.from_data({"model_calls": 3, "cost_known": True}).unpriced == 0
    assert Wasted.from_data({"answers": 2, "tokens": 9, "cost_usd": 0.0, "priced": False}) == Wasted(2, 9, 0.0, 2)
    old = {
        "answer": None,
        "error": "no",
        "seconds": 1.0,
        "asked": "",
        "wasted": {"answers": 1, "tokens": 5, "cost_usd": 0.1, "priced": True},
    }
    assert ModelOutcome.from_data(old).took == Wasted(1, 5, 0.1, 0)


def test_the_list_is_loaded_with_the_first_answer_that_needs_it_and_never_over_the_network() -> None:
    program = """
import json, socket, sys
def refuse(*given, **named): raise AssertionError("the network")
socket.socket.connect = refuse
import switchboard.console.app, switchboard.models.gateway, switchboard.tables.project_file
from switchboard.models.endpoints import Endpoint
from switchboard.models.money.prices import Prices, Tokens
before = "genai_prices" in sys.modules
own = Prices().cost(Endpoint(model="m", api_key="key", price=(1, 1)), "m", Tokens(1, 1))
still = "genai_prices" in sys.modules
listed = Prices().cost(Endpoint(model="gpt-4o-mini", api_key="key"), "gpt-4o-mini", Tokens(1, 1))
print(json.dumps([before, still, listed is not None]))
"""
    root = Path(__file__).parent.parent
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [False, False, True]


def test_without_the_package_the_prices_of_the_list_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    from switchboard.models.money import prices

    monkeypatch.setitem(sys.modules, "genai_prices", None)
    prices._is_listed.cache_clear()
    assert Prices().cost(at("gpt-4o-mini"), "gpt-4o-mini", MILLION) is None
    prices._is_listed.cache_clear()
