"""What a command costs before it does what it is for: processor seconds of `switchboard --help` (limit 0.3), of `ask`
without a model on a database that is there (limit 1), of `demo` (limit 1.5), and of `serve` until its first page (limit 2).

    python tests/bench/startup.py

prints the median processor seconds, and the wall seconds that a person waits, of nine runs each, after one that warms up
the disk's cache and fills the database, as JSON. Of `serve` it is what its process has used when the first page is there, the
thread that begins to take cases included.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from subprocess import DEVNULL

QUESTION = "I was charged twice for my order #W1000001. Please refund the second charge."
COMMANDS = {
    "--help": ["--help"],
    "ask": ["ask", QUESTION, "--email", "emma.lindqvist@example.com"],
    "demo": ["demo"],
}
LIMITS = {"--help": 0.3, "ask": 1.0, "demo": 1.5, "serve": 2.0}
PROGRAM = [sys.executable, "-c", "from switchboard.console.terminal.cli import main; main()"]


def seconds(arguments: list[str], folder: str) -> tuple[float, float]:
    """Processor and wall seconds of one command."""
    before, started = spent(), time.perf_counter()
    subprocess.run([*PROGRAM, *arguments], env=surroundings(folder), stdout=DEVNULL, stderr=DEVNULL, check=True)
    return spent() - before, time.perf_counter() - started


def served(folder: str) -> tuple[float, float]:
    """Processor and wall seconds of `serve` until its first page was there."""
    started = time.perf_counter()
    command = [*PROGRAM, "serve", "--port", "0"]
    with subprocess.Popen(command, env=surroundings(folder), stdout=DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr
        port = re.search(rb":(\d+) - ", process.stderr.readline())
        assert port
        page = HTTPConnection("127.0.0.1", int(port[1]), timeout=60)
        page.request("GET", "/")
        answer = page.getresponse()
        assert answer.status == 200 and b'id="rows"' in answer.read()
        waited, of_process = time.perf_counter() - started, Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2]
        process.terminate()
    return sum(int(ticks) for ticks in of_process.split()[11:13]) / os.sysconf("SC_CLK_TCK"), waited


def surroundings(folder: str) -> dict[str, str]:
    return {**os.environ, "SWITCHBOARD_DATA": folder, "OAI_CONFIG_LIST": "[]"}


def spent() -> float:
    """Processor seconds of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in LIMITS:
            runs = [seconds(COMMANDS[name], folder) if name in COMMANDS else served(folder) for _ in range(10)][1:]
            processor, wall = (round(statistics.median(values), 3) for values in zip(*runs, strict=True))
            found[name] = {"processor_seconds": processor, "wall_seconds": wall}
    print(json.dumps(found, indent=2))
    sys.exit(0 if all(found[name]["processor_seconds"] <= limit for name, limit in LIMITS.items()) else 1)


if __name__ == "__main__":
    main()
