"""Complaints: a ticket that comes before others."""

from agents.mailroom.ticketed import ticketed

agent = ticketed("complaint", "high", "I am sorry about this. Your complaint is ticket {number}, and a person looks into it.")
