"""Answers of tools as sources of research: each is kept as a page is, so that a report quotes it and a citation leads there."""

import functools
import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, Unsure, call
from switchboard.declare.tool import Context, Tool
from switchboard.declare.transcript import View, as_key
from switchboard.errors import DeclarationError
from switchboard.reports.sentences import Quote
from switchboard.search.citations import one_line
from switchboard.search.extractors.document import Block, Document, bounded, table_text
from switchboard.search.web.beside import PageIndex
from switchboard.search.web.pages import Page, kept, page_of, root_of
from switchboard.toolsets.built_in.documents import MOST_CHARACTERS, Section, quotes_from, stretch_of
from switchboard.toolsets.functions import as_data

MOST_QUOTES = 5
MOST_ROWS = 500


class SourceAnswer(BaseModel):
    """What a tool answered, by its sections, each with its citation; `quotes` are its sentences on what it was asked. `note`
    says what of it was not read, and `cut` how much more was than is shown here.
    """

    name: str
    sections: list[Section]
    quotes: list[Quote]
    note: str = ""
    cut: str = ""


def as_source(tool: Tool) -> Tool:
    """A tool that asks another one, once in a case for the same arguments, and keeps the answer. Raises DeclarationError."""
    if tool.effect != "read" or not tool.public or tool.verifies:
        why = 'is no source of research, which only reads, for anybody: effect = "read" and public = true, and no verifies'
        raise DeclarationError(f"{tool.name} {why}.")

    def source(ctx: Context, **given: Any) -> SourceAnswer:
        def asked() -> Page:
            answer = as_data(tool(**{**given, **({"ctx": ctx} if tool.takes_context else {})}))
            notes: list[str] = []
            blocks, cut = bounded(blocks_of(answer, notes))
            words = urlencode({name: str(value)[:200] for name, value in given.items() if value is not None})
            url = f"tool:{tool.name}?{words}"[:2_000]
            return page_of(
                root_of(ctx.case_id),
                key,
                url,
                time.time(),
                ".txt",
                Document(tool.name, blocks, "; ".join(filter(None, [*notes, cut]))),
            )

        key = f"tool:{tool.name} {as_key(given)}"
        return _told(kept(ctx.session.get_bind().engine, root_of(ctx.case_id), key, asked), given)

    source.__name__, source.__doc__ = tool.name, tool.function.__doc__
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Context)
    others = [one for one in inspect.signature(tool.function).parameters.values() if one.name != "ctx"]
    source.__signature__ = inspect.Signature([context, *others])  # type: ignore[attr-defined]
    source.__annotations__ = {**tool.function.__annotations__, "ctx": Context}
    return Tool(source, "read", public=True, timeout=tool.timeout + 5, called=tool.called, remote=True)


def with_sources(spec: AgentSpec, tools: Sequence[Tool]) -> AgentSpec:
    """An agent that asks these, too; its rules ask each that takes one text, and add what it answers to what they say."""
    made = [as_source(tool) for tool in tools]
    searching = {tool.name: argument for tool in made if (argument := _text_of(tool))}
    rules = spec.without_model
    asks = functools.partial(_asked_too, rules, searching) if rules and searching else rules
    return replace(spec, tools=(*spec.tools, *made), without_model=asks)


def _text_of(tool: Tool) -> str:
    """The one argument of a tool that must be given, where that is a text; else ""."""
    wanted = tool.schema["function"]["parameters"].get("required", [])
    parts = tool.schema["function"]["parameters"].get("properties", {})
    return wanted[0] if len(wanted) == 1 and parts[wanted[0]].get("type") == "string" else ""


def _asked_too(rules: Callable[[View], Move | Unsure], searching: Mapping[str, str], view: View) -> Move | Unsure:
    for name, argument in searching.items():
        if view.last(name) is None:
            return call(name, **{argument: view.text.partition("\n")[0].strip()[:400] or "?"})
    move = rules(view)
    if not isinstance(move, Say):
        return move
    made = [one for one in view.calls if one.tool in searching]
    quotes = [quote for one in made if one.done for quote in one.result["quotes"]]
    told = dict.fromkeys(f"- {one_line(one['text'])} [{one['citation']}]" for one in quotes)
    unread = [(one.tool, one.result["note"] if one.done else one.text) for one in made]
    untold = [f"Not read: {name} ({one_line(why)[:500]})" for name, why in unread if why]
    return replace(move, text="\n".join([*told, move.text, *untold]))


def blocks_of(answer: Any, notes: list[str]) -> Iterator[Block]:
    """What a tool answered, to be read: a list of records is a table, a text has its paragraphs, all else a line each. `notes`
    gets what of it is left out.
    """
    if isinstance(answer, list) and answer and all(_is_flat(one) for one in answer):
        if len(answer) > MOST_ROWS:
            notes.append(f"only the first {MOST_ROWS} of its {len(answer):,} records are read")
        heads = list(dict.fromkeys(name for one in answer for name in one))
        yield Block("table", table_text([heads, *([_cell(one.get(name)) for name in heads] for one in answer[:MOST_ROWS])]))
    elif isinstance(answer, list):
        for one in answer:
            yield from blocks_of(one, notes)
    elif isinstance(answer, Mapping):
        plain = [f"{name}: {_cell(value)}" for name, value in answer.items() if _is_plain(value)]
        yield Block("text", "\n".join(plain))
        for value in answer.values():
            if not _is_plain(value):
                yield from blocks_of(value, notes)
    else:
        for paragraph in _cell(answer).split("\n\n"):
            yield Block("text", paragraph.strip())


def _is_flat(one: Any) -> bool:
    return isinstance(one, Mapping) and all(_is_plain(value) and len(_cell(value)) < 300 for value in one.values())


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _told(page: Page, given: Mapping[str, Any]) -> SourceAnswer:
    words = " ".join(value for value in given.values() if isinstance(value, str))
    quotes = quotes_from(PageIndex([page]), words)[:MOST_QUOTES] if words else []
    shown = stretch_of([section for section, _ in page.cut])
    cut = f"Only its first {MOST_CHARACTERS:,} of {shown.characters:,} characters are shown." if shown.cut else ""
    return SourceAnswer(name=page.name, sections=shown.sections, quotes=quotes, note=page.document.note, cut=cut)
