"""What the rules find of labelled tickets, as confusion tables: `python tests/bench/ticket_classes.py FILE`.

FILE holds lines of JSON with a `text` and any of `category`, `urgency`, `sentiment`; what a line does not say is not counted.
A file whose labels are others is read by a mapping that was written before anything was measured, by the name of its field.

For labels of the shared routing sets (`label`, with `alt` for what a reasonable desk would accept beside): billing is billing,
support is technical, account is account; orders, sales and other are general. These sets say nothing of urgency and sentiment,
and the router was tuned with them in sight, so what they tell is how it fits them.

For two public sets that nobody here has written or tuned to, read into lines by a script of one's own:
- the multilingual support tickets of T. Bueck (`queue`, `priority`; made by language models): Billing and Payments is billing;
  Technical, IT and Product Support and Service Outages and Maintenance are technical; every other queue is general; the
  priority is the urgency.
- the airline tweets of Crowdflower (`airline_sentiment`, those that all judges agreed on, without the names they begin with):
  positive, neutral and negative are what they say; who is found angry was negative, and is accepted.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from agents.tickets.signs import classified

STRONGER = {"negative": ("angry",), "high": ("critical",)}
FIELDS = ("category", "urgency", "sentiment")
MAPPINGS = {
    "label": {
        "billing": "billing",
        "support": "technical",
        "account": "account",
        "orders": "general",
        "sales": "general",
        "other": "general",
    }
}


def labels_of(row: dict[str, Any]) -> dict[str, set[str]]:
    """By field what is right, the label first among what is accepted."""
    found = {name: {str(row[name]), *STRONGER.get(str(row[name]), ())} for name in FIELDS if row.get(name)}
    if "label" in row:
        names = [row["label"], *row.get("alt", [])]
        found["category"] = {MAPPINGS["label"][name] for name in names}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().file.read_text("utf-8").splitlines() if line.strip()]
    for name in FIELDS:
        counts, right, accepted = Counter[tuple[str, str]](), 0, 0
        for row in rows:
            wanted = labels_of(row).get(name)
            if wanted:
                told = str(getattr(classified(row["text"]), name))
                strict = MAPPINGS["label"][row["label"]] if name == "category" and "label" in row else str(row[name])
                counts[strict, told] += 1
                right, accepted = right + (told == strict), accepted + (told in wanted)
        if not counts:
            print(f"{name}: no line of this file says it, so it is not measured.")
            continue
        total = counts.total()
        print(f"{name}: {right} of {total} as labelled ({right / total:.1%}), {accepted} accepted ({accepted / total:.1%})")
        kinds = sorted({kind for pair in counts for kind in pair})
        print(f"{'labelled':>12} | " + " ".join(f"{kind:>10}" for kind in kinds) + "   (found)")
        for label in kinds:
            print(f"{label:>12} | " + " ".join(f"{counts[label, kind]:>10}" for kind in kinds))


if __name__ == "__main__":
    main()
