"""Calls of tools that a model wrote as text: as JSON, as tags, or as a call of Python.

Each template has marks of its own, so nothing here looks for marks: a call is the name of an offered tool with arguments that
its schema knows. What has the marks and is no such call is not fit to be sent to anybody.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from switchboard.models.answers.arguments import Offered, mended, name_of, parsed

NAMES = ("name", "tool", "tool_name", "function", "function_name", "recipient_name", "action", "command")
ARGUMENTS = ("arguments", "parameters", "args", "input", "action_input", "tool_input", "kwargs")
HOLDERS = ("tool_calls", "tool_uses", "calls", "function", "function_call", "tool_call")
"""Fields that hold a call or a list of calls."""
MARKS = ("<tool_call", "[tool_calls]", "<function=", "<function_call", "<invoke", "<|tool", "<｜tool", "to=functions.",
         "<|python_tag|>", "```tool_c", "action input:", "<arg_key", "<tool▁call")  # fmt: skip
TAGS_OF_CALLS = ("invoke", "function_calls", "function_call", "tool_call", "tool_calls", "tool_use")
MOST_TRIES, MOST_NESTED, MOST_BETWEEN, MOST_PYTHON = 200, 8, 80, 2_000
BETWEEN = re.compile(
    r"(?:<[|｜][^<>|｜\n]{1,60}[|｜]>|[^\w]|_|args|json|arguments|parameters|input|constrain|message|sep|tool|action|name|function|\d)*",
    re.I,
)
"""What templates write between the name of a tool and the arguments."""
ELEMENT = re.compile(
    r"<(/?)(?:[|｜]\w{1,20}[|｜])?([A-Za-z_][\w:.-]{0,60})(?:=[\"']?([\w.:-]{1,80})[\"']?)?((?:\s{1,4}[\w:.-]{1,40}=(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s{0,9}/?>"
)
ATTRIBUTE = re.compile(r"([\w:.-]{1,40})=(?:\"([^\"]*)\"|'([^']*)')")
ALONE = r"^\W{{0,4}}(?:(?:tool|function|action|call|command)\W{{1,3}})?{name}(?:[ \t]{{0,9}}$|[ \t]{{1,9}}\w{{1,40}}=)"
"""A line that holds the name of a tool and no sentence."""

Written = tuple[str, str]
"""The name of an offered tool, and its arguments as JSON text."""


def written_calls(text: str, offered: Offered) -> list[Written]:
    """The calls in a text, each once, in the form that holds any: JSON, then tags, then Python."""
    if not any(name in text for name in offered):
        return []
    for form in (_as_json, _as_tags, _as_python):
        found = dict.fromkeys(_fitting(form(text, offered), offered))
        if found:
            return list(found)
    return []


def holds_marks_of_calls(text: str, offered: Offered) -> bool:
    """Whether a text is, or holds, what some template takes for a call, or an offered tool's name with something for it."""
    low = text.lower()
    here = [re.escape(name) for name in offered if name in text]
    named = (re.search(rf"\b{name}\s*[\[({{:=]", text) or re.search(ALONE.format(name=name), text, re.M) for name in here)
    tags = (
        one[2].lower() in TAGS_OF_CALLS or name_of(one[2], offered) in offered
        for one in islice(ELEMENT.finditer(text), MOST_TRIES)
    )
    return any(mark in low for mark in MARKS) or any(named) or any(tags) or any(_is_call(value) for _, value in _values(text))


