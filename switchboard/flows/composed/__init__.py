"""Flows that are made of others."""
