"""Spans and metrics by OTLP over HTTP: the one file that imports OpenTelemetry. Where to, and with which headers, its own
variables (OTEL_EXPORTER_OTLP_…) say.

Spans are made here of what is recorded, with ids that follow from it, so that none of the SDK's clocks, samplers or
generators of ids has a say.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode
from requests import HTTPError, Response, Session

from switchboard.events.tracing import names
from switchboard.events.tracing.leaving import Leaving

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram

NANO = 1_000_000_000
BATCH = 400
"""Spans of one request."""
SECONDS_OF_A_REQUEST = 5
MINUTE_MS = 60_000
QUIET = ("opentelemetry.exporter", "opentelemetry.sdk")
"""Loggers that would tell an operator of each try; what could not be sent is counted, and told once."""
MODEL_SECONDS = [0.01 * 2**n for n in range(14)]
AGENT_SECONDS = [0.1 * 2**n for n in range(13)]
RUN_SECONDS = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200]
TOKENS = [4**n for n in range(14)]
"""The bounds that the conventions advise."""

Gauge = Callable[[], Iterable[tuple[float, Mapping[str, str]]]]


class Otlp:
    """The other side of what is exported. `gauges` are looked at when metrics are sent, by name."""

    def __init__(self, endpoint: str, version: str, gauges: Mapping[str, Gauge]) -> None:
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._resource = Resource.create({"service.name": names.SERVICE, "service.version": version})
        self._scope = InstrumentationScope(names.SCOPE, version)
        traces, metrics = (f"{endpoint.rstrip('/')}/v1/{kind}" if endpoint else None for kind in ("traces", "metrics"))
        self._spans = OTLPSpanExporter(endpoint=traces, timeout=SECONDS_OF_A_REQUEST, session=_session())
        sender = OTLPMetricExporter(endpoint=metrics, timeout=SECONDS_OF_A_REQUEST, session=_session())
        reader = PeriodicExportingMetricReader(sender, MINUTE_MS, SECONDS_OF_A_REQUEST * 1000)
        self._meters = MeterProvider([reader], self._resource, shutdown_on_exit=False)
        meter = self._meters.get_meter(names.SCOPE, version)

        def seconds(name: str, bounds: Sequence[float]) -> "Histogram":
            return meter.create_histogram(name, "s", explicit_bucket_boundaries_advisory=bounds)

        self._seconds = {
            names.CHAT: seconds(names.MODEL_DURATION, MODEL_SECONDS),
            names.EXECUTE_TOOL: seconds(names.TOOL_DURATION, MODEL_SECONDS),
            names.RETRIEVAL: seconds(names.MODEL_DURATION, MODEL_SECONDS),
            names.INVOKE_AGENT: seconds(names.AGENT_DURATION, AGENT_SECONDS),
            names.INVOKE_WORKFLOW: seconds(names.WORKFLOW_DURATION, RUN_SECONDS),
        }
        self._tokens = meter.create_histogram(names.TOKEN_USAGE, "{token}", explicit_bucket_boundaries_advisory=TOKENS)
        self._ends = meter.create_counter(names.ENDS, "{run}")
        self._spent = meter.create_counter(names.SPENT, "USD")
        self._dropped = meter.create_counter(names.DROPPED, "{span}")
        for name, gauge in gauges.items():
            meter.create_observable_gauge(name, [_observing(gauge)])

    def send(self, spans: Sequence[Leaving]) -> int:
        """Send spans. Returns how many could not be sent."""
        lost = 0
        for at in range(0, len(spans), BATCH):
            batch = [self._readable(span) for span in spans[at : at + BATCH]]
            if self._spans.export(batch) is not SpanExportResult.SUCCESS:
                lost += len(batch)
        self.dropped(lost)
        return lost

    def count(self, spans: Sequence[Leaving]) -> None:
        """Take spans into the metrics."""
        for span in spans:
            said = span.attributes
            about = {name: said[name] for name in KEYS[span.operation] if name in said}
            if histogram := self._seconds.get(span.operation):
                histogram.record(span.end - span.start, about)
            if span.operation == names.CHAT:
                for kind, name in (("input", names.INPUT_TOKENS), ("output", names.OUTPUT_TOKENS)):
                    if isinstance(tokens := said.get(name), int):
                        self._tokens.record(tokens, {**about, names.TOKEN_TYPE: kind})
                if isinstance(cost := said.get(names.COST), float):
                    self._spent.add(cost, about)
            if span.operation == names.INVOKE_WORKFLOW and names.BRANCH not in said:
                self._ends.add(1, {names.END: said.get(names.END, ""), **about})

    def dropped(self, spans: int) -> None:
        if spans:
            self._dropped.add(spans)

    def stop(self) -> None:
        """Give up what is being sent, which would be tried again."""
        self._spans.shutdown()  # type: ignore[no-untyped-call]

    def close(self, seconds: float) -> None:
        """Send the metrics a last time, within so many seconds."""
        self._meters.shutdown(timeout_millis=seconds * 1000)

    def _readable(self, span: Leaving) -> ReadableSpan:
        def context(span_id: str) -> SpanContext:
            return SpanContext(int(span.trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=TraceFlags(1))

        return ReadableSpan(
            span.name,
            context(span.span_id),
            context(span.parent_id) if span.parent_id else None,
            self._resource,
            span.attributes,
            links=[Link(context(one)) for one in span.links],
            kind=SpanKind.CLIENT if span.is_of_a_client else SpanKind.INTERNAL,
            status=Status(StatusCode.ERROR if span.has_failed else StatusCode.UNSET),
            start_time=int(span.start * NANO),
            end_time=int(span.end * NANO),
            instrumentation_scope=self._scope,
        )


def _session() -> Session:
    """What requests go through. A redirect is followed nowhere, and is an error: to the exporter it is as good as taken."""
    session = Session()
    session.hooks["response"].append(_refuse_redirects)
    return session


def _refuse_redirects(response: Response, **_: object) -> None:
    if response.is_redirect or 300 <= response.status_code < 400:
        raise HTTPError(f"a redirect ({response.status_code}), which is not followed")


KEYS = {
    names.CHAT: (names.OPERATION, names.PROVIDER, names.REQUEST_MODEL, names.RESPONSE_MODEL, names.ERROR),
    names.EXECUTE_TOOL: (names.OPERATION, names.TOOL, names.TOOL_TYPE, names.ERROR),
    names.RETRIEVAL: (names.OPERATION, names.DATA_SOURCE, names.ERROR),
    names.INVOKE_AGENT: (names.AGENT,),
    names.INVOKE_WORKFLOW: (names.WORKFLOW, names.ERROR),
    names.WAIT: (),
}
"""What metrics are told by, which must be few values: no ids."""


def _observing(gauge: Gauge) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda options: [Observation(value, attributes) for value, attributes in gauge()]
