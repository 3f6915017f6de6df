"""Sending traces to where the project wants them: each run when it is over, from its rows.

It listens to the stream of events, and a thread of its own does the rest, so that no run waits for a collector, and none
fails with it. What was sent is noted in the run's row; what was not, since its process died or no collector took it, is sent
by whoever works on cases next, or is at work then. What cannot be sent until a process ends is counted and told. A run that is
worked on anew after a crash is sent by who ends it; one that is sent twice has the same ids.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from switchboard.cases.cases import RunRef
from switchboard.cases.tracing.sent import note_sent, unsent
from switchboard.cases.tracing.tree import run_of, waiting_runs
from switchboard.events.stream import Event
from switchboard.events.tracing import names
from switchboard.events.tracing.leaving import Leaving, Masks, leaving
from switchboard.events.tracing.span import span_id
from switchboard.events.tracing.table import TelemetryTable

if TYPE_CHECKING:
    from switchboard.cases.runs import Environment
    from switchboard.events.tracing.otlp import Gauge, Otlp

log = logging.getLogger("switchboard")
MOST_WAITING = 10_000
"""Runs that wait to be sent; more of them wait in their rows."""
LOOK_SECONDS = 30.0
"""How often it looks for runs that were not sent."""
CLOSING_SECONDS = 2.0
"""How long a command waits at its end for what has not been sent yet."""
ENDPOINT, OFF = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED"
TEXTS = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""OpenTelemetry's own variables: where to, and whether what was said leaves, too."""
YES = ("true", "1", "span_only", "span_and_event")
THEN = "What works on cases within a day sends them, and `switchboard trace CASE` has them."
NOT_INSTALLED = "Traces are to be sent, and OpenTelemetry is not installed: pip install 'switchboard-desk[otel]'."


class Exporting:
    """A listener to all cases of a process. `say` tells the operator, once, at the end."""

    def __init__(self, engine: Engine, otlp: "Otlp", masks: Masks, say: Callable[[str], object]) -> None:
        self._engine, self._otlp, self._masks, self._say = engine, otlp, masks, say
        self._waiting: queue.Queue[RunRef | None] = queue.Queue(MOST_WAITING)
        self._left: set[RunRef] = set()
        self._refused: set[RunRef] = set()
        self._gives_up = False
        self._thread = threading.Thread(target=self._work, name="traces", daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        if event.kind == "run_finished" and event.parent is None:
            ref = RunRef(event.case_id, event.run)
            try:
                self._waiting.put_nowait(ref)
            except queue.Full:
                self._left.add(ref)

    def close(self) -> None:
        """Send what is left, within moments; tell what could not be sent."""
        waited = threading.Thread(target=self._waiting.put, args=(None,), daemon=True)
        waited.start()
        self._thread.join(CLOSING_SECONDS)
        self._gives_up = True
        self._otlp.stop()
        self._thread.join(CLOSING_SECONDS / 4)
        closing = threading.Thread(target=self._otlp.close, args=(CLOSING_SECONDS / 4,), daemon=True)
        closing.start()
        closing.join(CLOSING_SECONDS / 2)
        left = set(self._left) | {one for one in self._waiting.queue if one is not None}
        if left:
            runs = "1 run" if len(left) == 1 else f"{len(left):,} runs"
            self._say(f"The collector did not take the spans of {runs}. {THEN}")

    def _work(self) -> None:
        """Send runs as they end, and now and then those of which nobody noted that they were sent."""
        looked = time.monotonic() - LOOK_SECONDS
        while True:
            try:
                if (ref := self._waiting.get(timeout=max(0.0, looked + LOOK_SECONDS - time.monotonic()))) is None:
                    return
                self._send(ref, is_new=True)
            except queue.Empty:
                self._look()
                looked = time.monotonic()

    def _look(self) -> None:
        """Send what was not sent, until there is something new to send. Where two in a row are not taken the collector is away;
        one that is not taken while the next one is, is refused for good.
        """
        before: RunRef | None = None
        try:
            for ref in unsent(self._engine):
                if self._gives_up or not self._waiting.empty():
                    return
                if ref in self._refused:
                    continue
                if self._send(ref):
                    self._refused |= {before} if before else set()
                    before = None
                elif before:
                    return
                else:
                    before = ref
        except Exception:
            log.exception("it could not be looked for traces that were not sent")

    def _send(self, ref: RunRef, *, is_new: bool = False) -> bool:
        """Send a run, and note it. One that is new is counted in the metrics; another one was by who worked on it."""
        self._left.add(ref)  # it may hang
        try:
            spans = [] if self._gives_up else self._spans_of(ref)
            if is_new:
                self._otlp.count(spans)
            if not self._gives_up and not self._otlp.send(spans):
                note_sent(self._engine, ref)
                self._left.discard(ref)
                return True
        except Exception:
            log.exception("the trace of %s could not be made", ref.workflow_id)
        return False

    def _spans_of(self, ref: RunRef) -> list[Leaving]:
        found = run_of(self._engine, ref.case_id, ref.number)
        if found is None:
            return []
        former = span_id(ref.case_id, ref.number - 1, "run", 0) if ref.number > 1 else None
        waited = {"waited_for": found.waited_for, "waited_seconds": found.waited_seconds}
        return leaving(found.span, self._masks, former=former, **waited)  # type: ignore[arg-type]


def destination(table: TelemetryTable | None, variables: Mapping[str, str] = os.environ) -> str:
    """The collector that traces are sent to; "" where none is named, or OpenTelemetry is switched off."""
    named = (table.endpoint if table else None) or variables.get(ENDPOINT, "")
    return "" if variables.get(OFF, "").lower() == "true" else named


def with_texts(table: TelemetryTable | None, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether what was said is sent, too."""
    return bool(table and table.texts) or variables.get(TEXTS, "").lower() in YES


@contextmanager
def exported(
    environment: "Environment",
    table: TelemetryTable | None,
    say: Callable[[str], object],
    variables: Mapping[str, str] = os.environ,
) -> Iterator[None]:
    """What is worked on within is traced, where the project's file or a variable says whereto."""
    address = destination(table, variables)
    if not address:
        yield
        return
    try:
        from switchboard.events.tracing.otlp import Otlp
    except ImportError:
        say(NOT_INSTALLED)
        yield
        return
    said = with_texts(table, variables)
    gateway = environment.gateway
    secrets = [secret for endpoint in gateway.endpoints for secret in endpoint.secrets] if gateway else []
    masks = Masks(tuple(secrets), said)
    otlp = Otlp(address, version("switchboard-desk"), _gauges(environment, masks))
    exporting = Exporting(environment.engine, otlp, masks, say)
    leave = environment.stream.listen(exporting)
    try:
        yield
    finally:
        leave()
        exporting.close()


def _gauges(environment: "Environment", masks: Masks) -> "dict[str, Gauge]":
    """What stands at a number whenever metrics are sent: runs that wait to be taken up, and endpoints that are left alone."""
    gateway = environment.gateway
    queued: dict[str, Gauge] = {names.QUEUE_DEPTH: lambda: [(waiting_runs(environment.engine), {})]}
    if gateway is None:
        return queued
    alone = gateway.left_alone

    def left_alone() -> list[tuple[float, dict[str, str]]]:
        return [(int(is_so), {names.ENDPOINT: masks.name(endpoint)}) for endpoint, is_so in alone().items()]

    return {**queued, names.BREAKER: left_alone}
