"""The tie-breaker: takes the side of one of two who contradict each other, where both numbers are there to weigh."""

from agents.second_opinion.advice import Advice, adviser, numbers

PROMPT = "Two advisers contradict each other. Take the side of one, in one sentence; none where what was written does not tell."


def by_both(text: str) -> Advice | None:
    share, age = numbers(text)
    if share is None or age is None:
        return None
    worth = share * 10 + age / 2
    told = f"A repair for {share:.0%} of the price, at an age of {age} years"
    if worth >= 7:
        return Advice(recommends="replace", because=f"{told}, is more than it is worth.")
    return Advice(recommends="repair", because=f"{told}, still pays.")


agent = adviser("tie_breaker", "Decides between two who contradict each other.", PROMPT, by_both)
