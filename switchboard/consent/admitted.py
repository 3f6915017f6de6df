"""What of a model's answer counts: calls of tools that it was offered, requests that are the customer's words, and no more
text than anybody needs. It is looked at here before anything else reads it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from switchboard.characters import washed, washed_data
from switchboard.consent.identity import Identity, check_identity, leaves
from switchboard.consent.spans import quoted_lines, stands_in, words_of
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import HAND_OFF, Call, Calls, HandOff, HandOffs, Move, Note, Say
from switchboard.declare.outcomes import Answer
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import By, Entry, as_json
from switchboard.errors import Refused

MOST_TEXT = 20_000
"""Characters of an answer or of the arguments of one call; an answer is cut there, and such a call is not read."""
MOST_NOTE = 2_000
MOST_CALLS = 20
MOST_MATTERS = 5
"""Matters that one message opens."""
MOST_TASKS = 20
"""Tasks that an agent hands out at a time; how many it should, its structured answer says."""
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
TELLING = re.compile(r"[^\s@,;<>()]{1,64}@[^\s@,;<>()]{1,190}|(?<!\w)\w*\d{4}\w*")
"""What an id or an address is known by: an @, or four digits in a row."""
AN_ID = re.compile(r"#?[A-Za-z_]{1,30}\d{4,20}|#\w{4,64}")
"""An argument that is nothing but an id, as of an order: letters and then digits. An amount or a zip code is none."""


def bounded(answer: Answer, offered: Sequence[Mapping[str, Any]]) -> Answer:
    """An answer of a size that can be read. Calls of an agent that was offered no tools are none."""
    calls = tuple(
        replace(call, name=washed(call.name[:100]), arguments=washed(call.arguments[: MOST_TEXT + 1]))
        for call in (answer.calls[:MOST_CALLS] if offered else ())
    )
    return replace(answer, text=washed(answer.text[:MOST_TEXT]), calls=calls)


def admitted(
    move: Move | None,
    offered: Sequence[Mapping[str, Any]],
    transcript: Sequence[Entry],
    known: Mapping[str, str],
    also: str = "",
) -> Move | None:
    """A model's move with what it may do alone. `known` is what the channel knows of the writer; `also` is the tool that a
    handoff to a human stands for.
    """
    match move:
        case Calls(calls, text):
            names = {str(tool["function"]["name"]) for tool in offered}
            names |= {also} if HAND_OFF in names else set()
            return Calls(tuple(_call(call, names) for call in calls), text)
        case HandOff():
            return _handoff(move, transcript, known)
        case HandOffs(items, are_tasks=are_tasks):
            kept = items[:MOST_TASKS] if are_tasks else few(items)
            return replace(move, items=tuple(_handoff(item, transcript, known) for item in kept))
        case Note(text):
            return Note(text[:MOST_TEXT])
        case Say(text):
            return replace(move, text=text[:MOST_TEXT])
        case None:
            return None


def few(items: tuple[HandOff, ...]) -> tuple[HandOff, ...]:
    """No more matters than one message opens: of more, the last is the whole message, for the agent of the first."""
    if len(items) <= MOST_MATTERS:
        return items
    whole = HandOff(items[0].to, "There are more matters in this message.", reason=items[0].reason)
    return (*items[: MOST_MATTERS - 1], whole)


def _call(call: Call, offered: set[str]) -> Call:
    """A call whose arguments can be kept; marked where its tool was not offered."""
    raw = call.raw
    if raw is None:
        try:
            arguments = washed_data(call.arguments)
        except RecursionError:
            arguments, raw = {}, "nested too deeply"
        return replace(call, arguments=arguments, raw=raw, offered=call.tool in offered)
    return replace(call, raw=washed(raw[:MOST_TEXT]), offered=call.tool in offered)


def _handoff(item: HandOff, transcript: Sequence[Entry], known: Mapping[str, str]) -> HandOff:
    words = words_of(transcript)
    heard = _heard(transcript, known)
    facts = {name: value for name, value in item.facts.items() if is_carried(value, heard)}
    return replace(item, note=washed(item.note[:MOST_NOTE]), facts=facts, request=quoted_lines(item.request, words))


def is_carried(value: Any, heard: str) -> bool:
    """Whether a fact of a model's handoff holds no id and no address that nobody gave, and does not say that something is so,
    as `true` does. Data with fields of its own is made by the agent's `read`, and left to it.
    """
    match value:
        case bool():
            return not value
        case int() | float():
            return stands_in(str(value), heard)
        case str():
            return all(_is_heard(part[0], heard) for part in TELLING.finditer(value[:MOST_TEXT]))
        case list() | tuple():
            return all(is_carried(one, heard) for one in value)
        case _:
            return True


def check_call(
    tool: Tool, call: Call, by: By, transcript: Sequence[Entry], known: Mapping[str, str], identity: Identity
) -> None:
    """Let a call pass that nobody but the one it is `by` stands for. Raises Refused with a sentence that says what would work.

    Of a model: it was offered, what it changes was named, and what it opens is not without end. Of a model and of rules:
    who the customer is has been given.
    """
    if by == "human":
        return
    if not call.offered:
        raise Refused(f"{tool.name} was not offered to you now. Use what is offered, or answer.", code="not_offered")
    if tool.verifies:
        check_identity(tool, call.arguments, transcript, known, identity)
    if by != "model" or not tool.changes:
        return
    if tool.effect == "write" and (unnamed := never_named(call.arguments, transcript, known)):
        why = f"Neither the customer nor any result named {unnamed}. Look it up, or ask the customer which one they mean."
        raise Refused(f"{tool.name} was not run. {why}", code="never_named")
    if not names_id(call.arguments) and _done_for_message(tool, transcript) >= MOST_MATTERS:
        why = f"{tool.name} was done {MOST_MATTERS} times for this message. Put what is left into one, or answer."
        raise Refused(why, code="too_many")


def _done_for_message(tool: Tool, transcript: Sequence[Entry]) -> int:
    """How often a tool was done since the customer last wrote."""
    said = max((i for i, e in enumerate(transcript) if e.kind == "message" and e.speaker == CUSTOMER), default=-1)
    return sum(e.kind == "result" and e.status == "done" and e.tool == tool.name for e in transcript[said + 1 :])


def names_id(arguments: Mapping[str, Any]) -> bool:
    """Whether a call says by an id what it is about."""
    return any(AN_ID.fullmatch(value.strip()) for _, value in leaves(arguments))


def never_named(arguments: Mapping[str, Any], transcript: Sequence[Entry], known: Mapping[str, str]) -> str:
    """The first id among a call's arguments that neither the customer nor the result of a call has named; "" for none."""
    heard = _heard(transcript, known)
    ids = (value.strip() for _, value in leaves(arguments) if AN_ID.fullmatch(value.strip()))
    return next((value for value in ids if not _is_heard(value.lstrip("#"), heard)), "")


def _heard(transcript: Sequence[Entry], known: Mapping[str, str]) -> str:
    """What the customer wrote, what the channel knows of them, and what calls that were done have found."""
    found = [as_json(e.result) for e in transcript if e.kind == "result" and e.status == "done"]
    return "\n".join([*words_of(transcript), *known.values(), *found])


def _is_heard(part: str, heard: str) -> bool:
    """Whether an id or an address was given, whatever letters stand before its digits: "W1234567" is in "number 1234567"."""
    digits = part.lstrip(LETTERS)
    return stands_in(part, heard) or bool(digits.isdecimal() and re.search(rf"(?<!\d){digits}(?!\w)", heard))
