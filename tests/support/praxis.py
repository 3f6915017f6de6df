"""Project two, a dentist's practice in German, with its other sides, each a process of its own on this machine."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.house import answers
from support.ports import free_port

PROJECTS = Path(__file__).parent.parent / "projects"
PROJECT, SIDES = PROJECTS / "praxis", PROJECTS / "praxis_sides"
START_SECONDS = 30


@dataclass(frozen=True)
class Sides:
    """The practice's own systems: `variables` name them to the project."""

    api: str
    calendar: str
    reservations: Path
    plans: Path

    @property
    def variables(self) -> dict[str, str]:
        database = f"sqlite:///{self.plans}"
        return {"PRAXIS_API": self.api, "PRAXIS_KALENDER": self.calendar, "PRAXIS_PLAENE": database}

    def fresh(self) -> None:
        """All as at the start."""
        _asked(f"{self.api}/-/fresh", b"")
        self.reservations.unlink(missing_ok=True)

    def now(self) -> Mapping[str, Any]:
        """What the practice has now: appointments, invoices, refunds, reservations."""
        rows = self.reservations.read_text("utf-8").splitlines() if self.reservations.exists() else []
        return {**_asked(f"{self.api}/-/state"), "reservations": [json.loads(row) for row in rows]}


def _asked(address: str, body: bytes | None = None) -> Any:
    with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=10) as response:
        return json.loads(response.read())


@contextmanager
def sides(folder: Path) -> Iterator[Sides]:
    """Its API, its calendar and its database, until they are left."""
    reservations, plans = folder / "reservations.jsonl", folder / "plans.db"
    ports = free_port(), free_port()
    commands = (["api.py", str(ports[0])], ["calendar_server.py", str(ports[1]), str(reservations)])
    plans.unlink(missing_ok=True)
    subprocess.run([sys.executable, "plans.py", str(plans)], cwd=SIDES, check=True)
    begun = [
        subprocess.Popen([sys.executable, *command], cwd=SIDES, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        until = time.monotonic() + START_SECONDS
        while not all(map(answers, ports)):
            assert all(one.poll() is None for one in begun) and time.monotonic() < until, "a side does not start"
            time.sleep(0.05)
        api, calendar = (f"http://127.0.0.1:{port}" for port in ports)
        yield Sides(api, f"{calendar}/mcp", reservations, plans)
    finally:
        for one in begun:
            one.kill()
            one.wait()


if __name__ == "__main__":  # by hand: what the commands of the project need, until it is ended
    with sides(Path(sys.argv[1])) as started:
        print("\n".join(f"export {name}={value}" for name, value in started.variables.items()), flush=True)
        while os.getppid() != 1:
            time.sleep(0.5)
