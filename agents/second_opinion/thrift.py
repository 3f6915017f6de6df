"""Thrift: goes by the money alone."""

from agents.second_opinion.advice import Advice, adviser, numbers
from agents.sourced.says import says
from switchboard.declare.transcript import View


def by_money(view: View) -> Advice | None:
    share = numbers(view.text).share
    if share is None:
        return None
    because = says(view, "share", share=f"{share:.0%}")
    return Advice(recommends="repair" if share <= 0.5 else "replace", because=because)


agent = adviser("thrift", "Goes by the money.", "Recommend repair or replace, by the money alone, in one sentence.", by_money)
