"""The same request twice over OpenAI's protocol, as where a connection breaks or a user presses "Regenerate": never a second
yes, and no yes to a question that its user was not shown.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from starlette.applications import Starlette
from starlette.routing import Mount
from support import toys
from support.programs import Desk, authorize, desk, serving

from switchboard.console.protocols.chat.app import chat
from switchboard.declare.moves import Say, call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.service import cases
from switchboard.service.programs import messages

pytestmark = pytest.mark.slow
CASE = "X-Switchboard-Case"
OPENING = {"role": "user", "content": "Please cancel A and B."}
YES = {"role": "user", "content": "yes"}
Talk = list[Any]


@tool(effect="write")
def cancel(ctx: Context, order: str) -> dict[str, str]:
    """Cancel an order."""
    return {"cancelled": order}


def does(view: View) -> Any:
    done = [one.arguments["order"] for one in view.calls if one.tool == "cancel" and one.done]
    left = [order for order in ("A", "B") if order not in done]
    return call("cancel", order=left[0]) if left else Say("Both are cancelled.")


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    members = {**toys.team().members, "worker": toys.agent("worker", does, cancel)}
    team = toys.team(members=members, approvals=(Rule("confirm", tool="cancel"), Rule("approve")))
    with desk(tmp_path_factory.mktemp("chat"), team) as found:
        yield found


@pytest.fixture(scope="module")
def address(at_desk: Desk) -> Iterator[str]:
    with serving(Starlette(routes=[Mount("/v1", chat(at_desk, authorize))])) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="whole", timeout=60, max_retries=0) as found:
        yield found


class Conversation:
    """A client that keeps the talk, as far as it hears it."""

    def __init__(self, client: OpenAI, desk: Desk) -> None:
        self.client, self.desk = client, desk
        self.talk: Talk = [OPENING]
        raw = client.chat.completions.with_raw_response.create(
            model="toys", messages=self.talk, metadata={"email": "ada@example.com"}
        )
        self.case_id = raw.headers[CASE]
        self.talk.append({"role": "assistant", "content": raw.parse().choices[0].message.content})

    def sent(self, messages: Talk, **more: Any) -> str:
        headers = {CASE: self.case_id, **more}
        made = self.client.chat.completions.create(model="toys", messages=messages, extra_headers=headers)
        return str(made.choices[0].message.content)

    def says(self, words: Any) -> str:
        self.talk.append(words)
        reply = self.sent(self.talk)
        self.talk.append({"role": "assistant", "content": reply})
        return reply

    @property
    def cancelled(self) -> list[str]:
        calls = cases.show(self.desk, self.case_id).standing.document["tool_calls"]
        return [one["arguments"]["order"] for one in calls if one["tool"] == "cancel" and one["status"] == "done"]

    @property
    def words(self) -> list[str]:
        lines = cases.show(self.desk, self.case_id).standing.document["transcript"]
        return [line["text"] for line in lines if line["speaker"] == "customer" and line["kind"] == "message"]


@pytest.fixture
def talks(client: OpenAI, at_desk: Desk) -> Conversation:
    found = Conversation(client, at_desk)
    assert found.cancelled == []
    return found


def test_the_same_talk_again_is_the_same_message_and_a_longer_one_another(talks: Conversation) -> None:
    first = [*talks.talk, YES]
    asks_b = talks.sent(first)
    assert "order B" in asks_b and talks.cancelled == ["A"]
    now = {"role": "system", "content": "It is 10:31."}
    parts = {"role": "user", "content": [{"type": "text", "text": "yes"}]}
    assert talks.sent(first) == talks.sent([now, *talks.talk, parts]) == asks_b
    assert talks.cancelled == ["A"] and talks.words == [OPENING["content"], "yes"]
    assert talks.sent([*first, {"role": "assistant", "content": asks_b}, YES]) == "Both are cancelled."
    assert talks.cancelled == ["A", "B"]


@pytest.mark.parametrize("between", [[], [{"role": "assistant", "content": ""}]])
def test_a_yes_is_none_to_a_question_that_the_talk_does_not_show(talks: Conversation, between: Talk) -> None:
    """They write again where they were not answered; after that the question is before them, and their yes is one."""
    asks_b = talks.sent([*talks.talk, YES])
    assert talks.sent([*talks.talk, YES, *between, {"role": "user", "content": "Yes, please!"}]) == asks_b
    assert talks.cancelled == ["A"]
    talks.talk += [YES, {"role": "assistant", "content": asks_b}]
    assert talks.says(YES) == "Both are cancelled." and talks.cancelled == ["A", "B"]


def test_a_yes_to_an_answer_that_was_cut_off_is_none(talks: Conversation) -> None:
    whole = talks.talk.pop()["content"]
    cut = {"role": "assistant", "content": whole[: len(whole) // 2]}
    assert talks.sent([*talks.talk, cut, YES]) == whole and talks.cancelled == []


def test_a_yes_behind_what_is_said_while_agents_are_at_work_is_none(talks: Conversation) -> None:
    whole = talks.talk.pop()["content"]
    waits = {"role": "assistant", "content": "I am looking into it. You hear from me."}
    assert talks.sent([*talks.talk, waits, YES]) == whole and talks.cancelled == []


def test_a_yes_to_a_question_that_has_been_answered_meanwhile_is_none_to_the_next(
    talks: Conversation, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at what the talk shows and its keeping, another channel says yes, and the next question stands."""
    keeps, came = messages.say_more, []

    def overtaken(*given: Any, **more: Any) -> Any:
        if not came:
            came.append(keeps(at_desk, talks.case_id, "yes", "", "another channel"))
            until = time.monotonic() + 30
            while messages.told(at_desk, talks.case_id).document["end"] is None:
                assert time.monotonic() < until
                time.sleep(0.05)
        return keeps(*given, **more)

    monkeypatch.setattr(messages, "say_more", overtaken)
    assert "order B" in talks.says(YES) and talks.cancelled == ["A"]


