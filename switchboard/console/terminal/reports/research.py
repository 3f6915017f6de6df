"""The command `research`: its case, the index of the sources, then the team, then the report in the form that is asked for."""

import json as plain_json
from collections.abc import Callable
from pathlib import Path

from switchboard.cases.cases import cancel
from switchboard.cases.documents import load
from switchboard.characters import visible
from switchboard.console.app import Workplace
from switchboard.console.asked import asked
from switchboard.console.terminal.reports.forms import Form, form_of
from switchboard.console.terminal.reports.pending import Pending, forget, keep, stopped_by_hand
from switchboard.console.terminal.reports.progress import Parts
from switchboard.console.terminal.screen import say, show_record, show_run, tell_left
from switchboard.declare.document import Document
from switchboard.errors import OperatorError
from switchboard.reports.markdown import to_markdown
from switchboard.reports.page import to_html
from switchboard.reports.report import Report
from switchboard.search.folder import listing
from switchboard.search.index import index_of
from switchboard.service.place import case_here, work
from switchboard.service.recovery import check_it_was_cut_off, resume

WRITTEN: dict[Form, Callable[[Report], str]] = {
    Form.md: to_markdown,
    Form.html: to_html,
    Form.json: lambda report: plain_json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n",
}


def research_report(
    question: str, sources: Path | None, target: Path | None, form: Form | None, data: Path | None, json: bool
) -> Document:
    """Run the research team, and write its report to a file where one is named.

    The case is kept before the sources are read, which may take long: who is killed meanwhile finds it with `cases`, and
    `resume` reads what is left. Where nothing in them can be read, which is said, the case is cancelled.
    """
    place = Workplace(data)
    team, known = place.project.team_name("research"), sources or place.project.setup.sources
    if known is None:
        raise OperatorError(f"The project {place.project.file.name} has no sources of its own. Name a folder with --sources.")
    if asked.allows_web:
        _check_web(place)
    if not listing(known).paths:  # said at once, without a case
        index_of(known)
    if target is not None and not target.parent.is_dir():
        raise OperatorError(f"The folder {target.parent} does not exist, so the report cannot be written there.")
    if target is not None and target.is_dir():
        raise OperatorError(f"{target} is a folder, so the report cannot be written there. Name a file with --out.")
    with place.worker() as worker:
        ref = worker.open_case(team, question, folder=sources)
        pending, parts = Pending(ref.case_id, target, form or form_of(target), known), Parts(json)
        keep(place, pending)
        with stopped_by_hand(ref.case_id, parts.stop):
            try:
                _read(place, known, parts)
            except OperatorError:
                forget(place, ref.case_id)
                cancel(place.engine, ref.case_id, place.operator, None)
                work(worker, ref)
                raise
            document = work(worker, ref, parts)
    return delivered(place, pending, document, json)


def research_resumed(place: Workplace, pending: Pending, json: bool) -> Document:
    """Go on with a case of research that was cut off, and write its report where it was to go, also where somebody else has
    come to its end meanwhile.
    """
    document = load(place.engine, pending.case_id)
    if document["end"] is None:
        check_it_was_cut_off(place, case_here(place, pending.case_id))
        parts = Parts(json)
        with stopped_by_hand(pending.case_id, parts.stop):
            if pending.sources:
                _read(place, pending.sources, parts)
            resumed = resume(place, pending.case_id, parts)
        tell_left(resumed)
        document = resumed.document
    return document if document["end"] is None else delivered(place, pending, document, json)


def delivered(place: Workplace, pending: Pending, document: Document, json: bool) -> Document:
    """Write and show the report of a case that is over, as it was asked for."""
    write_report(place, pending, document)
    if json:
        show_record(document)
    else:
        show_run(document, with_transcript=False)
    return document


def write_report(place: Workplace, pending: Pending, document: Document) -> None:
    """Write the report of a case where it was to go; one that waits for an operator is written once that has answered."""
    if document["end"] in (None, "awaiting_approval"):
        say("The report comes once an operator has answered." if document["end"] else "The report comes when the case is over.")
        return
    report, left_out = report_in(document)
    for sentence in left_out:
        say(f"This has no source, and was left out: {sentence}")
    if pending.target is None or _write(pending.target, WRITTEN[pending.form](report) if report else document["reply"] + "\n"):
        forget(place, pending.case_id)


def _check_web(place: Workplace) -> None:
    """What is wrong with [web] is said before the run. Raises OperatorError."""
    from switchboard.search.web.web import Web

    table = place.project.file.web
    if table is None:
        why = "say there what searches it (search) and whose pages may be read (allow)"
        raise OperatorError(f"--web needs [web] in the switchboard.toml of {place.project.file.name}: {why}.")
    Web(table).check()


def report_in(document: Document) -> tuple[Report | None, list[str]]:
    """The newest report that the agents of a case made, and the sentences that were left out of it."""
    for line in reversed(document["transcript"]):
        result = line.get("result")
        if line["kind"] == "result" and isinstance(result, dict) and "report" in result:
            return Report.model_validate(result["report"]), [str(one) for one in result.get("left_out", [])]
    return None, []


def _write(target: Path, text: str) -> bool:
    """Write a report; False where that cannot be."""
    try:
        target.write_text(visible(text), encoding="utf-8")
    except OSError as error:
        say(f"The report could not be written to {target}: {error.strerror}. It is kept in the case's record.")
        return False
    say("The report is in", str(target))
    return True


def _read(place: Workplace, sources: Path, parts: Parts) -> None:
    """Read what is new in the sources. Raises OperatorError where they hold nothing that can be read."""
    try:
        index_of(sources, place.index_cache, parts.reading)
    finally:
        parts.stop()
