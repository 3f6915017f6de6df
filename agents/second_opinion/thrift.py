"""Thrift: goes by the money alone."""

from agents.second_opinion.advice import Advice, adviser, numbers


def by_money(text: str) -> Advice | None:
    share = numbers(text).share
    if share is None:
        return None
    return Advice(recommends="repair" if share <= 0.5 else "replace", because=f"A repair costs {share:.0%} of a new one.")


agent = adviser("thrift", "Goes by the money.", "Recommend repair or replace, by the money alone, in one sentence.", by_money)
