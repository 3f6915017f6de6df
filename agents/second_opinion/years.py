"""Years: goes by the age alone."""

from agents.second_opinion.advice import Advice, adviser, numbers
from agents.sourced.says import says
from switchboard.declare.transcript import View

OLD = 8


def by_age(view: View) -> Advice | None:
    age = numbers(view.text).age
    if age is None:
        return None
    because = says(view, "age", years=str(age), old=str(OLD))
    return Advice(recommends="replace" if age >= OLD else "repair", because=because)


agent = adviser("years", "Goes by the age.", "Recommend repair or replace, by the age alone, in one sentence.", by_age)
