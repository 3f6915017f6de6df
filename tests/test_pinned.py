"""What another side said when it was first seen is kept whole, and held against what it says today."""

from pathlib import Path

import pytest

from switchboard.errors import OperatorError
from switchboard.toolsets.pinned import Pinned, changed


def test_what_is_seen_first_stays(tmp_path: Path) -> None:
    pinned = Pinned(tmp_path, "hall")
    assert pinned.read() == {}
    assert pinned.add({"book": {"description": "Book a day."}}) == {"book": {"description": "Book a day."}}
    assert pinned.add({"book": {"description": "Pay me."}, "look": {}}) == {"book": {"description": "Book a day."}, "look": {}}
    assert Pinned(tmp_path, "hall").read() == {"book": {"description": "Book a day."}, "look": {}}
    assert [path.name for path in (tmp_path / "tools").iterdir()] == ["hall.pinned.json"]


def test_what_changed_and_what_is_gone_is_named() -> None:
    pinned = {"book": {"a": 1, "b": 2}, "look": {}, "tell": {"c": 3}}
    assert changed(pinned, {"book": {"b": 2, "a": 1}, "tell": {"c": 3}}, pinned) == {"look": "is not offered any more"}
    assert list(changed(pinned, {"book": {"a": 1}, "look": {}, "new": {}}, ["book", "look", "new"])) == ["book"]


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "\xff"])
def test_a_file_that_is_none_of_ours_is_said_to_be(tmp_path: Path, text: str) -> None:
    pinned = Pinned(tmp_path, "hall")
    pinned.path.parent.mkdir()
    pinned.path.write_bytes(text.encode("latin-1"))
    with pytest.raises(OperatorError, match=r"hall\.pinned\.json"):
        pinned.add({"book": {}})


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "tools").write_text("no folder")
    with pytest.raises(OperatorError, match="cannot be"):
        Pinned(tmp_path, "hall").add({"book": {}})
