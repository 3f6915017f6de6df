"""One request to one endpoint: the shared clients, and what a failure means in words."""

import json
import re
import ssl
import threading
from functools import cache
from typing import Any

import httpx
import openai

from switchboard.models.endpoints import Endpoint

CONNECT_SECONDS = 5.0
LONGEST = 240  # characters of one sentence about a failure

_clients: dict[Endpoint, openai.OpenAI] = {}
_opening = threading.Lock()


def post(endpoint: Endpoint, body: dict[str, Any], seconds: float) -> bytes:
    """One request. Not by `chat.completions.create`: that spends five times the processor time, on its types."""
    client = _client(endpoint)
    limit = openai.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    try:
        return client.post("/chat/completions", body=body, cast_to=httpx.Response, options={"timeout": limit}).content
    except UnicodeEncodeError:  # half a surrogate pair, out of a model's JSON or a cut text, is not sendable
        whole = json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))
        return client.post("/chat/completions", body=whole, cast_to=httpx.Response, options={"timeout": limit}).content


def _client(endpoint: Endpoint) -> openai.OpenAI:
    """The client of an endpoint, one per process: building it costs tens of milliseconds."""
    client = _clients.get(endpoint)
    if client is None:
        with _opening:
            client = _clients.get(endpoint) or _clients.setdefault(endpoint, _open(endpoint))
    return client


def _open(endpoint: Endpoint) -> openai.OpenAI:
    http = _http_client(endpoint.base_url.startswith("https:"), endpoint.is_loopback)
    key = endpoint.api_key.get_secret_value()
    if endpoint.api_type == "azure":
        return openai.AzureOpenAI(
            api_key=key,
            azure_endpoint=endpoint.base_url,
            azure_deployment=endpoint.azure_deployment,
            api_version=endpoint.api_version,
            http_client=http,
            max_retries=0,
        )
    return openai.OpenAI(api_key=key, base_url=endpoint.base_url, http_client=http, max_retries=0)


@cache
def _http_client(tls: bool, loopback: bool) -> Any:
    """A connection pool. Plain http needs no certificates, which take 30 to 100 ms to load; loopback no proxy."""
    if tls:
        return openai.DefaultHttpxClient()
    nothing_trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return openai.DefaultHttpxClient(verify=nothing_trusted, follow_redirects=False, trust_env=not loopback)


def is_temporary(error: BaseException) -> bool:
    """Whether the server, and not our request or key, is at fault."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in (408, 409, 429) or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError)


def described(error: Exception, endpoint: Endpoint, seconds: float) -> str:
    """One short sentence for the operator, without secrets."""
    if isinstance(error, openai.APITimeoutError):
        text = f"gave no answer within {seconds:g} s"
    elif isinstance(error, openai.APIConnectionError):
        text = f"no connection ({error.__cause__ or error})"
    elif isinstance(error, openai.APIStatusError):
        text = f"HTTP {error.status_code}{_advice(error.status_code)}{_said(error.body)}"
    else:
        text = str(error)
    line = " ".join(text.replace(endpoint.api_key.get_secret_value(), "***").split())
    line = re.sub(r"\b(sk-|Bearer )[\w*.-]{6,}", "***", line).removesuffix(".")
    return f"{line[:LONGEST]}."


def _said(body: object) -> str:
    """The server's own words, unless they are a web page."""
    words = (body.get("message") or body.get("detail")) if isinstance(body, dict) else body
    if not isinstance(words, str) or words.strip()[:1] in ("", "<"):
        return ""
    return f"; the server says: {words.strip()}"


def _advice(status: int) -> str:
    advice = {401: "check api_key", 403: "check api_key", 404: "check model and base_url", 429: "a rate limit or quota"}
    return f", {advice[status]}" if status in advice else ""
