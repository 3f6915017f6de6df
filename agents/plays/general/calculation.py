"""A sum, by the calculator."""

from agents.articles.articles import asked_in
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from switchboard.reading.facts.sums import expression_in
from tools.calculators import calculate


def told(view: View, found: Found) -> str:
    done = [f"{asked} = {result}" for asked, result in zip(found["expressions"], found[calculate.name], strict=False)]
    return done[0] if done else f"I cannot work that out: {next(c.text for c in reversed(view.calls) if not c.done)}"


play = Play(
    name="calculation",
    about="The customer wants something worked out.",
    process=Process(
        slots=(Slot("expressions", find=lambda view, _: [expression_in(asked_in(view))]),),
        reads=(Step(calculate.name, {"expression": "expressions"}, each="expressions"),),
        told=told,
    ),
    of_customer=False,
)
