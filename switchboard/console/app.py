"""Putting the parts together: settings, the database with its rows, and the models that are configured."""

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from switchboard.cases import documents as record
from switchboard.cases.runs import Environment
from switchboard.cases.sealed.key import see_to_the_key
from switchboard.consent.codes import Codes
from switchboard.console.asked import asked
from switchboard.console.databases import prepared, reason_of, telling_of_the_database
from switchboard.console.logs import logged
from switchboard.console.patience import patient_for_a_minute
from switchboard.console.sealing import seal_with
from switchboard.console.terminal.screen import say
from switchboard.database import sqlite_url
from switchboard.declare.team import TeamSpec
from switchboard.errors import OperatorError
from switchboard.loop.drive import RunResult
from switchboard.mail.letters import Sender
from switchboard.mail.settings import sender_from
from switchboard.models.endpoints import read_endpoints
from switchboard.project import Project, find_project, open_project
from switchboard.service.notifications import MOST_BATCHES, send_due
from switchboard.service.place import name_of_operator, see_out
from switchboard.service.watching.export import exported
from switchboard.settings import Settings, folder_of, load_settings, open_folder
from switchboard.tables.project_file import ProjectFile

if TYPE_CHECKING:
    from switchboard.declare.document import Document
    from switchboard.engine.worker import Worker
    from switchboard.models.gateway import Gateway

ROWS = "switchboard.db"

THEN_RESUME = (
    "Mend it; then `switchboard resume --all` goes on with each case that `switchboard cases` lists as working. One that it "
    "does not list was not begun."
)


