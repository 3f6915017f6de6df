"""Every regular expression of the program, and texts that are made to be hard for one."""

import ast
import re
import re._constants as sre
import re._parser as parser
from collections import deque
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = ("switchboard", "agents", "groupchats", "tools")
FUNCTIONS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


def modules() -> Iterator[tuple[Path, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts and "sample" not in path.parts:
                yield path, ".".join(path.relative_to(ROOT).with_suffix("").parts)


def patterns() -> dict[str, re.Pattern[str]]:
    """By where it stands: what modules hold compiled, and what they give to `re` as a text."""
    found: dict[str, re.Pattern[str]] = {}
    for path, name in modules():
        for where, pattern in held_in(import_module(name)):
            found.setdefault(pattern.pattern, pattern)
            found.setdefault(f"{name}.{where}", pattern)
        for number, pattern in written_in(path):
            found.setdefault(f"{name}:{number}", pattern)
    seen: dict[tuple[str, int], str] = {}
    for where, pattern in found.items():
        if where != pattern.pattern:
            seen.setdefault((pattern.pattern, pattern.flags), where)
    return {where: re.compile(text, flags) for (text, flags), where in seen.items()}


Use = Callable[[re.Pattern[str], str], object]


def use_of(where: str) -> Use:
    """How a pattern is used: where the program only ever holds it against the beginning of a text, so do we."""
    name = re.escape(where.rpartition(".")[2])
    source = "\n".join(path.read_text("utf-8") for path, _ in modules())
    uses = set(re.findall(rf"\b{name}\.(search|finditer|findall|sub|subn|split|match|fullmatch)\b", source))
    if uses and uses <= {"match", "fullmatch"}:
        return lambda pattern, text: (pattern.match(text), pattern.fullmatch(text))
    return lambda pattern, text: deque(pattern.finditer(text), maxlen=0)


def held_in(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        yield from ((name, pattern) for pattern in _within(value, 3))


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, dict):
        for one in value.values():
            yield from _within(one, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _within(one, depth - 1)


def written_in(path: Path) -> Iterator[tuple[int, re.Pattern[str]]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        is_re = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS
        if is_re and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:  # type: ignore[union-attr, attr-defined]
            given = node.args[0]  # type: ignore[attr-defined]
            if (
                node.func.attr not in ("match", "fullmatch")
                and isinstance(given, ast.Constant)
                and isinstance(given.value, str)
            ):
                yield node.lineno, re.compile(given.value, re.IGNORECASE)  # type: ignore[attr-defined]


def hard_texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of a length that a pattern goes far into: what it matches, cut short of its end, again and again."""
    parts: list[str] = []
    for variant in range(3):
        whole = "".join(_sample(parser.parse(pattern.pattern, pattern.flags), variant))
        cuts = {len(whole), len(whole) - 1, *range(1, min(len(whole), 40), 3)}
        parts += [whole[:cut] for cut in cuts if cut > 0]
        parts += [part + " " for part in parts[-3:]]
        parts += sorted(set(whole))[:12]
    for part in dict.fromkeys([*parts, "a", " ", "1", "\n", "a ", "1 "]):
        yield (part * (length // len(part) + 1))[:length]


def _sample(items: Any, variant: int) -> Iterator[str]:
    """A text that a parsed pattern matches, nearly: `variant` chooses the branch and how often things repeat."""
    for kind, value in items:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.NOT_LITERAL:
            yield "b" if value == ord("a") else "a"
        elif kind is sre.ANY:
            yield "a"
        elif kind is sre.IN:
            yield _one_of(value, variant)
        elif kind is sre.BRANCH:
            yield from _sample(value[1][variant * 7 % len(value[1])], variant)
        elif kind is sre.SUBPATTERN:
            yield from _sample(value[-1], variant)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = value
            for _ in range(max(low, min(int(high), variant))):
                yield from _sample(inner, variant)
        elif kind is sre.ATOMIC_GROUP:
            yield from _sample(value, variant)


def _one_of(items: Any, variant: int) -> str:
    classes = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a"}
    classes |= {sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: ".", sre.CATEGORY_NOT_DIGIT: "a"}
    if items[0][0] is sre.NEGATE:
        refused = re.compile("[" + "".join(re.escape(chr(v)) for k, v in items[1:] if k is sre.LITERAL) + "\n\x00]")
        taken = {classes.get(v, "") for k, v in items[1:] if k is sre.CATEGORY}
        return next((c for c in ("a", " ", "1", "-", "\u00e9") if not refused.match(c) and c not in taken), "~")
    kind, value = items[variant % len(items)]
    if kind is sre.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is sre.RANGE else classes.get(value, "a")
