"""Calls that were read back to the customer, and what the customer said to them, as the transcript holds both."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby, takewhile
from typing import Any

from switchboard.consent.answers import ReadBack, Stance, asks_something, behind_no, says_nothing
from switchboard.consent.partly import agrees_and_wants_more
from switchboard.consent.spans import stands_in
from switchboard.consent.typed_codes import says_only_codes
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.play import WEEKDAY
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import Entry, MessageEntry, ResultEntry, as_json, as_key
from switchboard.flows.matters import is_with_a_human, since_hand_back
from switchboard.reading.languages import SPOKEN, language_for, said
from switchboard.reading.spelling import spelled_as

MOST_READ_BACK = 1_000
"""Characters that are read back of one call; what is longer goes to a person."""
MOST_ASKED_AGAIN = 2
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def in_words(tool: Tool, arguments: Mapping[str, Any], result: Any, language: str = "en") -> str:
    """What a call would do, for the customer: by the tool's own template, or with all of its arguments, whose names are the
    programmer's and are said in English alone.
    """
    return _with_weekdays(_in_words(tool, arguments, result, language), arguments, language)


def _with_weekdays(text: str, arguments: Mapping[str, Any], language: str) -> str:
    """A text with the days among arguments spelled out, with their weekday, by which customers see whether they mean it."""
    for value in arguments.values():
        if isinstance(value, date | str) and (day := spelled_as(WEEKDAY, value, language)) and A_DAY.fullmatch(str(value)):
            text = re.sub(rf"(?<![\w-]){value}(?![\w-])", day, text)
    return text


def _in_words(tool: Tool, arguments: Mapping[str, Any], result: Any, language: str) -> str:
    if tool.read_back:
        return tool.read_back(arguments, result)
    called = tool.named(arguments)
    values = {name: value if isinstance(value, str) else as_json(value) for name, value in arguments.items()}
    if language == "en":
        return f"{called} ({', '.join(f'{_plain(name)} {value}' for name, value in values.items())})."
    more = [value for value in values.values() if not stands_in(value, called)]
    return f"{called} ({', '.join(more)})." if more else f"{called}."


def _plain(name: str) -> str:
    return name.replace("_", " ")


def language_of_customer(transcript: Sequence[Entry], ours: str) -> str:
    """The language in which the customer is spoken to: that of their newest words that tell one, or ours."""
    return language_for((e.text for e in reversed(transcript) if e.kind == "message" and e.speaker == CUSTOMER), ours)


def question(calls: Sequence[ReadBack], language: str, telling: str = "") -> str:
    """The question whether calls may be made, each in its own words; `telling` is said before it."""
    first = f"{telling}\n\n" if telling else ""
    if len(calls) == 1:
        check, ask = said("read_back.check", language, call=calls[0].text), said("read_back.ask", language)
        return f"{first}{check}\n{ask}"
    lines = "\n".join(f"{n}. {call.text}" for n, call in enumerate(calls, start=1))
    return f"{first}{said('read_back.check_all', language)}\n{lines}\n{said('read_back.ask_all', language)}"


def to_read_again(transcript: Sequence[Entry], agent: str) -> list[ResultEntry]:
    """The calls of an agent that are read back once more: those that the customer has answered with a question, when that is
    answered; else the first of those to which they said yes and something more, when that is settled.
    """
    said = max((i for i, e in enumerate(transcript) if e.kind == "message" and e.speaker == CUSTOMER), default=0)
    mine = [e for e in since_hand_back(transcript) if e.kind == "result" and e.to == agent]
    if not mine or is_with_a_human(transcript):
        return []
    answered = {e.call_id for e in transcript[said:] if e.kind == "consent"} if asks_something(transcript[said].text) else set()
    often = Counter(_key(e) for e in mine)  # what was done or refused since then counts, too
    once = [e for e in mine if e.dropped and often[_key(e)] == 1]
    asked = [e for e in once if e.call_id in answered]
    return asked or [e for e in once if agrees_and_wants_more(_answer_to(e, transcript))][:1]


def _key(result: ResultEntry) -> str:
    return as_key([result.tool, result.arguments])


def _answer_to(call: ResultEntry, transcript: Sequence[Entry]) -> str:
    """The customer's newest words on a call that was read back to them; none where they chose others of a list with these."""
    on_it = max((i for i, e in enumerate(transcript) if e.kind == "consent" and e.call_id == call.call_id), default=0)
    said = max((i for i, e in enumerate(transcript[:on_it]) if e.kind == "message" and e.speaker == CUSTOMER), default=0)
    beside = takewhile(lambda e: e.kind == "consent", transcript[said + 1 :])
    chose = any(e.kind == "consent" and e.stance == "yes" for e in beside)
    return "" if chose else transcript[said].text


