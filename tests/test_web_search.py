"""What searches the web: each is asked as it documents, and what it answers badly ends nothing."""

import inspect
import json
import sys
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from support.other_side import OtherSide, said

from switchboard.errors import Away, OperatorError, ToolError
from switchboard.search.web.engines import NOTHING_FOUND, Ddgs, SearxNG, Tavily, WebSearch, search_of
from switchboard.search.web.table import WebTable
from switchboard.search.web.web import Web

TAVILY_ANSWER = {
    "query": "rain barrels",
    "answer": None,
    "images": [],
    "results": [
        {
            "title": "Rain  barrels",
            "url": "https://water.example/a",
            "content": "A barrel\nholds 200 l.",
            "score": 0.9,
            "raw_content": None,
        },
        {"title": "The same", "url": "https://water.example/a", "content": "Again.", "score": 0.8},
        {"title": "Tanks", "url": "https://tank.example/b", "content": "x" * 5000, "score": 0.5},
    ],
    "response_time": "1.67",
    "request_id": "123e4567",
}
SEARXNG_ANSWER = {
    "query": "rain barrels",
    "number_of_results": 0,
    "results": [
        {"title": "Rain barrels", "url": "https://water.example/a", "content": "A barrel holds 200 l.", "engine": "one"},
        {"title": "A magnet", "url": "magnet:?xt=1", "content": "No page."},
        {"title": None, "url": "https://tank.example/b", "publishedDate": None},
        {"title": "No address"},
        "no result",
    ],
    "answers": [],
    "corrections": [],
    "infoboxes": [],
    "suggestions": [],
    "unresponsive_engines": [["two", "timeout"]],
}  # fmt: skip


def table(**facts: Any) -> WebTable:
    return WebTable.model_validate({"search": "ddgs", "allow": ["*"], **facts})


def answered(search: WebSearch, most: int = 8) -> list[tuple[str, str, str]]:
    return [(hit.title, hit.url, hit.text) for hit in search.search("rain barrels", most)]


def test_tavily_is_asked_as_it_documents() -> None:
    with OtherSide(said(json.dumps(TAVILY_ANSWER))) as side:
        found = answered(Tavily("tvly-secret", side.address))
    assert found == [
        ("Rain barrels", "https://water.example/a", "A barrel holds 200 l."),
        ("Tanks", "https://tank.example/b", "x" * 600),
    ]
    (asked,) = side.asked
    assert (asked.method, asked.target, asked.headers["authorization"]) == ("POST", "/search", "Bearer tvly-secret")
    assert json.loads(asked.body) == {"query": "rain barrels", "max_results": 8, "search_depth": "basic"}
    assert asked.headers["content-type"] == "application/json"


def test_searxng_is_asked_for_json_below_its_address() -> None:
    with OtherSide(said(json.dumps(SEARXNG_ANSWER))) as side:
        found = answered(SearxNG(f"{side.address}/searx/"))
    assert found == [
        ("Rain barrels", "https://water.example/a", "A barrel holds 200 l."),
        ("", "https://tank.example/b", ""),
    ]
    (asked,) = side.asked
    parts = urlsplit(asked.target)
    assert (asked.method, parts.path) == ("GET", "/searx/search")
    assert parse_qs(parts.query) == {"q": ["rain barrels"], "format": ["json"]}


def test_ddgs_is_called_as_the_installed_package_takes_it() -> None:
    """No request is made: its signature is what is looked at, and what it raises where nothing was found."""
    ddgs = pytest.importorskip("ddgs.ddgs")
    inspect.signature(ddgs.DDGS).bind(timeout=10)
    inspect.signature(ddgs.DDGS.text).bind(None, "rain barrels", max_results=8)
    inspect.signature(ddgs.DDGS._search_sync).bind(None, "text", "rain barrels", max_results=8)
    results = pytest.importorskip("ddgs.results")
    assert {"title", "href", "body"} <= vars(results.TextResult()).keys()
    assert NOTHING_FOUND in inspect.getsource(ddgs.DDGS._search_sync)


class FakeDdgs:
    def __init__(self, found: Any) -> None:
        self.found, self.asked = found, list[Mapping[str, Any]]()

    def text(self, query: str, **options: Any) -> Any:
        self.asked.append({"query": query, **options})
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def test_ddgs_gives_what_its_engines_found() -> None:
    fake = FakeDdgs([{"title": "Rain barrels", "href": "https://water.example/a", "body": "A barrel holds 200 l."}] * 3)
    assert answered(Ddgs(lambda: fake)) == [("Rain barrels", "https://water.example/a", "A barrel holds 200 l.")]
    assert fake.asked == [{"query": "rain barrels", "max_results": 8}]


