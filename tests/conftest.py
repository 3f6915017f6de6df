"""What tests are given: shops of their own, each on a copy of one database."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from support.absent import self_signed
from support.killed import Nursery
from support.own_shop import EMMA, Desk, seeded
from support.postgres import Fresh, running_server

from switchboard.database import open_engine, sqlite_url
from switchboard.migrations import migrate_cases
from switchboard.settings import load_settings

settings.register_profile("on a busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on a busy machine")

FEW, SHARE = 3, 5


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as exhaustive the slow cases of a test that are much like others of it: all but each fifth and the last.

    Not of a test that is marked `each`, where every case is something else.
    """
    cases = defaultdict[tuple[Path, str], list[pytest.Item]](list)
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("each"):
            cases[item.path, getattr(item, "originalname", item.name)].append(item)
    for found in cases.values():
        for at, item in enumerate(found[:-1]):
            if len(found) > FEW and at % SHARE:
                item.add_marker("exhaustive")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Engine]:
    """The sample shop, in the data folder of the commands that run in `tmp_path`."""
    engine = seeded(tmp_path / "data", "switchboard.db")
    yield engine
    engine.dispose()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Rows of cases alone, without a shop."""
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def emma(shop: Engine) -> Desk:
    """Emma Lindqvist, verified; she was charged twice for #W1000001."""
    return Desk(shop, EMMA)


@pytest.fixture(scope="session")
def fresh() -> Iterator[Fresh]:
    """What makes databases on a real Postgres; where there is none, the test is skipped."""
    with running_server() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def addresses(fresh: Fresh) -> Callable[[], str]:
    """Gives addresses of empty Postgres databases, as the program takes them."""
    return lambda: str(load_settings(database_url=fresh()).database_url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser; where there is none, the test is skipped."""
    from support.browser import running_chromium  # what drives it takes long to import

    with running_chromium() as browser:
        yield browser


@pytest.fixture(params=["sqlite", "postgres"])
def apart(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A desk whose pages a real browser asks for, on each database."""
    from support.browser import Apart
    from support.served import served

    found = Apart(served(tmp_path, request.getfixturevalue("addresses")() if request.param == "postgres" else ""))
    yield found
    found.close()


@pytest.fixture(scope="session")
def one_nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """The nursery of all test files: it takes long to begin."""
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture(scope="module")
def nursery(one_nursery: Nursery) -> Iterator[Nursery]:
    """What begins processes that may be killed; none outlives its test file."""
    yield one_nursery
    one_nursery.clear()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of localhost that this process trusts; its key is beside it."""
    made = self_signed(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return made