def reads_back(text: str) -> bool:
    """Whether a text of ours reads calls back, in whatever language."""
    asks = (said(f"read_back.{name}", language) for language in SPOKEN for name in ("ask", "ask_all"))
    return any(text.endswith(one) for one in asks)


def last_read_back(transcript: Sequence[Entry]) -> list[ReadBack]:
    """The calls that the newest question to the customer read back; none where it asked something else, or was answered."""
    spoken = [line for line in transcript if isinstance(line, MessageEntry) and not line.meanwhile]
    if not spoken or spoken[-1].speaker == CUSTOMER:
        return []
    return [ReadBack(call_id, *read) for call_id, read in spoken[-1].confirms.items()]


def asked_again(transcript: Sequence[Entry], answer: str, ours: str) -> MessageEntry | None:
    """The question about calls that were read back once more, where an answer to it says nothing, such as "p"; None where it
    says something, or was asked often enough.
    """
    asked = [line for line in transcript if line.kind == "message" and line.confirms]
    often = sum(line.confirms == asked[-1].confirms for line in asked)
    if often > MOST_ASKED_AGAIN or not (says_nothing(answer) or says_only_codes(answer)):
        return None
    again = said("read_back.again", language_of_customer(transcript, ours))
    return MessageEntry(asked[-1].speaker, again, asks=True, confirms=asked[-1].confirms)


def consent_on(transcript: Sequence[Entry], call_id: str, bound: str) -> Stance | None:
    """What the customer's newest words on a call said to it; None where this very call was not read back to them."""
    said = next((line for line in reversed(transcript) if line.kind == "consent" and line.call_id == call_id), None)
    return said.stance if said and said.bound == bound else None


def agreed_text(transcript: Sequence[Entry], call_id: str) -> str:
    """The words in which a call was read back last; a yes is to these."""
    read = (e.confirms[call_id] for e in reversed(transcript) if isinstance(e, MessageEntry) and call_id in e.confirms)
    return next((text for _, text in read), "")


def asked_often(transcript: Sequence[Entry], call_id: str) -> bool:
    """Whether a call was read back in so many other words, one after the other, that it is not asked about once more."""
    read = [e.confirms[call_id][1] for e in transcript if isinstance(e, MessageEntry) and call_id in e.confirms]
    return sum(1 for _ in groupby(read)) > MOST_ASKED_AGAIN


def was_denied(transcript: Sequence[Entry], bound: str) -> bool:
    """Whether the customer's newest words begin with a plain no to this very call, whatever they ask behind it."""
    newest = [line for line in transcript if line.kind == "consent" or (line.kind == "message" and line.speaker == CUSTOMER)]
    wrote = max((n for n, line in enumerate(newest) if line.kind == "message"), default=-1)
    about = [line for line in newest[wrote + 1 :] if line.kind == "consent" and line.bound == bound]
    return bool(about) and bool(behind_no(newest[wrote].text))


def waits_for_yes(transcript: Sequence[Entry]) -> bool:
    """Whether calls were read back and the customer has not answered yet."""
    return bool(last_read_back(transcript))
