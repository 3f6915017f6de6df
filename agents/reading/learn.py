"""Learn from the examples and keep what was learned: `python -m agents.reading.learn`.

To be run after a change of `examples/`, `concepts.txt`, `features.py`, `words.py`, `classifier.py` or of a play. Without it
every process learns for itself, which costs two seconds.
"""

import sys

from agents.reading import classifier, plays

if __name__ == "__main__":
    kept = {
        classifier.LEARNED: classifier.stored(classifier.learned_from(classifier.examples())),
        plays.LEARNED: classifier.stored(plays.learned(), plays.plays_made_from()),
    }
    for path, text in kept.items():
        path.write_text(text, "utf-8", newline="\n")
        sys.stdout.write(f"{path.name}: {len(text.encode()) / 1000:.0f} kB\n")
