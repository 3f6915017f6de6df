"""Two projects beside each other on one database see nothing of each other, and what was there before is still found."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from support.postgres import Fresh, with_driver
from support.sample import sample_project
from support.two_projects import Office, counter
from support.working import worker

from switchboard.cases.tables import CaseRow, WorkerRow
from switchboard.console.databases import prepared
from switchboard.console.homes import schema_of
from switchboard.database import engine_schema, is_away, open_engine, sqlite_url, use_schema
from switchboard.engine.heartbeat import _alone
from switchboard.errors import OperatorError
from switchboard.migrations import lock
from switchboard.project import Project

NAMES = ("Acme Tools", "Beta Tools")


@pytest.fixture
def url(fresh: Fresh) -> str:
    return with_driver(fresh())


@pytest.fixture
def acme(tmp_path: Path) -> Project:
    return counter(tmp_path, NAMES[0])


@pytest.fixture
def beta(tmp_path: Path) -> Project:
    return counter(tmp_path, NAMES[1])


@pytest.fixture
def opened(url: str) -> Iterator[Callable[..., Engine]]:
    """Opens a project's engine on the database of this test."""
    engines: list[Engine] = []

    def open_for(project: Project, address: str = url) -> Engine:
        engines.append(prepared(address, project))
        return engines[-1]

    yield open_for
    for engine in engines:
        engine.dispose()


def run_sql(url: str, statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements.split("; "):
            connection.execute(text(statement))
    engine.dispose()


def tables(engine: Engine, schema: str) -> set[str]:
    return set(inspect(engine).get_table_names(schema=schema))


def schemas(url: str) -> set[str]:
    engine = create_engine(url)
    found = {name for name in inspect(engine).get_schema_names() if name != "information_schema"}
    engine.dispose()
    return found


def add_worker(engine: Engine, name: str) -> None:
    with Session(engine) as session, session.begin():
        row = WorkerRow(id=name, host="elsewhere", pid=1, takes_cases=True)
        row.beat_at = datetime.now(UTC)
        session.add(row)


def workers(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return sorted(session.scalars(select(WorkerRow.id)))


def add_case(engine: Engine, team: str) -> None:
    """A case that is over."""
    with Session(engine) as session, session.begin():
        row = CaseRow(id="case_1", team=team, end="resolved", reason="", opening="hello", seconds=1.0, run=0, used={}, inbox=[])
        row.created_at = datetime.now(UTC)
        session.add(row)


def cases(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(CaseRow.team)))


def told_by(refused: "pytest.ExceptionInfo[OperatorError]") -> list[str]:
    """The statements that a sentence tells."""
    assert len(str(refused.value).splitlines()) == 1
    return re.findall("`([^`]*)`", str(refused.value))


# On one Postgres


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("acme-tools", "desk_acme_tools"),
        ("acme_tools", "desk_acme_tools_"),
        ("zahnärzte", "desk_zahnarzte_"),
        ("図書館", "desk_"),
        ("public", "desk_public"),
        ("a-" * 29 + "b", "desk_a_a_a"),
    ],
)
def test_each_name_has_a_schema_that_needs_no_quotes(name: str, schema: str) -> None:
    found = schema_of(name)
    assert found.startswith(schema)
    assert re.fullmatch(r"desk_[a-z0-9_]{1,50}", found)
    assert found == schema or re.search(r"_[0-9a-f]{8}$", found)


@pytest.mark.slow
def test_two_projects_have_tables_and_engines_of_their_own_and_the_sample_stays_in_public(
    url: str, acme: Project, beta: Project, opened: Callable[..., Engine]
) -> None:
    first, second, sample = opened(acme), opened(beta), opened(sample_project())
    assert schemas(url) == {"public", "desk_acme_tools", "engine_acme_tools", "desk_beta_tools", "engine_beta_tools"}
    assert tables(sample, "desk_acme_tools") == tables(sample, "desk_beta_tools")
    assert tables(sample, "desk_acme_tools") < tables(sample, "public")
    add_case(first, "counter")
    add_worker(second, "another")
    assert (cases(first), cases(second), cases(sample)) == (["counter"], [], [])
    assert (workers(first), workers(second), workers(sample)) == ([], ["another"], [])
    assert {engine_schema(engine) for engine in (first, second)} == {"engine_acme_tools", "engine_beta_tools"}
    assert engine_schema(sample) == "switchboard_engine"
    assert cases(opened(acme)) == ["counter"], "it is found again"


def test_two_first_starts_of_a_project_at_once_make_its_schemas_once(
    url: str, acme: Project, opened: Callable[..., Engine]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(lambda _: opened(acme), range(4)))
    assert [workers(engine) for engine in engines] == [[]] * 4
    assert schemas(url) == {"public", "desk_acme_tools", "engine_acme_tools"}


