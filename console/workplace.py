"""Putting the parts together: settings, the database with its rows, and the models that are configured."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from runtime import record
from runtime.database import open_engine, sqlite_url
from runtime.endpoints import read_endpoints
from runtime.errors import OperatorError
from runtime.run import RunResult, run_team
from runtime.settings import Settings, load_settings, open_folder
from runtime.team import TeamSpec
from tools.store import migrate, seed

if TYPE_CHECKING:
    from runtime.gateway import Gateway


class Workplace:
    """What a command works with; each part is opened when it is first asked for."""

    def __init__(self, data: Path | None = None) -> None:
        self.settings: Settings = load_settings(data=data)

    @cached_property
    def engine(self) -> Engine:
        """The database that is configured, migrated, and with the sample shop where it was empty."""
        url = self.settings.database_url or sqlite_url(open_folder(self.settings) / "switchboard.db")
        try:
            return prepared(url)
        except (SQLAlchemyError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise OperatorError(
                f"The database cannot be opened: {reason}. Check the folder given with --data and its free space, "
                "or SWITCHBOARD_DATABASE_URL."
            ) from error

    @cached_property
    def gateway(self) -> "Gateway | None":
        """The gateway to the models, or None where none is configured: then rules do all the work."""
        endpoints = read_endpoints(self.settings.oai_config_list)
        if not endpoints:
            return None
        from runtime.bind import PRICES
        from runtime.gateway import Gateway  # it imports openai, which takes a third of a second

        settings = self.settings
        return Gateway(endpoints, timeout=settings.model_timeout_seconds, retries=settings.model_retries, prices=PRICES)

    def limited(self, team: TeamSpec) -> TeamSpec:
        """The team with the budgets of the settings."""
        given = {"tokens": self.settings.max_tokens, "cost_usd": self.settings.max_cost_usd}
        limits: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return replace(team, limits=replace(team.limits, **limits)) if limits else team

    def run(self, team: TeamSpec, opening: str, *, engine: Engine | None = None, **options: Any) -> RunResult:
        """Run a team and keep its document. The rows are those of `engine`, by default the configured ones."""
        rows = engine or self.engine
        self.engine  # noqa: B018 - a database that cannot be opened must be known before the run, not after it
        result = run_team(self.limited(team), opening, engine=rows, gateway=self.gateway, **options)
        self.keep(result)
        return result

    def keep(self, result: RunResult) -> None:
        try:
            record.save(self.engine, result.document)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise OperatorError(f"The run is over, but its record could not be written: {reason}.") from error


def prepared(url: str) -> Engine:
    """An engine on `url`, migrated to this version, with the sample shop where there is no customer yet."""
    engine = open_engine(url)
    migrate(engine)
    seed(engine)
    return engine


@contextmanager
def fresh_shop() -> Iterator[Engine]:
    """A copy of the sample shop that is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="switchboard-", ignore_cleanup_errors=True) as folder:
        engine = prepared(sqlite_url(Path(folder) / "shop.db"))
        try:
            yield engine
        finally:
            engine.dispose()
