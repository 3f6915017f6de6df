"""What live pages cost a process that serves them, and how soon an entry is on a page.

    python tests/bench/live_pages.py [pages] [seconds] [cases]

opens so many streams of pages, 200 by default, each of one of so many cases (200), in another process, and writes an entry each
second straight into the rows, as another process would. Prints, as JSON, the share of a core that the serving process took with
nothing written and with an entry each second, and the delay of entries in milliseconds, from before their commit to the page.
"""

import json
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from support.many_cases import fill
from support.served import WHO, served

from switchboard.cases.tables import EntryRow
from switchboard.declare.transcript import MessageEntry

FOR_ONE_ACCOUNT = 20
MOST_SHARE, MOST_MILLISECONDS = 0.15, 300.0
AT = re.compile(rb"written at ([0-9.]+)")


def listen(port: int, pages: int, seconds: float, case_ids: list[str]) -> dict[str, Any]:
    """Be so many pages, and say after how long each entry was there; its text says when it was written."""
    selector, delays, opened = DefaultSelector(), list[float](), 0
    for n in range(pages):
        page = socket.create_connection(("127.0.0.1", port))
        path = f"/cases/{case_ids[n % len(case_ids)]}/events?after=1000"
        head = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{WHO}: lead{n // FOR_ONE_ACCOUNT}\r\n\r\n"
        page.sendall(head.encode())
        selector.register(page, EVENT_READ)
    print("open", flush=True)
    until, first = time.monotonic() + seconds, set[int]()
    while time.monotonic() < until:
        for key, _ in selector.select(0.2):
            page = key.fileobj
            assert isinstance(page, socket.socket)
            data, now = page.recv(65536), time.time()
            if key.fd not in first:
                first.add(key.fd)
                opened += data.startswith(b"HTTP/1.1 200")
            delays += [1000 * (now - float(at)) for at in AT.findall(data)]
    return {"opened": opened, "delays": sorted(delays)}


def write(engine: Engine, case_id: str) -> None:
    with Session(engine) as session, session.begin():
        n = (session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)) or 0) + 1
        now = time.time()
        data = MessageEntry("operator", f"written at {now:.4f}", "human").document()
        session.add(EntryRow(case_id=case_id, n=max(n, 1001), run=1, kind="message", name="", data=data, at=now))


def used() -> float:
    found = resource.getrusage(resource.RUSAGE_SELF)
    return found.ru_utime + found.ru_stime


def measured(pages: int, seconds: int, cases: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as desk:
        fill(desk.place.engine, cases)
        one = [f"case_{n:012x}" for n in range(cases)]
        command = [sys.executable, __file__, "--listen", desk.url.rpartition(":")[2], str(pages), str(2 * seconds + 8), *one]
        listening = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert listening.stdout and listening.stdout.readline() == "open\n"
        time.sleep(5)
        before = used()
        time.sleep(seconds)
        idle = (used() - before) / seconds
        engine, before = desk.place.engine, used()
        for n in range(seconds):
            threading.Thread(target=write, args=(engine, one[n % cases])).start()
            time.sleep(1)
        busy = (used() - before) / seconds
        found = json.loads(listening.stdout.read())
        listening.wait()
    delays = found["delays"]
    figures = {"pages": found["opened"], "cases": cases, "entries_heard": len(delays), "idle_share": idle, "share": busy}
    figures |= {"delay_median": delays[len(delays) // 2], "delay_95": delays[int(len(delays) * 0.95)], "delay_most": delays[-1]}
    return {name: round(value, 3) for name, value in figures.items()}


def main() -> None:
    if sys.argv[1:2] == ["--listen"]:
        port, pages, seconds, *case_ids = sys.argv[2:]
        print(json.dumps(listen(int(port), int(pages), float(seconds), case_ids)))
        return
    pages, seconds, cases = [int(one) for one in (*sys.argv[1:4], *("200", "20", "200")[len(sys.argv[1:4]) :])]
    figures = measured(pages, seconds, cases)
    print(json.dumps(figures, indent=2))
    slow = figures["share"] > MOST_SHARE or figures["delay_95"] > MOST_MILLISECONDS
    sys.exit("too slow" if slow else 0)


if __name__ == "__main__":
    main()
