"""Telling a program what happened: a POST, signed as Standard Webhooks has it (https://www.standardwebhooks.com)."""

import base64
import hmac
import json
from collections.abc import Collection
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from switchboard.errors import Refused

SECONDS, MOST_BYTES = 10.0, 64_000
BEGINS = "whsec_"


def signature(secret: str, key: str, at: int, body: bytes) -> str:
    """What the receiver works out again. A secret that begins with `whsec_` is base64 behind it."""
    own = base64.b64decode(secret.removeprefix(BEGINS) + "==") if secret.startswith(BEGINS) else secret.encode()
    signed = hmac.new(own, f"{key}.{at}.".encode() + body, sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def post(url: str, secret: str, key: str, event: dict[str, Any], at: int, private: Collection[str] = ()) -> str:
    """Tell one program; the same `key` again is the same. Returns why it was not taken, without secrets, or "".

    It goes to public addresses, to those that are `private`, and to the one that the URL itself is: a name that leads into a
    network of one's own, be it from one moment to the next, is not followed, and no redirect is.
    """
    from switchboard.search.web.addresses import PublicNetwork
    from switchboard.toolsets.openapi.connection import Connections, TooLong, Unanswered

    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Webhook-Id": key, "Webhook-Timestamp": str(at)}
    headers["Webhook-Signature"] = signature(secret, key, at, body)
    connections = Connections(PublicNetwork({*private, *_named_itself(url)}))
    try:
        return _why_not(connections.ask("POST", url, headers, body, SECONDS, MOST_BYTES).status)
    except TooLong as error:  # its status says whether it has taken it, whatever else it says
        return _why_not(error.status)
    except Refused:
        return (
            "Its name leads to an address that is not public. Where that is meant, `allow_private` of [notifications] names it."
        )
    except Unanswered as error:
        return f"It could not be reached ({error})."
    finally:
        connections.close()


def _why_not(status: int) -> str:
    return "" if 200 <= status < 300 else f"It answered {status}."


def _named_itself(url: str) -> set[str]:
    """The addresses that a URL is, and does not only lead to: of this machine both."""
    place = urlsplit(url)
    port = place.port or (443 if place.scheme == "https" else 80)
    host = place.hostname or ""
    return (
        {f"127.0.0.1:{port}", f"[::1]:{port}"}
        if host == "localhost"
        else {f"[{host}]:{port}" if ":" in host else f"{host}:{port}"}
    )
