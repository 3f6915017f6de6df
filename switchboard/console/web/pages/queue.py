"""The queue: what waits for whom, the nearest deadline first, and what is new as it comes."""

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from switchboard.console.web.asked import Asked
from switchboard.console.web.live import QUEUE, short
from switchboard.console.web.streams import Page, Streamed
from switchboard.errors import OperatorError
from switchboard.service.operators.seen import unread
from switchboard.service.operators.views import as_query, drop_view, keep_view, views_of
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
    return _page(asked)


def keep(asked: Asked) -> Response:
    """Keep what is looked at as a view of one's own, and lead back to it."""
    try:
        view = keep_view(
            asked.desk, asked.person.name, asked.form.get("name", ""), dict(parse_qsl(asked.form.get("query", "")))
        )
    except OperatorError as error:
        return _page(asked, wrong=str(error), status=409)
    return RedirectResponse(f"/?{view.query}", 303)


def drop(asked: Asked) -> Response:
    number = asked.form.get("number", "")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        drop_view(asked.desk, asked.person.name, int(number))
    return RedirectResponse("/", 303)


def _page(asked: Asked, *, wrong: str = "", status: int = 200) -> Response:
    wanted = wanted_in(asked.request)
    found = queue(asked.desk, wanted, asked.desk.surveys)
    last = (min(found.found, MOST_SORTED) if wanted.sort == "due" else found.found) // PAGE + 1
    chosen = asked.request.query_params.get("state", "")
    template = "queue_rows.html" if asked.by_htmx else "queue.html"
    return asked.page(
        template,
        status,
        found=found,
        wanted=wanted,
        chosen=chosen,
        labels=LABELS,
        sorts=SORTS,
        last=last,
        unread=unread(asked.desk, asked.person.name, found.rows),
        views=views_of(asked.desk, asked.person.name),
        query=as_query(asked.request.query_params),
        wrong=wrong,
        address=lambda **changes: address(asked.request, **changes),
        mark=short(found.mark),
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
