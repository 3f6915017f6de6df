"""Accounts of those who work at the desk, the audit log of what they do, and seals on what can pay."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

GROWS = "the audit log only grows"


def text(name: str, **more: Any) -> "sa.Column[Any]":
    return sa.Column(name, sa.String(), nullable=False, **more)


def moment(name: str, **more: Any) -> "sa.Column[Any]":
    return sa.Column(name, sa.Float(), nullable=False, **more)


def flag(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Boolean(), nullable=False)


def whose() -> "sa.Column[Any]":
    return sa.Column("account_id", sa.Integer(), sa.ForeignKey("operator_accounts.id"), nullable=False, index=True)


def number() -> "sa.Column[Any]":
    return sa.Column("id", sa.Integer(), primary_key=True)


def upgrade(op: Operations) -> None:
    accounts = (text("name"), text("folded", unique=True), text("role"), text("password"), flag("disabled"), moment("made_at"))
    op.create_table("operator_accounts", number(), *accounts)
    moments = (moment("made_at"), moment("used_at"), moment("ends_at"))
    op.create_table("operator_sessions", text("token", primary_key=True), whose(), text("csrf"), *moments)
    op.create_table(
        "operator_tokens",
        number(),
        text("token", unique=True),
        text("name"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        whose(),
        moment("made_at"),
        sa.Column("last_used", sa.Float()),
        flag("revoked"),
    )
    op.create_table("operator_sign_ins", number(), text("folded"), text("address", index=True), moment("at", index=True))
    op.create_table(
        "operator_audit",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        moment("at"),
        text("who", index=True),
        text("what"),
        text("case_id", index=True),
        sa.Column("data", sa.JSON(), nullable=False),
        text("previous"),
        text("hash"),
    )
    _only_grows(op)
    for table in ("cases", "runs", "approvals", "opinions"):
        op.add_column(table, sa.Column("seal", sa.String(), nullable=True))


def _only_grows(op: Operations) -> None:
    """Have the database itself refuse what changes a row of the log."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER operator_audit_{deed.lower()} BEFORE {deed} ON operator_audit "
                f"BEGIN SELECT RAISE(ABORT, '{GROWS}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION operator_audit_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{GROWS}'; END $$ LANGUAGE plpgsql"
    )
    for deed, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER operator_audit_{deed.split()[0].lower()} BEFORE {deed} ON operator_audit "
            f"FOR EACH {each} EXECUTE FUNCTION operator_audit_grows()"
        )
