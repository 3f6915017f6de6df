"""What a test needs and this machine has not: a reason to skip, but in CI, where it has to be there, a failure."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI") == "true"


def absent(reason: str) -> NoReturn:
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def needs(why_not: str) -> pytest.MarkDecorator:
    """A mark for tests that need what cannot be had for this reason, if it is one."""
    return pytest.mark.skipif(bool(why_not) and not IN_CI, reason=why_not)


def self_signed(folder: Path, *names: str) -> Path:
    """A certificate of openssl's for these names; its key is beside it, as `key`."""
    if shutil.which("openssl") is None:
        absent("There is no openssl to make a certificate with.")
    made = folder / "certificate"
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={names[0]}"]
    options += ["-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)]
    options += ["-keyout", str(folder / "key"), "-out", str(made)]
    subprocess.run(["openssl", "req", *options], check=True, capture_output=True)
    return made
