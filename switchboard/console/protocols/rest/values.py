"""What goes in and out over the REST API: bounded on the way in, the documents that `--json` prints on the way out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from switchboard.cases.approvals import WaitingCall
from switchboard.cases.people.escalating import EscalatedAs
from switchboard.cases.statistics.figures import By
from switchboard.cases.words.search import MOST_SOUGHT
from switchboard.console.protocols.bounds import Changes, Email, Hash, Reason, SeenSince, Words
from switchboard.declare.document import Document
from switchboard.service.approvals import Card
from switchboard.service.cases import ListedCase
from switchboard.service.programs.events import Delivery
from switchboard.service.tickets.working import ListedTicket, ShownTicket

MOST_PAGE, MOST_WAIT = 100, 120.0
MOST_NAME = 60


Name = Annotated[str, Field(min_length=1, max_length=MOST_NAME, pattern=r"^[\w.@ -]+$")]
CaseId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,100}$", examples=["case_0123456789ab"])]
Number = Annotated[str, Path(pattern=r"^T[0-9]{1,12}$", examples=["T000001"])]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,200}$",
        description="A new one for each message: sent again with the same one, a message counts once.",
    ),
]
Wait = Annotated[float, Query(ge=0, le=MOST_WAIT, description="Seconds to wait for the agents' answer.")]
Limit = Annotated[int, Query(ge=1, le=MOST_PAGE)]
Cursor = Annotated[str, Query(max_length=300, pattern=r"^[\w-]*$", description="`next` of the page before.")]
Filter = Annotated[str, Query(max_length=MOST_NAME, pattern=r"^[\w.@ -]*$")]
Sought = Annotated[str, Query(max_length=MOST_SOUGHT, description="Words, or how they begin: all were said in the case.")]
ByGroup = Annotated[list[By], Query(max_length=4)]


class Given(BaseModel):
    """What a request says: nothing beside its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewCase(Given):
    """A message that begins a case. `email` is whose it is, as the program that sends it knows; without a `team` it is the
    project's own.
    """

    message: Words
    team: Name | None = None
    email: Email = ""


class Further(Given):
    """A further message of the case's customer; with an `email` only where the case was begun with that one."""

    message: Words
    email: Email = ""


class Approve(Given):
    """A yes to the call with this hash, and to no other; `arguments` are those that are to be others, and `seen` is how many
    messages the customer wrote meanwhile, as the call's `since` has them.
    """

    hash: Hash
    arguments: Changes = Field(default_factory=dict)
    seen: SeenSince = 0


class Refuse(Given):
    """A no to the call with this hash; the agent hears why."""

    hash: Hash
    why: Reason


class Assign(Given):
    to: Name


class Settle(Given):
    """How a ticket was settled, or why it is opened again."""

    why: Reason


class Escalate(Given):
    """Why who is on call is to look at a case, and how urgent it is."""

    why: Reason
    urgency: EscalatedAs = "high"


class EscalatedNow(BaseModel):
    """`is_new` is false where the case was escalated before, as urgently: `why` is kept, and nobody told; `is_told` whether the
    desk notifies people, `tells_programs` whether it tells programs.
    """

    case_id: str
    ticket: str
    urgency: EscalatedAs
    is_new: bool
    is_told: bool
    tells_programs: bool


class Reopen(Given):
    """Why a case is opened again."""

    why: Reason


class CaseNow(BaseModel):
    """A case after a message: `reply` is what its customer is told by now, `waits_for` whom it waits for beside them. While the
    agents still work on it, `case.end` is null: `GET` it again.
    """

    case: Document
    reply: str
    waits_for: str


class SuggestionNow(BaseModel):
    """A suggested answer: it is being `prepared`, it `waits` as `text`, by its `hash` on `ticket`, for an operator to send it,
    or there is `none`, and `why`.
    """

    case_id: str
    state: Literal["prepared", "waits", "none"]
    text: str = ""
    hash: str = ""
    ticket: str = ""
    why: str = ""


class Cases(BaseModel):
    cases: list[ListedCase]
    next: str | None


class Approvals(BaseModel):
    """Calls that wait, the nearest deadline first, each with what it would do by now."""

    approvals: list["Waiting"]
    waiting: int


class Waiting(BaseModel):
    call: WaitingCall
    card: Card


class Decided(CaseNow):
    """What became of the case of a call; `needs_another` where a second operator must approve it, too."""

    needs_another: bool


class Tickets(BaseModel):
    tickets: list[ListedTicket]
    next: str | None


class Ticket(BaseModel):
    ticket: ShownTicket


class Deliveries(BaseModel):
    deliveries: list[Delivery]


class Figures(BaseModel):
    """How cases went, as `switchboard stats --json` has it."""

    since: str | None
    all: dict[str, Any]
    by: dict[str, list[dict[str, Any]]]


class Health(BaseModel):
    """`ready` where the database answers and takes rows, and somebody takes cases."""

    status: Literal["ready", "no_worker", "not_writable"]
    at: datetime
