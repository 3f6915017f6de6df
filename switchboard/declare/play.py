"""Plays: the process of one kind of request, declared once, as data."""

from dataclasses import dataclass

from switchboard.errors import DeclarationError

FEW = 8
"""Examples below which no words can be told apart."""


@dataclass(frozen=True)
class Play:
    """A kind of request that a person settles: how customers put it, what the person reads first, and what is said until then.

    `examples` are sentences of customers; a message that is surely like them, and not like those in `unlike`, is such a
    request. `about` stands first in the hand-over, `says` is what the customer hears beside it: that it was understood, what
    to do, and what happens next. `names` are beginnings of words, in small letters, of which one must stand in the sentence
    too; with `of_customer` the customer must be known first.
    """

    name: str
    about: str
    says: str
    examples: tuple[str, ...]
    unlike: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    of_customer: bool = True

    def __post_init__(self) -> None:
        if len(self.examples) < FEW:
            raise DeclarationError(f"Play {self.name}: {len(self.examples)} examples are too few; give it {FEW} at least.")
        if not self.about.endswith(".") or not self.says.endswith("."):
            raise DeclarationError(f"Play {self.name}: `about` and `says` are whole sentences.")
