"""Building: insulation, windows, walls."""

import re

from agents.panel.bidding import expert

WORDS = re.compile(r"\b(?:insulat\w*|windows?|walls?|attic|loft|roof|draughts?|damp)\b", re.I)
agent = expert("building", "insulation, windows and walls", WORDS, ("heating", "power", "building"))
