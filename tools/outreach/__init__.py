"""Letters to companies that have not asked for them: whom to write to, and what went out to whom."""
