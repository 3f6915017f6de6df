"""Cases as operators see and move them: lists, one of them, and what is done with it."""

from dataclasses import asdict
from pathlib import Path

from switchboard.cases.standing import Standing, standing
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import acting
from switchboard.console.terminal.approvals import show_asked
from switchboard.console.terminal.reports.pending import kept
from switchboard.console.terminal.screen import (
    Seen,
    Together,
    out,
    say,
    show_json,
    show_line,
    show_record,
    show_result,
    show_run,
    show_table,
    show_transcript,
    show_worked,
    tell_left,
)
from switchboard.declare.document import Document
from switchboard.events.masking import masked
from switchboard.events.rendering import Line, cut, line_of
from switchboard.service import approvals, cases, records, recovery
from switchboard.service import fork as forks
from switchboard.service.cases import Progress
from switchboard.service.operators.notes import add_note, notes_of


def list_cases(limit: int, search: str, data: Path | None, json: bool) -> None:
    found = cases.list_cases(Workplace(data), limit, search)
    if json:
        show_record([asdict(case) for case in found])
        return
    if not found:
        say("No case is found by that." if search.strip() else "No cases yet. `switchboard ask` makes the first one.")
        return
    most = max(20, 2 * (out.width - 85))  # what goes into two lines
    rows = [
        (
            case.case_id,
            case.end or "working",
            outcome_told(case.outcome, case.because, case.thumb),
            case.held_by or case.department or case.team,
            f"{case.created_at:%m-%d %H:%M}",
            cut(masked(case.opening), most),
        )
        for case in found
    ]
    show_table("", ("case", "end", "outcome", "with", "UTC", "message"), rows)


def outcome_told(outcome: str, because: str | None, thumb: str | None) -> str:
    """What became of a case, in a few words."""
    told = outcome.replace("_", " ") + (f": {because.replace('_', ' ')}" if because else "")
    return f"{told}, thumb {thumb}" if thumb else told


def list_runs(limit: int, data: Path | None, json: bool) -> None:
    found = cases.list_runs(Workplace(data), limit)
    if json:
        show_json([asdict(run) for run in found])
        return
    if not found:
        say("No runs yet. `switchboard ask` makes the first one.")
        return
    rows = [
        (run.run_id, run.end or "working", run.began_with, f"{run.started_at:%m-%d %H:%M:%S}", run.attempts or "")
        for run in found
    ]
    show_table("", ("run", "end", "began with", "UTC", "restarts"), rows)


def show(case_id: str, data: Path | None, json: bool) -> None:
    """Show a case; of one that is not over, what is recorded so far."""
    place = Workplace(data)
    shown = cases.show(place, case_id)
    stand = shown.standing
    notes = notes_of(place, stand.case_id)
    if json:
        more = {name: [asdict(one) for one in getattr(stand, name)] for name in ("approvals", "branches")}
        parent = {"parent": stand.parent} if stand.parent else {}
        show_record({**stand.document, "held_by": stand.held_by, **parent, **more, "notes": [asdict(one) for one in notes]})
        return
    show_run(stand.document, with_transcript=True)
    for note in notes:
        show_line(Line(f"{note.by} noted", f"{note.text}  ({note.at:%m-%d %H:%M}, for operators only)", "note", ""))
    came_to = stand.document["outcome"]
    say(f"Outcome: {outcome_told(came_to['outcome'], came_to['because'], came_to['thumb'])}. {came_to['thumb_why']}".rstrip())
    if stand.parent:
        say(f"This is a branch of {stand.parent}.")
    if stand.forked:
        say(f"It was forked from {stand.forked}.")
    if stand.branches:
        rows = [(branch.case_id, branch.end or "working", branch.agent) for branch in stand.branches]
        show_table("Branches", ("case", "end", "with"), rows)
    if shown.progress:
        say(progress_words(stand.parent or stand.case_id, shown.progress))
    if stand.held_by:
        say(f"{stand.held_by} has taken the case over.")
    for asked in stand.approvals:
        show_asked(asked, approvals.card(place, asked))


def progress_words(case_id: str, progress: Progress) -> str:
    if progress.worker:
        going = f"is being worked on by {progress.worker}"
    elif progress.waits_for_worker:
        going = f"waits for a worker to take it up; `switchboard resume {case_id}` works on it here"
    else:
        going = f"was cut off; `switchboard resume {case_id}` goes on with it"
    return f"This case is not over: it {going}. {progress.steps} steps are recorded."


def take(case_id: str, name: str, instead_of: str, data: Path | None, json: bool) -> None:
    """Take a case over. What was said so far is shown, as who takes it must know it."""
    place = Workplace(data)
    taken = cases.take(place, case_id, acting(place, name), instead_of)
    if not json:
        show_transcript(taken.standing.document)
    whose = taken.standing.case_id
    tell(taken.standing, f"{taken.told} Answer with `switchboard say {whose} …`, then `hand-back` or `cancel` it.", json)


