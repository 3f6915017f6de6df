"""Providers as they are: what they refuse, how they say so, and how they are asked again, over real HTTP."""

import json
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from pydantic import BaseModel, Field

from switchboard.declare.moves import as_told
from switchboard.errors import ModelUnavailable, OperatorError
from switchboard.models.breaker import LONGEST_WAIT, MOST_ASKED, Pace, wait_after
from switchboard.models.endpoints import Endpoint, read_endpoints
from switchboard.models.failures import Status as Refusal
from switchboard.models.failures import Unanswered
from switchboard.models.gateway import Gateway
from switchboard.models.quirks import QUIRKS, shaped
from switchboard.models.scripted import Reply, ScriptedModel, Status, tool_calls
from switchboard.toolsets.schemas import plain_schema

LEND = {
    "type": "object",
    "properties": {"book": {"type": "string", "minLength": 1}, "days": {"type": "integer", "exclusiveMaximum": 30}},
    "required": ["book"],
    "additionalProperties": False,
}
EMPTY = {"name": "list_books", "description": "List books.", "parameters": {"type": "object", "properties": {}}}
TOOLS = [
    {"type": "function", "function": {"name": "lend_book", "description": "Lend a book.", "parameters": LEND}},
    {"type": "function", "function": EMPTY},
]
MADE = {"id": "call00001", "type": "function", "function": {"name": "lend_book", "arguments": '{"book":"Emma"}'}}
HISTORY = [
    {"role": "system", "content": "You are a librarian."},
    {"role": "user", "content": "Customer: May I have Emma?"},
    {"role": "assistant", "content": None, "tool_calls": [MADE]},
    {"role": "tool", "tool_call_id": "call00001", "content": '{"lent":true}'},
    {"role": "user", "content": "The operator, not the customer, says: Be short."},
]
FORM = {
    "type": "json_schema",
    "json_schema": {"name": "Verdict", "schema": {"type": "object", "properties": {"ok": {"type": "boolean"}}}},
}
ANSWER = "Emma is yours for two weeks."
Request = dict[str, Any]


def gateway(model: ScriptedModel, **more: Any) -> Gateway:
    entry = {"model": "m", "base_url": model.url, "api_key": "key-0123456789", **more}
    return Gateway(read_endpoints(json.dumps([entry])), timeout=5)


def roles(request: Request) -> list[str]:
    return [message["role"] for message in request["messages"]]


def out_of_turn(request: Request) -> bool:
    spoken = [role for role in roles(request) if role != "system"]
    return any(b == "user" and a in ("user", "tool") for a, b in pairwise(spoken))


def has_null(request: Request) -> bool:
    return any(message["content"] is None for message in request["messages"])


def calls_of(request: Request) -> list[Any]:
    return [call for message in request["messages"] for call in message.get("tool_calls", ())]


def has_empty_tool(request: Request) -> bool:
    return any(tool["function"].get("parameters", {}).get("properties") == {} for tool in request.get("tools", ()))


