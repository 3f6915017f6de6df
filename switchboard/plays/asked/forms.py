"""How a language names days: the `[days]` of its file, compiled. All of it is looked for in folded letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from switchboard.reading.languages import OURS, SPOKEN, languages
from switchboard.reading.tongues import folded

MONTHS = 12


@dataclass(frozen=True)
class Forms:
    """The forms of days: dates, days near to that of the words, spans from it, and weekdays."""

    dates: tuple[re.Pattern[str], ...]
    near: tuple[tuple[re.Pattern[str], int], ...]
    spans: tuple[tuple[re.Pattern[str], int], ...]
    weekday: re.Pattern[str]
    weekdays: tuple[str, ...]
    months: dict[str, int]


def words_of_days(language: str) -> Mapping[str, str]:
    """The `[days]` of a language; of one that has none those of English."""
    return languages()[language if language in SPOKEN else OURS].days


def months_of(language: str) -> dict[str, int]:
    """The names of the months and how they begin, with their numbers."""
    code = language if language in SPOKEN else OURS
    names = [folded(one, code).text for one in languages()[code].spelling["months"].split()]
    short = {name[:3]: n for n, name in enumerate(names, 1) if [one[:3] for one in names].count(name[:3]) == 1}
    return {**short, **dict(zip(names, range(1, MONTHS + 1), strict=True))}


@cache
def forms_of(language: str) -> Forms:
    code = language if language in SPOKEN else OURS
    own, months = words_of_days(code), months_of(code)
    weekdays = tuple(folded(one, code).text for one in languages()[code].spelling["weekdays"].split())
    month, day = "|".join(sorted(months, key=len, reverse=True)), "|".join(weekdays)
    named = rf"(?:\b(?P<w>{day}),? (?:(?:{own['the']}) )?)?"
    nth, year = rf"(?:{own['nth']}|\.)?", rf"(?:,? (?:(?:{own['of']}) )?(?P<y>\d{{4}})\b)?"
    number, any_number = r"(?:(?<![\d.,/-])|(?<=\d\.[/-]))(?P<d>\d{1,2})", r"(?<!\d)(?P<d>\d{1,2})"
    ends = rf"(?=\s{{0,3}}(?:$|[,;.!?)\n]|(?!(?:{own['unit']})\b)[a-z]{{2,8}}\b))"
    dates = [
        r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])",
        rf"{named}{any_number}{nth}(?: (?:{own['of']}))? ?(?P<m>{month})\b\.?{year}",
        rf"{named}{number}\.\s?(?P<m>\d{{1,2}})\.(?:\s?(?P<y>\d{{4}}|\d\d)\b)?(?!\d)",
        rf"{named}{number}/(?P<m>\d{{1,2}})/(?P<y>\d{{4}}|\d\d)\b",
    ]
    if code == OURS:
        dates.append(rf"{named}\b(?P<m>{month})\.? (?:the )?(?P<d>\d{{1,2}})(?:{own['nth']})?\b{year}{ends}")
    before = rf"(?:(?P<next>{own['next']})|(?P<this>{own['this']})|(?P<last>{own['last']}))"
    behind = rf"(?:(?P<week>{own['week']})|(?P<beyond>{own['beyond']})|{before.replace('?P<', '?P<b_')})"
    first = rf"(?:\b(?P<a_week>{own['week']}),? (?:(?:{own['the']}) )?)?"
    return Forms(
        tuple(map(re.compile, dates)),
        tuple((re.compile(rf"\b(?:{own[name]})\b"), n) for name, n in (("after", 2), ("tomorrow", 1), ("today", 0))),
        tuple((re.compile(rf"\b(?:{own[name]})\b"), n) for name, n in (("in_days", 1), ("in_weeks", 7))),
        re.compile(rf"{first}(?:\b{before} )?\b(?P<w>{day})\b(?:,? {behind}\b)?"),
        weekdays,
        months,
    )
