"""How moments of accounts and of the audit log are shown."""

from datetime import UTC, datetime


def moment(seconds: float | None) -> str:
    """Seconds since the epoch, in UTC; "never" without any."""
    return "never" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
