"""An operator in a chat who sees each move of an agent before it takes effect, and lets it pass; and the customer there."""

import os
from dataclasses import replace
from pathlib import Path

from switchboard.declare.human import Nobody, Review
from switchboard.declare.moves import Call, Calls, Move
from switchboard.declare.transcript import as_json

OPERATOR = "ines"


class Reviewer(Nobody):
    """Lets every move pass, as `p` in `chat --human always` does. What it is asked goes into the file `asked`, which outlives
    its process; `words` are what the customer says to what is read back to them.
    """

    live = reviews = True

    def __init__(self, asked: Path, words: str) -> None:
        self._asked, self._words = asked, words

    def next_words(self, question: str) -> str | None:
        self._note("customer", question)
        return self._words if "yes or no" in question else None

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        if not isinstance(move, Calls):
            self._note(agent, move.kind)
            return Review()
        self._note(agent, *(call.tool for call in move.calls))
        return Review("replace", replace(move, calls=tuple(self._passed(call) for call in move.calls)))

    def _passed(self, call: Call) -> Call:
        return replace(call, approved=True, by=OPERATOR)

    def _note(self, *words: str) -> None:
        with self._asked.open("a", encoding="utf-8") as file:
            file.write(as_json(words) + "\n")
            file.flush()
            os.fsync(file.fileno())
