"""Learn routing from the examples and keep what was learned: `python -m agents.reading.learn`.

To be run after a change of `examples/`, `concepts.txt`, `features.py`, `words.py` or `classifier.py`. Without it every process
learns for itself, which costs half a second.
"""

import sys

from agents.reading.classifier import LEARNED, examples, learned_from, stored

if __name__ == "__main__":
    text = stored(learned_from(examples()))
    LEARNED.write_text(text, "utf-8", newline="\n")
    sys.stdout.write(f"{LEARNED.name}: {len(text.encode()) / 1000:.0f} kB\n")
