"""A report as Markdown: what stands in it is text, and becomes no markup, link or citation of ours."""

import re

from switchboard.reports.report import Computed, Figure, Reference, Report, Statement, counted

BY_EXTRACTION = "No language model wrote this report: each sentence is quoted from the source that its number leads to."
BY_PROGRAM = "No source says this: a program worked it out from the numbers in the documents that are named."
NOTHING = "Not found in these sources."
DISAGREE = "The sources do not agree:"
THEN = "Ask in other words, or add documents that treat it."
UNSUPPORTED = "(no source found)"
MARKUP = re.compile(r"([\\`*_\[\]<>|~])")
LINE_START = re.compile(r"^(?=[-+=#])|^\d{1,9}(?=[.)](?:\s|$))")


def to_markdown(report: Report) -> str:
    """The whole report: the answer, the sections, the figures as tables, the references with their quotes, the appendix."""
    lines = [f"# {plain(report.question) or 'Report'}", ""]
    if not report.found:
        lines += [f"**{NOTHING}** {THEN}"]
    for one in report.computed:
        lines += [f"{plain(one.answer or one.text)} (worked out below)", ""]
    if report.answers_in_rows:
        lines += [f"- {told(one)}" for one in report.answer]
    elif report.answer:
        lines += [" ".join(told(one) for one in report.answer)]
    for several in report.disagreements:
        lines += ["", f"**{DISAGREE}** {' '.join(told(one) for one in several)}"]
    if report.by_extraction and report.answer:
        lines += ["", f"*{BY_EXTRACTION}*"]
    if report.computed:
        lines += ["", "## Computed", "", *(f"- {plain(worked_out(one))}" for one in report.computed), "", f"*{BY_PROGRAM}*"]
    if report.not_computed:
        lines += ["", plain(report.not_computed)]
    for section in report.sections:
        lines += ["", f"## {plain(section.heading)}", "", *(f"- {told(one)}" for one in section.statements)]
    for figure in report.figures:
        lines += ["", *_table(figure)]
    if report.references:
        lines += ["", "## References", "", *(_reference(one) for one in report.references)]
    return "\n".join([*lines, "", *_appendix(report)]).rstrip() + "\n"


def told(statement: Statement) -> str:
    """A sentence with the numbers of its references."""
    numbers = " ".join(f"[{number}]" for number in statement.references)
    return " ".join(part for part in (plain(statement.text), numbers or (not statement.supported and UNSUPPORTED)) if part)


def worked_out(one: Computed) -> str:
    """What a program printed, behind what it was made from, with the files that it left."""
    files = f" In {', '.join(one.files)}." if one.files else ""
    return f"{', '.join(one.sources)}: {one.text}{files}".removeprefix(": ")


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return LINE_START.sub(r"\g<0>\\", MARKUP.sub(r"\\\1", " ".join(text.split())))


def where(reference: Reference) -> str:
    """The source with its place, as people say it; of a page its address, and when it was read."""
    source = f"{reference.url}, read on {reference.fetched}" if reference.url else reference.citation.partition("#")[0]
    return ", ".join(part for part in (reference.title, source, reference.place) if part)


def _reference(one: Reference) -> str:
    return f"{one.number}. {plain(where(one))}: “{plain(one.quote)}” ({plain(one.citation)})"


def _table(figure: Figure) -> list[str]:
    unit = f" ({plain(figure.unit)})" if figure.unit and figure.unit not in figure.title else ""
    rows = [f"| {plain(bar.label)} | {plain(figure.told(bar))} [{bar.reference}] |" for bar in figure.bars]
    note = ["", f"{plain(figure.note)}."] if figure.note else []
    return [f"## {plain(figure.title)}", "", f"| | {plain(figure.title)}{unit} |", "| --- | ---: |", *rows, *note]


def _appendix(report: Report) -> list[str]:
    if not (report.searched or report.not_found or report.skipped):
        return []
    lines = ["## What was searched", ""]
    lines += [f"{counted(report.documents, 'document')}.", ""] if report.documents else []
    lines += [f"- “{plain(one.query)}”: {one.told}" for one in report.searched]
    if report.not_found and report.found:
        lines += ["", f"Nothing was found on: {'; '.join(map(plain, report.not_found))}."]
    if report.skipped:
        lines += ["", "Not read:", "", *(f"- {plain(one.name)}: {plain(one.why)}" for one in report.skipped)]
    return lines