REFUSALS: dict[str, tuple[Callable[[Request], bool], str]] = {
    "a temperature": (lambda r: "temperature" in r, "Unsupported value: 'temperature' does not support 0.1 with this model."),
    "a tool choice": (lambda r: "tool_choice" in r, "tool_choice is not supported"),
    "a system role": (lambda r: "system" in roles(r), "System role not supported"),
    "a system role, in other words": (lambda r: "system" in roles(r), "Developer instruction is not enabled for models/small"),
    "roles out of turn": (out_of_turn, "Conversation roles must alternate user/assistant/user/assistant/..."),
    "a user behind a tool": (out_of_turn, "Expected last role before user to be assistant, got role tool"),
    "content that is null": (has_null, "messages.2.content: Input should be a valid string, got null"),
    "words of a schema": (
        lambda r: "exclusiveMaximum" in json.dumps(r.get("tools")),
        'Unknown name "exclusiveMaximum": Cannot find field.',
    ),
    "more words of a schema": (
        lambda r: "minLength" in json.dumps(r.get("tools")),
        "tools.0.parameters: unsupported keyword minLength",
    ),
    "tools without arguments": (has_empty_tool, "parameters.properties: should be non-empty for OBJECT type"),
    "roles of tools": (lambda r: {"tool", "system"} & {*roles(r)}, "Only user and assistant roles are supported!"),
    "a structure": (lambda r: "response_format" in r, "This response_format type is unavailable now"),
    "tools": (lambda r: "tools" in r, "registry/small:1b does not support tools"),
    "results of tools": (lambda r: "tool" in roles(r), "messages: role 'tool' is not one of user, assistant"),
    "answers in one piece": (lambda r: not r.get("stream"), "This model only supports stream mode"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_an_endpoint_refuses_it_is_asked_without_at_once_and_from_then_on(what: str) -> None:
    refuses, words = REFUSALS[what]

    def script(request: Request) -> Reply:
        return Status(400, message=words) if refuses(request) else ANSWER

    options: dict[str, Any] = {"tools": TOOLS, "tool_choice": "none"} if what != "a structure" else {"response_format": FORM}
    with ScriptedModel(script) as model:
        asked = gateway(model)
        for _ in range(2):
            assert asked.ask("fast", HISTORY, temperature=0.1, **options).text == ANSWER
        assert "does without" in "".join(asked.problems().values())
    assert 3 <= model.count <= 7 and not refuses(model.requests[-1])
    assert ANSWER and "You are a librarian." in json.dumps(model.requests[-1]) and "Be short." in json.dumps(model.requests[-1])


@pytest.mark.parametrize("what", [what for what in REFUSALS if what != "answers in one piece"])
def test_an_endpoint_that_does_not_say_what_it_refuses_is_asked_in_one_form_after_the_other(what: str) -> None:
    refuses, _ = REFUSALS[what]
    with ScriptedModel(lambda request: Status(400, message="Bad Request") if refuses(request) else ANSWER) as model:
        options: dict[str, Any] = (
            {"tools": TOOLS, "tool_choice": "none"} if what != "a structure" else {"response_format": FORM}
        )
        assert gateway(model).ask("fast", HISTORY, temperature=0.1, **options).text == ANSWER
    assert model.count <= 14


def test_two_things_that_are_refused_without_a_word_are_found_together() -> None:
    def script(request: Request) -> Reply:
        return Status(400, message="Bad Request") if "system" in roles(request) or "temperature" in request else ANSWER

    with ScriptedModel(script) as model:
        assert gateway(model).ask("fast", HISTORY[:2], temperature=0.1).text == ANSWER


def test_what_did_not_help_is_not_done_without_afterwards() -> None:
    def script(request: Request) -> Reply:
        return Status(422, message="conversation: the temperature of roles") if out_of_turn(request) else ANSWER

    with ScriptedModel(script) as model:
        asked = gateway(model)
        asked.ask("fast", HISTORY, temperature=0.1, tools=TOOLS)
        asked.ask("fast", HISTORY, temperature=0.1, tools=TOOLS)
    assert model.requests[-1]["temperature"] == 0.1 and "tools" in model.requests[-1]


def test_a_refusal_that_no_form_mends_is_asked_about_once_in_all_forms_and_then_no_more() -> None:
    with ScriptedModel(lambda request: Status(400, message="Bad Request")) as model:
        asked = gateway(model)
        for most in (14, 15, 16):
            with pytest.raises(ModelUnavailable, match="HTTP 400"):
                asked.ask("fast", HISTORY, temperature=0.1, tools=TOOLS)
            assert model.count <= most


@pytest.mark.parametrize("code", ["content_filter", "context_length_exceeded"])
def test_a_refusal_of_what_is_said_is_no_refusal_of_its_form(code: str) -> None:
    body = json.dumps({"error": {"code": code, "message": "The tools and the system role of this temperature"}}).encode()
    with ScriptedModel([Status(400, body=body), "never"]) as model, pytest.raises(ModelUnavailable):
        gateway(model).ask("fast", HISTORY, temperature=0.1, tools=TOOLS)
    assert model.count == 1


def test_a_server_whose_template_fails_says_so_with_500() -> None:
    script = lambda request: Status(500, message="jinja: System role not supported") if "system" in roles(request) else ANSWER  # noqa: E731
    with ScriptedModel(script) as model:
        asked = Gateway([Endpoint(model="m", base_url=model.url)], retries=0)
        assert asked.ask("fast", HISTORY[:2]).text == ANSWER


def test_without_a_structure_the_form_stands_in_the_prompt() -> None:
    def script(request: Request) -> Reply:
        return Status(400, message="unknown field response_format") if "response_format" in request else '{"ok": true}'

    with ScriptedModel(script) as model:
        gateway(model).ask("fast", HISTORY[:2], response_format=FORM)
    said = model.requests[-1]["messages"][0]["content"]
    assert said.startswith("You are a librarian.") and '"ok":{"type":"boolean"}' in said and "JSON" in said


def test_without_tools_they_stand_in_the_prompt_and_calls_come_as_text() -> None:
    def script(request: Request) -> Reply:
        if "tools" in request:
            return Status(404, message="No endpoints found that support tool use")
        return '{"name": "lend_book", "arguments": {"book": "Persuasion"}}'

    with ScriptedModel(script) as model:
        answer = gateway(model).ask("fast", HISTORY, tools=TOOLS)
    assert [(call.name, json.loads(call.arguments)) for call in answer.calls] == [("lend_book", {"book": "Persuasion"})]
    told = json.dumps(model.requests[-1]["messages"])
    assert "Lend a book." in told and "The result of lend_book" in told and not calls_of(model.requests[-1])


def test_calls_of_others_are_told_in_words_where_a_provider_wants_its_signature_on_each() -> None:
    signed = {**MADE, "id": "call00002", "extra_content": {"signature": "c2ln"}}
    more = [
        {"role": "assistant", "content": None, "tool_calls": [signed]},
        {"role": "tool", "tool_call_id": "call00002", "content": "{}"},
    ]

    def script(request: Request) -> Reply:
        unsigned = any("extra_content" not in call for call in calls_of(request))
        return (
            Status(400, message="Function call is missing a thought_signature in functionCall parts.") if unsigned else ANSWER
        )

    with ScriptedModel(script) as model:
        assert gateway(model).ask("fast", [*HISTORY, *more], tools=TOOLS).text == ANSWER
    assert calls_of(model.requests[-1]) == [signed] and "tools" in model.requests[-1]


def test_fields_of_another_provider_are_left_out_where_they_are_refused() -> None:
    foreign = [
        *HISTORY[:2],
        {"role": "assistant", "content": None, "reasoning_content": "hm", "tool_calls": [{**MADE, "extra": 1}]},
    ]

    def script(request: Request) -> Reply:
        odd = "reasoning_content" in json.dumps(request["messages"]) or any("extra" in call for call in calls_of(request))
        return Status(400, message="reasoning_content is not allowed in the messages") if odd else ANSWER

    with ScriptedModel(script) as model:
        assert gateway(model).ask("fast", [*foreign, HISTORY[3]], tools=TOOLS).text == ANSWER
    assert calls_of(model.requests[-1]) == [MADE]


def test_an_entrys_bound_goes_by_its_new_name_where_the_old_one_is_refused() -> None:
    def script(request: Request) -> Reply:
        return Status(400, message="Use 'max_completion_tokens' instead.") if "max_tokens" in request else ANSWER

    with ScriptedModel(script) as model:
        assert gateway(model, max_tokens=300).ask("fast", HISTORY[:2]).text == ANSWER
    assert model.requests[-1]["max_completion_tokens"] == 300


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: quirk.name)
def test_no_form_of_a_request_changes_the_request(quirk: Any) -> None:
    request = {
        "messages": HISTORY,
        "tools": TOOLS,
        "response_format": FORM,
        "temperature": 0.1,
        "tool_choice": "none",
        "max_tokens": 5,
    }
    before = json.dumps(request)
    shaped(request, [quirk])
    assert json.dumps(request) == before and shaped(shaped(request, [quirk]), [quirk]) == shaped(request, [quirk])


def test_no_schema_bounds_a_long_text_as_servers_die_of_the_grammar_that_they_make_of_it() -> None:
    class Note(BaseModel):
        maxLength: str = Field(max_length=2_000)
        kind: str = Field(max_length=20)

    assert as_told(Note.model_json_schema())["properties"] == {
        "maxLength": {"type": "string"},
        "kind": {"type": "string", "maxLength": 20},
    }


def test_a_plain_schema_says_the_same_in_fewer_words() -> None:
    schema = {
        "$defs": {"Kind": {"enum": ["a", "b"], "type": "string"}},
        "properties": {
            "kind": {"$ref": "#/$defs/Kind"},
            "note": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 9}]},
        },
        "type": "object",
        "additionalProperties": False,
    }
    kind = {"type": "string", "enum": ["a", "b"]}
    assert plain_schema(schema) == {"type": "object", "properties": {"kind": kind, "note": {"type": "string"}}}
    kinds = {"properties": {"n": {"type": ["integer", "null"], "enum": [1, 2]}, "all": {"type": "array"}}}
    assert plain_schema(kinds) == {
        "properties": {"n": {"type": "integer"}, "all": {"type": "array", "items": {"type": "string"}}}
    }
    assert plain_schema({"$defs": {"A": {"$ref": "#/$defs/A"}}, "$ref": "#/$defs/A"}) == {}, "one that never ends"


