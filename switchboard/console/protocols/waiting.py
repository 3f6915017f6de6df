"""Waiting for a case without holding a thread: a look at its row, now and then."""

import time
from collections.abc import AsyncIterator

import anyio
from anyio.to_thread import run_sync

from switchboard.console.protocols.seam import Served
from switchboard.events.masking import masked
from switchboard.service.programs.messages import is_over, said_since

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5


async def until_over(place: Served, case_id: str, seconds: float) -> bool:
    """Whether nobody works on a case any more, after at most so many seconds."""
    async for is_done in looks(place, case_id, seconds):
        if is_done:
            return True
    return False


async def looks(place: Served, case_id: str, seconds: float) -> AsyncIterator[bool]:
    """Look at a case again and again, for so many seconds: whether nobody works on it any more."""
    until, pause = time.monotonic() + seconds, FIRST_PAUSE
    while True:
        is_done = await run_sync(is_over, place, case_id)
        yield is_done
        if is_done or time.monotonic() >= until:
            return
        await anyio.sleep(min(pause, max(0.0, until - time.monotonic())))
        pause = min(LONGEST_PAUSE, pause * 1.3)


async def pieces(place: Served, case_id: str, after: int, seconds: float) -> AsyncIterator[str]:
    """What is said to the customer after a line of their case, piece by piece, as it is said: one for each look, "" where there
    is nothing new.
    """
    sent = ""
    async for _ in looks(place, case_id, seconds):
        said = masked(await run_sync(said_since, place, case_id, after))
        is_more = said.startswith(sent) and said != sent
        yield said.removeprefix(sent) if is_more else ""
        sent = said if is_more else sent
