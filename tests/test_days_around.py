"""What stands around a day: what may change it leaves no day sure, and what changes nothing is let be."""

from datetime import date
from itertools import product

import pytest

from switchboard.plays.asked.days import days_in

SATURDAY = date(2026, 11, 28)
NAMES = {
    "en": ("Thursday", "9 April", "tomorrow"),
    "de": ("Donnerstag", "9. April", "morgen"),
    "fr": ("jeudi", "9 avril", "demain"),
    "es": ("jueves", "9 de abril", "mañana"),
}
WEEKDAYS, DATES, NEAR = (
    {language: (names[n], day) for language, names in NAMES.items()}
    for n, day in enumerate((date(2026, 12, 3), date(2027, 4, 9), date(2026, 11, 29)))
)
Frames = dict[str, tuple[str, ...]]
Days = dict[str, tuple[str, date]]
CHANGES = {
    "en": (
        "before {}", "the week after {}", "by {}", "until {}", "no later than {}", "two days past {}", "except {}",
        "instead of {}", "any day but {}", "not {}", "around {}", "within a week of {}", "at the latest on {}",
        "starting {}", "the week of {}", "8 days after {}", "a fortnight from {}", "or {}", "{} or later", "{} or so",
        "{} or another day", "{} at the latest", "{} at the earliest", "{} onwards", "{} week", "{} in two weeks",
        "{} plus 3", "{} of next month", "{} of next year", "{} in early autumn, in May", "{} or the 17th",
        "{} and the 17th", "{} to the 17th", "{}-17", "{} or 17", "in March, {}", "{} I am away",
        "{} in the second week of June", "8 days before {}", "next month, {}", "a fortnight on {}", "in week 17, {}",
    ),
    "de": (
        "vor {}", "bis {}", "nach {}", "bis spätestens {}", "zwei Tage nach {}", "außer {}", "statt {}", "nicht {}",
        "ab {}", "um den {}", "circa {}", "seit {}", "oder {}", "{} oder später", "{} oder so", "{} spätestens",
        "{} in acht Tagen", "{} in vierzehn Tagen", "{} oder am 17.", "{} und am 17.", "{} bis 17.", "{} des Monats",
        "im März, {}", "nächsten Monat, {}", "{} nach Ostern", "{} vor einer Woche", "{} frühestens",
        "{} bin ich verhindert", "von {}", "übernächste Woche {}", "in KW 17, {}",
    ),
    "fr": (
        "avant {}", "d'ici {}", "jusqu'à {}", "la veille de {}", "sauf {}", "au lieu de {}", "pas {}", "vers {}",
        "au plus tard {}", "à partir de {}", "ou {}", "{} ou plus tard", "{} au plus tard", "{} au plus tôt",
        "{} en huit", "{} en quinze", "{} dans deux semaines", "{} ou le 17", "{} et le 17", "{} au 17", "en mars, {}",
        "le mois prochain, {}", "{} du mois", "{} avant Noël", "{} suivant", "depuis {}", "environ {}",
        "{} je suis absent",
    ),
    "es": (
        "antes de {}", "después de {}", "hasta {}", "desde {}", "sobre {}", "salvo {}", "en lugar de {}", "no {}",
        "a más tardar {}", "como muy tarde {}", "o {}", "{} o más tarde", "{} a más tardar", "{} como muy tarde",
        "{} en ocho", "{} en quince", "{} en dos semanas", "{} o el 17", "{} y el 17", "{} al 17", "en marzo, {}",
        "el mes que viene, {}", "{} del mes", "{} siguiente", "la víspera de {}", "{} en adelante",
        "{} antes de Navidad", "alrededor de {}",
    ),
}  # fmt: skip
OF_WEEKDAYS = {
    "en": (
        "first {}", "the second {}", "3rd {}", "every {}", "every other {}", "{} after 9 April", "{} before Christmas",
        "{} after next", "{} in May", "{} of June", "the 17th, {}", "{} the 17th", "{}, 17", "{} 17 please",
        "last {} of March",
    ),
    "de": (
        "erster {}", "am zweiten {}", "jeden zweiten {}", "{} nach dem 9. April", "{} vor Weihnachten", "{} im Mai",
        "{}, den 17.", "übernächster {}", "jeden {}",
    ),
    "fr": (
        "après {}", "premier {}", "deuxième {}", "chaque {}", "{} après le 9 avril", "{} avant Pâques", "{} de mai",
        "{} 17", "tous les {}",
    ),
    "es": (
        "primer {}", "segundo {}", "cada {}", "cada dos {}", "{} después del 9 de abril", "{} de mayo", "{} 17",
        "los {}",
    ),
}  # fmt: skip
OF_DATES = {
    "en": (
        "5 or {}", "5 and {}", "the 5th or the {}", "5 to {}", "from 5 until {}", "between 5 and {}", "5-{}", "5/{}",
        "3, 5 or {}",
    ),
    "de": (
        "5. oder {}", "5. und am {}", "5. bis {}", "5.-{}", "5./{}", "vom 5. bis zum {}", "3., 5. oder {}",
    ),
    "fr": (
        "5 ou {}", "le 5 et le {}", "du 5 au {}", "5-{}", "5/{}",
    ),
    "es": (
        "5 o {}", "el 5 y el {}", "del 5 al {}", "5-{}", "5/{}",
    ),
}  # fmt: skip
LET_BE = {
    "en": (
        "{} please", "on {} at noon", "{} after 5 pm", "{} before lunch", "{} at 10", "{} in the morning",
        "{}, 4 people", "my friends can come on {}", "booking B-12 to {}", "{} and tell me the price", "if possible {}",
        "{}, 10:30",
    ),
    "de": (
        "{} bitte", "{} um 10 Uhr", "{} nach 17 Uhr", "{} vor dem Mittag", "Buchung B-12 auf {}",
        "{} für vier Personen", "{} und danke",
    ),
    "fr": (
        "{} à 10 h", "{} après 17 h", "{} avant midi", "{} matin", "la réservation B-12 à {}",
        "{} pour quatre personnes", "{} et merci",
    ),
    "es": (
        "{} a las 10", "{} después de las 5", "{} por la tarde", "{} antes de comer", "la reserva B-12 a {}",
        "{} para cuatro personas",
    ),
}  # fmt: skip


