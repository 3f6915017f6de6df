"""How a value of a result is spelled in a sentence: amounts, dates and times, and several things in a row."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from switchboard.declare.play import DATE, MONEY, TIME, UNITS, WEEKDAY
from switchboard.money import cents_of_units, spelled
from switchboard.reading.languages import OURS, languages

NOON = 12


def spelled_as(form: str, value: Any, language: str, currency: str = "") -> str:
    """A value in one of the forms of a template, as a language spells it; empty of what has no such form."""
    if form == MONEY:
        return spelled(value, language, currency) if isinstance(value, int) and not isinstance(value, bool) else ""
    if form == UNITS:
        whole = cents_of_units(value, currency)
        return "" if whole is None else spelled(whole, language, currency)
    try:
        return {DATE: _date, WEEKDAY: _weekday, TIME: _time}[form](str(value), _words(language))
    except ValueError:
        return ""


def in_a_row(values: Sequence[str], language: str) -> str:
    """ "Monday, Tuesday and Friday"."""
    *first, last = values
    return f"{', '.join(first)} {_words(language)['and']} {last}" if first else last


def hours_spelled(spans: Sequence[tuple[int, str]], zone: str, language: str) -> str:
    """When people answer, by weekday (0 is Monday): "Monday to Thursday 09:00–18:00, Friday 09:00–16:00 (Europe/Berlin)"."""
    names, parts = _words(language)["weekdays"].split(), list[tuple[int, int, str]]()
    for day, span in spans:
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == span:
            parts[-1] = (parts[-1][0], day, span)
        else:
            parts.append((day, day, span))
    to = _words(language)["to"]
    told = [f"{names[first]}{f' {to} {names[last]}' if last > first else ''} {span}" for first, last, span in parts]
    return f"{', '.join(told).replace('-', '–')} ({zone})"


def _words(language: str) -> Any:
    return (languages().get(language) or languages()[OURS]).spelling or languages()[OURS].spelling


def _date(value: str, words: Any) -> str:
    day = date.fromisoformat(value[:10])
    month = words["months"].split()[day.month - 1]
    number = words["first"] if day.day == 1 else str(day.day)
    return str(words["date"].format(day=number, month=month, year=day.year))


def _weekday(value: str, words: Any) -> str:
    named = words["weekdays"].split()[date.fromisoformat(value[:10]).weekday()]
    return str(words["weekday"].format(weekday=named, date=_date(value, words)))


def _time(value: str, words: Any) -> str:
    """The time of day as it is written, in whatever zone that is."""
    at = datetime.fromisoformat(value).time() if "-" in value[:8] else time.fromisoformat(value)
    half, hour12 = ("pm" if at.hour >= NOON else "am"), (at.hour - 1) % NOON + 1
    return str(words["time"].format(hour=at.hour, minute=f"{at.minute:02d}", hour12=hour12, half=half))
