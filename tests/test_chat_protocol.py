"""OpenAI's protocol, spoken by OpenAI's own client to a real server on this machine."""

import json
from collections.abc import Iterator
from typing import Any, cast

import httpx
import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from starlette.applications import Starlette
from starlette.routing import Mount
from support.programs import Desk, authorize, desk, serving

from switchboard.console.protocols.chat.app import chat
from switchboard.console.protocols.guarded import MOST_BYTES
from switchboard.service import approvals, cases

CASE = "X-Switchboard-Case"
HELLO: list[Any] = [{"role": "user", "content": "When are you open?"}]


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("chat")) as found:
        yield found


@pytest.fixture(scope="module")
def address(at_desk: Desk) -> Iterator[str]:
    with serving(Starlette(routes=[Mount("/v1", chat(at_desk, authorize))])) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="whole", timeout=60) as found:
        yield found


def words_of(at_desk: Desk, case_id: str) -> list[str]:
    lines = cases.show(at_desk, case_id).standing.document["transcript"]
    return [line["text"] for line in lines if line["speaker"] == "customer"]


def about(answer: ChatCompletion | ChatCompletionChunk) -> dict[str, str]:
    """Its metadata, which some versions of the client have a field for and others keep beside their fields."""
    return cast("dict[str, str]", answer.to_dict()["metadata"])


@pytest.mark.slow
def test_each_team_is_a_model(client: OpenAI) -> None:
    assert [one.id for one in client.models.list()] == ["others", "toys"]
    assert client.models.retrieve("toys").owned_by == "switchboard"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt")


@pytest.mark.slow
def test_a_conversation_is_a_case_and_only_the_last_words_are_new(client: OpenAI, at_desk: Desk) -> None:
    raw = client.chat.completions.with_raw_response.create(model="toys", messages=HELLO)
    first = raw.parse()
    assert first.choices[0].message.content == "We are open from nine to five."
    metadata = about(first)
    case_id = metadata["case_id"]
    assert (raw.headers[CASE], metadata["end"], metadata["waits_for"]) == (case_id, "resolved", "")
    talk = [*HELLO, {"role": "assistant", "content": "We are."}]
    parts = [{"type": "text", "text": "Open on"}, {"type": "text", "text": "Sunday?"}]
    client.chat.completions.create(
        model="toys", messages=[*talk, {"role": "user", "content": parts}], extra_headers={CASE: case_id}
    )
    client.chat.completions.create(
        model="toys", messages=[*talk, {"role": "user", "content": "Open on Monday?"}], metadata={"case_id": case_id}
    )
    assert words_of(at_desk, case_id) == ["When are you open?", "Open on\nSunday?", "Open on Monday?"]


@pytest.mark.slow
def test_an_answer_comes_in_pieces(client: OpenAI, at_desk: Desk) -> None:
    pieces = list(client.chat.completions.create(model="toys", messages=HELLO, stream=True))
    assert "".join(one.choices[0].delta.content or "" for one in pieces) == "We are open from nine to five."
    assert [one.choices[0].finish_reason for one in pieces][-1] == "stop"
    assert {one.id for one in pieces} == {pieces[0].id}
    end = about(pieces[-1])
    assert end["end"] == "resolved" and words_of(at_desk, end["case_id"]) == ["When are you open?"]


@pytest.mark.slow
@pytest.mark.parametrize("stream", [False, True])
def test_a_wait_for_an_operator_is_told_as_text(client: OpenAI, at_desk: Desk, stream: bool) -> None:
    def said(words: str, **more: Any) -> tuple[str, dict[str, str]]:
        made: Any = client.chat.completions.create(
            model="toys", messages=[{"role": "user", "content": words}], stream=stream, **more
        )
        if not stream:
            return made.choices[0].message.content, about(made)
        pieces = list(made)
        return "".join(one.choices[0].delta.content or "" for one in pieces), about(pieces[-1])

    question, told = said("Please pay me.", metadata={"email": f"bo{stream}@example.com"})
    assert (question, told["end"]) == ("How much do you want?", "awaiting_customer")
    more = {"extra_headers": {CASE: told["case_id"]}}
    waits, told = said("70", **more)
    assert told["end"] == "awaiting_approval" and told["waits_for"] and waits
    again, _ = said("Are you there?", **more)
    assert again and again != question
    approvals.approve(at_desk, approvals.waiting_call(at_desk, told["case_id"]), "dana", {})
    assert cases.show(at_desk, told["case_id"]).standing.document["tool_calls"][-1]["status"] == "done"
    person, told = said("I want a person.")
    assert (person, told["end"]) != ("", "resolved")
    kept, _ = said("Hello?", extra_headers={CASE: told["case_id"]})
    assert kept and kept != person


