"""The forms of a project's ids: declared once, and found in what people write by that alone."""

import re
from dataclasses import dataclass
from functools import cached_property

from switchboard.errors import DeclarationError

LONGEST = 60
"""Characters of an id."""
CARDS = range(13, 20)
"""Digits of a card number (ISO/IEC 7812)."""
STEEP = re.compile(r"[*+}][?+]?\)[*+{?]|\\[1-9]|\(\?[<P=!]")
"""What makes a pattern slow on hostile texts, or no plain form: a group that repeats what repeats, looking around."""


@dataclass(frozen=True)
class IdForm:
    """How the ids of one kind look: `form`, a regular expression for all of an id; `example`, one of that form that is
    nobody's; `prefix`, what all of them begin with and customers may leave out: of "#B-1234" they write "B-1234", "b1234" or
    "1234".

    Raises DeclarationError for a form that is no regular expression, or one that can be slow, and an example that is not of it.
    """

    form: str
    example: str
    prefix: str = ""

    def __post_init__(self) -> None:
        try:
            whole = re.compile(self.form, re.ASCII)
        except (re.error, OverflowError, RecursionError) as error:
            raise DeclarationError(f"The form of an id {self.form!r} is no regular expression: {error}.") from None
        if STEEP.search(self.form) or len(self.form) > LONGEST * 2:
            raise DeclarationError(f"The form of an id {self.form!r} is more than a plain one needs: letters, classes, counts.")
        if not whole.fullmatch(self.example) or len(self.example) > LONGEST:
            raise DeclarationError(f"The example {self.example!r} is not of the form {self.form!r}.")
        if not self.example.startswith(self.prefix):
            raise DeclarationError(f"The example {self.example!r} does not begin with the prefix {self.prefix!r}.")
        if whole.fullmatch("") or not any(character.isdigit() for character in self.example):
            raise DeclarationError(f"The form of an id {self.form!r} has no digit, so words would be taken for one.")
        if self.example.isdecimal() and len(self.example) in CARDS:
            why = "is that of card numbers, which are kept nowhere: one could not be found again"
            raise DeclarationError(f"The form of an id {self.form!r} {why}. Have its prefix be letters.")

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile(self.form, re.ASCII)

    @cached_property
    def _rest(self) -> str:
        """The form behind the prefix; all of it where the form does not spell the prefix out."""
        spelled = next((one for one in (self.prefix, re.escape(self.prefix)) if self.form.startswith(one)), "")
        return self.form.removeprefix(spelled)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds what may be one in a text, however it was written: `canonical` says whether it is."""
        prefix = "".join(f"{re.escape(one)}?" if one.isalnum() else r"[#_./-]?" for one in self.prefix)
        return re.compile(rf"(?<![\w#-])#?\s?{prefix}\s?(?:{self._rest})(?![\w-])", re.ASCII | re.IGNORECASE)

    def canonical(self, text: str) -> str | None:
        """The id that a text means and nothing else: "b 1234" is "#B-1234"; None where it is none."""
        plain = "".join(text.split())
        if len(plain) > LONGEST:
            return None
        letters = "".join(one for one in self.prefix if one.isalnum())
        bare = plain.lstrip("#")
        if letters and bare.casefold().startswith(letters.casefold()):
            bare = bare[len(letters) :]
        for rest in (bare, bare.lstrip("-_./")):
            for one in (f"{self.prefix}{rest}", f"{self.prefix}{rest.upper()}"):
                if self._whole.fullmatch(one):
                    return one
        return next((one for one in (plain, plain.upper()) if self._whole.fullmatch(one)), None)

    def found_in(self, text: str) -> list[str]:
        """The ids in a text, each once, in the order in which they stand there."""
        found = (self.canonical(match[0]) for match in self.pattern.finditer(text))
        return list(dict.fromkeys(one for one in found if one))
