"""What an effect gave, as the journal keeps it."""

from typing import Any

Outcome = dict[str, Any]
"""What an effect gave, as plain JSON data."""