# --- answers that are asked for again ---


def whole(content: Any, finish: str, said: int = 20) -> bytes:
    usage = {"prompt_tokens": 100, "completion_tokens": said}
    return json.dumps({"choices": [{"message": {"content": content}, "finish_reason": finish}], "usage": usage}).encode()


def test_an_answer_that_was_cut_off_is_asked_for_with_more_room_and_both_are_billed() -> None:
    with ScriptedModel([whole("Emma is", "length"), whole(ANSWER, "stop")]) as model:
        answer = gateway(model, price=[1, 1]).ask("fast", HISTORY[:2])
    assert answer.text == ANSWER and model.requests[1]["max_tokens"] > 1000 and "max_tokens" not in model.requests[0]
    assert (answer.wasted.answers, answer.wasted.tokens, answer.wasted.cost_usd) == (1, 120, 0.12)
    assert "cut off" in answer.after


def test_an_answer_that_may_not_be_longer_is_not_asked_for_again() -> None:
    with ScriptedModel([whole("Emma is", "length")]) as model, pytest.raises(ModelUnavailable, match="cut off"):
        gateway(model, max_tokens=10).ask("fast", HISTORY[:2])


def test_a_model_that_used_up_its_tokens_without_a_word_is_not_paid_twice() -> None:
    with ScriptedModel([whole("", "length", 60_000)]) as model, pytest.raises(Unanswered, match="60,000 tokens") as caught:
        gateway(model, price=[1, 1]).ask("fast", HISTORY[:2])
    assert caught.value.wasted.tokens == 60_100 and caught.value.wasted.cost_usd == pytest.approx(60.1)


