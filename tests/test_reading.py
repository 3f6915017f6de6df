"""What models write around their answers: thinking, tokens of templates, calls as text, odd names and arguments."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.effort import growth

from switchboard.declare.outcomes import Answer
from switchboard.models.answers.answer import MOST_CALLS, MOST_TEXT, MOST_TOKENS, read_answer, read_document
from switchboard.models.answers.arguments import mended, name_of, object_in
from switchboard.models.answers.marks import without_halves, without_thinking, without_tokens
from switchboard.models.answers.written_calls import holds_marks_of_calls, written_calls
from switchboard.models.endpoints import Endpoint
from switchboard.models.failures import BadAnswer, Status
from switchboard.models.money.prices import Prices

HERE = Endpoint(model="m", api_key="key", price=(1, 1))
BOOK = {
    "type": "object",
    "properties": {"room": {"type": "string"}, "nights": {"type": "integer"}, "guests": {"type": "array"}},
    "required": ["room"],
    "additionalProperties": False,
}  # fmt: skip
OFFERED = {"book_room": BOOK, "list_rooms": {"type": "object", "properties": {}}}
TOOLS = [{"type": "function", "function": {"name": name, "parameters": schema}} for name, schema in OFFERED.items()]
WORDS = "Room 12 is yours for two nights, breakfast is at 7 < 10 o'clock & costs 9.50 [tax included]."


def read(message: dict[str, Any], finish: str = "stop", usage: Any = None, **request: Any) -> Answer:
    body = json.dumps({"choices": [{"message": message, "finish_reason": finish}], "usage": usage}).encode()
    return read_answer(read_document(body), {"messages": [], "tools": TOOLS, **request}, HERE, 0, Prices())


THOUGHT = {
    "in tags": "<think>They want 12.</think>\n{}",
    "in tags of another name": "<reasoning>They want 12.</reasoning>{}",
    "twice": "<think>12?</think>{}<think>Was that kind?</think>",
    "the end alone is marked": "They want 12, I may not say why.</think>\n{}",
    "of Magistral": "[THINK]They want 12.[/THINK]{}",
    "of Kimi": "◁think▷They want 12.◁/think▷{}",
    "in a channel": "<|channel|>analysis<|message|>They want 12.<|end|><|start|>assistant"
    "<|channel|>final<|message|>{}<|return|>",
    "in its own tokens": "<|begin_of_thought|>They want 12.<|end_of_thought|>{}",
    "capitals": "<THINK>They want 12.</THINK>{}",
    "of Command": "<|START_THINKING|>They want 12.<|END_THINKING|><|START_RESPONSE|>{}<|END_RESPONSE|>",
    "of Gemma": "<|channel>thought\nThey want 12.<channel|>{}",
    "as a turn": "<|im_start|>think\nThey want 12.<|im_end|>\n<|im_start|>assistant\n{}<|im_end|>",
    "by a longer name": "<inner_monologue>They want 12.</inner_monologue>{}",
    "in a namespace": "<mm:think>They want 12.</mm:think>{}",
    "by a name that goes on": "<think_off_51bce0>They want 12.</think_off_51bce0>{}",
    "with spaces and attributes": '<think kind="deep" >They want 12.</think >{}',
    "in square brackets": "[BEGIN_THOUGHT]They want 12.[END_THOUGHT]{}",
    "under a heading": "Thought: They want 12.\nFinal Answer: {}",
    "under a fat heading": "**Reasoning**: They want 12.\n\n**Answer:** {}",
    "in a fence": "```thinking\nThey want 12.\n```\n{}",
    "and the answer is marked": "<think>They want 12.</think>\n<answer>{}</answer>",
    "only the answer is marked": "<final_answer>{}</final_answer>",
    "and the speaker is named": "<think>They want 12.</think>\n\nAssistant: {}",
}


@pytest.mark.parametrize("how", THOUGHT)
def test_thinking_is_no_part_of_an_answer(how: str) -> None:
    assert read({"content": THOUGHT[how].replace("{}", WORDS)}).text == WORDS


@pytest.mark.parametrize(
    "text",
    [
        "<think>They want 12, and",
        "<|channel|>analysis<|message|>They want 12, and",
        "<think></think>",
        "Thought: They want 12, and",
    ],
)
def test_thinking_that_comes_to_no_answer_is_an_empty_one(text: str) -> None:
    with pytest.raises(BadAnswer, match="empty") as caught:
        read({"content": text})
    assert caught.value.fault == "broken"


@given(
    st.lists(st.tuples(st.text(alphabet="ab <>/|[]{}\n.é", max_size=20), st.text(alphabet="xyz .", max_size=20)), max_size=5)
)
def test_what_is_not_thinking_is_never_lost(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{said}<think>{thought}</think>" for said, thought in parts)
    assert without_thinking(text).strip() == "".join(said for said, _ in parts).strip()


@given(st.text(max_size=300))
def test_a_text_without_marks_stays_as_it_is(text: str) -> None:
    if not any(mark in text for mark in ("<", "[", "◁")):
        assert without_tokens(without_thinking(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        f"{WORDS}<|im_end|>",
        f"<|im_start|>assistant\n{WORDS}<|im_end|>\n<|im_start|>user\nAnd the price?<|im_end|>",
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{WORDS}<|eot_id|>",
        f"<start_of_turn>model\n{WORDS}<end_of_turn>",
        f"<s>{WORDS}</s>",
        f"{WORDS}</s>",
        f"{WORDS}<｜end▁of▁sentence｜>",
        f"{WORDS}<|endoftext|>Something of another text",
        f"{WORDS}<|user|>And the price?",
        f"[/INST] {WORDS}",
    ],
)
def test_tokens_of_a_template_and_the_turn_of_others_are_taken_out(text: str) -> None:
    assert without_tokens(text) == WORDS


@pytest.mark.parametrize("text", ["It was <s>60.00</s> and is 50.00 now.", "Press <end> or [OK], x<y|z>w.", "<b>Room 12</b>"])
def test_tags_of_a_text_are_no_tokens(text: str) -> None:
    assert without_tokens(text) == text


CALL = '{"name": "book_room", "arguments": {"room": "12", "nights": 2}}'
WRITTEN = {
    "JSON": CALL,
    "in a fence": f"```json\n{CALL}\n```",
    "in a list": f"[{CALL}]",
    "behind words": f"Let me do that. {CALL}",
    "of Hermes": f"<tool_call>\n{CALL}\n</tool_call>",
    "of Mistral": f"[TOOL_CALLS][{CALL}]",
    "of Mistral later": '[TOOL_CALLS]book_room[ARGS]{"room": "12", "nights": 2}',
    "of Llama": '<|python_tag|>{"name": "book_room", "parameters": {"room": "12", "nights": "2"}}',
    "of Llama in tags": '<function=book_room>{"room": "12", "nights": 2}</function>',
    "of Llama 4": '[book_room(room="12", nights=2)]',
    "of Gemma": '```tool_code\nprint(book_room(room="12", nights=2))\n```',
    "of Qwen's coder": "<tool_call>\n<function=book_room>\n<parameter=room>\n12\n</parameter>\n"
    "<parameter=nights>\n2\n</parameter>\n</function>\n</tool_call>",
    "of GLM": "<tool_call>book_room\n<arg_key>room</arg_key>\n<arg_value>12</arg_value>\n<arg_key>nights</arg_key>\n"
    "<arg_value>2</arg_value>\n</tool_call>",
    "of Anthropic": '<function_calls><invoke name="book_room"><parameter name="room">12</parameter>'
    '<parameter name="nights">2</parameter></invoke></function_calls>',
    "of DeepSeek": '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>book_room\n```json\n'
    '{"room": "12", "nights": 2}\n```'
    "<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    "of gpt-oss": "<|channel|>commentary to=functions.book_room <|constrain|>json<|message|>"
    '{"room": "12", "nights": 2}<|call|>',
    "of Cline": "<book_room>\n<room>12</room>\n<nights>2</nights>\n</book_room>",
    "of ReAct": 'Thought: I book it.\nAction: book_room\nAction Input: {"room": "12", "nights": 2}',
    "by other names": '{"action": "functions.book_room", "action_input": {"room": "12", "nights": 2}}',
    "in the API's own form": '{"tool_calls": [{"function": {"name": "book_room", "arguments": '
    '"{\\"room\\": \\"12\\", \\"nights\\": 2}"}}]}',
    "by its name alone": '{"book_room": {"room": "12", "nights": 2}}',
    "of Llama's tag": '<|python_tag|>book_room.call(room="12", nights=2)',
    "of DeepSeek's tags": '<｜DSML｜function_calls>\n<｜DSML｜invoke name="book_room">\n<｜DSML｜parameter name="room" '
    'string="true">12</｜DSML｜parameter>\n<｜DSML｜parameter name="nights" string="false">2</｜DSML｜parameter>\n'
    "</｜DSML｜invoke>\n"
    "</｜DSML｜function_calls>",
    "of Kimi": "<|tool_calls_section_begin|><|tool_call_begin|>functions.book_room:0<|tool_call_argument_begin|>"
    '{"room": "12", "nights": 2}<|tool_call_end|><|tool_calls_section_end|>',
    "of FunctionGemma": "<start_function_call>call:book_room{room:<escape>12<escape>,nights:2}<end_function_call>",
    "of Gemma 4": '<|tool_call>call:book_room{room:<|"|>12<|"|>,nights:2}<tool_call|>',
    "as one element": '<book_room room="12" nights="2"/>',
    "as one element of calls": '<invoke name="book_room" room="12" nights="2" />',
    "with an id": '<tool_call id="1" name="book_room"><parameter name="room" type="string">12</parameter>'
    '<parameter name="nights">2</parameter></tool_call>',
    "beside its arguments": '{"tool": "book_room", "room": "12", "nights": 2}',
    "as a command": '{"command": "book_room", "args": {"room": "12", "nights": 2}}',
    "in Python's words": "{'name': 'book_room', 'arguments': {'room': '12', 'nights': 2}}",
}  # fmt: skip


@pytest.mark.parametrize("how", WRITTEN)
def test_a_call_that_is_written_as_text_is_a_call(how: str) -> None:
    answer = read({"content": WRITTEN[how]})
    assert [(call.name, json.loads(call.arguments)) for call in answer.calls] == [("book_room", {"room": "12", "nights": 2})]
    assert answer.text == "" and len(answer.calls[0].id) == 9 and answer.calls[0].id.isalnum()


def test_the_same_call_twice_is_one_in_whatever_order_its_arguments_stand() -> None:
    made = [
        {"function": {"name": "book_room", "arguments": text}}
        for text in ('{"room":"1","nights":2}', '{"nights": 2, "room": "1"}')
    ]
    assert len(read({"content": None, "tool_calls": made}).calls) == 1


CALLED = [
    {"tool_calls": {"id": "a", "function": {"name": "book_room", "arguments": {"room": "12"}}}},
    {"tool_calls": '[{"id": "a", "function": {"name": "book_room", "arguments": "{\\"room\\": \\"12\\"}"}}]'},
    {"tool_calls": [{"type": "tool_use", "id": "a", "name": "book_room", "input": {"room": "12"}}]},
    {
        "content": [
            {"type": "text", "text": "I book it."},
            {"type": "tool_use", "id": "a", "name": "book_room", "input": {"room": "12"}},
        ]
    },
]


@pytest.mark.parametrize("message", CALLED)
def test_calls_are_read_in_the_shapes_of_other_apis(message: dict[str, Any]) -> None:
    (made,) = read(message).calls
    assert (made.id, made.name, json.loads(made.arguments)) == ("a", "book_room", {"room": "12"})


@pytest.mark.parametrize("content", [{"text": WORDS}, [{"text": WORDS}], [WORDS], [{"type": "thinking"}, {"text": WORDS}]])
def test_content_in_parts_is_their_text(content: Any) -> None:
    assert read({"content": content}).text == WORDS


def test_what_a_provider_says_of_a_choice_that_failed_is_told() -> None:
    choice = {"message": {"content": ""}, "finish_reason": "error", "error": {"message": "Upstream idle timeout", "code": 502}}
    with pytest.raises(BadAnswer, match="Upstream idle timeout"):
        read_answer({"choices": [choice]}, {"messages": []}, HERE, 0, Prices())


def test_several_written_calls_are_made_in_order_and_each_once() -> None:
    other = '{"name": "book_room", "arguments": {"room": "14"}}'
    answer = read({"content": f"<tool_call>{CALL}</tool_call><tool_call>{other}</tool_call><tool_call>{CALL}</tool_call>"})
    assert [json.loads(call.arguments)["room"] for call in answer.calls] == ["12", "14"]


NO_CALL = [
    "You can book_room by telephone.",
    'I looked at book_room for you. It has {"beds": 2}.',
    '{"beds": 2, "view": "sea"}',
    "Room (12) is free.",
    WORDS,
]


@pytest.mark.parametrize("text", NO_CALL)
def test_what_only_looks_like_a_call_is_none(text: str) -> None:
    assert read({"content": text}).text == text


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "delete_all", "arguments": {}}',
        '<tool_call>{"name": "book_room", "arguments": {"roo</tool_call>',
        '[TOOL_CALLS][{"name": "sell_house", "arguments": {"price": 1}}]',
        '{"name": "book_room", "arguments": {"room": "12", "colour": "red"}}',
        "Action: book_room[room=12]",
        "book_room: room 12, two nights",
        "tool: book_room\narguments:\n  room: '12'",
        "/book_room room=12 nights=2",
        '<｜DSML｜function_calls>\n<｜DSML｜invoke name="sell_house">',
        "<arg_key>room</arg_key>",
    ],
)
def test_a_written_call_that_cannot_be_made_is_nothing_to_send(text: str) -> None:
    with pytest.raises(BadAnswer, match="written as text"):
        read({"content": text})


def test_nobody_calls_what_was_not_offered() -> None:
    made = [{"id": "a", "type": "function", "function": {"name": "book_room", "arguments": "{}"}}]
    for request in ({"tools": []}, {"tool_choice": "none"}):
        assert read({"content": WORDS, "tool_calls": made}, **request).calls == ()
        with pytest.raises(BadAnswer, match="empty"):
            read({"content": None, "tool_calls": made}, **request)


@pytest.mark.parametrize(
    "given_name",
    ["functions.book_room", "default_api.book_room", "book_room<|channel|>json", "functions.book_room:0", "Book_Room",
     "book-room", "bookRoom", "assistant<|channel|>book_room", "tools/book_room", "`book_room`", "book_room()",
     "mcp__hotel__book_room", "hotel__book_room", "functions_book_room", "call_book_room", "book_room_tool", "book_room_0",
     "<book_room>", "Book Room"],
)  # fmt: skip
def test_a_name_with_something_around_it_is_that_of_the_offered_tool(given_name: str) -> None:
    assert name_of(given_name, OFFERED) == "book_room"


@pytest.mark.parametrize(
    "given_name", ["book", "rooms.book", "book_rooms", "", "a b", "book_room_now", "unbook_room", "re_book_room"]
)
def test_a_name_that_is_none_of_the_offered_stays_as_it_is(given_name: str) -> None:
    assert name_of(given_name, OFFERED) == given_name


@pytest.mark.parametrize(
    ("given_arguments", "meant"),
    [
        ('{"room": "12", "nights": "2"}', {"room": "12", "nights": 2}),
        ({"room": 12}, {"room": "12"}),
        ('"{\\"room\\": \\"12\\"}"', {"room": "12"}),
        ("```json\n{'room': '12',}\n```", {"room": "12"}),
        ('{"room": "12"', {"room": "12"}),
        ('{"arguments": {"room": "12"}}', {"room": "12"}),
        ('[{"room": "12"}]', {"room": "12"}),
        ('{"room": "12", "guests": "[\\"Ada\\"]"}', {"room": "12", "guests": ["Ada"]}),
        ('{"room": "a\nb"}', {"room": "a\nb"}),
        ('{"room": "12\\ud83d"}', {"room": "12"}),
        (None, {}),
        ("", {}),
        ('{"room": "12"}<|im_end|>', {"room": "12"}),
        ('{"room": "12"}{"room": "12"}', {"room": "12"}),
        ('{}{"room": "12"}', {"room": "12"}),
        ('{"room": "12"}}', {"room": "12"}),
        ('{"Room": "12"}', {"room": "12"}),
        ('{"room": ["12"]}', {"room": "12"}),
        ('{"room": "12", "nights": 2.0}', {"room": "12", "nights": 2}),
        ('{"room": "12", "nights": null}', {"room": "12"}),
        ('{"kwargs": "{\\"room\\": \\"12\\"}"}', {"room": "12"}),
        ('{\\"room\\": \\"12\\"}', {"room": "12"}),
        ("{room: '12'}", {"room": "12"}),
        ('{"name": "book_room", "arguments": {"room": "12"}}', {"room": "12"}),
    ],
)
def test_odd_arguments_are_mended_where_what_they_say_is_beyond_doubt(given_arguments: Any, meant: dict[str, Any]) -> None:
    assert json.loads(mended(given_arguments, BOOK)) == meant


@pytest.mark.parametrize(
    "broken",
    [
        '{"room": "1',
        '{"nights": 1',
        "[1, 2]",
        '"12"',
        "room=12",
        "{{",
        '{"room": "1"}{"room": "2"}',
        '{"nights": NaN}',
        '{"nights": 1e999}',
    ],
)
def test_arguments_that_can_mean_anything_are_left_as_they_are(broken: str) -> None:
    assert mended(broken, BOOK) == broken


def test_what_a_provider_writes_beside_a_call_is_kept() -> None:
    function = {"name": "book_room", "arguments": "{}", "note": "n"}
    call = {"id": "a", "type": "function", "function": function, "extra_content": {"signature": "c2ln"}}
    answer = read({"content": None, "tool_calls": [call], "thinking_blocks": [{"thinking": "hm"}]})
    fields = {
        "extra_content": {"signature": "c2ln"},
        "function": {"note": "n"},
        "message": {"thinking_blocks": [{"thinking": "hm"}]},
    }
    assert answer.calls[0].fields == fields


@pytest.mark.parametrize("finish", ["length", "max_tokens", "content_filter", "SAFETY", "error", "malformed_function_call"])
def test_half_an_answer_is_none_but_a_whole_call_is_one(finish: str) -> None:
    with pytest.raises(BadAnswer):
        read({"content": "Room 12 is"}, finish)
    made = [{"function": {"name": "list_rooms", "arguments": "{}"}}]
    if finish not in ("content_filter", "SAFETY"):
        assert read({"content": None, "tool_calls": made}, finish).calls[0].name == "list_rooms"


@pytest.mark.parametrize("finish", ["stop", "end_turn", "eos", None, "whatever"])
def test_other_reasons_to_end_are_none_to_throw_an_answer_away(finish: Any) -> None:
    assert read({"content": WORDS}, finish).text == WORDS


def test_a_refusal_is_no_answer() -> None:
    with pytest.raises(BadAnswer, match="declined") as caught:
        read({"content": None, "refusal": "I cannot help with that."})
    assert caught.value.fault == "declined"
    assert read({"content": WORDS, "refusal": None}).text == WORDS


def test_of_several_choices_the_one_with_calls_counts_then_the_one_with_words() -> None:
    made = [{"function": {"name": "list_rooms", "arguments": "{}"}}]
    choices = [{"message": {"content": None}}, {"message": {"content": WORDS}}]
    request = {"messages": [], "tools": TOOLS}
    assert read_answer({"choices": choices}, request, HERE, 0, Prices()).text == WORDS
    assert read_answer({"choices": [*choices, {"message": {"tool_calls": made}}]}, request, HERE, 0, Prices()).calls


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": int("9" * 400), "completion_tokens": 1},
        {"prompt_tokens": 5, "completion_tokens": -60_000},
        {"prompt_tokens": -5, "completion_tokens": 7},
        {"prompt_tokens": True, "completion_tokens": True},
        {"prompt_tokens": 1.5, "completion_tokens": "7"},
        {"prompt_tokens": MOST_TOKENS + 1, "completion_tokens": 1},
        [],
        "many",
        None,
    ],
)
def test_a_count_that_cannot_be_is_estimated(usage: Any) -> None:
    answer = read({"content": WORDS}, usage=usage)
    assert not answer.counted and 10 < answer.completion_tokens < 100 and 0 < answer.cost_usd < 1


def test_tokens_that_only_the_total_counts_were_thought_with() -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 900}
    assert read({"content": WORDS}, usage=usage).completion_tokens == 800


def test_an_answer_that_is_thrown_away_was_billed_all_the_same() -> None:
    with pytest.raises(BadAnswer) as caught:
        read({"content": ""}, usage={"prompt_tokens": 100, "completion_tokens": 900})
    assert (caught.value.wasted.answers, caught.value.wasted.tokens, caught.value.wasted.cost_usd) == (1, 1000, 1.0)


def test_halves_of_pairs_are_left_out_and_whole_ones_stay() -> None:
    assert without_halves("a \ud83d b \ude00 c 😀 \ud83d\ude00") == "a  b  c 😀 😀"
    assert read({"content": "Room 12 \ud83d"}).text == "Room 12 "


def stream(*events: Any) -> bytes:
    return b"".join(b"data: " + (e if isinstance(e, bytes) else json.dumps(e).encode()) + b"\n\n" for e in events)


def test_an_answer_that_comes_as_a_stream_of_events_is_put_together() -> None:
    pieces = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in ("Room ", "12 ", "😀")]
    last = {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 5, "completion_tokens": 6}}
    body = b": keep alive\n\n" + stream(
        {"choices": [{"delta": {"role": "assistant", "content": ""}}]}, *pieces, last, b"[DONE]"
    )
    answer = read_answer(read_document(body), {"messages": []}, HERE, 0, Prices())
    assert (answer.text, answer.prompt_tokens, answer.completion_tokens) == ("Room 12 😀", 5, 6)


def test_calls_in_a_stream_are_put_together_by_their_index() -> None:
    def piece(index: int, **function: str) -> dict[str, Any]:
        return {"choices": [{"delta": {"tool_calls": [{"index": index, "function": function, "id": f"id{index}"}]}}]}

    events = [
        piece(0, name="book_room", arguments='{"ro'),
        piece(1, name="list_rooms", arguments=""),
        piece(0, arguments='om": "12"}'),
    ]
    document = read_document(stream(*events, {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}))
    answer = read_answer(document, {"messages": [], "tools": TOOLS}, HERE, 0, Prices())
    assert [(c.id, c.name, json.loads(c.arguments)) for c in answer.calls] == [
        ("id0", "book_room", {"room": "12"}),
        ("id1", "list_rooms", {}),
    ]


def test_calls_that_all_have_the_same_index_are_told_apart_by_their_ids() -> None:
    made = [{"index": 0, "id": f"id{n}", "function": {"name": "book_room", "arguments": f'{{"room": "{n}"}}'}} for n in (1, 2)]
    events = [{"choices": [{"delta": {"tool_calls": [call]}}]} for call in made]
    answer = read_answer(read_document(stream(*events)), {"messages": [], "tools": TOOLS}, HERE, 0, Prices())
    assert [(call.id, json.loads(call.arguments)) for call in answer.calls] == [("id1", {"room": "1"}), ("id2", {"room": "2"})]


def test_a_completion_behind_comments_that_keep_the_connection_alive_is_read() -> None:
    body = b": PROCESSING\n\n: PROCESSING\n\n" + json.dumps({"choices": [{"message": {"content": WORDS}}]}).encode()
    assert read_answer(read_document(body), {"messages": []}, HERE, 0, Prices()).text == WORDS


def test_no_choice_at_all_is_an_empty_answer_that_was_billed() -> None:
    body = b'{"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 30}}'
    with pytest.raises(BadAnswer, match="empty") as caught:
        read_answer(read_document(body), {"messages": []}, HERE, 0, Prices())
    assert (caught.value.fault, caught.value.wasted.tokens) == ("broken", 100)


@pytest.mark.parametrize(
    "text", ['{"room": "12",}', "```json\n{'room': '12'}\n```", '{"room": "12\\ud83d"}', 'Here: {"room": "12"} as asked.']
)
def test_the_object_in_an_answer_is_found_and_mended(text: str) -> None:
    assert json.loads(object_in(text)) == {"room": "12"}


def test_a_call_in_another_form_of_the_api_is_one_too() -> None:
    flat = {"id": "a", "name": "book_room", "arguments": {"room": "12"}}
    other = {"id": "b", "function": {"name": "book_room", "parameters": {"room": "14"}}}
    answer = read({"content": None, "tool_calls": [flat, other], "function_call": None})
    assert [json.loads(call.arguments)["room"] for call in answer.calls] == ["12", "14"]
    assert read({"content": None, "function_call": {"name": "list_rooms", "arguments": "null"}}).calls[0].arguments == "{}"


ERRORS = [
    (b'{"error": {"message": "Slow down", "code": 429}}', 429),
    (b'{"error": {"message": "Slow down", "type": "rate_limit_error"}}', 429),
    (b'{"error": "Slow down"}', 500),
    (b'[{"error": {"message": "Slow down", "status": "503"}}]', 503),
    (b'{"base_resp": {"status_code": 1004, "status_msg": "Slow down"}, "choices": null}', 500),
    (b'{"detail": [{"loc": ["body"], "msg": "Slow down"}]}', 500),
    (b'{"object": "error", "message": "Slow down", "code": 400}', 400),
    (b'data: {"error": {"message": "Slow down", "code": 502}}\n\n', 502),
]


@pytest.mark.parametrize(("body", "status"), ERRORS)
def test_an_error_in_a_success_is_an_error(body: bytes, status: int) -> None:
    with pytest.raises(Status) as caught:
        read_document(body)
    assert (caught.value.status, caught.value.words, caught.value.inside) == (status, "Slow down", True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["choices", "message", "content", "tool_calls", "function", "name", "arguments", "usage", "error",
                         "text", "type", "delta", "refusal", "finish_reason", "prompt_tokens", "id", "code", "model"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(
    st.one_of(JSON, st.builds(lambda m, f, u: {"choices": [{"message": m, "finish_reason": f}], "usage": u}, JSON, JSON, JSON))
)
@example({"choices": [{"message": {"refusal": False}, "finish_reason": None}], "usage": None})
def test_no_json_that_comes_as_an_answer_is_more_than_an_answer_or_none(document: Any) -> None:
    for body in (json.dumps(document).encode(), stream(document, document)):
        with suppress(BadAnswer, Status):
            answer = read_answer(read_document(body), {"messages": [], "tools": TOOLS}, HERE, 0, Prices())
            assert answer.text.strip() or answer.calls
            json.dumps([answer.text, answer.model, [vars(c) for c in answer.calls]], ensure_ascii=False).encode()


@given(st.binary(max_size=200))
def test_no_bytes_that_come_as_an_answer_are_more_than_an_answer_or_none(body: bytes) -> None:
    with suppress(BadAnswer, Status):
        read_answer(read_document(body), {"messages": []}, HERE, 0, Prices())


@pytest.mark.parametrize(
    "piece",
    ["<think>", "</think>", "<|im_end|>x", "<|start|>", '{"name": "book_room', "book_room(", "{", "[", '["', '{"a":',
     "<tool_call>", "<a", "<s>", "book_room {", "'", "{'a': ", "<|channel|>analysis ", "```", "]", "}{", "book_room(("],
)  # fmt: skip
def test_reading_takes_no_longer_than_the_text_is_long(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    started = time.process_time()
    plain = without_tokens(without_thinking(text))
    written_calls(text + " book_room", OFFERED), holds_marks_of_calls(text, OFFERED), object_in(plain), mended(text, BOOK)
    assert time.process_time() - started < 2


PIECES = {
    "calls": ('{"tool_calls": [{"index": %d, "function": {"name": "list_rooms", "arguments": "{\\"n\\": %d}"}}]}', MOST_CALLS),
    "calls at once": ('{"tool_calls": [' + ",".join(['{"function": {"name": "list_rooms"}}'] * 20) + "]}", 1),
    "words": ('{"content": "abc"}', 0),
    "parts": ('{"content": [{"type": "text", "text": "abc"}]}', 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PIECES)
def test_a_stream_of_many_pieces_is_read_in_proportion_and_no_more_of_it_than_anybody_needs(name: str) -> None:
    piece, calls = PIECES[name]
    said = [piece % (n, n) if "%d" in piece else piece for n in range(20_000)]
    events = [f'data: {{"choices": [{{"delta": {one}}}]}}\n' for one in said]

    def read(text: str) -> Answer:
        document = read_document("".join(events[: len(text)]).encode())
        return read_answer(document, {"messages": [], "tools": TOOLS}, HERE, 0, Prices())

    assert growth(read, "x" * len(events)) == ""
    answer = read("x" * len(events))
    assert len(answer.calls) == calls
    assert len(answer.text) <= MOST_TEXT
