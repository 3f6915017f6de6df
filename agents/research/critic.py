"""The critic: judges a report by its length, by what of it the sources bore out, and by the parts that it answers."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move
from switchboard.declare.transcript import View
from switchboard.flows.loop import Verdict, verdict_to
from switchboard.reports.report import Report

PROMPT = """\
You judge a report for a busy person before it is told. Grade clarity, completeness and accuracy from 1 to 10; it passes \
where all are 7 or more. It opens with the answer, is short, and says what was not found: what the sources do not hold is no \
fault of the writer. In `feedback` say in one sentence what to change. Do not write the report yourself."""
MOST_SENTENCES = 20
ENOUGH = 7
passed_back = verdict_to("writer")


def without_model(view: View) -> Move:
    """What was left out counts against accuracy once: no revision brings back what no source says."""
    facts = next((line.facts for line in reversed(view.said) if "report" in line.facts), {})
    report = Report.model_validate(facts["report"])
    told, parts, missing = len(report.statements), len(report.searched), len(report.not_found)
    clarity = 10 if told <= MOST_SENTENCES else max(1, ENOUGH - 1 - (told - MOST_SENTENCES) // 5)
    completeness = max(1, 10 - 3 * missing // max(1, parts))
    accuracy = max(ENOUGH, 10 - len(facts.get("left_out", ())))
    feedback = f"It has {told} sentences; {MOST_SENTENCES} are the most." if clarity < ENOUGH else ""
    return passed_back(
        Verdict(clarity=clarity, completeness=completeness, accuracy=accuracy, passes=not feedback, feedback=feedback), view
    )


agent = AgentSpec(
    name="critic",
    description="Judges a report, and says what to change.",
    prompt=PROMPT,
    output=Verdict,
    read=passed_back,
    without_model=without_model,
)
