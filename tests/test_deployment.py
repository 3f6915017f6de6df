"""Dockerfile, compose.yaml and the systemd unit, as far as they can be held against what is here without running Docker."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from packaging.requirements import Requirement

from switchboard.console.terminal.cli import app
from switchboard.console.web.app import ROUTES
from switchboard.mail.settings import MailSettings
from switchboard.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNIT = (ROOT / "docs" / "switchboard.service").read_text("utf-8")
LOCK = (ROOT / "requirements-serve.lock").read_text("utf-8")
EXTRAS = ("serve", "mail", "mcp", "notifications", "prices", "otel", "stripe", "a2a")
OF_COMPOSE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "DOMAIN"}
"""Variables that the database's image and compose.yaml itself read."""


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def read_by_the_code() -> set[str]:
    fields = {*Settings.model_fields, *MailSettings.model_fields} - {"oai_config_list"}
    return {f"{PREFIX}{name.upper()}" for name in fields} | {"OAI_CONFIG_LIST"}


def parses(command: list[str]) -> None:
    """Raises where the command line has no such command, or it no such option; nothing is run."""
    group = typer.main.get_command(app)
    context = group.make_context("switchboard", command, resilient_parsing=False)
    found = group.resolve_command(context, [*context._protected_args, *context.args])  # type: ignore[attr-defined]
    assert found[1] is not None
    found[1].make_context(found[0] or "", found[2], parent=context)


def test_compose_has_a_database_pages_and_two_workers_that_wait_for_it() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"postgres", "serve", "worker"} and services["worker"]["deploy"]["replicas"] == 2
    asks = services["postgres"]["healthcheck"]["test"]
    assert asks[1:4] == ["pg_isready", "-h", "127.0.0.1"]  # while the image prepares its files, it answers on its socket alone
    for name in ("serve", "worker"):
        one = services[name]
        assert one["depends_on"] == {"postgres": {"condition": "service_healthy"}}
        assert (one["read_only"], one["cap_drop"], one["env_file"]) == (True, ["ALL"], "compose.env")
        grace = float(one["command"][one["command"].index("--grace") + 1])
        assert float(one["stop_grace_period"].removesuffix("s")) > grace + 5  # of which 5 are for what is being answered
    assert services["serve"]["ports"] == ["127.0.0.1:8080:8080"]
    mounted = {volume.partition(":")[0] for one in services.values() for volume in one["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_compose_does_not_start_without_its_secrets() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"POSTGRES_PASSWORD", "SWITCHBOARD_SEAL_KEY"}


def commands() -> list[list[str]]:
    unit = re.findall(r"^ExecStart=\S+/switchboard (.+)$", UNIT, re.MULTILINE)
    composed = [one["command"] for one in COMPOSE["services"].values() if "command" in one]
    return [*composed, *(line.split() for line in unit), json.loads(instructions("CMD")[-1])]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_each_command_is_one_with_valid_options(command: list[str]) -> None:
    parses([re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in command])


def test_a_command_that_is_none_or_has_no_such_option_is_noticed() -> None:
    for wrong in (["serv"], ["worker", "--parallel", "3"]):
        with pytest.raises(Exception, match=r"(?i)no such"):
            parses(wrong)


def test_each_variable_is_one_that_somebody_reads() -> None:
    example = (ROOT / "compose.env.example").read_text("utf-8")
    named = set(re.findall(r"^#?([A-Z]\w+)=", example, re.MULTILINE))
    for one in COMPOSE["services"].values():
        named |= set(one["environment"])
    named |= set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text("utf-8")))
    named |= {word.partition("=")[0] for line in instructions("ENV") for word in line.split()} - {"PATH", "PYTHONUNBUFFERED"}
    named |= set(re.findall(r"\b(SWITCHBOARD_\w+|OAI_\w+)\b", UNIT))
    assert named - OF_COMPOSE - read_by_the_code() == set()


def test_the_image_runs_as_nobody_in_particular_and_asks_a_page_that_is_there() -> None:
    assert instructions("USER") == ["switchboard"] and "--uid 10001" in DOCKERFILE
    paths = {getattr(route, "path", "") for route in ROUTES}
    assert set(re.findall(r"127\.0\.0\.1:8080(/\w+)", DOCKERFILE)) == {"/ready"} <= paths
    copied = [word for line in instructions("COPY") if not line.startswith("--from") for word in line.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert kept == set(copied)


def test_the_images_lock_has_what_is_declared_in_the_versions_that_are_tested() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in EXTRAS for one in project["optional-dependencies"][extra])]
    pinned = dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", LOCK, re.MULTILINE))
    tested = dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", (ROOT / "requirements-dev.lock").read_text("utf-8"), re.MULTILINE))
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pinned[requirement.name.lower().replace("_", "-")]), requirement
    assert {name: version for name, version in pinned.items() if tested.get(name) != version} == {}
    assert LOCK.count("--hash=sha256:") >= len(pinned)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_the_unit_is_valid_and_hardened(tmp_path: Path) -> None:
    for word in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "DynamicUser=yes"):
        assert word in UNIT
    unit = tmp_path / "switchboard.service"
    unit.write_text(UNIT.replace("/opt/switchboard/bin/switchboard", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    grace = re.search(r"--grace (\d+)", UNIT)
    stop = re.search(r"TimeoutStopSec=(\d+)", UNIT)
    assert grace and stop and int(stop[1]) > int(grace[1]) + 5


@pytest.mark.slow
def test_what_the_image_installs_is_installed_and_serves(tmp_path: Path) -> None:
    """The lines of pip as they stand, but for where they install to."""
    context = tmp_path / "src"
    context.mkdir()
    for line in instructions("COPY"):
        for name in [] if line.startswith("--from") else line.split()[:-1]:
            source = ROOT / name
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, context / name, ignore=ignored) if source.is_dir() else shutil.copy(source, context)
    place = tmp_path / "env"
    for line in instructions("RUN"):
        if "/opt/switchboard" in line:
            command = line.replace("/opt/switchboard", str(place)).replace("python -m venv", f"{sys.executable} -m venv")
            subprocess.run(command.split(), cwd=context, check=True, capture_output=True, timeout=900)
    run = {"cwd": tmp_path, "env": {"SWITCHBOARD_DATA": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}}
    told = subprocess.run(
        [str(place / "bin" / "switchboard"), "doctor", "--json"], capture_output=True, text=True, timeout=120, **run
    )  # type: ignore[call-overload]
    found = {row["what"]: row["state"] for row in json.loads(told.stdout)["findings"]}
    assert (told.returncode, found["packages"]) == (0, "good"), told.stderr
    refused = [str(place / "bin" / "switchboard"), *json.loads(instructions("CMD")[-1])]
    done = subprocess.run(refused, capture_output=True, text=True, timeout=120, **run)  # type: ignore[call-overload]
    assert done.returncode == 2 and "nobody has an account here" in done.stderr
