"""`[telemetry]` of a project's file: where traces and metrics are sent."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from switchboard.characters import is_plain


def is_address(address: str) -> bool:
    """Whether something can be sent there by HTTP."""
    try:
        place = urlsplit(address)
        is_host = bool(place.hostname) and place.port != 0 and not place.query
    except ValueError:
        return False
    return is_host and place.scheme in ("http", "https") and is_plain(address) and " " not in address


def collector(address: str) -> str:
    """The address of a collector, which holds no secret. Raises ValueError."""
    if not is_address(address):
        raise ValueError('it is no address such as "http://localhost:4318"')
    place = urlsplit(address)
    if place.username or place.password:
        raise ValueError("it holds a secret, which stands in no file: set the variable OTEL_EXPORTER_OTLP_HEADERS to it")
    return address


class TelemetryTable(BaseModel):
    """Where traces and metrics are sent, by OTLP over HTTP. Needs the extra `otel`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    endpoint: Annotated[str, Field(max_length=300), AfterValidator(collector)] | None = None
    """The collector, such as "http://localhost:4318"; without it, what the variable OTEL_EXPORTER_OTLP_ENDPOINT names, if it
    is set."""
    texts: bool = False
    """Whether what customers, models and tools said leaves too, with cards, addresses and keys masked. Without it, names,
    numbers and ids alone."""
