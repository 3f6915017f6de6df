"""What the calculator works out: an area, and with some percent more, as for waste; a sum."""

import re

from agents.articles.articles import asked_in
from agents.plays.general.question import OFFER
from switchboard.declare.moves import Say
from switchboard.declare.play import Condition, Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from switchboard.reading.facts.quantities import shape_in
from switchboard.reading.facts.sums import expression_in
from tools.calculators import calculate, circle_area, rectangle_area, triangle_area

SHAPES = {"rectangle": rectangle_area, "circle": circle_area, "triangle": triangle_area}
MEASURES_ASKED = {
    "rectangle": "What are the length and the width, both in the same unit?",
    "circle": "What is the radius or the diameter, and in which unit?",
    "triangle": "What are the base and the height, both in the same unit?",
}
MORE = re.compile(
    r"(?:\b(?:plus|with|add(?:ing)?|and|incl\w*)\b|\+)\s*(\d{1,3}(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)", re.IGNORECASE
)


def measures_of(name: str) -> Slot:
    """The measures of a shape of this name, if such a one is asked for; where the customer named no unit there is none."""

    def find(view: View, _: Found) -> list[dict[str, object]]:
        asked = shape_in(asked_in(view))
        return [{**asked.measures, "unit": asked.unit}] if asked and asked.shape == name else []

    return Slot(name, find=find)


def ask_measures(view: View, _: Found) -> Say:
    if view.questions:
        return Say(
            f"I can work out the area of a rectangle, a circle or a triangle once I have its measures in one unit. {OFFER}"
        )
    shape = next((name for name in SHAPES if name[:5] in asked_in(view).lower()), "rectangle")
    return Say(f"I can work that out. {MEASURES_ASKED[shape]}", asks=True)


def areas(found: Found) -> list[dict[str, str]]:
    return [area for tool in SHAPES.values() for area in found[tool.name]]


def with_more(view: View, found: Found) -> list[str]:
    more = MORE.search(asked_in(view))
    return [f"{area['area']} * (1 + {more[1]} / 100)" for area in areas(found)] if more else []


def refusal(view: View) -> str:
    return next(call.text for call in reversed(view.calls) if not call.done)


def told(view: View, found: Found) -> str:
    """The area with its unit; where the customer named none, metres are taken and said to be."""
    if not areas(found):
        return f"I cannot work out that area: {refusal(view)}"
    [area], asked, more = areas(found), shape_in(asked_in(view)), MORE.search(asked_in(view))
    number, unit = area["area"], area["unit"]
    rounded = f", about {float(number):.2f} {unit}" if len(number.partition(".")[2]) > 4 else ""
    note = "" if asked and asked.unit else " You named no unit, so I took metres; in any other unit the number is the same."
    also = "".join(f" With {more[1]} % more it is {added} {unit}." for added in found[calculate.name] if more)
    return f"The area is {area['text']}{rounded}.{also}{note}"


def told_of_sum(view: View, found: Found) -> str:
    done = [f"{expression_in(asked_in(view))} = {result}" for result in found[calculate.name]]
    return done[0] if done else f"I cannot work that out: {refusal(view)}"


CALCULATE = Step(calculate.name, {"expression": "sums"}, each="sums")
area = Play(
    name="area",
    about="The customer wants to know an area.",
    process=Process(
        slots=(*map(measures_of, SHAPES), Slot("sums", find=with_more)),
        reads=(
            *(
                Step(tool.name, {one: f"{name}.{one}" for one in tool.arguments.model_fields}, each=name)
                for name, tool in SHAPES.items()
            ),
            CALCULATE,
        ),
        conditions=(Condition(lambda view, _: bool(shape_in(asked_in(view))), (True,), ask_measures),),
        told=told,
    ),
    of_customer=False,
)
calculation = Play(
    name="calculation",
    about="The customer wants something worked out.",
    process=Process(told_of_sum, (Slot("sums", find=lambda view, _: [expression_in(asked_in(view))]),), (CALCULATE,)),
    of_customer=False,
)
