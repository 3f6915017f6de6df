"""Every regular expression of the program: what modules hold, what their functions compile, what runs of them make."""

import ast
import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = ("switchboard", "agents", "groupchats", "tools")
FUNCTIONS = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
AT_THE_BEGINNING = {"match", "fullmatch"}


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and whether the program only ever holds it against the beginning of a text."""

    where: str
    pattern: re.Pattern[str]
    at_the_beginning: bool = False

    def use(self, text: str) -> None:
        if self.at_the_beginning:
            self.pattern.match(text)
            self.pattern.fullmatch(text)
        else:
            deque(self.pattern.finditer(text), maxlen=0)


def modules() -> Iterator[tuple[Path, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if not {"migrations", "sample", "templates"} & {*path.parts}:
                yield path, ".".join(path.relative_to(ROOT).with_suffix("").parts)


def patterns() -> list[Found]:
    """Each once: what modules hold compiled, and what their code gives to `re`, where it is made of names of the module."""
    found: list[Found] = []
    sources = {name: (import_module(name), path.read_text("utf-8")) for path, name in modules()}
    for name, (module, _) in sources.items():
        for one, pattern in held_in(module):
            using = [text for other, text in sources.values() if getattr(other, one, None) is getattr(module, one)]
            found.append(Found(f"{name}.{one}", pattern, _only_begins(one, using)))
    held = {one.pattern.pattern for one in found}
    for path, name in modules():
        found += (one for one in written_in(path, name, sources[name][0]) if one.pattern.pattern not in held)
    return once(found)


def once(found: list[Found]) -> list[Found]:
    """Of the same pattern the use that asks most of it."""
    by_text = {(one.pattern.pattern, one.pattern.flags): one for one in sorted(found, key=lambda one: not one.at_the_beginning)}
    return list(by_text.values())


def held_in(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        yield from ((name, pattern) for pattern in _within(value, 3))


def _only_begins(name: str, sources: list[str]) -> bool:
    used = re.compile(rf"\b{re.escape(name)}\.({'|'.join(FUNCTIONS)})\b")
    uses = {match for source in sources for match in used.findall(source)}
    return bool(uses) and uses <= AT_THE_BEGINNING


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, dict):
        for one in value.values():
            yield from _within(one, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _within(one, depth - 1)


def written_in(path: Path, name: str, module: ModuleType) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), str(used)), [given, *more], named) if used in FUNCTIONS:
                written = [*more, *(one.value for one in named)]
                flags = next((ast.unparse(one) for one in written if ast.unparse(one).startswith("re.")), "0")
                try:
                    pattern = re.compile(eval(ast.unparse(given), dict(vars(module))), eval(flags))
                except NameError:
                    continue  # it is made of what a function is given: `made_meanwhile` hears of it
                yield Found(f"{name}:{node.lineno}", pattern, used in AT_THE_BEGINNING)


@contextmanager
def made_meanwhile() -> Iterator[list[Found]]:
    """The patterns that the program's code asks `re` for, whatever they are made of, while the block runs."""
    found: dict[tuple[str, int], Found] = {}
    compiled = re._compile  # type: ignore[attr-defined]

    def heard(pattern: Any, flags: int) -> Any:
        made = compiled(pattern, flags)
        caller, used = sys._getframe(2), sys._getframe(1).f_code.co_name
        if made.pattern.__class__ is str and caller.f_code.co_filename.startswith(ROOMS_OF_ROOT):
            where = f"{Path(caller.f_code.co_filename).relative_to(ROOT)}:{caller.f_lineno}"
            found.setdefault((made.pattern, made.flags), Found(where, made, used in AT_THE_BEGINNING))
        return made

    result: list[Found] = []
    re._compile = heard  # type: ignore[attr-defined]
    try:
        yield result
    finally:
        re._compile = compiled  # type: ignore[attr-defined]
        result += found.values()


ROOMS_OF_ROOT = tuple(f"{ROOT / room}/" for room in ROOMS)
