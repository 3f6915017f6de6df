"""Years: goes by the age alone."""

from agents.second_opinion.advice import Advice, adviser, numbers

OLD = 8


def by_age(text: str) -> Advice | None:
    age = numbers(text).age
    if age is None:
        return None
    return Advice(recommends="replace" if age >= OLD else "repair", because=f"It is {age} years old; {OLD} are a good age.")


agent = adviser("years", "Goes by the age.", "Recommend repair or replace, by the age alone, in one sentence.", by_age)
