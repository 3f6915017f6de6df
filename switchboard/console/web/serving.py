"""`switchboard serve`: pages and, unless one wants them alone, the agents' work, in one process until it is told to stop."""

import errno
import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from switchboard.console.app import Workplace
from switchboard.console.channels.helpdesks.configured import help_desks
from switchboard.console.channels.helpdesks.heard import at_work
from switchboard.console.channels.pressing import showing, slack_of
from switchboard.console.databases import telling_of_the_database
from switchboard.console.patience import patient
from switchboard.console.terminal.screen import say
from switchboard.console.terminal.workers import THE_SAME_AGAIN, Chores, Told, finish, listening
from switchboard.console.web import who
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import BesidePages, Desk
from switchboard.console.web.guard import names_of
from switchboard.errors import OperatorError
from switchboard.service import accounts, workers

WHY_NOT = {
    errno.EADDRINUSE: "is taken by another program, which may be another `switchboard serve`",
    errno.EACCES: "is not for this account of the machine to take",
    errno.EADDRNOTAVAIL: "cannot be had, as this machine has no such address (--host)",
}
"""Why a port cannot be had, by the system's number."""
LINGER_SECONDS = 5
"""How long what is being answered may take when one is told to stop."""


def serve(
    host: str, port: int, *, with_worker: bool, concurrency: int, grace: float, domains: Collection[str], data: Path | None
) -> None:
    """Serve pages until a signal comes; then see out what is under way, as a worker does."""
    with ExitStack() as opened:
        told = opened.enter_context(listening())
        place = Workplace(data)
        opened.enter_context(telling_of_the_database(THE_SAME_AGAIN))
        opened.enter_context(place.in_service())
        if not accounts.any_accounts(place):
            _see_that_it_is_here(host, domains)
            place.called("")  # whose name stands on what is decided here is known before anybody decides
        opened.enter_context(patient(lambda waited: told.gives_up(waited, grace), "The cases go on by themselves then."))
        worker = BesidePages(place.environment, stands_by=with_worker, concurrency=concurrency, chores=Chores(place))
        opened.enter_context(place.exported())
        opened.enter_context(worker)
        desk, channels, slack = Desk(place, worker), help_desks(place), slack_of(place)
        app = make_app(desk, names_of(host, domains), [channel for channel, _ in channels], slack)
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=LINGER_SECONDS,
        )
        server = Server(config, worker)
        app.state.live.is_over = lambda: server.should_exit
        socket = _bound(config)
        say(f"http://{f'[{host}]' if ':' in host else host}:{socket.getsockname()[1]} - Ctrl-C stops.")
        threading.Thread(target=_stop_when, args=(told, server), daemon=True).start()
        beginning = threading.Thread(target=_begin, args=(place, worker), daemon=True)
        if with_worker:
            beginning.start()
        with at_work(worker, channels, say), showing(desk, slack, say):
            server.run(sockets=[socket])
            if beginning.ident:
                beginning.join()
            worker.take_no_more()
            if worker.is_worker:
                finish(worker, told, grace)
    place.tell_troubles()


def _see_that_it_is_here(host: str, domains: Collection[str]) -> None:
    """Raises OperatorError where others than who sits at this machine could reach the pages, and decide as they."""
    away = [] if who.is_this_machine(host) else [host]
    if away := [*away, *(name for name in domains if not who.is_this_machine(name))]:
        why = f"{away[0]} can be reached from other machines, and nobody has an account here, so anybody could approve."
        make = "Make one: `switchboard users add NAME --role admin`."
        raise OperatorError(f"{why} {make} Without --host and --domain the pages are on this machine alone.")


class Server(uvicorn.Server):
    """One that begins no more cases from the moment on at which it is told to stop."""

    def __init__(self, config: uvicorn.Config, worker: BesidePages) -> None:
        super().__init__(config)
        self._worker = worker

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._worker.take_no_more()
        super().handle_exit(sig, frame)


def _stop_when(told: Told, server: uvicorn.Server) -> None:
    """A signal that comes before the server hears signals itself must stop it, too."""
    told.stop.wait()
    server.should_exit = True


def _begin(place: Workplace, worker: BesidePages) -> None:
    """Take cases; where another process does that on this SQLite file the pages alone are served."""
    try:
        workers.begin(worker)
    except OperatorError as error:
        say(f"Pages alone: {error}")
        return
    if place.gateway is None:
        say("No model is configured, so rules do all the work.")


def _bound(config: uvicorn.Config) -> Any:
    try:
        with _unheard(logging.getLogger("uvicorn.error")):  # what it says of it is a number of the system's
            socket = config.bind_socket()
    except SystemExit as ended:
        raise _not_had(config, ended.__context__) from None
    try:
        socket.listen(config.backlog)  # whoever reads where the pages are is let wait for them, and not refused
    except OSError as error:  # one that was started at the same moment listens there first
        socket.close()
        raise _not_had(config, error) from None
    return socket


def _not_had(config: uvicorn.Config, error: BaseException | None) -> OperatorError:
    why = WHY_NOT.get(getattr(error, "errno", 0), "cannot be had")
    advice = "Name another port with --port, or have whoever runs this machine see to that one."
    return OperatorError(f"Port {config.port} of {config.host} {why}. {advice}")


@contextmanager
def _unheard(logger: logging.Logger) -> Iterator[None]:
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
