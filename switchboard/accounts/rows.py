"""The rows of who may work at a desk: accounts, the sessions and API tokens that belong to them, and tries to sign in.

Of what opens a door no row holds more than a hash. The names of the tables say whose they are: a project may have `accounts`
and `sessions` of its own in the same database.
"""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table

METADATA = MetaData()

accounts = Table(
    "operator_accounts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("made_at", Float, nullable=False),
)
"""People by name. `folded` is the name as it is compared with others, `password` a hash by argon2; moments, here and below, are
in seconds since the epoch.
"""

sessions = Table(
    "operator_sessions",
    METADATA,
    Column("token", String, primary_key=True),
    Column("account_id", Integer, ForeignKey("operator_accounts.id"), nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("used_at", Float, nullable=False),
    Column("ends_at", Float, nullable=False),
)
"""Who is signed in, by the hash of the token that their browser has. `csrf` is what their forms carry."""

tokens = Table(
    "operator_tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("token", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("account_id", Integer, ForeignKey("operator_accounts.id"), nullable=False, index=True),
    Column("made_at", Float, nullable=False),
    Column("last_used", Float),
    Column("revoked", Boolean, nullable=False),
)
"""API tokens, by their hash; `name` says what one is for."""

sign_ins = Table(
    "operator_sign_ins",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("folded", String, nullable=False),
    Column("address", String, nullable=False, index=True),
    Column("at", Float, nullable=False, index=True),
)
"""Tries to sign in that have not succeeded, by the name that was given and the address that they came from."""
