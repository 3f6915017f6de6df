"""The gateway against a real server on loopback."""

import json
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.ports import free_port

from switchboard.errors import ModelUnavailable
from switchboard.models.breaker import Breaker
from switchboard.models.endpoints import Endpoint
from switchboard.models.gateway import Gateway
from switchboard.models.money.prices import Price, Prices
from switchboard.models.scripted import ScriptedModel, Status, tool_calls

HELLO = [{"role": "user", "content": "Hello"}]
ORDER_ID = {"type": "object", "properties": {"order_id": {"type": "string"}}}


def offered(*names: str) -> list[dict[str, Any]]:
    return [{"type": "function", "function": {"name": name, "parameters": ORDER_ID}} for name in names]


KEY = "sk-test-0123456789abcdef"
ROOT = Path(__file__).parent.parent


def endpoint(server: ScriptedModel, **more) -> Endpoint:
    return Endpoint(**{"model": "scripted", "base_url": server.url, "api_key": KEY, **more})


def nowhere(name: str = "nowhere") -> Endpoint:
    return Endpoint(model=name, base_url=f"http://127.0.0.1:{free_port()}/v1", api_key=KEY)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many seconds the gateway waits between its tries; here it does not really."""
    waited: list[float] = []
    here, really = threading.current_thread(), time.sleep
    monkeypatch.setattr(time, "sleep", lambda s: waited.append(s) if threading.current_thread() is here else really(s))
    return waited


def test_an_answer_carries_text_model_tokens_and_cost():
    with ScriptedModel(["It is on its way."]) as model:
        answer = Gateway([endpoint(model, price=[1, 2])]).ask("fast", HELLO, temperature=0.2)
    assert (answer.text, answer.calls, answer.model, answer.endpoint) == ("It is on its way.", (), "scripted", 0)
    assert answer.prompt_tokens > 0 and answer.completion_tokens > 0 and answer.counted and answer.priced
    assert answer.cost_usd == pytest.approx((answer.prompt_tokens + 2 * answer.completion_tokens) / 1000)
    assert model.requests == [{"model": "scripted", "messages": HELLO, "temperature": 0.2}]


def test_the_price_table_answers_where_the_entry_has_no_price():
    with ScriptedModel(["a", "b"]) as model:
        priced = Gateway([endpoint(model)], prices=Prices({"scripted": Price(1.0, 1.0)})).ask("fast", HELLO)
        unpriced = Gateway([endpoint(model)], prices=Prices({"other": Price(1.0, 1.0)})).ask("fast", HELLO)
    assert priced.priced and priced.cost_usd == (priced.prompt_tokens + priced.completion_tokens) / 1_000_000
    assert not unpriced.priced and unpriced.cost_usd == 0.0


def test_several_calls_and_text_come_together_and_broken_arguments_come_as_they_are():
    reply = tool_calls([("get_order_details", {"order_id": "#W1"}), ("refund_order", '{"order_id": ')], text="One moment.")
    with ScriptedModel([reply]) as model:
        answer = Gateway([endpoint(model)]).ask("fast", HELLO, tools=offered("x"))
    assert answer.text == "One moment."
    assert [(c.name, c.arguments) for c in answer.calls] == [
        ("get_order_details", '{"order_id": "#W1"}'),
        ("refund_order", '{"order_id": '),
    ]
    assert model.requests[0]["tools"][0]["function"]["name"] == "x"


def test_calls_without_an_id_or_with_the_same_id_get_their_own():
    made = [{"id": i, "function": {"name": "calculate", "arguments": {"n": n}}} for n, i in enumerate(("a", "a", "", None))]
    with ScriptedModel([{"role": "assistant", "content": None, "tool_calls": made}]) as model:
        answer = Gateway([endpoint(model)]).ask("fast", HELLO, tools=offered("calculate"))
    assert answer.calls[0].id == "a" and len({c.id for c in answer.calls}) == 4 and all(c.id for c in answer.calls)
    assert json.loads(answer.calls[0].arguments) == {"n": 0}


def test_tokens_are_estimated_when_the_provider_counts_none():
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": "x" * 400}}]}).encode()
    with ScriptedModel([body]) as model:
        answer = Gateway([endpoint(model)]).ask("fast", [{"role": "user", "content": "y" * 4000}])
    assert not answer.counted and 1000 <= answer.prompt_tokens <= 1050 and 100 <= answer.completion_tokens <= 120


def test_content_in_parts_is_joined():
    reply = {"role": "assistant", "content": [{"type": "text", "text": "On "}, {"type": "text", "text": "time."}]}
    with ScriptedModel([reply]) as model:
        assert Gateway([endpoint(model)]).ask("fast", HELLO).text == "On time."


def test_entries_are_asked_in_order_and_the_tag_chooses():
    with ScriptedModel(lambda request: request["model"]) as model:
        plain, fast, strong = (
            endpoint(model, model="p"),
            endpoint(model, model="f", tags=["fast"]),
            endpoint(model, model="s", tags=["strong"]),
        )
        gateway = Gateway([plain, fast, strong])
        assert gateway.ask("fast", HELLO).model == "f" and gateway.ask("fast", HELLO).endpoint == 1
        assert gateway.ask("strong", HELLO).text == "s"
        assert gateway.ask("other", HELLO).text == "p"
        assert Gateway([nowhere(), plain], retries=0).ask("fast", HELLO).endpoint == 1


@pytest.mark.slow
def test_a_failed_request_is_tried_again():
    with ScriptedModel([500, 503, "Here."]) as model:
        assert Gateway([endpoint(model)]).ask("fast", HELLO).text == "Here."
    assert model.count == 3


def test_retries_end_and_the_next_entry_answers():
    with ScriptedModel([500] * 2) as broken, ScriptedModel(["Here."]) as sound:
        answer = Gateway([endpoint(broken), endpoint(sound)], retries=1).ask("fast", HELLO)
    assert (answer.text, answer.endpoint, broken.count) == ("Here.", 1, 2)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(form, naps):
    asked = 40 if form == "seconds" else formatdate(time.time() + 40, usegmt=True)
    with ScriptedModel([Status(429, retry_after=asked), "Here."]) as model:
        assert Gateway([endpoint(model)]).ask("fast", HELLO).text == "Here."
    [nap] = naps
    assert 38 < nap <= 40


@pytest.mark.parametrize("asked", ["soon", "nan", "1e999", ""])
def test_a_retry_after_that_says_nothing_falls_back_to_the_usual_wait(asked, naps):
    with ScriptedModel([Status(503, retry_after=asked), "Here."]) as model:
        assert Gateway([endpoint(model)]).ask("fast", HELLO).text == "Here."
    [nap] = naps
    assert 0 < nap < 1


@pytest.mark.parametrize("asked", ["-5", formatdate(0, usegmt=True)])
def test_a_retry_after_that_is_over_is_not_waited_for(asked, naps):
    with ScriptedModel([Status(503, retry_after=asked), "Here."]) as model:
        assert Gateway([endpoint(model)]).ask("fast", HELLO).text == "Here."
    assert sum(naps) == 0


def test_a_retry_after_longer_than_the_timeout_goes_to_the_next_entry_at_once(naps):
    with ScriptedModel([Status(429, retry_after=3600)]) as busy, ScriptedModel(["Here."]) as free:
        assert Gateway([endpoint(busy), endpoint(free)]).ask("fast", HELLO).endpoint == 1
    assert (busy.count, naps) == (1, [])


def test_a_used_up_quota_is_not_tried_again():
    quota = b'{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}'
    with ScriptedModel([Status(429, body=quota), "never"]) as model, pytest.raises(ModelUnavailable, match="quota"):
        Gateway([endpoint(model)]).ask("fast", HELLO)
    assert model.count == 1


def test_a_slow_endpoint_is_given_up_after_its_timeout():
    asked, goes_on = threading.Event(), threading.Event()

    def late(request):
        asked.set()
        goes_on.wait(60)
        return "late"

    with ScriptedModel(late) as slow, ScriptedModel(["Here."], repeat=True) as other:
        gateway = Gateway([endpoint(slow, timeout=0.2), endpoint(other, timeout=60)])
        assert gateway.ask("fast", HELLO).text == "Here.", "while the first one has not answered"
        assert asked.is_set() and slow.count == 1
        assert "no answer within 0.2 s" in "".join(gateway.problems().values())
        goes_on.set()


@pytest.mark.parametrize(
    "reply",
    [
        b"<html><body>Sign in</body></html>",
        b'{"choices": [',
        b"",
        b"[]",
        b"null",
        b'"text"',
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [{"message": null}]}',
        b'{"error": {"message": "model is loading"}}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": null, "tool_calls": [{"function": {}}]}}]}',
        b'{"choices": [{"message": {"content": null, "tool_calls": "x"}}]}',
        "",
        " \n",
        {"role": "assistant", "content": None},
        {"role": "assistant", "content": None, "tool_calls": []},
    ],
)
def test_what_is_no_answer_goes_to_the_next_entry(reply):
    with ScriptedModel([reply], repeat=True) as odd, ScriptedModel(["Here."]) as sound:
        gateway = Gateway([endpoint(odd), endpoint(sound)], retries=0)
        assert gateway.ask("fast", HELLO).text == "Here."
        assert "answered with" in "".join(gateway.problems().values())


def test_with_every_port_closed_the_model_is_unavailable_after_waits_of_two_seconds_in_all(naps):
    down = nowhere("down")
    with pytest.raises(ModelUnavailable) as caught:
        Gateway([down]).ask("fast", HELLO)
    assert len(naps) == 2 and sum(naps) < 2
    assert down.name in str(caught.value) and "no connection" in str(caught.value)


def test_the_error_lists_what_went_wrong_at_each_endpoint():
    with (
        ScriptedModel([Status(401, message="Incorrect API key")]) as wrong_key,
        ScriptedModel([b"<p>hi</p>"]) as page,
        pytest.raises(ModelUnavailable) as caught,
    ):
        Gateway([nowhere(), endpoint(wrong_key), endpoint(page)], retries=0).ask("fast", HELLO)
    for words in ("no connection", "HTTP 401, check api_key; the server says: Incorrect API key", "a web page"):
        assert words in str(caught.value)


def test_without_endpoints_the_error_says_what_to_write():
    with pytest.raises(ModelUnavailable, match="OAI_CONFIG_LIST"):
        Gateway([]).ask("fast", HELLO)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_wrong_configuration_is_not_retried_but_remembered_until_it_is_mended(status):
    with ScriptedModel([Status(status, message="no"), "Here."]) as model, ScriptedModel(["There."]) as other:
        gateway = Gateway([endpoint(model), endpoint(other)])
        assert gateway.ask("fast", HELLO).text == "There."
        assert f"HTTP {status}" in gateway.problems()[gateway.endpoints[0].name]
        assert gateway.ask("fast", HELLO).text == "Here."
        assert gateway.problems() == {}


def test_the_breaker_opens_after_three_failures_and_closes_after_a_trial_that_succeeds(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("switchboard.models.gateway.Breaker", partial(Breaker, clock=lambda: now[0]))
    with ScriptedModel([500, 500, 500, 500, "Back."]) as shaky, ScriptedModel(["Here."], repeat=True) as sound:
        gateway = Gateway([endpoint(shaky), endpoint(sound)], retries=0, pause=30)
        for _ in range(6):
            assert gateway.ask("fast", HELLO).text == "Here."
        assert shaky.count == 3
        now[0] += 31
        assert [gateway.ask("fast", HELLO).text for _ in range(3)] == ["Here."] * 3
        assert shaky.count == 4  # the trial failed, and it was the only one
        now[0] += 31
        assert gateway.ask("fast", HELLO).text == "Back."


def test_an_open_breaker_says_how_long_and_why():
    with ScriptedModel([500] * 3) as model:
        gateway = Gateway([endpoint(model)], retries=0)
        for _ in range(4):
            with pytest.raises(ModelUnavailable) as caught:
                gateway.ask("fast", HELLO)
    assert "left alone for 30 s after 3 failures in a row; the last: HTTP 500" in str(caught.value)


def test_refusals_and_empty_messages_do_not_open_the_breaker():
    with ScriptedModel([400, "", "", 401, "", "", 404, "Here."]) as model:
        gateway = Gateway([endpoint(model)])
        for _ in range(5):
            with pytest.raises(ModelUnavailable):
                gateway.ask("fast", HELLO)
        assert gateway.ask("fast", HELLO).text == "Here."


def test_of_many_threads_one_tries_a_half_open_endpoint():
    now = [0.0]
    breaker = Breaker(failures=1, pause=10, clock=lambda: now[0])
    breaker.failed()
    assert not breaker.lets_pass() and breaker.seconds_left == 10
    now[0] = 10.0
    assert [breaker.lets_pass() for _ in range(5)] == [True, False, False, False, False]
    breaker.answered()
    assert breaker.lets_pass() and breaker.seconds_left == 0


@pytest.mark.parametrize("refused", ["response_format", "temperature"])
def test_an_endpoint_that_refuses_an_option_is_asked_without_it_from_then_on(refused):
    def script(request):
        return Status(400, message=f"Unsupported parameter: '{refused}'") if refused in request else "Here."

    with ScriptedModel(script) as model:
        gateway = Gateway([endpoint(model)])
        for _ in range(2):
            answer = gateway.ask("fast", HELLO, temperature=0.1, response_format={"type": "json_schema", "json_schema": {}})
            assert answer.text == "Here."
        assert refused in gateway.problems()[gateway.endpoints[0].name]
    before = [True, True] if refused == "response_format" else [True]  # any JSON object is asked for before none is
    assert [refused in request for request in model.requests] == [*before, False, False]


def test_no_secret_is_in_any_error_or_repr():
    replies = [
        Status(401, message=f"Incorrect API key provided: {KEY}."),
        Status(401, message="x" * 180 + f" the key {KEY}"),
        Status(401, message="Incorrect API key provided: sk-test-****cdef"),
    ]
    with ScriptedModel(replies) as model:
        gateway = Gateway([endpoint(model)])
        shown = [repr(gateway.endpoints), str(gateway.endpoints)]
        for _ in replies:
            with pytest.raises(ModelUnavailable) as caught:
                gateway.ask("fast", HELLO)
            assert caught.value.__cause__ is None and caught.value.__context__ is None
            shown += [str(caught.value), str(gateway.problems())]
    assert model.headers[0]["authorization"] == f"Bearer {KEY}"
    assert not [text for text in shown if "0123" in text or "cdef" in text or "sk-test" in text]


def test_a_key_that_is_none_takes_no_letters_out_of_what_went_wrong():
    with ScriptedModel([Status(401, message="unknown token")]) as model:
        gateway = Gateway([endpoint(model, api_key="k")])
        with pytest.raises(ModelUnavailable, match="the server says: unknown token"):
            gateway.ask("fast", HELLO)


def test_half_a_surrogate_pair_does_not_stop_a_run():
    with ScriptedModel(["Here."]) as model:
        assert Gateway([endpoint(model)]).ask("fast", [{"role": "user", "content": "cut \ud83d"}]).text == "Here."
    assert model.requests[0]["messages"][0]["content"] == "cut ?"


def test_azure_is_asked_at_its_deployment_with_its_version():
    with ScriptedModel(["Here."]) as model:
        azure = Endpoint(
            model="gpt-4.1",
            api_type="azure",
            base_url=model.url.removesuffix("/v1"),
            api_key=KEY,
            api_version="2024-10-21",
        )
        assert Gateway([azure]).ask("fast", HELLO).text == "Here."
    assert model.paths == ["/openai/deployments/gpt-41/chat/completions?api-version=2024-10-21"]
    assert model.headers[0]["api-key"] == KEY


def test_twenty_threads_share_a_gateway_and_are_served_at_the_same_time():
    all_asked = threading.Barrier(20)

    def reply(request):
        all_asked.wait(60)  # one after the other, none would get past this
        return request["messages"][0]["content"]

    with ScriptedModel(reply) as model:
        gateway = Gateway([endpoint(model)])
        heard: dict[int, str] = {}

        def ask(number: int) -> None:
            heard[number] = gateway.ask("fast", [{"role": "user", "content": f"run {number}"}]).text

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert heard == {number: f"run {number}" for number in range(20)}


def test_a_probe_says_what_is_wrong_and_none_when_nothing_is():
    with ScriptedModel(["OK", 401]) as model:
        gateway = Gateway([endpoint(model)])
        assert gateway.probe(gateway.endpoints[0]) is None
        assert "HTTP 401, check api_key" in str(gateway.probe(gateway.endpoints[0]))


def test_a_redirect_is_not_followed_with_the_key():
    with ScriptedModel([301, "never"]) as model, pytest.raises(ModelUnavailable, match="HTTP 301"):
        Gateway([endpoint(model)]).ask("fast", HELLO)
    assert model.count == 1


def test_a_script_that_is_used_up_says_so():
    with (
        ScriptedModel([]) as model,
        pytest.raises(ModelUnavailable, match="the script has 0 replies; this is request 1"),
    ):
        Gateway([endpoint(model)], retries=0).ask("fast", HELLO)


@pytest.mark.slow
def test_the_scripted_model_runs_as_a_process_of_its_own(tmp_path):
    script = tmp_path / "script.json"
    script.write_text(json.dumps(["One.", {"calls": [["calculate", {"expression": "1+1"}]], "text": "Two."}, 500]))
    command = [sys.executable, "-m", "switchboard.models.scripted", str(script), "--repeat"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        gateway = Gateway([Endpoint(model="scripted", base_url=server.stdout.readline().strip())])
        answers = [gateway.ask("fast", HELLO, tools=offered("calculate")) for _ in range(3)]  # the 500 is retried
        server.stdin.close()
    assert [a.text for a in answers] == ["One.", "Two.", "One."]
    assert answers[1].calls[0].name == "calculate" and server.returncode == 0


def test_https_is_verified():
    with ScriptedModel(["never"]) as model, pytest.raises(ModelUnavailable, match="no connection") as caught:
        secure = model.url.replace("http:", "https:")
        Gateway([Endpoint(model="m", base_url=secure, api_key=KEY)], retries=0).ask("fast", HELLO)
    assert model.count == 0 and KEY not in str(caught.value)
