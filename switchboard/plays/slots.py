"""The values that a play needs, read from the customer's words; where they are not there, or are two, they are asked for."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from string import Formatter
from typing import Any

from switchboard.consent.choices import chosen
from switchboard.declare.moves import Say
from switchboard.declare.play import Listed, Slot
from switchboard.declare.transcript import View
from switchboard.plays.asked.days import day_of, days_in
from switchboard.plays.asked.questions import NO_DEED, asked_in
from switchboard.plays.prose import attributed, begun_large, is_prose
from switchboard.reading.languages import said as said_in
from switchboard.reading.spelling import in_a_row, spelled_as
from switchboard.reading.tongues import folded, folded_form, leans, letters, tongue_of, with_verbs
from switchboard.reading.words import TOKEN
from switchboard.search.words import terms

MOST_LISTED = 10
ANY_DAY = date(2000, 1, 1)
"""Whether words name a day is the same on whatever day they come; which it is, `day_of` says."""
SENTENCE = re.compile(r"(?<=[.!?])(\s+)")


class Ours(str):
    """A text of the project's, such as what a play calls a state; no record says it."""


class OfRecord(str):
    """A text out of a record. Prose of it is told as what the record says."""


class Template(Formatter):
    """Fills "{step.field}" from what was found, and nothing else of a value, as the team's language spells it. Fields of steps
    are a record's, and with `of_record` all are.
    """

    def __init__(self, language: str = "en", currency: str = "", *, of_record: bool = False) -> None:
        self.language, self.currency, self.of_record = language, currency, of_record

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        value = value_at(kwargs, field_name)
        return _marked(value) if self.of_record or "." in field_name else value, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec:
            return spelled_as(format_spec, value, self.language, self.currency)
        if isinstance(value, list | tuple):
            return ", ".join(map(self._word, value)) or said_in("play.none", self.language)
        return "" if value is None else self._word(value)

    def _word(self, value: Any) -> str:
        return attributed(value, self.language) if isinstance(value, OfRecord) and is_prose(value) else str(value)


def _marked(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_marked(one) for one in value]
    return OfRecord(value) if isinstance(value, str) and not isinstance(value, Ours) else value


class Whole(Template):
    """Fills a sentence where all that it names can be said, and raises `Missing` elsewhere."""

    def format_field(self, value: Any, format_spec: str) -> str:
        said = super().format_field(value, format_spec)
        is_row = any(isinstance(one, Mapping) for one in (value if isinstance(value, list | tuple) else [value]))
        if not said or is_row:
            raise Missing
        return said


class Missing(Exception):
    """A sentence names what was not found, or what is no text."""


def value_at(found: Mapping[str, Any], path: str) -> Any:
    """The value at "step.field.field"; None where there is none."""
    value: Any = found
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def filled_in(
    template: str, found: Mapping[str, Any], language: str = "en", currency: str = "", *, of_record: bool = False
) -> str:
    return Template(language, currency, of_record=of_record).vformat(template, (), found)


def told_in(
    template: str, found: Mapping[str, Any], language: str = "en", currency: str = "", *, of_record: bool = False
) -> str:
    """The sentences of a template of which all that they name was found; empty where there is none. One that leans on one
    that is left out ("It is still open.") is left out, too; where it names what was found all is empty, as nothing of that
    goes untold.
    """
    said, parts, left_out = "", [*SENTENCE.split(template), ""], False
    for sentence, mark in zip(parts[::2], parts[1::2], strict=False):
        hangs = leans(sentence, language)
        try:
            whole = Whole(language, currency, of_record=of_record).vformat(sentence, (), found)
        except Missing:
            left_out = left_out or not hangs  # what leans after it leans on the same
            continue
        if left_out and hangs:
            if "{" in sentence:
                return ""
            continue
        said, left_out = said + begun_large(whole, language) + mark, False
    return said.strip()


