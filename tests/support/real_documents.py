"""Real documents of many kinds: what packages of this machine bring along, gathered when a test asks for them.

Licences, manuals, standards, lists and letters, as Debian's packages and Python put them there; none is a file of ours.
"""

import gzip
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from support.absent import absent

DOCUMENTED = Path("/usr/share")
FROM = (
    "common-licenses/*",
    "distro-info/*.csv",
    "doc/base-passwd/users-and-groups.html",
    "doc/bc/bc.html",
    "doc/bzip2/manual.html",
    "doc/dpkg/spec/*.txt",
    "doc/fontconfig/fontconfig-user.pdf.gz",
    "doc/libffi8/html/*.html",
    "doc/libtasn1-doc/libtasn1.pdf",
    "doc/nettle-dev/nettle.pdf.gz",
    "doc/nodejs/*.md",
    "doc/python3-pip/html/**/*.md",
    "doc/shared-mime-info/shared-mime-info-spec.pdf",
    "doc/systemd/*.md",
    "doc/time/time.html",
    "doc/valgrind/html/*.html",
)
LEAST, LEAST_KINDS = 30, 6


def gather(folder: Path) -> Path:
    """Copies of what is here, in a folder. Skips the test where that is too little."""
    for pattern in FROM:
        for path in sorted(DOCUMENTED.glob(pattern)):
            _copy(path, folder / pattern.split("/")[-2].strip("*") / _name(path))
    for path in sorted(_letters().glob("msg_*.txt")):
        _copy(path, folder / "letters" / f"{path.stem}.eml")
    found = [path for path in folder.rglob("*") if path.is_file()]
    if len(found) < LEAST or len({path.suffix for path in found}) < LEAST_KINDS:
        absent(f"Of the documents of other packages too few are on this machine: {len(found)}")
    return folder


def _letters() -> Path:
    """Where Python's own tests keep mails."""
    spec = find_spec("test")
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places or ()), sysconfig.get_path("stdlib"))) / "test_email" / "data"


def _name(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name if Path(name).suffix in (".md", ".html", ".pdf", ".csv", ".txt") else f"{name}.txt"


def _copy(path: Path, to: Path) -> None:
    if path.is_file():
        content = path.read_bytes()
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(gzip.decompress(content) if path.suffix == ".gz" else content)
