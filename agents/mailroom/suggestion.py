"""Suggestions: a ticket for when there is time."""

from agents.mailroom.ticketed import ticketed

agent = ticketed("suggestion", "low", "Thank you for your idea. It is ticket {number} now, which a person reads.")
