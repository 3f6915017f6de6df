"""How long a person waits for `switchboard --help` (limit 0.3 s) and `switchboard demo` (limit 3 s).

    python tests/bench/startup.py

prints the median of the wall seconds of nine runs each, after one that warms the disk's cache up, as JSON.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

LIMITS = {"--help": 0.3, "demo": 3.0}
PROGRAM = [sys.executable, "-c", "from switchboard.console.terminal.cli import main; main()"]


def seconds(argument: str, folder: str) -> float:
    started = time.perf_counter()
    environment = {**os.environ, "SWITCHBOARD_DATA": folder, "OAI_CONFIG_LIST": "[]"}
    subprocess.run([*PROGRAM, argument], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {a: statistics.median([seconds(a, folder) for _ in range(10)][1:]) for a in LIMITS}
    print(json.dumps({argument: round(value, 3) for argument, value in found.items()}))
    sys.exit(0 if all(found[argument] <= limit for argument, limit in LIMITS.items()) else 1)


if __name__ == "__main__":
    main()
