"""Webhooks: what programs are sent, as the description has it, and over the REST API what became of each."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header

from switchboard.console.protocols.rest.asking import Reads
from switchboard.console.protocols.rest.values import Deliveries, Limit
from switchboard.notifications.rows import State
from switchboard.service.programs.events import EVENTS, Event, deliveries

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
Id = Annotated[str, Header(alias="Webhook-Id", description="The same each time that it is sent.")]
At = Annotated[int, Header(alias="Webhook-Timestamp", description="When it is sent, in seconds since the epoch.")]
Signature = Annotated[
    str, Header(alias="Webhook-Signature", description="`v1,` and the HMAC-SHA256 of id, timestamp and body, as base64.")
]
ANSWERS: dict[int | str, dict[str, Any]] = {"default": {"description": "It is sent again later, under the same `Webhook-Id`."}}


@router.get("/deliveries", response_model=Deliveries)
def list_deliveries(by: Reads, state: State | None = None, limit: Limit = 20) -> dict[str, Any]:
    """The newest deliveries to the programs of `[notifications]` `webhooks`, the newest first."""
    return {"deliveries": deliveries(by.place, by.place.project.file, limit, state)}


def describe_webhooks(app: FastAPI) -> None:
    """Have the description say what is sent, from the types that it is made of."""
    for name, kind in EVENTS.items():
        told: dict[str, Any] = {"summary": re.sub(r"[._]", " ", name).capitalize(), "description": kind.__doc__}
        app.webhooks.post(name, **told, status_code=204, response_description="It is taken.", responses=ANSWERS)(
            _receiver(kind)
        )


def _receiver(kind: type[Event]) -> Callable[..., None]:
    def hears(event: Any, webhook_id: Id, webhook_timestamp: At, webhook_signature: Signature) -> None:
        pass

    hears.__name__ = kind.__name__
    hears.__annotations__["event"] = kind
    return hears
