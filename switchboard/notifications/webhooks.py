"""Telling a program that a run ended: a POST, signed as Standard Webhooks has it (https://www.standardwebhooks.com)."""

import base64
import hmac
import json
from hashlib import sha256
from typing import Any

SECONDS = 10.0
BEGINS = "whsec_"


def signature(secret: str, key: str, at: int, body: bytes) -> str:
    """What the receiver works out again. A secret that begins with `whsec_` is base64 behind it."""
    own = base64.b64decode(secret.removeprefix(BEGINS) + "==") if secret.startswith(BEGINS) else secret.encode()
    signed = hmac.new(own, f"{key}.{at}.".encode() + body, sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def post(url: str, secret: str, key: str, event: dict[str, Any], at: int) -> str:
    """Tell one program; the same `key` again is the same. Returns why it was not taken, without secrets, or ""."""
    import httpx

    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Webhook-Id": key, "Webhook-Timestamp": str(at)}
    headers["Webhook-Signature"] = signature(secret, key, at, body)
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            return "" if answer.is_success else f"It answered {answer.status_code}."
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"It could not be reached ({type(error).__name__})."
