"""What is wrong with the lines of a file: all of it is gathered before anything is written, and the first of it is told."""

from typing import NoReturn

MOST_TOLD = 20


class Unfit(Exception):
    """A file whose lines cannot be taken. Nothing of it was written."""

    def __init__(self, told: list[str], count: int) -> None:
        super().__init__("\n".join(told))
        self.told, self.count = told, count


class Problems:
    """The problems of a file's lines, each with its line. A file with many is not kept whole in memory by them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self._told: list[tuple[int, str]] = []

    def add(self, line: int, text: str) -> None:
        self.count += 1
        if len(self._told) < 10 * MOST_TOLD:
            self._told.append((line, text))

    def stop(self) -> NoReturn:
        first = sorted(self._told, key=lambda one: one[0])[:MOST_TOLD]
        raise Unfit([f"{self.name}, line {line}: {text}." for line, text in first], self.count)

    def check(self) -> None:
        """Raises Unfit where there is any."""
        if self.count:
            self.stop()
