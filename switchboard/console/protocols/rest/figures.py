"""How cases went in figures, and whether this process and its database are well, over the REST API."""

from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator

from switchboard.cases.statistics.figures import By
from switchboard.console.protocols.rest.asking import SeesFigures
from switchboard.console.protocols.rest.values import ByGroup, Figures, Health
from switchboard.console.protocols.seam import Gate
from switchboard.errors import OperatorError
from switchboard.service.watching.health import unwritable
from switchboard.service.watching.stats import since_when, stats
from switchboard.service.workers import takers

router = APIRouter(prefix="/v1", tags=["figures"])
EVERY: list[By] = [*get_args(By)]


def _day(given: str) -> str:
    try:
        since_when(given)
    except OperatorError as error:
        raise ValueError(str(error)) from None
    return given


Since = Annotated[str, Query(max_length=10, description="`2026-11-28`, or `7d`."), AfterValidator(_day)]


@router.get("/stats", response_model=Figures)
def figures(by: SeesFigures, since: Since = "", groups: ByGroup = EVERY) -> dict[str, Any]:
    """The figures of the cases that began since a day (`2026-11-28`), or in so many days with today (`7d`); else of all."""
    return stats(by.place, since_when(since), groups).as_data()


@router.get("/health", response_model=Health)
def health(request: Request) -> dict[str, Any]:
    """Whether the database answers and takes rows, and somebody takes cases. It asks for no token, and tells nothing else."""
    gate: Gate = request.app.state.gate
    engine = gate.place.engine
    status = "not_writable" if unwritable(engine) else "ready" if takers(engine) else "no_worker"
    return {"status": status, "at": datetime.now(UTC)}