class Workplace:
    """What a command works with, in a project; each part is opened when it is first asked for.

    Without a `project` it is the one that the command line or the settings name, or that the current folder is in.
    """

    def __init__(self, data: Path | None = None, project: Project | None = None) -> None:
        self.settings: Settings = load_settings(data=data, project=asked.folder)
        self.project = project or open_project(find_project(self.settings.project))
        self._here = data is not None  # the command line comes before the environment

    @cached_property
    def engine(self) -> Engine:
        """The database that is configured, migrated. The sample project's own file gets the sample where it was empty."""
        return self.opened(with_sample=self.project.is_sample)

    def opened(self, *, with_sample: bool) -> Engine:
        """The database that is configured, migrated, and sealed; `with_sample`, a file of our own that was empty is filled."""
        engine = self._prepared(with_sample)
        seal_with(engine, self.settings.seal_key, self.file)
        return engine

    @contextmanager
    def in_service(self) -> Iterator[None]:
        """For as long as this process takes cases: its log is as the settings say. Raises OperatorError where the key at hand
        is not the one that sealed the rows.
        """
        with logged(self.settings.log, self.settings.log_level):
            see_to_the_key(self.engine)
            yield

    @property
    def address(self) -> str:
        """Where the database is. A folder that was given on the command line comes before the environment's server."""
        return self.settings.database_url if self.settings.database_url and not self._here else sqlite_url(self.folder / ROWS)

    def _prepared(self, with_sample: bool) -> Engine:
        if self.settings.database_url and not self._here:
            return prepared(self.address, self.project, "Check SWITCHBOARD_DATABASE_URL, and that the server is up.")
        advice = "Check the folder given with --data and its free space."
        return prepared(self.address, self.project, advice, with_sample=with_sample)

    @property
    def folder(self) -> Path:
        """The project's folder for data on this machine, wherever its rows are."""
        return open_folder(self.settings, self.project.data_name)

    @property
    def file(self) -> Path | None:
        """The SQLite file that holds the rows, whether it is there or not; None where the database is a server."""
        if not self.settings.database_url or self._here:
            return self.folder / ROWS
        found = make_url(self.settings.database_url)
        return Path(found.database) if found.get_backend_name() == "sqlite" and found.database else None

    @cached_property
    def index_cache(self) -> Path | None:
        """Where the indexes of sources are kept: beside the rows, and where these are on a server in the data folder of each
        machine, which is made with the first of them; None, in memory, where that cannot be written.
        """
        folder = self.file.parent if self.file else folder_of(self.settings, self.project.data_name)
        there = next(one for one in (folder, *folder.parents) if one.exists())
        return folder / "indexes" if there.is_dir() and os.access(there, os.W_OK) else None

    @cached_property
    def gateway(self) -> "Gateway | None":
        """The gateway to the models, or None where none is configured: then rules do all the work."""
        endpoints = read_endpoints(self.settings.oai_config_list)
        if not endpoints:
            return None
        from switchboard.models.gateway import Gateway

        settings = self.settings
        return Gateway(
            endpoints,
            timeout=settings.model_timeout_seconds,
            retries=settings.model_retries,
            prices=self.project.prices,
            spending=self.project.budgets(lambda: self.engine),
        )

    def limited(self, team: TeamSpec) -> TeamSpec:
        """The team with the budgets of the settings."""
        given = {"tokens": self.settings.max_tokens, "cost_usd": self.settings.max_cost_usd}
        limits: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return replace(team, limits=replace(team.limits, **limits)) if limits else team

    @cached_property
    def environment(self) -> Environment:
        """The teams that the project has, and what it gives to their runs."""
        file = self.project.file
        services = {
            "index_cache": self.index_cache,
            "mail": sender_from(file.mail, file.name),
            **self._web(),
            **self.project.setup.services(),
        }
        return Environment(
            engine=self.engine,
            teams={name: self.limited(team) for name, team in self.project.teams.items()},
            gateway=self.gateway,
            services=services,
            approval_hours=self.settings.approval_hours,
            identity=self.project.file.identity,
            codes=codes_of(self.project.file, services) if self.project.file.identity == "code" else None,
            notifications=self.project.file.notifications,
            allows_code=asked.allows_code,
            allows_web=asked.allows_web,
        )

    def _web(self) -> dict[str, Any]:
        """The web as a service, where the project's file has it. Cases that may ask it go on in any process of the project."""
        if self.project.file.web is None:
            return {}
        from switchboard.search.web.web import Web

        return {"web": Web(self.project.file.web)}

    @property
    def operator(self) -> str:
        """Who sits here: SWITCHBOARD_OPERATOR, or the name of the account."""
        return self.settings.operator or getpass.getuser()

    def called(self, name: str) -> str:
        """The operator's name: as given, or of who sits here. Raises OperatorError where it stands, or could be taken, for
        someone else's."""
        return name_of_operator(self.environment, name or self.operator)

    @contextmanager
    def worker(self, about: str = "", **options: Any) -> "Iterator[Worker]":
        """This process at work on runs: its own, and those that a killed process left, of which it tells.

        Raises OperatorError when the database does not let a step be recorded; the run goes on with `resume`.
        """
        from switchboard.engine.worker import Worker  # it imports dbos, which takes a quarter of a second

        told = telling_of_the_database(THEN_RESUME)
        with told, patient_for_a_minute(), self.exported(), Worker(self.environment, **options) as worker:
            left = worker.take_up()
            if not worker.workers():  # they do it now and then
                self.do_chore()
            for ref in left:
                if ref.case_id != about:
                    say(f"Taking up {ref.case_id}, which was left unfinished.")
            try:
                yield worker
            except OperatorError:
                see_out(worker, left, partial(say_end, about))
                raise
            see_out(worker, left, partial(say_end, about))
            self.tell_troubles()
            if not worker.workers():
                self.send_notifications()

    def exported(self) -> AbstractContextManager[None]:
        """What is worked on within is traced, where that is wanted."""
        return exported(self.environment, self.project.file.telemetry, say)

    def do_chore(self) -> str:
        """What the project has done now and then. Returns what the operator should hear, or ""."""
        chore = self.project.setup.chore
        return chore(self.engine, self.environment.services) if chore else ""

    def send_notifications(self, at_once: int = MOST_BATCHES) -> None:
        """Send what is due, or so many batches of it, and tell the operator here of what cannot be sent."""
        for trouble in send_due(self.engine, self.project.file, at_once=at_once):
            say(trouble)

    def tell_troubles(self) -> None:
        """Tell the operator which model did not answer."""
        for name, trouble in self.gateway.problems().items() if self.gateway else ():
            say(f"{name}: {trouble}")

    def keep(self, result: RunResult) -> None:
        """Keep the document of a run that was played without a journal."""
        self.tell_troubles()
        try:
            record.save(self.engine, result.run)
        except SQLAlchemyError as error:
            raise OperatorError(
                f"The run is over, but its record could not be written: {reason_of(error)}. "
                f"It ended {result.end}, and the customer was told: {result.document['reply']}"
            ) from error


def codes_of(file: ProjectFile, services: Mapping[str, Any]) -> Codes:
    """What one-time codes need: a key, and the project's service `mail` or the mail server that is configured.

    Raises OperatorError with a sentence for each thing that is missing.
    """
    from switchboard.mail.settings import code_key, mail_settings, smtp_from

    settings, missing = mail_settings(), list[str]()
    sender: Sender | None = services.get("mail")
    key = b""
    try:
        sender = sender or smtp_from(file.mail, settings, file.name)
    except OperatorError as error:
        missing.append(str(error))
    try:
        key = code_key(settings)
    except OperatorError as error:
        missing.append(str(error))
    if missing or sender is None:
        raise OperatorError("\n".join(missing))
    return Codes(key, sender, file.name)


def say_end(about: str, document: "Document") -> None:
    """Tell how a case ended that was taken up beside the one that the command is about."""
    if document["case_id"] != about:
        say(f"{document['case_id']}: {document['end']}.")
