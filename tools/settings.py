"""The shop's own settings, from the environment or the .env file as the library's are."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from switchboard.settings import Variables, read_variables


class ShopSettings(Variables):
    """Who sends refunds back, and the file of the companies that may be written to. The key stays out of the repr."""

    payments: Literal["ledger", "stripe"] = "ledger"
    stripe_api_key: str | None = Field(default=None, repr=False)
    stripe_api_base: str | None = Field(default=None, pattern=r"^https?://", repr=False)
    companies: Path | None = None


def shop_settings(**given: Any) -> ShopSettings:
    """The settings; what is `given` comes before the environment. Raises OperatorError with a sentence per wrong one."""
    return read_variables(ShopSettings, **given)
