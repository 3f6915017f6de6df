"""Docker: the same keeper in a container of an engine that is there, for machines on which bubblewrap cannot be used."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from functools import partial

from switchboard.toolsets.sandbox.contained import KEEPER, run_contained
from switchboard.toolsets.sandbox.outcome import Limits, Outcome

IMAGE = "python:3.12-slim"
NOBODY = "65534:65534"
NEEDED = ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
"""What says where the engine is."""
SECONDS = 10.0
"""For the engine to answer a question."""


class Docker:
    """Nothing is pulled: the image has to be there."""

    name = "docker"

    def why_not(self) -> str:
        program = shutil.which("docker")
        if program is None:
            return "Docker is not there."
        if asked(program, "info", "--format", "{{.ServerVersion}}"):
            return "No Docker engine answers."
        if asked(program, "image", "inspect", "--format", "{{.Id}}", IMAGE):
            return f"Docker does not have the image: `docker pull {IMAGE}`."
        return ""

    def run(self, code: str, files: Mapping[str, bytes], limits: Limits) -> Outcome:
        program, name = shutil.which("docker") or "docker", f"switchboard-{secrets.token_hex(8)}"
        request: dict[str, object] = {"uid": None, "paths": []}
        end = partial(asked, program, "kill", name)  # who kills the command leaves the container running
        return run_contained(command(program, name, limits), request, code, files, limits, env=environment(), end=end)


def command(program: str, name: str, limits: Limits) -> list[str]:
    """How the engine is asked for the container: nobody's user, no capability, no network, and nothing to write but /work."""
    memory = str(limits.memory + limits.disk)  # what is written is memory, too
    return [
        *(program, "run", "--rm", "--interactive", "--init", "--name", name, "--pull", "never", "--network", "none"),
        *("--read-only", "--tmpfs", f"/work:rw,nosuid,nodev,mode=1777,size={limits.disk},nr_inodes=8000", "--workdir", "/work"),
        *(
            "--user",
            NOBODY,
            "--cap-drop",
            "ALL",
            "--security-opt",
            "no-new-privileges",
            "--ipc",
            "none",
            "--hostname",
            "sandbox",
        ),
        *("--memory", memory, "--memory-swap", memory, "--pids-limit", str(limits.processes + 4), "--cpus", "1"),
        *(IMAGE, "python", "-I", "-S", "-B", "-c", KEEPER.read_text("utf-8")),
    ]


def environment() -> dict[str, str]:
    """What the program sees, the same whether it is asked for the engine or runs a block in it. It reads no configuration: one
    at home may have proxies, with their passwords, put into each container. A folder is named that holds none.
    """
    return {"DOCKER_CONFIG": str(KEEPER.parent), **{name: os.environ[name] for name in NEEDED if name in os.environ}}


def asked(program: str, *words: str) -> str:
    """Ask the engine; returns what went wrong, or ""."""
    command, env = [program, *words], environment()
    try:
        given = subprocess.run(command, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if given.returncode == 0 else given.stderr.strip() or "it failed"
