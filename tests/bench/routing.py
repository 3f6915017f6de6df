"""Measure routing without a model: `python tests/bench/routing.py FILE.jsonl`.

Rows hold `text`, `label` (`other` is the department general), `source` and, optionally, `alt`, the other departments
that a reasonable desk would accept. Strict counts the label alone, lenient the label or one of `alt`.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.routing.departments import Routing, route

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)


def department(label: str) -> str:
    return "general" if label == "other" else label


def accepted(row: Mapping[str, Any]) -> set[str]:
    alt = row.get("alt") or []
    return {department(label) for label in [row["label"], *([alt] if isinstance(alt, str) else alt)]}


def line(name: str, rows: list[tuple[Mapping[str, Any], Routing]]) -> str:
    strict = sum(answer.department == department(row["label"]) for row, answer in rows) / len(rows)
    lenient = sum(answer.department in accepted(row) for row, answer in rows) / len(rows)
    return f"{name:28} {len(rows):5} rows   strict {strict:6.1%}   lenient {lenient:6.1%}"


def main(path: str) -> None:
    rows = [json.loads(text) for text in Path(path).read_text("utf-8").splitlines() if text.strip()]
    began = time.perf_counter()
    answers = [(row, route(row["text"])) for row in rows]
    seconds = time.perf_counter() - began
    groups: dict[str, list[tuple[Mapping[str, Any], Routing]]] = defaultdict(list)
    for row, answer in answers:
        groups[f"source {row['source']}"].append((row, answer))
        groups[f"label {department(row['label'])}"].append((row, answer))
    for name in sorted(groups):
        print(line(name, groups[name]))
    print(line("all", answers))
    for threshold in THRESHOLDS:
        sure = [(row, answer) for row, answer in answers if answer.confidence >= threshold]
        if sure:
            print(line(f"confidence >= {threshold}", sure), f"  ({len(sure) / len(rows):.0%} of the rows)")
    print(f"{seconds:.2f} s, loading included")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python tests/bench/routing.py FILE.jsonl")
    main(sys.argv[1])
