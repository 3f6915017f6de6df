"""What no limit of a process counts, and what cannot be looked at: it is bounded and counted in bubblewrap all the same."""

import sys

import pytest
from support.contained import WHO, contained

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux alone")


@pytest.fixture(params=WHO)
def who(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_lies_in_sockets_stays_little(who: str) -> None:
    """It is memory of the kernel, which is of no process."""
    code = """
import socket
kept, lying = [], 0
for _ in range(40):
    pair = socket.socketpair()
    kept.append(pair)
    pair[0].setblocking(False)
    for which in (7, 8, 32, 33):
        for one in pair:
            try:
                one.setsockopt(socket.SOL_SOCKET, which, 1 << 30)
                print("grown")
            except PermissionError:
                continue
    try:
        while True:
            lying += pair[0].send(b"x" * 65_536)
    except BlockingIOError:
        continue
pair[1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
print(lying < 40 * 1_000_000)
"""
    came = contained(who, code)
    assert (came.stdout, came.exit) == ("True\n", 0)


def test_a_folder_that_cannot_be_opened_is_counted_and_the_others_are_kept(who: str) -> None:
    code = """
import os
for name in ("a", "b"):
    os.mkdir(name)
    open(name + "/made.txt", "w").write(name)
os.chmod("a", 0)
for _ in range(1000):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
"""
    came = contained(who, code)
    assert [made.name for made in came.files] == ["b/made.txt"]
    assert came.left_out >= 2
