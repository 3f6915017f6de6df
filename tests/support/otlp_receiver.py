"""A collector on loopback: it takes spans and metrics by OTLP over HTTP, and keeps each byte that came."""

import gzip
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Received(NamedTuple):
    """A span as it came; ids are hexadecimal, moments are in seconds since the epoch."""

    trace_id: str
    span_id: str
    parent_id: str
    links: tuple[tuple[str, str], ...]
    name: str
    kind: int
    start: float
    end: float
    attributes: dict[str, Any]
    status: int


class Receiver:
    """As a context manager. `answers` is the HTTP status, `seconds` how long that takes, `location` where it points."""

    def __init__(self, answers: int = 200, seconds: float = 0.0, location: str = "") -> None:
        self.answers, self.seconds, self.location = answers, seconds, location
        self.bodies: list[tuple[str, bytes]] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def variables(self) -> dict[str, str]:
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url}

    @property
    def bytes(self) -> bytes:
        return b"".join(body for _, body in self.bodies)

    @property
    def spans(self) -> list[Received]:
        return [span for path, body in list(self.bodies) if path == "/v1/traces" for span in _spans(body)]

    @property
    def metrics(self) -> dict[str, list[Any]]:
        """The newest points of each metric, by its name."""
        found: dict[str, list[Any]] = {}
        for path, body in list(self.bodies):
            if path == "/v1/metrics":
                for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                    for metric in (one for scope in resource.scope_metrics for one in scope.metrics):
                        found[metric.name] = list(getattr(metric, metric.WhichOneof("data")).data_points)
        return found

    def wait_for(self, spans: int, seconds: float = 20) -> list[Received]:
        until = time.monotonic() + seconds
        while len(self.spans) < spans and time.monotonic() < until:
            time.sleep(0.05)
        return self.spans

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        time.sleep(receiver.seconds)
        if receiver.answers == 200:
            receiver.bodies.append((self.path, body))
        self.send_response(receiver.answers)
        if receiver.location:
            self.send_header("Location", receiver.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: Any) -> None:
        return


def _spans(body: bytes) -> Iterator[Received]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for span in (one for scope in resource.scope_spans for one in scope.spans):
            yield Received(
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                span.name,
                span.kind,
                span.start_time_unix_nano / 1e9,
                span.end_time_unix_nano / 1e9,
                {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes},
                span.status.code,
            )


def roots(spans: Sequence[Received]) -> list[Received]:
    """Those at the root of their trace, in the order of time."""
    return sorted((span for span in spans if not span.parent_id), key=lambda span: span.start)
