"""Pages of a process without a worker, on Postgres, beside two workers that are processes of their own."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from support.commands import started
from support.forked import Started
from support.postgres import Fresh, with_driver
from support.served import Browser
from test_web_deciding import GRACE, LARGE, bound, refunds
from test_web_live import Listening, serving

from switchboard.database import open_engine

SECONDS = 120.0


def until(finds: Callable[[], Any]) -> Any:
    end = time.monotonic() + SECONDS
    while not (found := finds()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


@contextmanager
def working(folder: Path, **variables: str) -> Iterator[Started]:
    """`switchboard worker`, killed in the end where it is still there."""
    process = started(folder, "worker", **variables)
    try:
        yield process
    finally:
        process.kill()


@pytest.mark.slow
def test_a_yes_on_a_page_is_paid_by_a_worker_elsewhere_and_readiness_is_theirs(tmp_path: Path, fresh: Fresh) -> None:
    url = fresh.shop()
    given = {"SWITCHBOARD_DATABASE_URL": url, "SWITCHBOARD_SEAL_KEY": "k" * 40}
    engine = open_engine(with_driver(url))

    def at_work() -> dict[str, int]:
        with engine.connect() as rows:
            return {row.id: row.pid for row in rows.execute(text("SELECT id, pid FROM workers WHERE takes_cases"))}

    with (
        working(tmp_path, **given) as one,
        working(tmp_path, **given) as two,
        serving(tmp_path, "--no-worker", "--port", "0", **given) as (pages, said),
    ):
        workers = until(lambda: len(found := at_work()) == 2 and found)
        assert {*workers.values()} == {one.pid, two.pid}
        address = said.split(" ")[0].strip()
        assert httpx.get(f"{address}/ready", timeout=60).text == "ready\n"
        message = {"json": {"message": LARGE, "email": GRACE}, "headers": {"Idempotency-Key": "first"}}
        begun = httpx.post(f"{address}/api/v1/cases?wait=60", timeout=90, **message)  # type: ignore[arg-type]
        case = begun.json()["case"]
        assert (begun.status_code, case["end"]) == (201, "awaiting_approval"), begun.text
        path = f"/cases/{case['case_id']}"
        page = Listening(address, f"{path}/events?after=0")
        assert page.has("refund_order")
        heard = len(page.numbers)
        browser = Browser(address, "dana")
        browser.send(shown := browser.page(path), f"{path}/approve", hash=bound(shown))

        def settled() -> dict[str, Any] | None:
            found: dict[str, Any] = httpx.get(f"{address}/api/v1{path}", timeout=30).json()["case"]
            return found if found["end"] not in (None, "awaiting_approval") else None

        document = until(settled)
        assert (document["end"], refunds(document)) == ("resolved", ["done"])
        assert until(lambda: len(page.numbers) > heard) and page.numbers == sorted(set(page.numbers))
        with engine.connect() as rows:
            owners = rows.execute(text("SELECT owner FROM runs WHERE case_id = :id"), {"id": case["case_id"]}).scalars()
            assert {owner for owner in owners if owner} <= workers.keys()
        one.send_signal(signal.SIGTERM)
        assert one.wait(SECONDS) == 0 and httpx.get(f"{address}/ready", timeout=60).status_code == 200
        two.send_signal(signal.SIGTERM)
        assert two.wait(SECONDS) == 0
        until(lambda: httpx.get(f"{address}/ready", timeout=60).status_code == 503)
        assert httpx.get(f"{address}/ready", timeout=60).text == "Nobody takes cases.\n"
        assert httpx.get(f"{address}/health", timeout=60).text == "ok\n"
        pages.send_signal(signal.SIGTERM)
        assert pages.wait(SECONDS) == 0 and page.is_over()
    engine.dispose()