def test_a_no_counts_also_where_its_question_was_not_shown(talks: Conversation) -> None:
    talks.sent([*talks.talk, YES])
    talks.sent([*talks.talk, {"role": "user", "content": "No!"}])
    talks.sent([*talks.talk, {"role": "user", "content": "No!"}])
    assert talks.cancelled == ["A"] and talks.words == [OPENING["content"], "yes", "No!"]


@pytest.mark.parametrize("again", ["yes", "Yes!"])
def test_words_alone_that_may_be_the_same_again_are_refused(talks: Conversation, again: str) -> None:
    asks_b = talks.sent([YES])
    with pytest.raises(openai.BadRequestError, match="Idempotency-Key") as told:
        talks.sent([{"role": "user", "content": again}])
    assert told.value.param == "messages" and talks.cancelled == ["A"] and "order B" in asks_b
    keyed = {"Idempotency-Key": f"{talks.case_id} {again}"}
    assert talks.sent([{"role": "user", "content": again}], **keyed) == "Both are cancelled."
    assert talks.sent([{"role": "user", "content": again}], **keyed) == "Both are cancelled."
    assert talks.cancelled == ["A", "B"]


@pytest.mark.parametrize("last", ["assistant", "tool", "system"])
def test_what_ends_with_no_words_of_the_user_is_refused(talks: Conversation, last: str) -> None:
    with pytest.raises(openai.BadRequestError, match="last message") as told:
        talks.sent([*talks.talk, YES, {"role": last, "content": "Well", "tool_call_id": "1"}])
    assert told.value.param == "messages" and talks.cancelled == []


def test_an_answer_is_found_whatever_parts_it_comes_in(talks: Conversation, address: str) -> None:
    answer = {"role": "assistant", "content": [{"type": "text", "text": talks.talk[-1]["content"]}, {"type": "odd"}, 7]}
    odd: Talk = [OPENING, answer, {"role": "assistant", "content": None, "tool_calls": []}, YES]
    body = {"model": "toys", "messages": odd}
    for _ in range(2):
        headers = {"Authorization": "Bearer whole", CASE: talks.case_id}
        assert httpx.post(f"{address}/v1/chat/completions", json=body, headers=headers, timeout=60).status_code == 200
    assert talks.cancelled == ["A"]


def test_of_many_who_send_it_at_once_one_is_heard(talks: Conversation) -> None:
    lists = [[*talks.talk, {"role": "user", "content": words}] for words in ("yes", "yes", "Yes!", "Yes, please.")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(talks.sent, lists))
    assert talks.cancelled == ["A"]
