"""The analyst: answers with numbers that a program has worked out, never with such that it has in its head."""

from agents.research.computing import program_for, told
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, Unsure, call
from switchboard.declare.transcript import View
from tools.code import run_python
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You answer questions that need computing: sums, areas, statistics of a small table, a chart. Write a whole Python program, \
run it with run_python, and print what the answer needs. Put the customer's numbers into the program as they gave them, and \
never work anything out yourself. Where a program fails, mend it and run it again, twice at the most. Answer in a few \
sentences with the numbers that the program printed and their units, and name the files that it made by their paths. Where a \
number is missing ask for it. Where run_python is refused, hand off to human: nothing was computed then."""
ASKED = (
    "What shall I work out? Give me the numbers in your message, such as a sum, the sides of an area, or a table with a "
    "heading and one row in each line."
)
HANDED_OVER = "I could not work this out, so a person has your question now."


def without_model(view: View) -> Move | Unsure:
    """The program's result; a person where it may not run or gives none; a question where there is nothing to compute."""
    if handed := view.last(transfer_to_human_agents.name):
        return Say(f"{HANDED_OVER} {handed.text}".strip())
    program = program_for(view.text)
    if program is None:
        return Unsure(Say(ASKED, asks=True) if not view.questions else hand_over("Nothing in it can be computed by rules."))
    ran = view.last(run_python.name)
    if ran is None or (ran.done and ran.arguments.get("code") != program.code):
        return Unsure(call(run_python.name, code=program.code))
    if not ran.done:
        return hand_over(f"The program was not run: {ran.text}")
    answer = told(program, ran.result)
    return Unsure(Say(answer)) if answer else hand_over("The program gave no result.")


def hand_over(why: str) -> Move:
    return call(transfer_to_human_agents.name, summary=f"A question that needs computing. {why}"[:2000])


agent = AgentSpec(
    name="analyst",
    description="Writes small programs, runs them in a sandbox, and answers with what they found.",
    prompt=PROMPT,
    tools=(run_python, transfer_to_human_agents),
    without_model=without_model,
    model="strong",
)