@pytest.mark.slow
def test_the_locks_of_one_are_not_those_of_the_other(acme: Project, beta: Project, opened: Callable[..., Engine]) -> None:
    first, second, again = opened(acme), opened(beta), opened(acme)
    with first.begin() as connection, _alone(first) as alone:
        lock(connection)
        with second.begin() as other, _alone(second) as also, _alone(again) as not_again:
            other.execute(text("SET LOCAL lock_timeout = '2s'"))
            lock(other)
            assert (alone, also, not_again) == (True, True, False)
        with again.begin() as other, pytest.raises(DBAPIError, match="lock timeout"):
            other.execute(text("SET LOCAL lock_timeout = '50ms'"))
            lock(other)


@pytest.mark.slow
def test_nothing_stays_with_a_connection_that_a_pooler_gives_to_another(
    url: str, acme: Project, beta: Project, opened: Callable[..., Engine]
) -> None:
    for project, name in ((acme, "first"), (beta, "second"), (sample_project(), "third")):
        add_worker(opened(project), name)
    with psycopg.connect(url.replace("+psycopg", "")) as shared:
        pooled = [create_engine(url, creator=lambda: shared, poolclass=StaticPool) for _ in range(3)]
        for engine, schema in zip(pooled, ("desk_acme_tools", "desk_beta_tools"), strict=False):
            use_schema(engine, schema)
        for _ in range(8):  # more often than a statement is made before the driver prepares it
            assert [workers(engine) for engine in pooled] == [["first"], ["second"], ["third"]]
        with Session(pooled[0]) as session:
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text("SELECT 1 / 0"))
            assert session.scalars(select(WorkerRow.id)).all() == ["first"]
            session.rollback()
            assert session.scalars(select(WorkerRow.id)).all() == ["first"]


def test_outside_of_a_transaction_nobody_gets_to_the_tables_of_another(acme: Project, opened: Callable[..., Engine]) -> None:
    with (
        pytest.raises(RuntimeError, match="outside of a transaction"),
        opened(acme).connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text("SELECT 1"))


def test_a_connection_that_is_gone_is_told_as_any_other(url: str, acme: Project, opened: Callable[..., Engine]) -> None:
    engine = opened(acme)
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.rollback()
        run_sql(url, f"SELECT pg_terminate_backend({pid})")
        with pytest.raises(DBAPIError) as gone:
            connection.execute(text("SELECT 1"))
        assert is_away(gone.value)
    assert workers(engine) == []


# What was there before


@pytest.mark.slow
def test_an_older_database_of_the_sample_stays_as_it_is(fresh: Fresh, opened: Callable[..., Engine]) -> None:
    url = with_driver(fresh.shop())
    before = open_engine(url)
    add_case(before, "desk")
    chains = [*before.connect().scalars(text("SELECT chain FROM schema_versions"))]
    engine = opened(sample_project(), url)
    assert (cases(engine), engine_schema(engine)) == (["desk"], "switchboard_engine")
    assert [*before.connect().scalars(text("SELECT chain FROM schema_versions"))] == chains, "nobody said whose it is"
    assert schemas(url) == {"public"}
    before.dispose()


@pytest.fixture
def older(fresh: Fresh) -> str:
    """A database of before projects had their own schemas, with a case of team `counter`."""
    url = with_driver(fresh.shop())
    engine = open_engine(url)
    add_case(engine, "counter")
    engine.dispose()
    return url


def test_a_project_whose_cases_may_be_in_public_asks_and_stays_there(
    older: str, acme: Project, beta: Project, opened: Callable[..., Engine]
) -> None:
    with pytest.raises(OperatorError, match="does not say whose they are") as refused:
        opened(acme, older)
    assert schemas(older) == {"public"}, "nothing was made"
    run_sql(older, told_by(refused)[0])
    engine = opened(acme, older)
    assert (cases(engine), engine_schema(engine)) == (["counter"], "switchboard_engine")
    assert cases(opened(beta, older)) == [], "it is known now that they are not its"
    with pytest.raises(OperatorError, match="schema public of this database holds the cases of the project 'acme-tools'"):
        opened(sample_project(), older)


def test_a_project_whose_cases_are_not_in_public_gets_its_own_schema(
    older: str, acme: Project, opened: Callable[..., Engine]
) -> None:
    with pytest.raises(OperatorError) as refused:
        opened(acme, older)
    run_sql(older, told_by(refused)[1])
    assert cases(opened(acme, older)) == []
    assert cases(opened(sample_project(), older)) == ["counter"]


