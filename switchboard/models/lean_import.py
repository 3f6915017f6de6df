"""Importing a package without those that it can do without, and that take longer to load than all the rest of it."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


@contextmanager
def without(*names: str) -> Iterator[None]:
    """What this thread imports in this block finds none of these packages, as if they were not installed.

    Only a package that treats them as optional can be imported so, and it goes without them for the rest of the process;
    imported before, it keeps what it has. Nobody else notices: what is loaded already stays, other threads find all there
    is, and so does everybody afterwards.
    """
    absent = _Absent(names)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


class _Absent(MetaPathFinder):
    """Python asks this one first where a module is that is not loaded yet."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names, self._thread = names, threading.get_ident()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] in self._names and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{name} is left out here", name=name)
        return None  # the next finder is asked