def in_words(found: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    """What was found, with values told in words: field -> value -> words."""
    for path, told in words.items():
        if (value := told.get(str(value_at(found, path)))) is not None:
            found = _with(found, path.split("."), Ours(value))
    return found


def _with(found: Mapping[str, Any], path: list[str], value: str) -> dict[str, Any]:
    """What was found, with another value at a path, whose fields are there."""
    name, *rest = path
    return {**found, name: _with(found[name], rest, value) if rest else value}


def all_of(listed: Listed, found: Mapping[str, Any], language: str = "en", currency: str = "") -> str | None:
    """A list as sentences name it, a line for each, up to so many; None where no step has found it, or not all that a line
    says: a list that is shorter than it is would be untrue.
    """
    rows = value_at(found, listed.of)
    if not isinstance(rows, list | tuple):
        return None
    shown = [one if isinstance(one, Mapping) else {} for one in rows[:MOST_LISTED]]
    told = [told_in(listed.label, one, language, currency, of_record=True) for one in shown]
    if not all(told):
        return None
    lines = [listed.before, *(f"- {line}" for line in told), *(["- …"] if len(rows) > MOST_LISTED else [])]
    return "\n".join(line for line in lines if line) if rows else listed.none


def value_for(
    slot: Slot,
    view: View,
    found: Mapping[str, Any],
    deeds: re.Pattern[str] = NO_DEED,
    others: Collection[str] = (),
    *,
    alone: bool = True,
) -> Any:
    """The value of a slot; a question where the words do not say it, or say several. The newest that say it count.

    Of what they leave alone ("not B-2", "keep B-2") nothing is read, and of an answer to one of `others`, the questions for
    other slots, only what names the value itself: "on the 20th" is the day that was asked for, and not which booking it is.
    A day that is not `alone`, as there are other slots that are one, is read from answers to the question for it.
    """
    if slot.date:
        return day_of(slot, view, alone=alone, others=others)
    if slot.find:
        value = slot.find(view, found)
        return Say(slot.ask, asks=True) if value is None and slot.ask else value
    listed = listed_for(slot, found)
    for words, loosely in _readings(slot, view, others).items():
        said = list(dict.fromkeys(values_in(slot, asked_in(words, deeds, view.language), listed, view.language, loosely)))
        if len(said) == 1:
            return (
                said[0]
                if not slot.among or said[0] in [one.get(slot.key) for one in listed]
                else _not_listed(slot, said[0], view.language)
            )
        if said:
            named = in_a_row([str(one) for one in said[:MOST_LISTED]], view.language)
            return Say(f"{said_in('play.several', view.language, values=named)} {slot.ask}", asks=True)
    if len(listed) == 1:
        return listed[0].get(slot.key)
    label = slot.label or f"{{{slot.key}}}"
    shown = [filled_in(label, one, view.team_language, view.currency, of_record=True) for one in listed[:MOST_LISTED]]
    return Say("\n".join([slot.ask, *(f"{n}. {one}" for n, one in enumerate(shown, 1))]), asks=True)


def _readings(slot: Slot, view: View, others: Collection[str]) -> dict[str, bool]:
    """The customer's words, newest first and then all of them, with whether words that only describe a value count in them."""
    answers = dict(zip(view.words, view.answering, strict=False))
    elsewhere = {words for words, asked in answers.items() if slot.ask not in asked and any(one in asked for one in others)}
    said = dict.fromkeys((view.latest, *reversed(view.words)), True)
    return {**{words: words not in elsewhere for words in said}, **({} if view.text in said else {view.text: not elsewhere})}


def listed_for(slot: Slot, found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a slot is one of, where it is one of a list."""
    there = value_at(found, slot.among) if slot.among else None
    return [one for one in there if isinstance(one, Mapping)] if isinstance(there, list | tuple) else []


def _not_listed(slot: Slot, value: Any, language: str) -> Say:
    return Say(f"{said_in('play.nothing_under', language, value=str(value))} {slot.ask}", asks=True)


def said_for(slot: Slot, view: View, found: Mapping[str, Any]) -> Any:
    """The one value that the newest words themselves give for a slot; None where they give none, or several."""
    if slot.date:
        newest = replace(view, words=(view.latest,), days=view.days[-1:], answering=())
        value = day_of(slot, newest, alone=True)
        return value if isinstance(value, str) else None
    if slot.find:
        return slot.find(view, found)
    words = asked_in(view.latest, NO_DEED, view.language)
    said = list(dict.fromkeys(values_in(slot, words, listed_for(slot, found), view.language)))
    return said[0] if len(said) == 1 else None


def values_in(
    slot: Slot, words: str, listed: Sequence[Mapping[str, Any]], language: str = "en", loosely: bool = True
) -> Iterable[Any]:
    """What words give for a slot: by its form, by its choices, or as one of what is listed, which they name or describe."""
    if slot.date:
        yield from (str(day) for days in days_in(words, language, ANY_DAY, slot.date) for day in days)
    given = [words[start:end] for start, end in _spans(slot.form, words, language)] if slot.form else []
    same = {str(one.get(slot.key)).casefold(): one.get(slot.key) for one in listed}
    yield from (same.get(value.casefold(), value) for value in given)
    text = with_verbs(letters(words, language), language) if tongue_of(language) else words
    yield from (value for value, form in slot.choices.items() if _form(rf"\b(?:{form})", language).search(text))
    if not given:
        yield from _listed_in(slot, words, listed, language, loosely)


def _form(form: str, language: str) -> re.Pattern[str]:
    return folded_form(form, language) if tongue_of(language) else re.compile(form, re.IGNORECASE)


def _spans(form: str, words: str, language: str) -> Iterable[tuple[int, int]]:
    """Where values stand in words: the first group of the form that is there, or else all of it."""
    read = folded(words, language) if tongue_of(language) else None
    for match in _form(form, language).finditer(read.text if read else words):
        start, end = match.span(next((n for n, group in enumerate(match.groups(), 1) if group is not None), 0))
        yield (read.places[start], read.places[end]) if read else (start, end)


def telling(text: str, language: str) -> frozenset[str]:
    """The words of a text that tell one thing from another."""
    tongue = tongue_of(language)
    found = frozenset(terms(letters(text, language)))
    return found - tongue.small if tongue else found


def _listed_in(slot: Slot, words: str, listed: Sequence[Mapping[str, Any]], language: str, loosely: bool) -> Iterable[Any]:
    """Those of a list that words name: by their key, by a place in the list, or by words that no other's label has. Who says a
    number that is in no label, such as another day, means none of them.
    """
    if by_key := [one.get(slot.key) for one in listed if is_said(str(one.get(slot.key)), words)]:
        return by_key
    if not loosely:
        return []
    labels = [telling(filled_in(slot.label or "", one, language), language) for one in listed]
    places = chosen([m[0].lower() for m in TOKEN.finditer(words)], frozenset(), labels) if len(listed) > 1 else None
    if places:
        return [listed[place - 1].get(slot.key) for place in sorted(places)]
    said = telling(words, language)
    known = frozenset().union(*labels)
    of_keys = {word for one in listed for word in terms(str(one.get(slot.key)))}
    if any(map(str.isdecimal, known - of_keys)) and any(map(str.isdecimal, said - known)):
        return []
    most = max((len(said & label) for label in labels), default=0)
    best = [one.get(slot.key) for one, label in zip(listed, labels, strict=True) if len(said & label) == most > 0]
    return best if len(best) == 1 else []


def is_said(value: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", words, re.IGNORECASE))