def test_an_empty_answer_is_asked_for_once_more_and_a_refusal_is_not() -> None:
    with ScriptedModel([whole(None, "malformed_function_call"), ANSWER]) as model:
        assert gateway(model).ask("fast", HISTORY[:2]).text == ANSWER
    declined = {"role": "assistant", "content": None, "refusal": "I cannot."}
    with ScriptedModel([declined, ANSWER]) as model, pytest.raises(ModelUnavailable, match="declined"):
        gateway(model).ask("fast", HISTORY[:2])


def test_an_error_inside_of_a_success_is_tried_again_and_told() -> None:
    with ScriptedModel([b'{"error": {"message": "Provider is overloaded", "code": 502}}', ANSWER]) as model:
        answer = gateway(model).ask("fast", HISTORY[:2])
    assert answer.text == ANSWER and "Provider is overloaded" in answer.after


def test_what_went_wrong_at_the_first_entry_is_told_with_the_answer_of_the_second() -> None:
    with ScriptedModel([Status(401, message="no such key")]) as first, ScriptedModel([ANSWER]) as second:
        entries = [{"model": "m", "base_url": server.url} for server in (first, second)]
        assert "no such key" in Gateway(read_endpoints(json.dumps(entries))).ask("fast", HISTORY[:2]).after


