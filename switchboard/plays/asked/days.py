"""Days that words name ("tomorrow", "next Monday", "5 March"), as they stand to the day on which the words came, and no clock.

What may be one of two days has both; what is no exact day ("before Friday", "every Monday") is none. The words of each language
are in `[days]` of its file, in folded letters.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import zip_longest

from switchboard.consent.choices import chosen
from switchboard.declare.moves import Say
from switchboard.declare.play import FUTURE, PAST, WEEKDAY, Slot
from switchboard.declare.transcript import View
from switchboard.plays.asked.around import DAY, Meant, is_habit, listed_before, meant_at
from switchboard.plays.asked.forms import Forms, forms_of
from switchboard.plays.asked.questions import NO_DEED, asked_in
from switchboard.reading.languages import OURS, said
from switchboard.reading.spelling import in_a_row, spelled_as
from switchboard.reading.tongues import folded
from switchboard.reading.words import TOKEN

LOOKED_AT = 2_000
"""Characters of a message that are read."""
WEEK, YEARS, CENTURY, LATELY = 7, 9, 2000, 31
"""`LATELY`: within so many days a date without a year is of this one, though it is past."""
Days = tuple[date, ...]
"""One day, two where it is not plain which, none where it cannot be said."""
Reader = Callable[[re.Match[str]], Days]


def days_in(text: str, language: str, came: date | None, mode: str = FUTURE) -> list[Days]:
    """The days that a text names which came on that day, each once. Without that day none but those in full can be said.

    One that is ruled out does not count beside others; of one that may be changed by what stands around it nothing is sure.
    """
    forms, read = forms_of(language), folded(text[:LOOKED_AT], language).text
    found: list[tuple[int, int, str, Days, re.Match[str]]] = []
    for kind, form, days in _readers(forms, language, came, mode):
        matches = [one for one in form.finditer(read) if kind != "weekday" or not is_habit(read, one.start(), language)]
        found += [(*one.span(), kind, days(one), one) for one in matches]
        read = form.sub(lambda match: DAY * len(match[0]), read)
    sure, unclear = list[Days](), False
    for start, end, kind, those, match in sorted(found, key=lambda one: one[:2]):
        before = list(listed_before(read, start, language)) if kind == "date" else []
        start = before[-1][1] if before else start
        meant = meant_at(read, start, end, kind, language, is_later=mode == FUTURE)
        if meant in (Meant.SURE, Meant.ONE_OF):
            sure += [_dated(match, forms, language, came, mode, number) for number, _ in reversed(before)] + [those]
        unclear = unclear or meant in (Meant.UNCLEAR, Meant.ONE_OF)
    several = list(dict.fromkeys(one for one in sure if one))
    return several if several and not (unclear and len(several) == 1) else [()] if found else []


def _readers(forms: Forms, language: str, came: date | None, mode: str) -> Iterator[tuple[str, re.Pattern[str], Reader]]:
    """Each form of a day, in the order in which they are looked for, with its kind and what gives the days of a match."""

    def ahead(number: int) -> Days:
        return (came + timedelta(number),) if came else ()

    for form in forms.dates:
        yield "date", form, lambda match: _dated(match, forms, language, came, mode)
    for form, number in forms.near:
        yield "near", form, lambda _, number=number: ahead(number)  # type: ignore[misc]
    for form, each in forms.spans:
        yield "span", form, lambda match, each=each: ahead(each * _count(match))  # type: ignore[misc]
    yield "weekday", forms.weekday, lambda match: _weekday(match, forms, came, mode)


def _count(match: re.Match[str]) -> int:
    return int(next((group for group in match.groups() if group), 1))


def _dated(match: re.Match[str], forms: Forms, language: str, came: date | None, mode: str, other: int = 0) -> Days:
    """The day of a date, or the `other` one of its month; without a year the nearest one. Where its weekday is another it is
    none, and in English 3/4 is two.
    """
    given = match.groupdict()
    day, month = other or int(given["d"]), forms.months.get(given["m"]) or int(given["m"])
    orders = [(day, month), (month, day)] if language == OURS and "/" in match[0] and day != month else [(day, month)]
    years = [int(given["y"]) + (CENTURY if len(given["y"]) == 2 else 0)] if given["y"] else _years(came, mode)
    days: list[date] = []
    for in_order in orders:
        made = [one for year in years if (one := _made(year, *in_order)) and (given["y"] or _fits(one, came, mode))]
        days += made[:1]
    wanted = None if other else given.get("w")
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
    if given & {"week", "a_week"}:
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
        numbers = {int(number) for number in re.findall(r"(?<![\w#:.,-])\d{1,2}(?![\d:])", words)}
        by_number = tuple(day for day in days if day.day in numbers)
        places = chosen(tokens, frozenset(), [frozenset()] * len(days)) or frozenset()
        by_place = tuple(days[place - 1] for place in sorted(places))
        if picked := next((one for one in (by_number, by_place) if len(one) == 1), None):
            return picked
    return days
