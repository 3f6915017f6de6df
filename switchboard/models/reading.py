"""What models write around their answers: thinking, tokens of their templates, odd names and arguments of calls.

All of it is linear in the length of the text, which its readers bound first.
"""

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

Offered = Mapping[str, Mapping[str, Any]]
"""The tools that a request offers: name to the JSON Schema of the arguments."""

TAG = re.compile(
    r"<[|｜]/?[^<>|｜\n]{1,60}[|｜]>"  # <|im_end|>, <｜end▁of▁sentence｜>
    r"|</?[A-Za-z][\w:.-]{0,40}>"  # <think>, </s>
    r"|\[/?[A-Z_]{3,20}\]"  # [THINK], [/INST]
    r"|◁/?[a-z]{3,20}▷"
)
THINKING = ("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "seed:think", "antml:thinking")
STARTS = {"begin_of_thought": True, "end_of_thought": False, "unused94": True, "unused95": False}
"""Tokens that begin (True) or end thinking and say so in their own way."""
PLAIN_TOKENS = ("end_of_turn", "start_of_turn", "eos", "bos", "inst", "tool_calls")
"""Tokens of templates that look like tags of a text."""
HEAD = re.compile(r"\s*[A-Za-z_]{0,20}\n?")
GOES_ON = re.compile(r"\s*<\|(?:start\|>assistant|channel\|>)")
"""What stands behind the end of a part of the model's own turn, where that goes on."""
ENDS_TURN = ("im_end", "eot_id", "eom_id", "end_of_turn", "endoftext", "end_of_text", "end▁of▁sentence", "end", "return",
             "call", "end_of_turn_token", "eos")  # fmt: skip
STARTS_TURN = ("im_start", "start_of_turn", "start_header_id", "start", "start_of_turn_token")
ROLES = ("assistant", "model", "bot", "ai", "chatbot")
OTHERS_TURN = ("user", "system", "human", "tool", "observation")
MOST_ARGUMENTS = 50_000


def without_halves(text: str) -> str:
    """The text without halves of surrogate pairs and NUL, which no row keeps: of a cut emoji nothing is left."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _kind(tag: str) -> tuple[str, bool]:
    """The name in a tag, and whether it is a closing one."""
    inner = tag.strip("<>[]◁▷").strip("|｜")
    return inner.lstrip("/").lower(), inner.startswith("/")


def without_thinking(text: str) -> str:
    """The text without what stands between marks of thinking.

    Where only the end is marked all before it was thinking; where only the beginning is, all after it.
    """
    kept: list[str] = []
    place, thinking = 0, False
    channel = ""
    for found in TAG.finditer(text):
        name, closes = _kind(found[0])
        piece = text[place : found.start()]
        begins = STARTS.get(name, not closes if name in THINKING else None)
        if name == "channel":
            channel = text[found.end() : found.end() + 12].lstrip().lower()
            begins = channel.startswith("analysis")
        elif channel.startswith("analysis") and name in (*ENDS_TURN, *STARTS_TURN):
            begins, channel = False, ""
        if begins is None:
            continue
        if not thinking:
            kept.append(piece)
            if not begins and name != "channel":
                kept.clear()
        thinking, place = begins, found.end() if name != "channel" or begins else found.start()
    return "".join([*kept, "" if thinking else text[place:]]).strip() if place or thinking else text


def without_tokens(text: str) -> str:
    """The text without tokens of a template, and without the turn of somebody else that a model writes on with."""
    text = _without_frame(text)
    kept: list[str] = []
    place, spoke = 0, False
    for found in TAG.finditer(text):
        name, _ = _kind(found[0])
        if (found[0][1] not in "|｜" and name not in PLAIN_TOKENS) or found.start() < place:
            continue
        kept.append(text[place : found.start()])
        spoke, place = spoke or bool(kept[-1].strip()), found.end()
        head = HEAD.match(text, place)
        said = head[0].strip().lower() if head else ""
        over = name in OTHERS_TURN or (name in STARTS_TURN and said in OTHERS_TURN)
        if spoke and (over or (name in ENDS_TURN and not GOES_ON.match(text, place))):
            return "".join(kept).strip()
        if head and (name == "channel" or (name in STARTS_TURN and said in ROLES)):
            place = head.end()
    return "".join([*kept, text[place:]]).strip() if place else text


def _without_frame(text: str) -> str:
    """The text without the marks of its begin and end, which inside of a text are tags that strike through."""
    bare = text.strip()
    if bare.startswith("<s>") and "</s>" not in bare[:-4]:
        bare = bare[3:].removesuffix("</s>")
    elif bare.endswith("</s>") and "<s>" not in bare:
        bare = bare[:-4]
    else:
        return text
    return bare.strip()


def object_in(text: str) -> str:
    """The JSON object in an answer; models without structured output put words or fences around it."""
    start, stop = text.find("{"), text.rfind("}")
    if not 0 <= start < stop:
        return text
    found = text[start : stop + 1]
    value = parsed(found) if len(found) <= MOST_ARGUMENTS else None
    if not isinstance(value, dict) or ("\\u" not in found and _is_json(found)):
        return found
    return json.dumps(whole(value), ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        return json.loads(text) is not None
    except (ValueError, RecursionError):
        return False


def call_ids() -> Iterator[str]:
    """Ids for calls that came without: nine letters and digits, which every provider takes."""
    while True:
        yield uuid4().hex[:9]


def name_of(given: str, offered: Offered) -> str:
    """The offered tool that a model means by `functions.NAME`, `NAME<|channel|>commentary`, `NAME:0` and the like; else the
    name as it stands.
    """
    if given in offered:
        return given
    plain = {_letters(name): name for name in offered}
    parts = re.split(r"[^\w-]+", TAG.sub(" ", given))
    return next((plain[_letters(part)] for part in reversed(parts) if _letters(part) in plain), given)


def _letters(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def mended(given: Any, schema: Mapping[str, Any]) -> str:
    """Arguments as JSON text, mended once where what they say is beyond doubt; else as they stand."""
    text = given if isinstance(given, str) else json.dumps({} if given is None else given)
    if len(text) > MOST_ARGUMENTS:
        return without_halves(text)
    value = parsed(text) if text.strip() not in ("", "null", "None") else {}
    if isinstance(value, str):  # JSON of JSON
        value = parsed(value)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return without_halves(text)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        inner = next(iter(value.values())) if len(value) == 1 and not set(value) & set(properties) else None
        value = inner if isinstance(inner, dict) and set(inner) <= set(properties) else value
        value = {name: _typed(item, properties.get(name, {})) for name, item in value.items()}
    return json.dumps(whole(value), ensure_ascii=False)


def parsed(text: str) -> Any:
    """The value of a text that is JSON, or nearly: in fences, with Python's words and quotes, a comma too many, the last
    bracket missing. None where it is none of these.
    """
    text = re.sub(r"\A\s*```\w*|```\s*\Z", "", text).strip()
    closed = text + "}" if text.startswith("{") and text[-1:] in ('"', "]", "}") else text  # a number may be cut in two
    for tried in dict.fromkeys((text, closed)):
        try:
            return json.loads(tried, strict=False, parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError):
            pass
        try:
            value = ast.literal_eval(tried)
            json.dumps(value, allow_nan=False)
            return value
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            pass
    return None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _no_number(number)


def _typed(value: Any, schema: Any) -> Any:
    """A number that was written as text, or the other way round, as the schema has it."""
    wanted = schema.get("type") if isinstance(schema, dict) else None
    if wanted == "integer" and isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,15}", value.strip(), re.ASCII):
        return int(value)
    if wanted == "string" and type(value) is int and abs(value) < 10**18:
        return str(value)
    if wanted in ("object", "array") and isinstance(value, str) and value.strip()[:1] in ("{", "["):
        inner = parsed(value)
        return inner if isinstance(inner, dict if wanted == "object" else list) else value
    return value


def whole(value: Any) -> Any:
    """JSON data without halves of surrogate pairs, in names too."""
    if isinstance(value, str):
        return without_halves(value)
    if isinstance(value, dict):
        return {without_halves(str(name)): whole(item) for name, item in value.items()}
    return [whole(item) for item in value] if isinstance(value, list | tuple) else value
