"""A report as one HTML file that needs nothing else: no script, no request, and a policy that allows none."""

from collections.abc import Iterator
from html import escape

from switchboard.reading.languages import said
from switchboard.reports.figures import to_svg
from switchboard.reports.markdown import worked_out
from switchboard.reports.report import Report, Statement
from switchboard.reports.wording import counted, found_by, where

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5c6675; --line: #d8dde5; --accent: #1f5fa8; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --dim: #9aa5b4; --line: #38414d; --accent: #82b4ee; --paper: #161b22; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 2.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1.25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.answer { font-size: 1.1rem; border-left: 4px solid var(--accent); padding: .25rem 0 .25rem 1rem; margin: 0 0 1rem; }
ul.answer { padding-left: 2rem; }
.note, .appendix, figcaption { color: var(--dim); font-size: .9rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .9rem; }
li { margin: .35rem 0; } sup { line-height: 0; } :target { background: color-mix(in srgb, var(--accent) 15%, transparent); }
blockquote { margin: .25rem 0 0; padding-left: .75rem; border-left: 2px solid var(--line); color: var(--dim); }
figure { margin: 1.5rem 0; } figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { display: block; width: 100%; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg rect { fill: var(--accent); } svg .value { font-weight: 600; }
svg line { stroke: var(--dim); }
details { font-size: .9rem; } summary { color: var(--accent); cursor: pointer; }
caption { text-align: left; color: var(--dim); }
th[scope] { font-weight: 400; text-align: left; padding-right: 1.5rem; } td { text-align: right; }
@media print { nav { display: none; } body { max-width: none; padding: 0; } h2 { break-after: avoid; } }
"""


def to_html(report: Report) -> str:
    """The whole report as a page: contents, answer, sections, figures, references with their quotes, the appendix."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(report.language)}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f"<title>{escape(_line(report.question))}</title><style>{STYLE}</style></head>",
            f"<body><main><h1>{escape(_line(report.question))}</h1>",
            *_answer(report),
            *_contents(report),
            *_computed(report),
            *_sections(report),
            *_figures(report),
            *_references(report),
            *_appendix(report),
            "</main></body></html>",
            "",
        ]
    )


def _answer(report: Report) -> Iterator[str]:
    if not report.found:
        yield f'<p class="answer"><strong>{_said("nothing", report)}</strong> {_said("then", report)}</p>'
        return
    for one in report.computed:
        below = f'<a href="#computed">({_said("worked_out", report)})</a>'
        yield f'<p class="answer">{escape(_line(one.answer or one.text))} {below}</p>'
    if report.answers_in_rows:
        yield f'<ul class="answer">{"".join(f"<li>{_told(one, report)}</li>" for one in report.answer)}</ul>'
    elif report.answer:
        yield f'<p class="answer">{" ".join(_told(one, report) for one in report.answer)}</p>'
    for several in report.disagreements:
        told = " ".join(_told(one, report) for one in several)
        yield f"<p><strong>{_said('disagree', report)}</strong> {told}</p>"
    if report.by_extraction and report.answer:
        yield f'<p class="note">{_said("by_extraction", report)}</p>'


def _contents(report: Report) -> Iterator[str]:
    parts = [(f"s{n}", section.heading) for n, section in enumerate(report.sections, start=1)]
    parts += [("computed", said("report.computed", report.language))] if report.computed else []
    parts += [(f"f{n}", figure.title) for n, figure in enumerate(report.figures, start=1)]
    parts += [("references", said("report.references", report.language))] if report.references else []
    parts += [("searched", said("report.searched", report.language))] if report.searched else []
    if len(parts) > 1:
        links = "".join(f'<li><a href="#{mark}">{escape(_line(heading))}</a></li>' for mark, heading in parts)
        yield f'<nav aria-label="{_said("contents", report)}"><ul>{links}</ul></nav>'


def _sections(report: Report) -> Iterator[str]:
    for n, section in enumerate(report.sections, start=1):
        items = "".join(f"<li>{_told(one, report)}</li>" for one in section.statements)
        yield f'<h2 id="s{n}">{escape(_line(section.heading))}</h2><ul>{items}</ul>'


def _computed(report: Report) -> Iterator[str]:
    if report.computed:
        items = "".join(f"<li>{escape(_line(worked_out(one, report.language)))}</li>" for one in report.computed)
        heading, note = _said("computed", report), _said("by_program", report)
        yield f'<h2 id="computed">{heading}</h2><ul>{items}</ul><p class="note">{note}</p>'
    if report.not_computed:
        yield f'<p class="note">{escape(_line(report.not_computed))}</p>'


def _figures(report: Report) -> Iterator[str]:
    """Each figure with its numbers as a table, for who does not see it or wants them exact."""
    for n, figure in enumerate(report.figures, start=1):
        rows = "".join(
            f'<tr><th scope="row">{escape(_line(bar.label))}</th>'
            f"<td>{escape(_line(figure.told(bar)))}{_mark(bar.reference)}</td></tr>"
            for bar in figure.bars
        )
        note = f'<p class="note">{escape(_line(figure.note))}.</p>' if figure.note else ""
        title = escape(_line(figure.title))
        table = (
            f"<details><summary>{_said('numbers', report)}</summary><table><caption>{title}</caption>{rows}</table></details>"
        )
        yield f'<figure id="f{n}"><figcaption>{title}</figcaption>{to_svg(figure, report.language)}{note}{table}</figure>'


def _references(report: Report) -> Iterator[str]:
    if report.references:
        items = "".join(
            f'<li id="r{one.number}">{escape(_line(where(one, report.language)))}'
            f"<blockquote>{escape(_line(one.quote))}</blockquote></li>"
            for one in report.references
        )
        yield f'<h2 id="references">{_said("references", report)}</h2><ol>{items}</ol>'


def _appendix(report: Report) -> Iterator[str]:
    if not (report.searched or report.skipped):
        return
    language = report.language
    yield f'<section class="appendix"><h2 id="searched">{_said("searched", report)}</h2>'
    if report.documents:
        yield f"<p>{escape(counted(report.documents, 'document', language))}.</p>"
    found = ((said("case.quoted", language, words=_line(one.query)), found_by(one, language)) for one in report.searched)
    queries = "".join(f"<li>{escape(query)}: {escape(told)}</li>" for query, told in found)
    yield f"<ul>{queries}</ul>"
    if report.not_found and report.found:
        told = said("report.nothing_on", language, parts="; ".join(map(_line, report.not_found)))
        yield f"<p>{escape(told)}</p>"
    if report.skipped:
        files = "".join(f"<li>{escape(_line(one.name))}: {escape(_line(one.why))}</li>" for one in report.skipped)
        yield f"<p>{_said('not_read', report)}</p><ul>{files}</ul>"
    yield "</section>"


def _said(message: str, report: Report) -> str:
    return escape(said(f"report.{message}", report.language))


def _told(statement: Statement, report: Report) -> str:
    marks = "".join(map(_mark, statement.references))
    unsupported = "" if statement.supported or marks else f' <span class="note">({_said("unsupported", report)})</span>'
    return f"{escape(_line(statement.text))}{marks}{unsupported}"


def _mark(number: int) -> str:
    return f'<sup><a href="#r{number}">[{number}]</a></sup>'


def _line(text: str) -> str:
    """On one line, and without characters that a page must not hold."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