def test_nobody_is_asked_about_cases_of_other_teams(fresh: Fresh, acme: Project, opened: Callable[..., Engine]) -> None:
    url = with_driver(fresh.shop())
    before = open_engine(url)
    add_case(before, "desk")
    before.dispose()
    assert cases(opened(acme, url)) == []


def test_runs_of_0_2_are_asked_about_too(url: str, acme: Project, opened: Callable[..., Engine]) -> None:
    run_sql(
        url, "CREATE TABLE legs (run_id text); CREATE TABLE runs (id text, team text); INSERT INTO runs VALUES ('1', 'counter')"
    )
    with pytest.raises(OperatorError) as refused:
        opened(acme)
    mine, not_mine = told_by(refused)
    assert mine.endswith("INSERT INTO public.schema_versions VALUES ('project', 'acme-tools')")
    run_sql(url, mine)
    assert engine_schema(open_engine(url)) == "switchboard_engine"
    run_sql(url, f"DROP TABLE schema_versions; {not_mine}")
    assert workers(opened(acme)) == []


def test_tables_of_another_program_are_no_cases(url: str, acme: Project, opened: Callable[..., Engine]) -> None:
    run_sql(url, "CREATE TABLE cases (team text); CREATE TABLE runs (team text); INSERT INTO runs VALUES ('counter')")
    assert workers(opened(acme)) == []


# Rights


