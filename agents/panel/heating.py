"""Heating: heat pumps, boilers, hot water."""

import re

from agents.panel.bidding import expert

WORDS = re.compile(r"\b(?:heat\w*|boilers?|radiators?|hot water|thermostat\w*)\b", re.I)
agent = expert("heating", "heating and hot water", WORDS, ("heating", "power", "building"))