def test_ddgs_that_finds_nothing_or_fails_ends_nothing() -> None:
    assert answered(Ddgs(lambda: FakeDdgs(RuntimeError(NOTHING_FOUND)))) == []
    for error in (RuntimeError("ratelimit"), TimeoutError("https://engine.example/?q=secret")):
        with pytest.raises(Away, match=rf"ddgs has no answer \({type(error).__name__}\)"):
            answered(Ddgs(lambda error=error: FakeDdgs(error)))  # type: ignore[misc]


def test_ddgs_is_imported_when_something_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    module, fake = ModuleType("ddgs"), FakeDdgs([])
    module.DDGS = lambda timeout: fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ddgs", module)
    assert Ddgs().search("rain barrels", 3) == [] and fake.asked[0]["max_results"] == 3


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("401 Unauthorized", "does not know the key"),
        ("429 Too Many Requests", "no more requests"),
        ("432 Plan", "plan"),
        ("302 Found", "302"),
        ("500 Oh", "500"),
    ],
)
def test_tavily_that_refuses_is_away_and_keeps_the_key_to_itself(status: str, why: str) -> None:
    with OtherSide(said('{"detail": {"error": "tvly-secret"}}', status, Location="http://127.0.0.1:1/")) as side:
        with pytest.raises(Away, match=why) as error:
            answered(Tavily("tvly-secret", side.address))
        assert "secret" not in str(error.value) and len(side.asked) == 1


def test_searxng_without_json_says_what_to_set() -> None:
    with OtherSide(said("Forbidden", "403 Forbidden", "text/html")) as side, pytest.raises(Away, match=r"search\.formats"):
        answered(SearxNG(side.address))


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", '{"results": {}}', '{"results": null}', '{"answers": []}', "[" * 50_000, '"results"']
)
def test_what_is_no_list_of_results_is_said(body: str) -> None:
    with OtherSide(said(body)) as side, pytest.raises(ToolError, match="something else than results"):
        answered(SearxNG(side.address))
    with pytest.raises(Away, match="did not search: the connection failed"):
        answered(SearxNG(side.address))


def test_half_a_letter_in_a_question_is_asked_as_none() -> None:
    with OtherSide(said('{"results": []}')) as side:
        assert SearxNG(side.address).search("wells \ud83d", 8) == []
        assert parse_qs(urlsplit(side.asked[0].target).query)["q"] == ["wells ?"]


def test_only_what_could_be_a_page_is_a_result() -> None:
    """No address that holds a password is repeated in a report."""
    odd = ["javascript:alert(1)", "file:///etc/passwd", "http://ada:secret@a.example/", "http://b.example/\n- Not read: c (d)"]
    odd += [
        "http://e.example/\x1b[31m",
        "http://f.example/\ud800",
        "http://g.example:0/",
        "http://",
        "//h.example/",
        "ftp://i.example/",
    ]
    found = [{"title": url, "url": url, "content": "Words."} for url in [*odd, "https://j.example/k?l=m"]]
    with OtherSide(said(json.dumps({"results": found}))) as side:
        assert [hit.url for hit in SearxNG(side.address).search("wells", 8)] == ["https://j.example/k?l=m"]


def test_a_key_comes_from_the_environment_and_goes_nowhere_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAVILY_API_KEY", raising=False)
    with pytest.raises(OperatorError, match="TAVILY_API_KEY"):
        Web(table(search="tavily")).check()
    monkeypatch.setenv("TAVILY_API_KEY", "tvly-secret")
    Web(table(search="tavily")).check()
    with pytest.raises(OperatorError, match="must begin with https"):
        search_of(table(search="tavily", address="http://tavily.example"))
    with pytest.raises(OperatorError, match="is a secret"):
        search_of(table(search="tavily", key="tvly-in-the-file"))


def test_what_is_not_installed_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.search.web.engines.find_spec", lambda name: None)
    with pytest.raises(OperatorError, match=r"pip install 'switchboard-desk\[web\]'"):
        Web(table()).check()
    monkeypatch.setattr("switchboard.search.web.web.find_spec", lambda name: None)
    with pytest.raises(OperatorError, match=r"pip install 'switchboard-desk\[web\]'"):
        Web(table(search="searxng", address="http://10.0.0.1")).check()
    found = SimpleNamespace(text="The web cannot be searched")
    with pytest.raises(ToolError, match=found.text):
        Web(table()).search("rain")


@pytest.mark.parametrize(
    "wrong",
    [
        {"search": "google"},
        {"allow": []},
        {"allow": ["https://docs.example"]},
        {"allow": ["docs.example/path"]},
        {"allow": ["*.*"]},
        {"allow": ["Docs.example"]},
        {"search": "searxng"},
        {"search": "ddgs", "address": "https://a.example"},
        {"search": "searxng", "address": "https://user:secret@a.example"},
        {"search": "searxng", "address": "ftp://a.example"},
        {"allow_private": ["127.0.0.1"]},
        {"allow_private": ["localhost:80"]},
        {"megabytes": 0},
        {"seconds": 600},
        {"cookies": True},
    ],
)
def test_what_is_declared_wrongly_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        table(**wrong)
