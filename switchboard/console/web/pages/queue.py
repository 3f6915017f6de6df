"""The queue: what waits for whom, the nearest deadline first, and what is new as it comes."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from switchboard.console.web.asked import Asked
from switchboard.console.web.live import QUEUE, marks
from switchboard.console.web.streams import Page, Streamed
from switchboard.service.watching.queue import FOR_PEOPLE, MOST_SORTED, PAGE, STATES, Sort, State, Wanted, queue

MOST_PAGES = 10_000
LABELS: dict[State, str] = {
    "approval": "Approval",
    "human": "Human",
    "failed": "Failed",
    "customer": "Customer",
    "running": "Running",
    "done": "Done",
}
SORTS: dict[Sort, str] = {"due": "Nearest deadline", "newest": "Newest", "oldest": "Oldest"}


def show(asked: Asked) -> Response:
    """The page, or with htmx its rows alone."""
    wanted = wanted_in(asked.request)
    found = queue(asked.desk, wanted)
    last = (min(found.found, MOST_SORTED) if wanted.sort == "due" else found.found) // PAGE + 1
    chosen = asked.request.query_params.get("state", "")
    template = "queue_rows.html" if asked.by_htmx else "queue.html"
    return asked.page(
        template,
        found=found,
        wanted=wanted,
        chosen=chosen,
        labels=LABELS,
        sorts=SORTS,
        last=last,
        address=lambda **changes: address(asked.request, **changes),
        mark=marks(asked.desk, [QUEUE])[QUEUE],
    )


def wanted_in(request: Request) -> Wanted:
    """What the address asks for; what it says otherwise than a page of ours would is left out."""
    given = request.query_params
    state, sort, page = given.get("state", ""), given.get("sort", ""), given.get("page", "1")
    states = STATES if state == "all" else (state,) if state in STATES else FOR_PEOPLE
    by_due = any(one in FOR_PEOPLE for one in states) and state != "all"
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return Wanted(
        states=states,
        words=given.get("q", "").replace("\x00", "").strip(),
        team=given.get("team", ""),
        department=given.get("department", ""),
        whose=given.get("whose", ""),
        sort=sort if sort in SORTS else "due" if by_due else "newest",
        page=max(1, min(number, MOST_PAGES)),
    )


def address(request: Request, **changes: object) -> str:
    """The address of the same page with other filters; each leads to the first page unless it names one."""
    given = {name: value for name, value in request.query_params.items() if name != "page"}
    merged = {name: str(value) for name, value in {**given, **changes}.items() if value not in ("", None)}
    return f"/?{urlencode(merged)}" if merged else "/"


def events(asked: Asked) -> Streamed:
    """Tells that the queue is another one; the page asks for its rows then."""
    page = Page(QUEUE, asked.request.query_params.get("mark", ""), changed="queue")
    state = asked.request.app.state
    return Streamed(state.live, state.room, asked.hears(), page)
