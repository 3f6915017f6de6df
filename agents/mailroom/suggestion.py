"""Suggestions: a ticket for when there is time."""

from agents.mailroom.ticketed import ticketed

agent = ticketed("suggestion", "low", "idea")
