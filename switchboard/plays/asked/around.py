"""What stands around a day: whether it is meant as it stands there.

A day counts only where everything beside it that could change it is understood: "before Friday" and "not Friday" name no exact
day, and of "the first Friday in March" or "Friday or so" nobody knows which it is, so that it is asked for. The words are
those of `[days]` in the language's file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from switchboard.plays.asked.forms import months_of, words_of_days

DAY = "\ua66e"
"""A letter that nobody writes, in the place of each letter of a day that was read."""
BESIDE, MOST_IN_LIST = 40, 8
"""Characters before a day that are looked at, and numbers before a date that have its month."""
SENTENCE = re.compile(r"[.!?;\n]")


class Meant(Enum):
    """How a day is meant: as it stands, as one of several, not (which rules it out, and no other one), or nobody knows."""

    SURE, ONE_OF, NOT, UNCLEAR = range(4)


@dataclass(frozen=True)
class Around:
    """The forms of what stands around a day: behind and before it, in its clause, and in its sentence."""

    open: re.Pattern[str]
    habit: re.Pattern[str]
    not_meant: re.Pattern[str]
    clause: re.Pattern[str]
    left_over: re.Pattern[str]
    or_before: re.Pattern[str]
    or_behind: re.Pattern[str]
    before: re.Pattern[str]
    before_date: re.Pattern[str]
    before_weekday: re.Pattern[str]
    since: re.Pattern[str]
    behind: re.Pattern[str]
    behind_date: re.Pattern[str]
    behind_span: re.Pattern[str]
    behind_weekday: re.Pattern[str]
    listed: re.Pattern[str]


@cache
def around_of(language: str) -> Around:
    own, months = words_of_days(language), months_of(language)
    the, both, to = rf"(?:(?:{own['the']}) )?", rf"{own['and']}|{own['or']}", own["to"]
    number = rf"\d{{1,2}}(?!\d)(?:{own['nth']}|\.)?"
    bare = rf"\d{{1,2}}(?!\d)(?![.:h]\d| ?(?:{own['unit']})(?!\w))"
    one = rf"(?<![\w#:.,/-]){number}"
    names = "|".join(name for name in months if len(name) > 3)
    hour = rf"(?!\W{{1,3}}(?:{own['time']}|\d{{1,2}}(?!\d|(?:{own['nth']})(?!\w))))"
    behind = rf"(?:{own['beyond']})(?!\w)|(?:{own['behind']})(?!\w){hour}"
    return Around(
        open=re.compile(rf"(?:^|\W)(?:{own['open']})\W{{1,3}}(?:(?:{own['the']})\W{{1,3}})?$"),
        habit=re.compile(rf"(?:^|\W)(?:{own['habit']})\W{{1,3}}$"),
        not_meant=re.compile(rf"(?<!\w)(?:{own['denied']}|{own['bound']})(?!\w)"),
        clause=re.compile(rf"[.,;:!?\n{DAY}]|\b(?:{own['and']}|{own['but']})\b"),
        left_over=re.compile(rf"(?<!\w)(?:{names}|{own['period']}|(?:{own['in']})[ -](?:{'|'.join(months)}))(?!\w)"),
        or_before=re.compile(rf"(?:^|\W)(?:{own['or']})\W{{1,3}}{the}{the}$"),
        or_behind=re.compile(rf"\W{{0,3}}(?:(?:{own['or']})(?!\w)|(?:{own['open']}|{to})\W{{1,3}}{the}{the}{DAY})"),
        before=re.compile(r"[\w#][-/.–]$"),
        before_date=re.compile(rf"{one} ?(?:[-–—]|\b(?:{to})\b) ?{the}{the}$"),
        before_weekday=re.compile(
            rf"(?:^|\W)(?:{own['number']}|{one}) $|\d(?:{own['nth']}),? (?:(?:{own['and']}|{to}) )?{the}{the}$"
        ),
        since=re.compile(rf"(?:^|\W)(?:{own['from']})\W{{1,3}}{the}$"),
        behind=re.compile(rf"\W{{0,3}}(?:{behind})| ?(?:[-–/&+]|(?:{own['and']}|{to})(?!\w)) ?{the}{bare}"),
        behind_date=re.compile(rf",? ?{number} ?(?:[,/&–-]|(?:{both}|{to})\b)"),
        behind_span=re.compile(rf",? (?:{both}) (?:{own['number']}|{own['habit']})(?!\w)"),
        behind_weekday=re.compile(rf",? {the}{bare}"),
        listed=re.compile(rf"(?<![\w.,:#/-])(\d{{1,2}})(?:{own['nth']}|\.)?(?: ?[,/&+] ?| (?:{both}) ){the}{the}$"),
    )


def is_habit(text: str, start: int, language: str) -> bool:
    """Whether a weekday is that of every week."""
    return bool(around_of(language).habit.search(text[max(0, start - BESIDE) : start]))


def listed_before(text: str, start: int, language: str) -> Iterator[tuple[int, int]]:
    """The numbers before a date that are days of its month, the nearest first, each with where it stands: "5, 6 or 7 March"."""
    for _ in range(MOST_IN_LIST):
        found = around_of(language).listed.search(text[max(0, start - BESIDE) : start])
        if not found:
            return
        start = max(0, start - BESIDE) + found.start()
        yield int(found[1]), start


def meant_at(text: str, start: int, end: int, kind: str, language: str, *, is_later: bool) -> Meant:
    """How a day is meant that stands at text[start:end], where all days are `DAY`. Its `kind` is date, near, span or weekday;
    one that `is_later` than the words is none "from" which something is moved.
    """
    forms = around_of(language)
    before, behind = text[max(0, start - BESIDE) : start], text[end:]
    clause = f"{forms.clause.split(text[:start])[-1]} {forms.clause.split(behind, maxsplit=1)[0]}"
    if forms.open.search(before) or forms.not_meant.search(clause):
        return Meant.NOT
    sentence = f"{SENTENCE.split(text[:start])[-1]} {SENTENCE.split(behind, maxsplit=1)[0]}"
    unclear = (
        forms.before.search(before),
        forms.behind.match(behind),
        forms.left_over.search(sentence),
        is_later and forms.since.search(before),
        kind == "date" and (forms.before_date.search(before) or forms.behind_date.match(behind)),
        kind == "span" and forms.behind_span.match(behind),
        kind == "weekday" and (forms.before_weekday.search(before) or forms.behind_weekday.match(behind)),
    )
    if any(unclear):
        return Meant.UNCLEAR
    return Meant.ONE_OF if forms.or_before.search(before) or forms.or_behind.match(behind) else Meant.SURE
