"""A payment provider of our own making: it keeps what it sent back, declines, is late, and never knows a key twice."""

from collections.abc import Iterator

from tools.payments import Declined, NoAnswer


class Provider:
    """`moods` says of each thing that is asked what comes of it: fine, declined, or late (made, and not said)."""

    def __init__(self, charged: dict[str, int], moods: Iterator[str]) -> None:
        self.charged, self.moods = charged, moods
        self.made: dict[str, tuple[str, int]] = {}
        self.refused: set[str] = set()

    def refund(self, reference: str, cents: int, key: str) -> str:
        if key in self.made:
            assert self.made[key] == (reference, cents)
            return f"re_{key}"
        mood = "declined" if key in self.refused else next(self.moods)
        if mood == "declined":
            self.refused.add(key)
            raise Declined("This charge is disputed.")
        self.made[key] = (reference, cents)
        if mood == "late":
            raise NoAnswer("It could not say what came of it.")
        return f"re_{key}"

    def sent_back(self, reference: str) -> int:
        return sum(cents for of, cents in self.made.values() if of == reference)