def test_a_right_that_is_missing_is_said_with_what_gives_it(url: str, acme: Project, opened: Callable[..., Engine]) -> None:
    role, database = "clerk", make_url(url).database
    run_sql(url, f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN; REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    run_sql(url, f"GRANT CONNECT ON DATABASE {database} TO {role}")
    as_clerk = make_url(url).set(username=role, password=None).render_as_string(hide_password=False)
    with pytest.raises(OperatorError, match="which clerk may not make") as refused:
        opened(acme, as_clerk)
    (statements,) = told_by(refused)
    assert (
        statements == "CREATE SCHEMA desk_acme_tools AUTHORIZATION clerk; CREATE SCHEMA engine_acme_tools AUTHORIZATION clerk"
    )
    run_sql(url, statements.partition("; ")[0])
    run_sql(url, "CREATE SCHEMA engine_acme_tools")
    with pytest.raises(OperatorError) as refused:
        opened(acme, as_clerk)
    (statements,) = told_by(refused)
    assert statements == "ALTER SCHEMA engine_acme_tools OWNER TO clerk"
    run_sql(url, statements)
    assert workers(opened(acme, as_clerk)) == []


# On one file


def test_a_file_is_that_of_one_project(tmp_path: Path, acme: Project, beta: Project, opened: Callable[..., Engine]) -> None:
    url = sqlite_url(tmp_path / "shared.db")
    add_case(opened(acme, url), "counter")
    assert cases(opened(acme, url)) == ["counter"]
    for other in (beta, sample_project()):
        with pytest.raises(OperatorError, match=r"shared\.db holds the cases of the project 'acme-tools'") as refused:
            opened(other, url)
        assert len(told_by(refused)) == 1
        says = str(refused.value)
        assert says.index("--data or SWITCHBOARD_DATA") < says.index("the last resort") < says.index("UPDATE")


def test_an_older_file_becomes_that_of_the_project_whose_teams_it_has(
    tmp_path: Path, acme: Project, beta: Project, opened: Callable[..., Engine]
) -> None:
    url = sqlite_url(tmp_path / "older.db")
    before = opened(acme, url)
    with before.begin() as connection:
        connection.execute(text("DELETE FROM schema_versions WHERE chain = 'project'"))
    add_case(before, "counter")
    with pytest.raises(OperatorError, match="holds cases of teams that Fernhill Supply does not have") as refused:
        opened(sample_project(), url)
    assert told_by(refused) == ["INSERT INTO schema_versions VALUES ('project', '')"]
    assert cases(opened(beta, url)) == ["counter"]
    with pytest.raises(OperatorError, match="of the project 'beta-tools'"):
        opened(acme, url)


# At work


@pytest.fixture
def offices(url: str, tmp_path: Path) -> tuple[Office, Office]:
    return Office(tmp_path, "acme", url), Office(tmp_path, "beta", url)


def both(work: Callable[[Office], object], offices: tuple[Office, Office]) -> None:
    """Two processes at once, one of each."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, offices))


@pytest.mark.slow
def test_what_one_submits_the_other_neither_sees_nor_works_on(url: str, offices: tuple[Office, Office]) -> None:
    acme, beta = offices
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as listening:
        for channel in ("notifications", "workflow_events", "streams"):
            listening.execute(f"LISTEN dbos_{channel}_channel")
        both(lambda office: office.submit(("m-1", "hello")), offices)
        acme.submit(("m-2", "a gift please"))
        with worker(beta.folder, **beta.variables) as at_work:
            until_over(beta, "hello")
            assert acme.cases() == {"hello": None, "a gift please": None}
            assert beta.cases() == {"hello": "resolved"}
            at_work.signal(signal.SIGTERM)
            at_work.stopped()
        assert list(listening.notifies(timeout=0)) == [], "the engines tell each other nothing on the channels that they share"


def until_over(office: Office, opening: str) -> None:
    until = time.monotonic() + 60
    while office.cases()[opening] is None:
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
def test_two_desks_are_worked_on_approved_and_cleaned_up_each_by_itself(offices: tuple[Office, Office]) -> None:
    acme, beta = offices
    messages = [("m-1", "hello"), ("m-2", "a gift please"), ("m-3", "hello again")]
    both(lambda office: office.submit(*messages), offices)
    with worker(acme.folder, **acme.variables), worker(beta.folder, **beta.variables):
        for office in offices:
            for _, opening in messages:
                until_over(office, opening)
        assert (
            acme.cases()
            == beta.cases()
            == {"hello": "resolved", "hello again": "resolved", "a gift please": "awaiting_approval"}
        )
        ids = {office: {row["case_id"] for row in office.json("cases")} for office in offices}
        assert not ids[acme] & ids[beta]
        waiting = acme.json("approvals")
        assert len(waiting) == len(beta.json("approvals")) == 1
        case_id, bound = waiting[0]["case_id"], waiting[0]["hash"]
        strange = beta.command("approve", case_id, "--for", bound, expected=(2,))
        assert "case" in strange.stderr
        beta.command("show", case_id, expected=(2,))
        beta.command("cancel", case_id, expected=(2,))
        acme.command("approve", case_id, "--for", bound)
        until_over(acme, "a gift please")
        assert acme.json("show", case_id)["reply"] == "acme gave 700."
        assert (acme.json("approvals"), len(beta.json("approvals"))) == ([], 1)
    beta.command("clean-up", "--older-than", "0")
    assert beta.command("replay", *_over(beta), expected=(2,))
    acme.command("replay", *_over(acme))


def _over(office: Office) -> list[str]:
    return [row["case_id"] for row in office.json("cases") if row["opening"] == "hello"]


@pytest.mark.slow
def test_the_runs_of_a_worker_that_was_killed_go_to_its_own_project(offices: tuple[Office, Office]) -> None:
    acme, beta = offices
    both(lambda office: office.submit(("m-1", "ponder this")), offices)
    with worker(beta.folder, **beta.variables) as others:
        with worker(acme.folder, **acme.variables) as killed:
            for office in offices:
                until = time.monotonic() + 30
                while not office.pondered.exists():
                    assert time.monotonic() < until
                    time.sleep(0.05)
            killed.signal(signal.SIGKILL)
            killed.process.wait()
        acme.pondered.with_suffix(".pondered.over").touch()
        time.sleep(8)  # longer than a silent process counts as alive, and than some sweeps
        assert acme.cases() == {"ponder this": None}, "nobody of its own is there to go on with it"
        beta.command("resume", "--all")
        assert acme.cases() == {"ponder this": None}
        with worker(acme.folder, **acme.variables) as heir:
            until_over(acme, "ponder this")
            heir_pid = heir.process.pid
        beta.pondered.with_suffix(".pondered.over").touch()
        until_over(beta, "ponder this")
        began = {office: {int(line.split()[1]) for line in office.pondered.read_text().splitlines()} for office in offices}
        assert began == {acme: {killed.process.pid, heir_pid}, beta: {others.process.pid}}
    assert acme.cases() == beta.cases() == {"ponder this": "resolved"}


@pytest.mark.slow
def test_a_project_under_a_new_name_goes_on_when_its_schemas_are_renamed(url: str, tmp_path: Path) -> None:
    old, new = Office(tmp_path, "acme", url), Office(tmp_path, "gamma", url)
    old.submit(("m-1", "hello"))
    run_sql(url, "ALTER SCHEMA desk_acme RENAME TO desk_gamma; ALTER SCHEMA engine_acme RENAME TO engine_gamma")
    with pytest.raises(
        OperatorError, match="schema desk_gamma of this database holds the cases of the project 'acme'"
    ) as refused:
        prepared(url, new.project)
    run_sql(url, f"SET search_path TO desk_gamma; {told_by(refused)[0]}")
    with worker(new.folder, **new.variables):
        until_over(new, "hello")
    assert new.cases() == {"hello": "resolved"}
