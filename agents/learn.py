"""Learn from the examples and keep what was learned: `python -m agents.learn`.

To be run after a change of `examples/`, `foreign/`, `dangers/`, `concepts.txt`, `lexicon.py`, of a play or an article, or of
what learns in `switchboard/reading/` (`words.py`, `learning/`). Without it every process learns for itself, which costs
some seconds.
"""

import sys
from pathlib import Path

from agents.articles import passages
from agents.routing import danger, elsewhere, learned, plays
from switchboard.reading.learning.classifier import stored
from switchboard.search import nearest


def kept() -> dict[Path, str]:
    """What is kept of all that was learned, by file."""
    return {
        learned.LEARNED: stored(learned.learned(), learned.made_from()),
        plays.LEARNED: stored(plays.learned(), plays.plays_made_from()),
        danger.LEARNED: stored(danger.learned(), danger.dangers_made_from()),
        passages.LEARNED: nearest.stored(passages.learned(), passages.passages_made_from()),
        elsewhere.LEARNED: stored(elsewhere.learned(), elsewhere.elsewhere_made_from()),
    }


if __name__ == "__main__":
    for path, text in kept().items():
        path.write_text(text, "utf-8", newline="\n")
        sys.stdout.write(f"{path.name}: {len(text.encode()) / 1000:.0f} kB\n")
