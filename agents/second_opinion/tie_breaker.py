"""The tie-breaker: takes the side of one of two who contradict each other, where both numbers are there to weigh."""

from agents.second_opinion.advice import Advice, adviser, numbers
from agents.sourced.says import says
from switchboard.declare.transcript import View

PROMPT = "Two advisers contradict each other. Take the side of one, in one sentence; none where what was written does not tell."


def by_both(view: View) -> Advice | None:
    share, age = numbers(view.text)
    if share is None or age is None:
        return None
    worth = share * 10 + age / 2
    because = says(view, "pays_not" if worth >= 7 else "pays", share=f"{share:.0%}", years=str(age))
    return Advice(recommends="replace" if worth >= 7 else "repair", because=because)


agent = adviser("tie_breaker", "Decides between two who contradict each other.", PROMPT, by_both)
