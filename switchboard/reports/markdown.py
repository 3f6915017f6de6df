"""A report as Markdown: what stands in it is text, and becomes no markup, link or citation of ours."""

import re

from switchboard.reading.languages import said
from switchboard.reports.report import Computed, Figure, Reference, Report, Statement
from switchboard.reports.wording import counted, found_by, where

MARKUP = re.compile(r"([\\`*_\[\]<>|~])")
LINE_START = re.compile(r"^(?=[-+=#])|^\d{1,9}(?=[.)](?:\s|$))")


def to_markdown(report: Report) -> str:
    """The whole report: the answer, the sections, the figures as tables, the references with their quotes, the appendix."""
    language = report.language
    lines = [f"# {plain(report.question) or said('report.report', language)}", ""]
    if not report.found:
        lines += [f"**{said('report.nothing', language)}** {said('report.then', language)}"]
    for one in report.computed:
        lines += [f"{plain(one.answer or one.text)} ({said('report.worked_out', language)})", ""]
    if report.answers_in_rows:
        lines += [f"- {told(one, language)}" for one in report.answer]
    elif report.answer:
        lines += [" ".join(told(one, language) for one in report.answer)]
    for several in report.disagreements:
        lines += ["", f"**{said('report.disagree', language)}** {' '.join(told(one, language) for one in several)}"]
    if report.by_extraction and report.answer:
        lines += ["", f"*{said('report.by_extraction', language)}*"]
    if report.computed:
        lines += ["", f"## {said('report.computed', language)}", ""]
        lines += [*(f"- {plain(worked_out(one, language))}" for one in report.computed), ""]
        lines += [f"*{said('report.by_program', language)}*"]
    if report.not_computed:
        lines += ["", plain(report.not_computed)]
    for section in report.sections:
        lines += ["", f"## {plain(section.heading)}", "", *(f"- {told(one, language)}" for one in section.statements)]
    for figure in report.figures:
        lines += ["", *_table(figure)]
    if report.references:
        lines += [
            "",
            f"## {said('report.references', language)}",
            "",
            *(_reference(one, language) for one in report.references),
        ]
    return "\n".join([*lines, "", *_appendix(report)]).rstrip() + "\n"


def told(statement: Statement, language: str) -> str:
    """A sentence with the numbers of its references."""
    numbers = " ".join(f"[{number}]" for number in statement.references)
    unsupported = "" if statement.supported or numbers else f"({said('report.unsupported', language)})"
    return " ".join(part for part in (plain(statement.text), numbers, unsupported) if part)


def worked_out(one: Computed, language: str) -> str:
    """What a program printed, behind what it was made from, with the files that it left."""
    files = f" {said('report.files', language, files=', '.join(one.files))}" if one.files else ""
    return f"{', '.join(one.sources)}: {one.text}{files}".removeprefix(": ")


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return LINE_START.sub(r"\g<0>\\", MARKUP.sub(r"\\\1", " ".join(text.split())))


def quoted(words: str, language: str) -> str:
    return said("case.quoted", language, words=plain(words))


def _reference(one: Reference, language: str) -> str:
    return f"{one.number}. {plain(where(one, language))}: {quoted(one.quote, language)} ({plain(one.citation)})"


def _table(figure: Figure) -> list[str]:
    unit = f" ({plain(figure.unit)})" if figure.unit and figure.unit not in figure.title else ""
    rows = [f"| {plain(bar.label)} | {plain(figure.told(bar))} [{bar.reference}] |" for bar in figure.bars]
    note = ["", f"{plain(figure.note)}."] if figure.note else []
    return [f"## {plain(figure.title)}", "", f"| | {plain(figure.title)}{unit} |", "| --- | ---: |", *rows, *note]


def _appendix(report: Report) -> list[str]:
    if not (report.searched or report.not_found or report.skipped):
        return []
    language = report.language
    lines = [f"## {said('report.searched', language)}", ""]
    lines += [f"{counted(report.documents, 'document', language)}.", ""] if report.documents else []
    lines += [f"- {quoted(one.query, language)}: {found_by(one, language)}" for one in report.searched]
    if report.not_found and report.found:
        lines += ["", said("report.nothing_on", language, parts="; ".join(map(plain, report.not_found)))]
    if report.skipped:
        lines += [
            "",
            said("report.not_read", language),
            "",
            *(f"- {plain(one.name)}: {plain(one.why)}" for one in report.skipped),
        ]
    return lines