def test_a_message_with_a_key_counts_once(client: OpenAI, at_desk: Desk) -> None:
    found = {
        client.chat.completions.create(model="toys", messages=HELLO, extra_headers={"Idempotency-Key": "one"}).id
        for _ in range(2)
    }
    assert len(found) == 1
    with pytest.raises(openai.BadRequestError, match="another message"):
        other: list[Any] = [{"role": "user", "content": "Are you open now?"}]
        client.chat.completions.create(model="toys", messages=other, extra_headers={"Idempotency-Key": "one"})


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Be kind."}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://127.0.0.1"}}]}]},
            "messages",
        ),
        ({"messages": [{"role": "nobody", "content": "Hello"}]}, "messages.0"),
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "rm"}}]}, "tools"),
        ({"metadata": {"case_id": "case_1"}, "extra_headers": {CASE: "case_2"}}, "metadata.case_id"),
        ({"metadata": {"email": "nobody"}}, None),
    ],
)
def test_what_is_asked_wrongly_is_told_in_openais_form(client: OpenAI, more: dict[str, Any], param: str | None) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        client.chat.completions.create(**{"model": "toys", "messages": HELLO, **more})
    assert told.value.type == "invalid_request_error" and (told.value.param or "").startswith(param or "")
    assert "Traceback" not in told.value.message


def test_who_may_not_ask_and_what_there_is_not_is_told(client: OpenAI, address: str, at_desk: Desk) -> None:
    with pytest.raises(openai.AuthenticationError) as unknown:
        client.with_options(api_key="wrong").models.list()
    assert unknown.value.code == "invalid_api_key"
    with pytest.raises(openai.PermissionDeniedError):
        client.with_options(api_key="reads").chat.completions.create(model="toys", messages=HELLO)
    for more in ({"model": "gpt"}, {"model": "toys", "extra_headers": {CASE: "case_unknown"}}):
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(messages=HELLO, **more)  # type: ignore[call-overload]
    before = cases.list_cases(at_desk, 1)
    for content in (b"no json", b"[" * 100_000, b'{"model": "toys", "messages": [{"role": "user", "content": "\\ud800"}]}'):
        answer = httpx.post(
            f"{address}/v1/chat/completions", content=content, headers={"Authorization": "Bearer whole"}, timeout=60
        )
        assert (answer.status_code, bool(answer.json()["error"]["message"])) == (400, True), answer.text
    large = httpx.post(f"{address}/v1/chat/completions", content=b" " * (MOST_BYTES + 1), timeout=60)
    assert (large.status_code, large.json()["error"]["type"]) == (413, "invalid_request_error")
    assert json.loads(httpx.get(f"{address}/v1/nothing", timeout=60).text)["error"]["code"] == "not_found"
    assert cases.list_cases(at_desk, 1) == before
    with pytest.raises(openai.BadRequestError, match="stays with it"):
        talk = client.chat.completions.with_raw_response.create(model="others", messages=HELLO)
        client.chat.completions.create(model="toys", messages=HELLO, extra_headers={CASE: talk.headers[CASE]})


@pytest.mark.slow
def test_what_fails_within_is_not_asked_again_by_itself(client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def breaks(*_: Any, **__: Any) -> None:
        tried.append(1)
        raise ZeroDivisionError("the secret of line 7")

    monkeypatch.setattr("switchboard.console.protocols.chat.app.messages.begin", breaks)
    with pytest.raises(openai.InternalServerError) as told:
        client.chat.completions.create(model="toys", messages=HELLO)
    assert (len(tried), "secret" in told.value.message) == (1, False)
