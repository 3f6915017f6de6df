"""A desk with accounts, its pages and its protocols, for tests that sign in to it or show it a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from support.own_shop import data_folder
from support.ports import free_port
from support.served import TOKEN, listening
from switchboard.accounts.roles import Role
from switchboard.console.app import Workplace
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import BesidePages, Desk
from switchboard.service import accounts

SESSION = "switchboard_session"
WORDS = "a heron on one leg"
PEOPLE: dict[str, Role] = {"vera": "viewer", "otto": "operator", "lena": "lead", "adam": "admin", "theo": "operator"}
LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"


class House:
    """What is served at `url`. `case_id` is a case that waits for a yes."""

    def __init__(self, place: Workplace, worker: BesidePages, url: str) -> None:
        self.place, self.worker, self.url = place, worker, url
        ref = worker.open_case("desk", LARGE, known={"email": GRACE})
        worker.work(ref)
        self.case_id = ref.case_id

    def stranger(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def enter(self, client: httpx.Client, name: str, words: str = WORDS, **more: str) -> httpx.Response:
        page = client.get("/sign-in", params=more)
        return client.post("/sign-in", data={"form_token": token_of(page), "name": name, "password": words, **more})

    def inside(self, name: str) -> httpx.Client:
        client = self.stranger()
        assert self.enter(client, name).status_code == 303
        return client

    def program(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, headers={"authorization": f"Bearer {token}"})

    def token(self, name: str, *scopes: str) -> str:
        return accounts.add_token(self.place, name, "for a test", scopes, "root").token


def token_of(page: httpx.Response) -> str:
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """The sample's desk with an account for each of PEOPLE."""
    place = Workplace(data_folder(folder))
    for name, role in PEOPLE.items():
        accounts.add_account(place, name, role, WORDS, "root")
    with BesidePages(place.environment, stands_by=True, concurrency=4) as worker:
        worker.take_cases()
        with listening(make_app(Desk(place, worker), {"127.0.0.1", "desk.example"}), free_port()) as url:
            yield House(place, worker, url)
    place.engine.dispose()
