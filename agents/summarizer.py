"""The summarizer, shared by the teams: writes the case note of the desk, and the report of the research team."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import Move, Note, Say, Unsure, call
from switchboard.declare.transcript import Entry, View
from switchboard.events.rendering import why_refused
from switchboard.reports.markdown import to_markdown
from switchboard.reports.report import Report
from tools.tickets import add_case_note

PROMPT = """\
You write the closing note of a case for colleagues who were not there, from the record alone. Two to six short \
bullets: what the customer asked; what was found, with order ids, amounts and dates; what was done, as the tool \
results show it; what was refused or failed, and why; what is open, and for whom. What was said but not done is \
open. Copy numbers exactly. No opinion, no guesses, no card numbers, no greeting."""
SIMPLE_CASE = 14
"""Up to so many entries the rules' note says all there is to say, and no model is asked."""


def without_model(view: View) -> Move | Unsure:
    """The report that the team has passed, where there is one, else the case note."""
    if view.said:
        return told_report(view)
    written = view.last("add_case_note")
    if written:
        return Note(str(written.arguments["text"]))
    note = call("add_case_note", text=case_note(view.case)[:8000])
    spoken = [e for e in view.case if e.speaker == CUSTOMER and e.kind == "message"]
    return note if len(spoken) == 1 and len(view.case) <= SIMPLE_CASE else Unsure(note)


def case_note(case: tuple[Entry, ...]) -> str:
    """What was wanted, done, refused and said, in a sentence each."""
    wanted = [" ".join(e.text.split())[:200] for e in case if e.speaker == CUSTOMER and e.kind == "message"]
    path = [e.to for e in case if e.kind == "handoff"]
    results = [e for e in case if e.kind == "result"]
    done = [e.called for e in results if e.status == "done" and e.called]
    made = [(e.tool, e.arguments) for e in results if e.status == "done"]  # at first or in the end
    unknown = [e.called or e.tool.replace("_", " ") for e in results if e.is_not_known and (e.tool, e.arguments) not in made]
    not_done = [e for e in results if e.status != "done" and not e.is_not_known and (e.tool, e.arguments) not in made]
    refused = [f"{e.called or e.tool.replace('_', ' ')}: {why_refused(e)}" for e in not_done]
    answers = [e for e in case if e.kind == "message" and e.speaker != CUSTOMER]
    lines = [
        f"Wanted: {' / '.join(wanted)}",
        f"It was with {', then '.join(path) or 'triage'}.",
        f"Done: {'; '.join(done)}." if done else "" if unknown else "Nothing was changed.",
        f"Not known whether done, look before you do it: {'; '.join(unknown)}." if unknown else "",
        f"Not done: {' / '.join(refused)[:600]}" if refused else "",
        f"Told: {' / '.join(' '.join(e.text.split()) for e in answers)[:600]}" if answers else "",
    ]
    return "\n".join(line for line in lines if line)


def told_report(view: View) -> Say:
    """The newest report as Markdown; where none could be made, why."""
    made = next((line.facts["report"] for line in reversed(view.said) if "report" in line.facts), None)
    return Say(to_markdown(Report.model_validate(made)) if made else view.said[-1].text)


def read(text: str, view: View) -> Move:
    """A model's note as a row."""
    return call("add_case_note", text=text[:8000])


agent = AgentSpec(
    name="summarizer",
    description="Writes the case note, or the report.",
    prompt=PROMPT,
    tools=(add_case_note,),
    temperature=0.2,
    rules_first=True,
    read=read,
    without_model=without_model,
)
