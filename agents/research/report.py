"""The report: findings with citations made into Markdown."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from switchboard.search.citations import BULLET, citations_in

LONGEST_TITLE = 120
BY_EXTRACTION = (
    "This report was put together by extraction, without a language model: "
    "each bullet is a sentence quoted from the source that is named after it."
)


def report_from(
    findings: Sequence[Mapping[str, Any]], question: str, *, by_extraction: bool, missing: Sequence[str] = ()
) -> str:
    """The report in Markdown: title, bullets by document, each with its citation [file.md#anchor], and the sources.

    A finding holds `text` and `citation` ("file.md#anchor"), and may hold the document's `title`. `missing` names
    what was searched for without success. A finding without a citation keeps its bullet; `unresolved` tells of it.
    """
    groups: dict[str, list[str]] = {}
    cited: dict[str, dict[str, None]] = {}
    for finding in findings:
        text, citation = plain_text(str(finding.get("text") or "")), str(finding.get("citation") or "").strip("[] ")
        if not text:
            continue
        source, _, anchor = citation.partition("#")
        title = plain_text(str(finding.get("title") or "")) or source or "Without a source"
        groups.setdefault(title, []).append(f"- {text} [{citation}]" if citation else f"- {text}")
        if citation:
            cited.setdefault(f"{source}: {title}" if title != source else source, {})[f"#{anchor}"] = None
    lines = [f"# {plain_text(question[:1000])[:LONGEST_TITLE] or 'Report'}"]
    if by_extraction:
        lines += ["", BY_EXTRACTION]
    if not groups:
        lines += ["", "The sources hold nothing on this question. Ask in other words, or add documents that treat it."]
    for title, bullets in groups.items():
        lines += ["", f"## {title}", "", *dict.fromkeys(bullets)]
    if groups and missing:
        lines += ["", f"The sources hold nothing on: {'; '.join(plain_text(m) for m in missing)}."]
    if cited:
        lines += ["", "## Sources", ""]
        lines += [f"{n}. {name} ({', '.join(anchors)})" for n, (name, anchors) in enumerate(cited.items(), 1)]
    return "\n".join(lines) + "\n"


def cited_only(report: str, citations: Collection[str]) -> str:
    """The report without the bullets that cite nothing, or something else than these citations; empty without any."""
    kept: list[str] = []
    holds, any_kept = True, False
    for line in report.strip().splitlines():
        if BULLET.match(line):
            found = citations_in(line)
            holds = bool(found) and all(c in citations for c in found)
            any_kept = any_kept or holds
        elif not line.strip() or line.startswith("#"):
            holds = True
        if holds:
            kept.append(line)
    return "\n".join(kept) + "\n" if any_kept else ""


def plain_text(text: str) -> str:
    """Text of a document as one line without Markdown: what a source says must not become a citation or a link."""
    text = re.sub(r"!\[[^\]]{0,300}\]\([^)]{0,300}\)", "", text)
    text = re.sub(r"\[([^\]]{0,300})\]\([^)]{0,300}\)", r"\1", text)
    text = re.sub(r"[*`]+|^[^\S\n]*(?:#+|[-+•]|\d+\.)\s+", "", text, flags=re.MULTILINE)
    return " ".join(text.replace("[", "(").replace("]", ")").split())
