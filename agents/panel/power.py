"""Power: solar panels, batteries, tariffs."""

import re

from agents.panel.bidding import expert

WORDS = re.compile(r"\b(?:solar|panels?|batter\w+|electric\w*|tariffs?|kwh|grid|roof)\b", re.I)
agent = expert("power", "solar panels, batteries and tariffs", WORDS, ("heating", "power", "building"))