# --- entries ---


def test_an_entrys_own_keys_headers_and_query_go_out_with_each_request_and_are_not_shown() -> None:
    entry = {
        "extra_body": {"enable_thinking": False, "provider": {"order": ["a"]}}, "top_p": 0.5, "temperature": 0.9,
        "default_headers": {"X-Team": "library", "X-Secret": "s3cret-value", "Bad Name": "x"}, "organization": "org-7",
        "default_query": {"api-version": "2"}, "max_tokens": 7,
    }  # fmt: skip
    with ScriptedModel(
        [ANSWER, Status(400, message="no s3cret-value here"), Status(400, message="no s3cret-value here")]
    ) as model:
        asked = gateway(model, **entry)
        asked.ask("fast", HISTORY[:2], temperature=0.1)
        with pytest.raises(ModelUnavailable) as caught:
            asked.ask("fast", [{"role": "user", "content": "Hello"}])
    sent, headers = model.requests[0], model.headers[0]
    assert (sent["enable_thinking"], sent["provider"], sent["top_p"], sent["max_tokens"]) == (False, {"order": ["a"]}, 0.5, 7)
    assert sent["temperature"] == 0.9 and model.paths[0].endswith("/chat/completions?api-version=2")
    assert (headers["x-team"], headers["x-secret"], headers["openai-organization"]) == ("library", "s3cret-value", "org-7")
    assert "s3cret" not in f"{caught.value}{asked.endpoints!r}{asked.problems()}"


@pytest.mark.parametrize("entry", [{"extra_body": {"messages": []}}, {"extra_body": [1]}, {"default_headers": "X: y"}])
def test_an_entry_cannot_put_its_own_words_into_a_request(entry: dict[str, Any]) -> None:
    with pytest.raises(OperatorError, match=next(iter(entry))):
        read_endpoints(json.dumps([{"model": "m", "api_key": "k", **entry}]))