def _is_call(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(
        isinstance(item, dict)
        and any(isinstance(item.get(name), str) for name in NAMES)
        and any(isinstance(item.get(name), dict) or str(item.get(name)).startswith("{") for name in ARGUMENTS)
        for item in items
    )


def _fitting(found: Iterator[tuple[str, Any]], offered: Offered) -> Iterator[Written]:
    """Those calls that are of an offered tool, with arguments that it knows and all that it needs."""
    for given, arguments in found:
        name = name_of(given, offered)
        if name not in offered:
            continue
        schema = offered[name]
        text = mended(arguments, schema)
        made = parsed(text)
        if isinstance(made, dict) and set(schema.get("required", ())) <= set(made) <= set(schema.get("properties", made)):
            yield name, text


def _values(text: str) -> Iterator[tuple[int, Any]]:
    """The JSON objects and lists in a text, and where they begin; what stands in one is not looked at again."""
    decoder = json.JSONDecoder(strict=False)
    place = 0
    for _ in range(MOST_TRIES):
        starts = [i for i in (text.find("{", place), text.find("[", place)) if i >= 0]
        if not starts:
            return
        start = min(starts)
        try:
            value, place = decoder.raw_decode(text, start)
            yield start, value
        except (ValueError, RecursionError):
            stop = text.rfind("}", start, start + MOST_PYTHON) + 1 if text[start] == "{" else 0
            value = parsed(text[start:stop]) if stop else None
            place = stop if isinstance(value, dict) else start + 1
            if isinstance(value, dict):
                yield start, value


def _as_json(text: str, offered: Offered) -> Iterator[tuple[str, Any]]:
    for start, value in _values(text):
        found = list(_in_value(value, offered))
        yield from found
        if not found and isinstance(value, dict):
            before = text[max(0, start - MOST_BETWEEN) : start]
            places = [(before.rfind(name), name) for name in offered if name in before]
            if places:
                place, name = max(places)
                if BETWEEN.fullmatch(before, place + len(name)):
                    yield name, value


def _in_value(value: Any, offered: Offered, nested: int = 0) -> Iterator[tuple[str, Any]]:
    """The calls in a JSON value: an object with a name and arguments, or one named by its only field, or a list of these."""
    if nested > MOST_NESTED:
        return
    if isinstance(value, list):
        for item in value:
            yield from _in_value(item, offered, nested + 1)
    elif isinstance(value, dict):
        name = next((value[key] for key in NAMES if isinstance(value.get(key), str)), None)
        if name is not None and name_of(name, offered) in offered:
            yield name, next((value[key] for key in ARGUMENTS if key in value), _beside(value))
            return
        for key in HOLDERS:
            yield from _in_value(value.get(key), offered, nested + 1)
        if len(value) == 1 and isinstance(next(iter(value.values())), dict):
            yield next(iter(value.items()))


def _beside(value: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call that stand beside its name."""
    return {name: item for name, item in value.items() if name not in (*NAMES, "type", "id")}


def _as_tags(text: str, offered: Offered) -> Iterator[tuple[str, Any]]:
    """Calls as elements: `<invoke name="N"><parameter name="K">V</parameter></invoke>`, `<function=N><parameter=K>V`,
    `<tool_call>N<arg_key>K</arg_key><arg_value>V</arg_value>`, `<N><K>V</K></N>`, `<N K="V"/>`.
    """
    called, key, given = "", "", dict[str, Any]()
    for found, following in pairwise([*ELEMENT.finditer(text), None]):
        assert found
        beside = {one[1]: one[2] or one[3] or "" for one in ATTRIBUTE.finditer(found[4])}
        closes, tag, named = found[1], found[2], found[3] or beside.pop("name", "")
        words = text[found.end() : following.start() if following else len(text)].strip()
        begins = next((n for n in (named, tag, words) if n and name_of(n, offered) in offered), "") if not closes else ""
        if begins and (not called or named or begins == words):
            if called:
                yield called, given
            name = name_of(begins, offered)
            known = offered[name].get("properties", {})
            called, key, given = begins, "", {k: _value(v, name, k, offered) for k, v in beside.items() if k in known}
        elif called and not closes:
            if tag == "arg_key":
                key = words
            elif tag == "arg_value":
                given[key] = _value(words, name_of(called, offered), key, offered)
            elif words or following:
                key = named or tag
                given[key] = _value(words, name_of(called, offered), key, offered)
        elif called and closes and name_of(tag, offered) == name_of(called, offered):
            yield called, given
            called, given = "", {}
    if called:
        yield called, given


def _value(words: str, name: str, key: str, offered: Offered) -> Any:
    """The text of an element, as the tool's schema has it: text where it wants text, else JSON where it is some."""
    schema = offered[name].get("properties", {}).get(key, {})
    if isinstance(schema, Mapping) and schema.get("type") == "string":
        return words
    value = parsed(words)
    return words if value is None else value


def _as_python(text: str, offered: Offered) -> Iterator[tuple[str, Any]]:
    """Calls such as `name(key="value")`, with arguments by their names, or one alone for the only one that is needed."""
    tries = 0
    for found in re.finditer(r"\b([A-Za-z_]\w{0,63})(?:\.call)?\(", text):
        if found[1] in offered and tries < MOST_TRIES:
            tries += 1
            stop = _closing(text, found.end())
            try:
                node = ast.parse(text[found.start() : stop], mode="eval").body
                yield found[1], _keywords(node, offered[found[1]])
            except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
                continue


def _keywords(node: ast.expr, schema: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(node, ast.Call):
        raise ValueError("no call")
    given = {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg}
    needed = schema.get("required", ())
    if len(node.args) == 1 == len(needed) and not given:
        given = {needed[0]: ast.literal_eval(node.args[0])}
    elif node.args:
        raise ValueError("which argument is which cannot be known")
    return given


def _closing(text: str, place: int, most: int = 5_000) -> int:
    """The place behind the bracket that closes the one before `place`, however many stand within, but not those in quotes."""
    depth, quote, index = 1, "", place
    stop = min(len(text), place + most)
    while index < stop and depth:
        character = text[index]
        if quote:
            index += character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        else:
            depth += (character == "(") - (character == ")")
        index += 1
    return index