def speak(case_id: str, name: str, words: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    tell(cases.speak(place, case_id, acting(place, name), words), "The customer sees it when they look at the case.", json)


def tell(stand: Standing, words: str, json: bool) -> None:
    say(words)
    if json:
        show_record(stand.document)


def note(case_id: str, name: str, words: str, data: Path | None, json: bool) -> None:
    """Keep a note for operators."""
    place = Workplace(data)
    kept = add_note(place, case_id, acting(place, name), words)
    if json:
        show_record(asdict(kept))
    else:
        say(f"Kept on {kept.case_id}. Operators see it there, and nobody else.")


def hand_back(case_id: str, name: str, note: str, data: Path | None, json: bool) -> Document:
    """Give a case back to the agents, who go on with it here or with a worker."""
    place = Workplace(data)
    return show_worked(cases.hand_back(place, case_id, acting(place, name), note, Seen(json)), json)


def resume(case_id: str, data: Path | None, json: bool) -> Document:
    """Go on with one case that was cut off, here and now."""
    place = Workplace(data)
    if pending := kept(place, standing(place.engine, case_id).case_id):
        from switchboard.console.terminal.reports.research import research_resumed

        return research_resumed(place, pending, json)
    resumed = recovery.resume(place, case_id, Seen(json))
    tell_left(resumed)
    return show_result(resumed.document, json)


def resume_all(data: Path | None, json: bool) -> list[Document]:
    """Go on with all cases that were cut off. Returns what became of them."""
    place = Workplace(data)
    case_ids = recovery.cut_off(place)
    resumed = recovery.resume_these(place, case_ids, Together(json, len(case_ids)))
    for one in resumed:
        tell_left(one)
        if one.document["end"] and (pending := kept(place, one.document["case_id"])):
            from switchboard.console.terminal.reports.research import write_report

            write_report(place, pending, one.document)
    documents = [one.document for one in resumed]
    if json:
        show_record(documents)
    elif not documents:
        say("Nothing was left unfinished.")
    for document in [] if json else documents:
        show_run(document, with_transcript=False)
    return documents


def cancel(case_id: str, name: str, data: Path | None, json: bool) -> Document:
    """End a case; the customer hears what was and what was not done."""
    place = Workplace(data)
    document = recovery.cancel(place, case_id, acting(place, name), Seen(json))
    if document["end"] is None:
        say("It ends after the step that is under way.")
        if json:
            show_record(document)
        return document
    return show_result(document, json)


def replay(case_id: str, data: Path | None, json: bool) -> bool:
    """Rebuild a case from its record. Returns whether all of it is recorded, as far as it has come, and goes the same way."""
    rebuilt = records.replay(Workplace(data), case_id)
    if json:
        kept = {"differences": list(rebuilt.differences), "complete": rebuilt.complete, "steps": rebuilt.steps}
        kept |= {"missing": list(rebuilt.missing), "others": [asdict(one) for one in rebuilt.others]}
        show_record({**rebuilt.document, "replay": kept})
    else:
        show_run(rebuilt.document, with_transcript=True)
        for difference in rebuilt.differences:
            say(f"Another way: {difference}")
        for number in rebuilt.missing:
            say(f"Run {number} has no record (any more), so nothing is known of it.")
        same = "Today's code goes another way" if rebuilt.differences else "Today's code goes the same way"
        where = " where there is a record" if rebuilt.missing else ""
        rest = "" if rebuilt.complete or rebuilt.differences or where else "; the record ends before the case does"
        say(f"{same}{where}{rest}. {rebuilt.steps} recorded steps; no model and no tool was called.")
    return not rebuilt.differences and not rebuilt.missing


def list_lines(case_id: str, data: Path | None, json: bool) -> None:
    """The lines that a case can be forked from, with their numbers."""
    found = forks.lines(Workplace(data), case_id)
    if json:
        show_record([{"number": line.number, **line.entry.document()} for line in found])
    else:
        told = [(line.number, line_of(line.entry)) for line in found]
        rows = [(number, one.who, one.kind, cut(" ".join(one.what.split()), 2 * out.width)) for number, one in told]
        show_table("", ("line", "speaker", "kind", "what"), rows)
        say("`switchboard fork CASE --from N` goes on from one of them, as a new case.")


def fork_case(case_id: str, number: int, words: str, name: str, data: Path | None, json: bool) -> Document:
    place = Workplace(data)
    return show_result(forks.fork(place, case_id, number, words, Seen(json), acting(place, name)), json)


def clean_up(days: int, name: str, data: Path | None, json: bool) -> None:
    """Delete the recorded steps of cases that are over for so many days; what was said and done stays."""
    place = Workplace(data)
    deleted = records.clean_up(place, days, acting(place, name, "admin"))
    if json:
        show_json({"cases": deleted})
    else:
        say(f"Cases whose recorded steps were deleted, over for more than {days} days: {deleted}. What was said stays.")
