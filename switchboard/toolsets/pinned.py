"""What another side said of its calls when it was first seen, kept in `tools/NAME.pinned.json` of the project.

A call whose description is another one today is not made, or made as it is pinned, until a person takes the new one over.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.characters import visible
from switchboard.errors import OperatorError
from switchboard.toolsets.foreign import told

if TYPE_CHECKING:
    from switchboard.toolsets.remote import Operation

LARGEST = 4_000_000
"""Bytes of a pinned file."""


def path_of(folder: Path, name: str) -> Path:
    """The file of a source in a project's folder."""
    return folder / "tools" / f"{name}.pinned.json"


def write_pinned(path: Path, data: Mapping[str, Any]) -> None:
    """Write such a file, whole or not at all, since others may read it meanwhile. A person reads it. Raises OSError."""
    new = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, new = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(visible(json.dumps(data, indent=2, ensure_ascii=False)) + "\n")
        Path(new).chmod(0o644)  # it is committed with the project, and holds no secret
        Path(new).replace(path)
    except OSError:
        with suppress(OSError):
            Path(new).unlink()
        raise


class Pinned:
    """The pinned descriptions of one source: JSON data, by what the other side calls each."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = path_of(folder, name)

    def read(self) -> dict[str, Any]:
        """What is pinned; nothing where there is no file. Raises OperatorError for one that cannot be read."""
        try:
            if self.path.stat().st_size > LARGEST:
                raise OperatorError(f"{self.path} has more than {LARGEST:,} bytes, so it is none of ours. {self._remedy()}")
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise OperatorError(f"{self.path} cannot be read ({type(error).__name__}). {self._remedy()}") from error
        if not isinstance(found, dict):
            raise OperatorError(f"{self.path} holds no descriptions. {self._remedy()}")
        return found

    def add(self, seen: Mapping[str, Any]) -> dict[str, Any]:
        """What is pinned once what is seen for the first time is, too; what was pinned before stays. Raises OperatorError."""
        pinned = self.read()
        new = {name: one for name, one in seen.items() if name not in pinned}
        if new:
            pinned |= new
            self.write(pinned)
        return pinned

    def write(self, pinned: Mapping[str, Any]) -> None:
        """Pin these, and no others. Raises OperatorError."""
        whole = dict(sorted(pinned.items()))  # in what a tool takes its order stays: models read it
        if len(json.dumps(whole).encode()) > LARGEST:
            raise OperatorError(f"What {self.path.name} would hold has more than {LARGEST:,} bytes. List fewer calls.")
        try:
            write_pinned(self.path, whole)
        except OSError as error:
            why = f"{self.path} cannot be written ({error.strerror})."
            raise OperatorError(f"{why} Write it where the folder can be written, and deliver it with the project.") from error

    def _remedy(self) -> str:
        return "Take it from the last version of the project, or delete it to have it made anew."


def changed(pinned: Mapping[str, Any], seen: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Which of the names are no longer as pinned, and how; what is not pinned has not changed."""
    found: dict[str, str] = {}
    for name in names:
        if name in pinned and name not in seen:
            found[name] = "is not offered any more"
        elif name in pinned and as_text(pinned[name]) != as_text(seen[name]):
            found[name] = "is described in other words than when it was pinned"
    return found


def as_text(description: Any) -> str:
    """JSON data as it is compared, whatever the order of its fields."""
    return json.dumps(description, sort_keys=True)


def told_changes(old: "Operation | None", new: "Operation") -> str:
    """What of a call that has changed is another than it was: its arguments, what it answers, and its words."""
    if old is None:
        return "it was not pinned yet"
    return "; ".join(_changes(old, new)) or "it has changed in parts that no argument and no field shows"


def _changes(old: "Operation", new: "Operation") -> Iterator[str]:
    if old.method != new.method:
        yield f"it is asked by {new.method}, and was by {old.method}"
    before, now = old.parameters.get("properties", {}), new.parameters.get("properties", {})
    wanted, needs = old.parameters.get("required", ()), new.parameters.get("required", ())
    for name in dict.fromkeys([*before, *now]):
        if name not in now:
            yield f"the argument {told(name)} is gone"
        elif name not in before:
            yield f"the argument {told(name)} is new{' and must be given' if name in needs else ''}"
        elif (name in wanted) != (name in needs):
            yield f"the argument {told(name)} {'must be given now' if name in needs else 'need not be given any more'}"
        elif as_text(before[name]) != as_text(now[name]):
            kinds = [told(as_text(one.get("type", "any")), 60) for one in (before[name], now[name])]
            how = "takes other values" if kinds[0] == kinds[1] else f"is {kinds[1]}, and was {kinds[0]}"
            yield f"the argument {told(name)} {how}"
    for what, fields in {
        "is gone": set(old.declared) - set(new.declared),
        "is new": set(new.declared) - set(old.declared),
    }.items():
        yield from (f"the field {told(one)} of its answer {what}" for one in sorted(fields))
    if old.about != new.about:
        yield f'it is described as "{told(new.about)}", and was as "{told(old.about)}"'
