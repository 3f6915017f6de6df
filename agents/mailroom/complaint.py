"""Complaints: a ticket that comes before others."""

from agents.mailroom.ticketed import ticketed

agent = ticketed("complaint", "high", "complaint")
