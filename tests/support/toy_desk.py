"""A desk of the toy teams with people, its pages and protocols asked in this process, and its rows counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import MetaData, func, select
from starlette.testclient import TestClient

from support.programs import Desk
from support.programs import desk as desk_of
from support.served import TOKEN
from switchboard.accounts.roles import ROLES, Role
from switchboard.console.web.app import make_app
from switchboard.console.web.beside import Customers
from switchboard.service import accounts
from switchboard.service.watching.surveys import Surveys
from switchboard.tables.project_file import ProjectFile

WORDS = "a heron on one leg"
NAMES: dict[Role, str] = {"viewer": "vera", "operator": "otto", "lead": "lena", "admin": "adam"}
ADDRESS = "http://desk.example"


class House:
    """`app` is asked by browsers (`browser`, `inside`) and programs, at ADDRESS."""

    def __init__(self, desk: Desk, **tables: Any) -> None:
        self.desk = desk
        desk.place, desk.surveys = desk, Surveys()  # type: ignore[attr-defined]
        desk.customers = Customers(desk.engine, {}, None)  # type: ignore[attr-defined]
        desk.project.file = ProjectFile(name="Toys", **tables)
        desk.project.is_sample, desk.project.budgets = True, lambda engine: SimpleNamespace(stand=list)
        self.app = make_app(desk, {"desk.example"})  # type: ignore[arg-type]

    def browser(self, address: str = "192.0.2.7", **headers: str) -> TestClient:
        return TestClient(
            self.app, ADDRESS, client=(address, 5000), headers=headers, follow_redirects=False, raise_server_exceptions=False
        )

    def inside(self, role: Role) -> TestClient:
        """A browser of somebody who has signed in with this role."""
        client = self.browser()
        page = client.get("/sign-in")
        sent = {"form_token": form_token(page.text), "name": NAMES[role], "password": WORDS}
        assert client.post("/sign-in", data=sent).status_code == 303
        return client

    def program(self, token: str) -> TestClient:
        return self.browser(authorization=f"Bearer {token}")

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but for what is noted of tries and uses."""
        meta = MetaData()
        meta.reflect(self.desk.engine)
        with self.desk.engine.connect() as connection:
            return {name: connection.scalar(select(func.count()).select_from(table)) for name, table in meta.tables.items()}


def form_token(page: str) -> str:
    found = TOKEN.search(page)
    assert found, page
    return found[1]


@contextmanager
def house(folder: Path, **tables: Any) -> Iterator[House]:
    """With an account for each role, and what the project's file says beside its name."""
    with desk_of(folder) as desk:
        for role in ROLES:
            accounts.add_account(desk, NAMES[role], role, WORDS, "root")
        yield House(desk, **tables)
