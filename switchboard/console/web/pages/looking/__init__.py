"""Pages that look back: how cases went, what people did, what nothing answered, and what was flagged."""
