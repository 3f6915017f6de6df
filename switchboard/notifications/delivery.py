"""Sending through Apprise, which knows chat, mail and pagers by their URLs."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from switchboard.errors import OperatorError

INSTALL = "pip install 'switchboard-desk[notifications]'"
MOST_REASON = 200


def check_url(url: str, shown: str) -> Any:
    """What Apprise sends to a URL with; that is called `shown`, since it may hold secrets. Raises OperatorError where nothing
    can be sent to it.
    """
    if find_spec("apprise") is None:
        raise OperatorError(f"Notifications need Apprise: {INSTALL}.")
    from apprise import Apprise

    place = Apprise.instantiate(url, suppress_exceptions=True)
    if place is None:
        raise OperatorError(f"Apprise does not understand {shown}. Its documentation tells how each service's URL is written.")
    return place


def send(url: str, shown: str, title: str, text: str, key: str = "") -> str:
    """Send to one URL. Returns why it failed, in a sentence without secrets, or "". Raises OperatorError as `check_url` does.

    What is sent again under the same `key` is the same to a mailbox, by its Message-ID, to an HTTP receiver that honours
    Idempotency-Key, and to PagerDuty.

    The place is asked itself: an `Apprise` of many would leave a thread behind, for which this process could not end.
    """
    place = check_url(url, shown)
    from apprise import LogCapture, NotifyFormat, logging

    with _known_by(key, place), LogCapture(level=logging.WARNING) as log:  # type: ignore[no-untyped-call]
        arrived = place.notify(body=text, title=title, body_format=NotifyFormat.TEXT)
        said = log.getvalue()
    return "" if arrived else _reason(said, url)


@contextmanager
def _known_by(key: str, place: Any) -> Iterator[None]:
    """Have what a place of Apprise sends carry a key. Its mails get their Message-ID of a function that is called in one place
    (`tests/test_notifications.py` looks whether it still is), and no option of a URL sets it.
    """
    base: Any = import_module("apprise.plugins.email.base")
    made = base.make_msgid
    if key and hasattr(place, "smtp_host"):
        base.make_msgid = partial(_message_id, key)
    elif key and hasattr(place, "dedup"):
        place.dedup = key
    elif key and isinstance(getattr(place, "headers", None), dict):
        place.headers["Idempotency-Key"] = key
    try:
        yield
    finally:
        base.make_msgid = made


def _message_id(key: str, domain: str) -> str:
    return f"<{key}@{domain}>"


def _reason(said: str, url: str) -> str:
    """The first warning of Apprise, without what stands in the URL: a server may say it back."""
    line = next((line.split(" - ", 2)[-1] for line in said.splitlines() if line.strip()), "")
    parts = [part for part in url.replace("@", "/").replace(":", "/").replace("?", "/").replace("&", "/").split("/") if part]
    for part in sorted((part for part in parts[1:] if len(part) >= 8), key=len, reverse=True):
        line = line.replace(part, "…")
    told = " ".join(line.split())[:MOST_REASON].rstrip(".")
    return f"{told or 'It was not taken'}."
