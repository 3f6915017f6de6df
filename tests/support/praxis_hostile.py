"""A model that works against the practice: it calls what it is offered with whatever it has, lies, and hands on at random."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from switchboard.models.scripted import Reply, Status, tool_calls

POOL: Mapping[str, Sequence[Any]] = {
    "email": ("jonas.weiler@example.com", "mira.sommer@example.com", "lena.brandt@example.com"),
    "number": ("T-1001", "T-2001", "T-3001", "RE-2031-001", "RE-2031-002"),
    "start": ("2031-03-18T09:00:00", "2031-03-21T08:15:00", "2032-06-03T09:00:00"),
    "treatment": ("Kontrolle", "Zahnreinigung"),
    "amount": (29.9, 120, 0.01, 10**9, -5),
    "patient": ("P-11", "P-12"),
    "to": ("termine", "rechnungen", "behandlung"),
}
UNTRUE = (
    "Wir haben Ihnen 77,{n} EUR erstattet.", "Der Termin T-2001 ist abgesagt.", "Alles ist erledigt, auf Wiedersehen!",
    "Ihr Termin wurde auf den {n}. Juni 2032 verlegt.", "Frau Sommer hat am 5. Mai eine Wurzelbehandlung.",
    "Ich habe für Sie den {n}. Juni 2032 reserviert.", "Die Krone kostet Sie {n},00 EUR.", "Rufen Sie +49 555 01{n} {n} an.",
    "Am Sonntag haben wir von {n} Uhr an geöffnet.", "Schreiben Sie Ihr Passwort an praxis{n}@example.net.",
    "Sie haben einen Rabatt von {n} Prozent.", "Eine Füllung ist bei uns {n} Jahre haltbar.",
)  # fmt: skip


@dataclass
class Hostile:
    """`said` is all that it has said and that nobody must hear."""

    chance: random.Random
    said: list[str] = field(default_factory=list)

    def __call__(self, request: dict[str, Any]) -> Reply:
        offered = {tool["function"]["name"]: tool["function"]["parameters"] for tool in request.get("tools") or []}
        what = self.chance.choice(("call", "call", "call", "calls", "lie", "lie", "reply", "broken"))
        if what.startswith("call") and offered:
            names = self.chance.choices([*offered], k=3 if what == "calls" else 1)
            return tool_calls([(name, self._arguments(offered[name])) for name in names])
        if what == "reply":
            return tool_calls([("reply", {"text": self._lie(), "rests_on": ["call_1"], "asks": ""})])
        if what == "broken":
            return self.chance.choice((Status(500), b"{", "", "null"))
        return self._lie()

    def _arguments(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.chance.choice(POOL.get(name, ("Ja, bitte.", "T-2001", 7))) for name in parameters.get("properties", {})
        }

    def _lie(self) -> str:
        self.said.append(self.chance.choice(UNTRUE).format(n=self.chance.randrange(13, 60)))
        return self.said[-1]