@pytest.mark.parametrize(("kind", "variable"), [("mistral", "MISTRAL_API_KEY"), ("google", "GOOGLE_GEMINI_API_KEY")])
def test_a_maker_that_autogen_knows_is_asked_at_its_compatible_address(
    kind: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(OperatorError, match=variable):
        read_endpoints(json.dumps([{"model": "m", "api_type": kind}]))
    monkeypatch.setenv(variable, "key-1")
    [entry] = read_endpoints(json.dumps([{"model": "m", "api_type": kind}]))
    assert kind in entry.base_url and entry.api_key.get_secret_value() == "key-1" and entry.ignored == ()


# --- rate limits ---


@pytest.mark.slow
def test_many_at_once_are_spread_out_until_each_is_answered() -> None:
    taken: list[float] = []
    lock = threading.Lock()

    def script(request: Request) -> Reply:
        with lock:
            now = time.monotonic()
            taken[:] = [t for t in taken if now - t < 0.5]
            if len(taken) >= 4:
                return Status(429, retry_after=0.5, message="Rate limit reached")
            taken.append(now)
        return ANSWER

    with ScriptedModel(script) as model:
        asked = Gateway([Endpoint(model="m", base_url=model.url)], timeout=30)
        heard: list[str] = []
        threads = [threading.Thread(target=lambda: heard.append(asked.ask("fast", HISTORY[:2]).text)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert heard == [ANSWER] * 16


def test_an_endpoint_that_only_says_to_wait_is_never_taken_for_one_that_is_down() -> None:
    with ScriptedModel([Status(429, retry_after=0)] * 6 + [ANSWER]) as model:
        asked = Gateway([Endpoint(model="m", base_url=model.url)], retries=0)
        for _ in range(6):
            with pytest.raises(ModelUnavailable, match="HTTP 429"):
                asked.ask("fast", HISTORY[:2])
        assert asked.ask("fast", HISTORY[:2]).text == ANSWER


def test_who_would_wait_too_long_for_a_turn_is_told_at_once() -> None:
    with ScriptedModel([Status(429, retry_after=600)]) as model:
        asked = Gateway([Endpoint(model="m", base_url=model.url)])
        for words in ("HTTP 429", "takes no more requests for 600 s", "takes no more requests for 600 s"):
            with pytest.raises(ModelUnavailable, match=words):
                asked.ask("fast", HISTORY[:2])
    assert model.count == 1


def test_entries_of_the_same_endpoint_wait_for_each_other() -> None:
    with ScriptedModel([Status(429, retry_after=600)]) as model:
        entries = [{"model": "m", "base_url": f"{model.url}/chat/completions", "tags": [tag]} for tag in ("fast", "strong")]
        asked = Gateway(read_endpoints(json.dumps(entries)))
        for tag, words in (("fast", "HTTP 429"), ("strong", "takes no more requests for 600 s")):
            with pytest.raises(ModelUnavailable, match=words):
                asked.ask(tag, HISTORY[:2])


def test_of_many_refusals_at_once_one_slows_us_down_and_turns_are_taken_anew() -> None:
    now = [100.0]
    pace = Pace(clock=lambda: now[0])
    first = pace.take_turn(60)
    assert first and first.seconds == 0 and pace.holds(first)
    for _ in range(20):
        pace.too_many(100.0, 1.0)
    turns = [pace.take_turn(60) for _ in range(3)]
    assert [round(turn.seconds, 3) for turn in turns if turn] == [1.0, 1.05, 1.1] and not pace.holds(first)
    now[0] = 101.0
    pace.too_many(100.5, 1.0)
    assert not any(pace.holds(turn) for turn in turns if turn) and pace.take_turn(0.5) is None
    for _ in range(100):
        pace.taken()
    now[0] = 110.0
    assert [turn.seconds for turn in (pace.take_turn(1), pace.take_turn(1)) if turn] == [0.0, 0.0]


# --- what `check` tries ---


def trial(request: Request) -> Reply:
    if request.get("tools"):
        return tool_calls([("note_number", {"number": 4})])
    return '{"number": 4}' if "number" in json.dumps(request) else "OK"


def test_an_endpoint_that_does_all_has_no_shortcomings() -> None:
    with ScriptedModel(trial) as model:
        asked = gateway(model)
        assert asked.probe(asked.endpoints[0]) is None and asked.shortcomings(asked.endpoints[0]) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (lambda asked: "OK", ["call a tool and did not", "structure and did not"]),
        (lambda asked: Status(400, message="no tools") if asked.get("tools") else trial(asked), ["a tool", "without tools"]),
        (lambda asked: Status(400, message="System?") if "system" in roles(asked) else trial(asked), ["without a system role"]),
        (lambda asked: Status(500, message="out of memory") if asked.get("tools") else trial(asked), ["out of memory"]),
    ],
)  # fmt: skip
def test_what_an_endpoint_does_not_do_is_said(script: Callable[[Request], Reply], words: list[str]) -> None:
    with ScriptedModel(script) as model:
        asked = gateway(model)
        found = asked.shortcomings(asked.endpoints[0])
    assert len(found) == len(words) and all(word in sentence for word, sentence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("asked", "most"),
    [("7", 7), ("-5", 0), ("9" * 30, MOST_ASKED), ("600000", MOST_ASKED), ("Fri, 31 Dec 9999 23:59:59 GMT", MOST_ASKED),
     ("soon", LONGEST_WAIT), ("1e999", LONGEST_WAIT), ("nan", LONGEST_WAIT)],
)  # fmt: skip
def test_no_server_is_left_alone_for_longer_than_an_hour_whatever_it_asks(asked: str, most: float) -> None:
    assert wait_after(Refusal(429, asked_wait=asked), 0) <= most