WITHIN = {
    "en": "My name is Ada. Can we meet {} please? Thank you.",
    "de": "Ich heiße Ada. Geht es {} bitte? Danke.",
    "fr": "Je suis Ada. Est-ce possible {} svp ? Merci.",
    "es": "Soy Ada. ¿Puede ser {} por favor? Gracias.",
}


def put(frames: Frames, *days: Days) -> list[tuple[str, str, date]]:
    """Each of the days in each frame of its language, with the day that it is."""
    return [
        (name, frame.format(of[name][0]), of[name][1]) for name, given in frames.items() for frame, of in product(given, days)
    ]


@pytest.mark.parametrize(
    ("language", "words", "day"),
    [*put(CHANGES, WEEKDAYS, DATES, NEAR), *put(OF_WEEKDAYS, WEEKDAYS), *put(OF_DATES, DATES)],
)
def test_what_may_change_a_day_leaves_no_day_sure(language: str, words: str, day: date) -> None:
    for said in (words, WITHIN[language].format(words)):
        found = days_in(said, language, SATURDAY)
        assert len(found) != 1 or len(found[0]) != 1


@pytest.mark.parametrize(("language", "words", "day"), put(LET_BE, WEEKDAYS, DATES, NEAR))
def test_what_changes_no_day_is_let_be(language: str, words: str, day: date) -> None:
    for said in (words, WITHIN[language].format(words)):
        assert days_in(said, language, SATURDAY) == [(day,)]


@pytest.mark.parametrize(("language", "words", "day"), put(OF_DATES, DATES))
def test_a_list_of_days_of_a_month_is_each_of_them_and_a_stretch_none(language: str, words: str, day: date) -> None:
    found = days_in(words, language, SATURDAY)
    assert found == [()] or (found[-1] == (day,) and found[-2] == (day.replace(day=5),))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "next week, on Thursday"),
        ("de", "nächste Woche Donnerstag"),
        ("fr", "la semaine prochaine, jeudi"),
        ("es", "la próxima semana, el jueves"),
    ],
)
def test_a_weekday_of_the_next_week_is_that_one(language: str, words: str) -> None:
    assert days_in(words, language, date(2026, 11, 30)) == [(date(2026, 12, 10),)]


def test_a_day_from_which_something_is_moved_is_not_where_it_goes_but_one_that_was_may_be_said_so() -> None:
    assert days_in("move it from Thursday", "en", SATURDAY) == [()]
    assert days_in("the bill from 9 April", "en", SATURDAY, "past") == [(date(2026, 4, 9),)]


@pytest.mark.parametrize("language", DATES)
def test_two_days_beside_each_other_are_two(language: str) -> None:
    words = f"{DATES[language][0]}, {NEAR[language][0]}"
    assert days_in(words, language, SATURDAY) == [(date(2027, 4, 9),), (date(2026, 11, 29),)]
