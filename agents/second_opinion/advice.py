"""What the advisers share: repair or replace, and the numbers of a letter that this goes by."""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, Unsure
from switchboard.declare.transcript import View
from switchboard.flows.opinions import RECOMMENDS

PRICE = re.compile(
    r"(?<![\d,])(\d[\d,]{0,20}) ?(?:dollars?|dólares|euros?|francs|franken|USD|EUR|CHF|[$€])(?!\w)|[$€]\s?(\d[\d,]{0,20})", re.I
)
AGE = re.compile(r"\b(\d{1,2})[ -](?:years?|jahre?n?|ans|años)\b", re.I)


class Advice(BaseModel):
    """What an adviser recommends; `none` where nothing that was written tells."""

    recommends: Literal["repair", "replace", "none"]
    because: str = Field(max_length=500)


class Numbers(NamedTuple):
    """What a repair costs beside a new one, as a share, and the age in years; None where it is not written."""

    share: float | None
    age: int | None


def numbers(text: str) -> Numbers:
    prices = [int((one or other).replace(",", "")) for one, other in PRICE.findall(text)]
    age = AGE.search(text)
    share = min(prices) / max(prices) if len(prices) == 2 and max(prices) else None
    return Numbers(share, int(age[1]) if age else None)


def advise(advice: Advice, view: View) -> HandOff:
    facts = {} if advice.recommends == "none" else {RECOMMENDS: advice.recommends}
    return HandOff("teller", advice.because, facts)


def adviser(name: str, description: str, prompt: str, rules: Callable[[View], Advice | None]) -> AgentSpec:
    """An adviser: its rules where the letter says what they need, else a model's advice, else none."""

    def without_model(view: View) -> Move | Unsure:
        ruled = rules(view)
        if ruled:
            return advise(ruled, view)
        if not view.said and not view.questions and numbers(view.text) == (None, None):  # of who speaks first
            return Unsure(Say(says(view, "which_numbers"), asks=True))
        return Unsure(advise(Advice(recommends="none", because="The letter does not say what that depends on."), view))

    return AgentSpec(
        name=name,
        description=description,
        prompt=prompt,
        rules_first=True,
        output=Advice,
        read=advise,
        without_model=without_model,
    )
