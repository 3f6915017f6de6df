"""What others write stays text on each page: whoever wrote it, whichever field it came by, and wherever it is shown."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from support.toy_desk import WORDS, House, form_token, house

from switchboard.accounts.rows import accounts as rows
from switchboard.characters import normal
from switchboard.service import accounts, cases
from switchboard.service.mails import Incoming, ask_by_mail


def marked(field: str) -> str:
    """What would be a tag, an attribute or a script, wherever it stood unescaped."""
    return f"""'"><xss-{field} onx{field}=1>{{{{7*7}}}}{field}"""


class Found(HTMLParser):
    """What of a page is markup that no page of ours has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if tag.startswith("xss") or any(name.startswith("on") for name in names) or "style" in names:
            self.wrong.append(f"{tag} {names}")
        for name, value in attrs:
            if name in ("href", "src", "action") and not re.match(r"[/#]|$|data:image/", (value or "").strip()):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "script" and not dict(attrs).get("src", "").startswith("/static/"):  # type: ignore[union-attr]
            self.wrong.append("a script that is inline")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("desk")) as found:
        accounts.add_account(found.desk, "olga", "operator", WORDS, "root")
        name = marked("operator")[:60]  # as accounts could be called before their names were bounded
        with found.desk.engine.begin() as connection:
            connection.execute(rows.update().where(rows.c.name == "olga").values(name=name, folded=normal(name)))
        yield found


def letter() -> bytes:
    name = marked("file").replace('"', "")
    named = f'filename="{name}"'
    return (
        f"From: {marked('sender')} <ada@example.com>\r\nTo: desk@example.com\r\nSubject: {marked('subject')}\r\n"
        'Message-ID: <one@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nI want a person. {marked('words')}\r\n"
        f'--b\r\nContent-Type: text/plain; name="{name}"\r\nContent-Disposition: attachment; {named}\r\n\r\nx\r\n--b--\r\n'
    ).encode()


@pytest.mark.slow
def test_nothing_that_others_write_is_markup_on_any_page(desk: House) -> None:
    place = desk.desk
    asked = ask_by_mail(place, "toys", letter(), "ada@example.com", Incoming())  # type: ignore[arg-type]
    case_id = asked.document["case_id"]
    second = place.at_work.open_case(
        "toys", f"Please pay me. {marked('words')}", known={"email": f"{marked('sender')}@example.com"}
    )
    place.at_work.work(second)
    operator = marked("operator")[:60]
    client = desk.browser()
    page = client.get("/sign-in", params={"next": f"/{marked('path')}"})
    pages = [page, client.get("/sign-in", params={"lost": marked("path")})]
    refused = client.post(
        "/sign-in", data={"form_token": form_token(page.text), "name": marked("typed"), "password": "wrong words"}
    )
    pages.append(refused)
    sent = {"form_token": form_token(page.text), "name": operator, "password": WORDS}
    assert client.post("/sign-in", data=sent).status_code == 303

    def does(what: str, **form: str) -> None:
        token = form_token(client.get(f"/cases/{case_id}").text)
        found = client.post(f"/cases/{case_id}/{what}", data={"form_token": token, **form})
        pages.append(found)
        if found.is_redirect:
            pages.append(client.get(found.headers["location"]))

    number = next(iter(re.findall(r"T\d{6}", client.get(f"/cases/{case_id}").text)))
    does("take")
    does("reply", words=marked("reply"))
    does("flag", number="1", why=marked("reason"))
    does(f"tickets/{number}/assign", to=marked("operator")[:60])
    does(f"tickets/{number}/close", why=marked("note"))
    does(f"tickets/{number}/{marked('path')}", why=marked("note"))
    does("approve", hash=marked("typed"))
    does("refuse", hash=marked("typed"), why=marked("typed"))
    does("hand-back", note=marked("note"))
    for path in (f"/cases/{case_id}", f"/cases/{second.case_id}"):
        pages += [
            client.get(path + more)
            for more in ("", "/trace", "/part/head", "/part/act", "/part/side", "?told=" + marked("path"))
        ]
    for name in ("q", "team", "department", "whose", "state", "sort", "page"):
        pages.append(client.get("/", params={"state": "all", name: marked("search")}))
        pages.append(client.get("/", params={name: marked("search")}, headers={"hx-request": "true"}))
    pages += [client.get("/?state=all"), client.get(f"/{marked('path')}"), client.get(f"/cases/{marked('path')}")]
    pages.append(client.get(f"/cases/{case_id}/part/{marked('path')}"))
    turns = iter([False])
    desk.app.state.live.is_over = lambda: next(turns, True)
    told = client.get(f"/cases/{case_id}/events?after=0").text
    lines = "\n".join(line.removeprefix("data: ") for line in told.splitlines() if line.startswith("data: "))
    whole = "\n".join(one.text for one in pages) + lines
    assert [Found(one.text).wrong for one in pages if Found(one.text).wrong] == [] and Found(lines).wrong == []
    assert len(lines) > 1000 and not re.search(r"49(?:words|sender|subject|note|reply|typed|search|path)", whole)
    for field in ("words", "subject", "file", "operator", "note", "reason", "reply", "search", "typed"):
        assert f"&lt;xss-{field}" in whole, field  # it was shown, so this page was tried
    assert all("content-security-policy" in one.headers for one in pages)
    assert cases.show(place, case_id).standing.case_id == case_id  # type: ignore[arg-type]
