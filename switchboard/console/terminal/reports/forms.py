"""What a report is written as; nothing heavy is imported for it."""

from enum import StrEnum
from pathlib import Path


class Form(StrEnum):
    md = "md"
    html = "html"
    json = "json"


def form_of(target: Path | None) -> Form:
    """The form that the end of a file's name says; one that says none is Markdown."""
    end = target.suffix.lower().removeprefix(".") if target else ""
    return {"html": Form.html, "htm": Form.html, "json": Form.json}.get(end, Form.md)
