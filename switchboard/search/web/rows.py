"""The table of pages that were fetched. It stands alone, since whoever reads any row of ours knows all tables."""

from sqlalchemy import Column, Float, MetaData, String, Table, Text, UniqueConstraint

pages = Table(
    "pages",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("asked", String, nullable=False),
    Column("url", String, nullable=False),
    Column("fetched_at", Float, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("case_id", "asked", name="uq_pages_case_id_asked"),
)
"""`asked` is the address that was asked for, `url` where the page was in the end; `fetched_at` in seconds since the epoch."""
