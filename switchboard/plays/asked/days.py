"""Days that words name ("tomorrow", "next Monday", "5 March"), as they stand to the day on which the words came, and no clock.

What may be one of two days has both; what is no exact day ("before Friday", "every Monday") is none. The words of each language
are in `[days]` of its file, in folded letters.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from itertools import zip_longest

from switchboard.consent.choices import chosen
from switchboard.declare.moves import Say
from switchboard.declare.play import FUTURE, PAST, WEEKDAY, Slot
from switchboard.declare.transcript import View
from switchboard.plays.asked.questions import NO_DEED, asked_in
from switchboard.reading.languages import OURS, SPOKEN, languages, said
from switchboard.reading.spelling import in_a_row, spelled_as
from switchboard.reading.tongues import folded
from switchboard.reading.words import TOKEN

LOOKED_AT, BEFORE = 2_000, 24
"""Characters of a message that are read, and those before a day in which something may say that it is no exact one."""
WEEK, YEARS, CENTURY, MONTHS, LATELY = 7, 9, 2000, 12, 31
"""`LATELY`: within so many days a date without a year is of this one, though it is past."""
CLAUSE = re.compile(r"[.,;:!?\n]|\b(?:and|but|und|aber|sondern|et|mais|y|pero|sino)\b")
Days = tuple[date, ...]
"""One day, two where it is not plain which, none where it cannot be said."""
Reader = Callable[[re.Match[str]], Days]


@dataclass(frozen=True)
class Forms:
    """How a language names days. `open` stands before what is no exact day, `habit` before a weekday that is none, `beyond`
    behind one that is a later one, and `denied` in a clause whose day is not meant.
    """

    dates: tuple[re.Pattern[str], ...]
    near: tuple[tuple[re.Pattern[str], int], ...]
    in_days: re.Pattern[str]
    in_weeks: re.Pattern[str]
    weekday: re.Pattern[str]
    open: re.Pattern[str]
    denied: re.Pattern[str]
    habit: re.Pattern[str]
    weekdays: tuple[str, ...]
    months: dict[str, int]


@cache
def forms_of(language: str) -> Forms:
    code = language if language in SPOKEN else OURS
    words, own = languages()[code].spelling, languages()[code].days
    weekdays = tuple(folded(one, code).text for one in words["weekdays"].split())
    names = [folded(one, code).text for one in words["months"].split()]
    short = {name[:3]: n for n, name in enumerate(names, 1) if [one[:3] for one in names].count(name[:3]) == 1}
    months = {**short, **dict(zip(names, range(1, MONTHS + 1), strict=True))}
    month, day = "|".join(sorted(months, key=len, reverse=True)), "|".join(weekdays)
    named = rf"(?:\b(?P<w>{day}),? (?:(?:{own['the']}) )?)?"
    number, year = r"(?<![\d.,/-])(?P<d>\d{1,2})", r"(?:,? (?:del? )?(?P<y>\d{4})\b)?"
    ends = r"(?=\s{0,3}(?:$|[,;.!?)\n]|[a-z]{2,8}\b(?<!people)))"
    dates = [
        r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])",
        rf"{named}{number}(?:st|nd|rd|th|er|\.)?(?: (?:of|de))? ?(?P<m>{month})\b\.?{year}",
        rf"{named}{number}\.\s?(?P<m>\d{{1,2}})\.(?:\s?(?P<y>\d{{4}}|\d\d)\b)?(?!\d)",
        rf"{named}{number}/(?P<m>\d{{1,2}})/(?P<y>\d{{4}}|\d\d)\b",
    ]
    if code == OURS:
        dates.append(rf"{named}\b(?P<m>{month})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b{year}{ends}")
    before = rf"(?:(?P<next>{own['next']})|(?P<this>{own['this']})|(?P<last>{own['last']}))"
    behind = rf"(?:(?P<week>{own['week']})|(?P<beyond>{own['beyond']})|{before.replace('?P<', '?P<b_')})"
    return Forms(
        tuple(map(re.compile, dates)),
        tuple((re.compile(rf"\b(?:{own[name]})\b"), n) for name, n in (("after", 2), ("tomorrow", 1), ("today", 0))),
        re.compile(rf"\b(?:{own['in_days']})\b"),
        re.compile(rf"\b(?:{own['in_weeks']})\b"),
        re.compile(rf"(?:\b{before} )?\b(?P<w>{day})\b(?:,? {behind}\b)?"),
        re.compile(rf"(?:^|\W)(?:{own['open']})\W{{1,3}}(?:(?:{own['the']})\W{{1,3}})?$"),
        re.compile(rf"(?<!\w)(?:{own['denied']})(?!\w)"),
        re.compile(rf"(?:^|\W)(?:{own['habit']})\W{{1,3}}$"),
        weekdays,
        months,
    )


def days_in(text: str, language: str, came: date | None, mode: str = FUTURE) -> list[Days]:
    """The days that a text names which came on that day, each once. Without that day none but those in full can be said."""
    forms, read = forms_of(language), folded(text[:LOOKED_AT], language).text
    found: list[Days] = []
    for form, days in _readers(forms, language, came, mode):
        for match in form.finditer(read):
            before = read[max(0, match.start() - BEFORE) : match.start()]
            if form is not forms.weekday or not forms.habit.search(before):
                is_none = forms.open.search(before) or forms.denied.search(_clause(read, match))
                found.append(() if is_none else days(match))
        read = form.sub(lambda match: "." * len(match[0]), read)
    return list(dict.fromkeys(one for one in found if one)) or found[:1]


def _clause(text: str, day: re.Match[str]) -> str:
    """The clause in which a day stands."""
    before, behind = text[: day.start()], text[day.end() :]
    return f"{CLAUSE.split(before)[-1]} {CLAUSE.split(behind, maxsplit=1)[0]}"


def _readers(forms: Forms, language: str, came: date | None, mode: str) -> Iterator[tuple[re.Pattern[str], Reader]]:
    """Each form of a day, in the order in which they are looked for, with what gives the days of a match."""

    def ahead(number: int) -> Days:
        return (came + timedelta(number),) if came else ()

    for form in forms.dates:
        yield form, lambda match: _dated(match, forms, language, came, mode)
    for form, number in forms.near:
        yield form, lambda _, number=number: ahead(number)  # type: ignore[misc]
    for form, each in ((forms.in_days, 1), (forms.in_weeks, WEEK)):
        yield form, lambda match, each=each: ahead(each * _count(match))  # type: ignore[misc]
    yield forms.weekday, lambda match: _weekday(match, forms, came, mode)


def _count(match: re.Match[str]) -> int:
    return int(next((group for group in match.groups() if group), 1))


def _dated(match: re.Match[str], forms: Forms, language: str, came: date | None, mode: str) -> Days:
    """The day of a date; without a year the nearest one. Where its weekday is another it is none, and in English 3/4 is two."""
    given = match.groupdict()
    day, month = int(given["d"]), forms.months.get(given["m"]) or int(given["m"])
    orders = [(day, month), (month, day)] if language == OURS and "/" in match[0] and day != month else [(day, month)]
    years = [int(given["y"]) + (CENTURY if len(given["y"]) == 2 else 0)] if given["y"] else _years(came, mode)
    days: list[date] = []
    for in_order in orders:
        made = [one for year in years if (one := _made(year, *in_order)) and (given["y"] or _fits(one, came, mode))]
        days += made[:1]
    wanted = given.get("w")
    return tuple(one for one in days if not wanted or forms.weekdays[one.weekday()] == wanted)


def _years(came: date | None, mode: str) -> Sequence[int]:
    if came is None:
        return ()
    return range(came.year, came.year - YEARS, -1) if mode == PAST else range(came.year, came.year + YEARS)


def _fits(day: date, came: date | None, mode: str) -> bool:
    return came is None or (day <= came if mode == PAST else day >= came - timedelta(LATELY))


def _made(year: int, day: int, month: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(match: re.Match[str], forms: Forms, came: date | None, mode: str) -> Days:
    """The day of a weekday: the nearest one. Said on that very weekday it is today or in a week, and "next" one that is still
    in this week, from Monday, may be the one in a week.
    """
    given = {name for name, value in match.groupdict().items() if value}
    if came is None or "beyond" in given:
        return ()
    ahead = (forms.weekdays.index(match["w"]) - came.weekday()) % WEEK
    if "week" in given:
        return (came + timedelta(WEEK - came.weekday() + forms.weekdays.index(match["w"])),)
    if given & {"last", "b_last"} or mode == PAST:
        back = came - timedelta((WEEK - ahead) % WEEK or WEEK)
        return (back,) if ahead or given & {"last", "b_last"} else (came, back)
    near = came + timedelta(ahead or WEEK)
    if given & {"next", "b_next"}:
        return (near, near + timedelta(WEEK)) if ahead and came.weekday() + ahead < WEEK else (near,)
    return (near,) if ahead else (came, near)


def day_of(slot: Slot, view: View, *, alone: bool, others: Collection[str] = ()) -> str | Say:
    """The day that the customer gives for a slot, as 2031-03-05; a question where they give none, several, or one that may be
    two, or is not where it must be. The newest words that name one count; where the slot is not `alone` in being a day only
    those that answer its own question, and never those that answer one of `others`.
    """
    asks = partial(Say, asks=True)
    spelled = partial(spelled_as, WEEKDAY, language=view.language)
    said_ = list(reversed(list(zip_longest(view.words or (view.latest,), view.days, view.answering, fillvalue=None))))
    for n, (words, came, asked) in enumerate(said_):
        mine = slot.ask in (asked or "")
        if not mine and (not alone or any(one in (asked or "") for one in others)):
            continue
        found = days_in(asked_in(words or "", NO_DEED, view.language), view.language, came, slot.date)
        if len(found) > 1:
            named = in_a_row([" / ".join(spelled(str(day)) for day in days) or "?" for days in found], view.language)
            return asks(f"{said('play.several', view.language, values=named)} {slot.ask}")
        if not found:
            continue
        days = found[0] if len(found[0]) == 1 else _picked(found[0], [words or "" for words, _, _ in said_[:n]])
        if not days:
            return asks(slot.ask)
        if len(days) > 1:
            one, two = (spelled(str(day)) for day in days)
            return asks(said("play.which_day", view.language, one=one, two=two))
        today = next((one for one in reversed(view.days) if one), None)
        if today and slot.date in (FUTURE, PAST) and days[0] != today and (days[0] < today) == (slot.date == FUTURE):
            wrong = said(f"play.not_{slot.date}", view.language, value=spelled(str(days[0])))
            return asks(f"{wrong} {slot.ask}")
        return str(days[0])
    return asks(slot.ask)


def _picked(days: Days, answers: Sequence[str]) -> Days:
    """Which of two days answers choose, the newest first: by its number, or its place."""
    for words in answers:
        tokens = [match[0].lower() for match in TOKEN.finditer(words)]
        numbers = {int(number) for number in re.findall(r"\d{1,2}", words)}
        by_number = tuple(day for day in days if day.day in numbers)
        places = chosen(tokens, frozenset(), [frozenset()] * len(days)) or frozenset()
        by_place = tuple(days[place - 1] for place in sorted(places))
        if picked := next((one for one in (by_number, by_place) if len(one) == 1), None):
            return picked
    return days
