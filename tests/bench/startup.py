"""What a command costs before it does what it is for: processor seconds of `switchboard --help` (limit 0.3), of `ask`
without a model on a database that is there (limit 1), and of `demo` (limit 1.5).

    python tests/bench/startup.py

prints the median processor seconds, and the wall seconds that a person waits, of nine runs each, after one that warms up
the disk's cache and fills the database, as JSON.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

QUESTION = "I was charged twice for my order #W1000001. Please refund the second charge."
COMMANDS = {
    "--help": ["--help"],
    "ask": ["ask", QUESTION, "--email", "emma.lindqvist@example.com"],
    "demo": ["demo"],
}
LIMITS = {"--help": 0.3, "ask": 1.0, "demo": 1.5}
PROGRAM = [sys.executable, "-c", "from switchboard.console.terminal.cli import main; main()"]


def seconds(arguments: list[str], folder: str) -> tuple[float, float]:
    """Processor and wall seconds of one command."""
    environment = {**os.environ, "SWITCHBOARD_DATA": folder, "OAI_CONFIG_LIST": "[]"}
    before, started = spent(), time.perf_counter()
    subprocess.run([*PROGRAM, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return spent() - before, time.perf_counter() - started


def spent() -> float:
    """Processor seconds of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in COMMANDS.items():
            runs = [seconds(arguments, folder) for _ in range(10)][1:]
            processor, wall = (round(statistics.median(values), 3) for values in zip(*runs, strict=True))
            found[name] = {"processor_seconds": processor, "wall_seconds": wall}
    print(json.dumps(found, indent=2))
    sys.exit(0 if all(found[name]["processor_seconds"] <= limit for name, limit in LIMITS.items()) else 1)


if __name__ == "__main__":
    main()
