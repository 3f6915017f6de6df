"""`[ids]`, `[hours]` and the other small tables of a project's file."""

import re
from typing import Annotated, Literal, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from switchboard.errors import DeclarationError
from switchboard.ids import IdForm
from switchboard.money import ISO_4217

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = get_args(Day)
SPAN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def _is_span(span: str) -> str:
    if not re.fullmatch(SPAN, span):
        raise ValueError(f'{span!r} does not say from when to when; write it like "09:00-17:30"')
    return span


Span = Annotated[str, AfterValidator(_is_span), WithJsonSchema({"type": "string", "pattern": SPAN})]


class IdTable(BaseModel):
    r"""How the ids of one kind look: customers are asked for one of this form, and none is made up.

    ```toml
    [ids.order]
    form = 'AC-\d{5}'
    example = "AC-00000"
    prefix = "AC-"
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    form: str = Field(max_length=120)
    r"""A regular expression for all of one, such as 'AC-\d{5}'."""
    example: str = Field(max_length=60)
    """One of that form that is nobody's."""
    prefix: str = Field(default="", max_length=20)
    """What all begin with, and customers may leave out."""

    @model_validator(mode="after")
    def _is_a_form(self) -> "IdTable":
        try:
            self.made()
        except DeclarationError as error:
            raise ValueError(str(error).rstrip(".")) from None
        return self

    def made(self) -> IdForm:
        return IdForm(self.form, self.example, self.prefix)


class HoursTable(BaseModel):
    """When people answer, day by day; a day that is not named is a day off. With `hours` the file says its `time_zone`.

    ```toml
    time_zone = "Europe/Berlin"

    [hours]
    monday = "09:00-17:00"
    friday = "09:00-13:00"
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    monday: Span | None = None
    """From when to when, such as "09:00-17:00"."""
    tuesday: Span | None = None
    """From when to when, such as "09:00-17:00"."""
    wednesday: Span | None = None
    """From when to when, such as "09:00-17:00"."""
    thursday: Span | None = None
    """From when to when, such as "09:00-17:00"."""
    friday: Span | None = None
    """From when to when, such as "09:00-17:00"."""
    saturday: Span | None = None
    """From when to when, such as "09:00-17:00"."""
    sunday: Span | None = None
    """From when to when, such as "09:00-17:00"."""

    @model_validator(mode="after")
    def _go_forward(self) -> "HoursTable":
        for day, span in self.days():
            begins, ends = re.split("-", span)
            if begins >= ends:
                raise ValueError(f"{day}: {span} ends before it begins")
        if not self.days():
            raise ValueError("it names no day; leave it out where people answer at any time")
        return self

    def days(self) -> list[tuple[Day, str]]:
        return [(day, span) for day in DAYS if (span := getattr(self, day))]

    def by_number(self) -> tuple[tuple[int, str], ...]:
        """The same by weekday, of which 0 is Monday."""
        return tuple((DAYS.index(day), span) for day, span in self.days())


def known_currency(code: str) -> str:
    """A code of ISO 4217. Raises ValueError for any other."""
    if code not in ISO_4217.split():
        raise ValueError(f"{code!r} is the code of no currency; write one of ISO 4217, such as EUR or USD")
    return code


def known_time_zone(name: str) -> str:
    """A name of the IANA time zone database. Raises ValueError for any other."""
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; it is called like Europe/Berlin or America/New_York")
    return name
