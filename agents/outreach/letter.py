"""The letter to a company: a template with the facts of its row. What a model words is one paragraph, borne out by these."""

import re
from collections.abc import Mapping
from typing import Any

from switchboard.reports.making import is_carried
from tools.outreach.letters import UNSUBSCRIBE

US = "Fernhill Supply, a shop for home and garden goods"
SUBJECT = "{name} and Fernhill Supply"
LETTER = """\
Dear {whom},

we are {us}. {paragraph}{about}

Would you like to supply us? Then answer this letter with your price list and the smallest quantity that you sell.

Kind regards
Fernhill Supply

{unsubscribe}"""
MOST_PARAGRAPH = 600
SENTENCES = re.compile(r"(?<=[.!?])\s+")
LINKS = re.compile(r"@|://|\bwww\.|[\[\]{}<>]", re.I)
MOST_SUBJECT, MOST_ABOUT = 150, 200


def letter_to(company: Mapping[str, Any], about: str = "", paragraph: str = "") -> dict[str, str]:
    """The letter to a company, as it is to be sent; with a model's paragraph where there is one."""
    text = LETTER.format(
        whom=company.get("contact") or f"team of {company['name']}",
        us=US,
        paragraph=paragraph or facts_of(company),
        about=f" We write to you about {about[:MOST_ABOUT]}." if about else "",
        unsubscribe=UNSUBSCRIBE,
    )
    return {"to": company["email"], "subject": SUBJECT.format(name=company["name"])[:MOST_SUBJECT], "text": text}


def facts_of(company: Mapping[str, Any]) -> str:
    """What the row says of a company, in sentences."""
    place = ", ".join(company[name] for name in ("city", "region") if company.get(name))
    where = f" in {place}" if place else ""
    looking = f"We are looking for goods to sell, and read of {company['name']}{where}."
    makes = f"You make {company['products']}." if company.get("products") else ""
    since = f"You have been at work since {company['founded']}." if company.get("founded") else ""
    return " ".join(part for part in (looking, makes, since) if part)


def borne_out(paragraph: str, company: Mapping[str, Any]) -> bool:
    """Whether each sentence of a model's paragraph says no more than the company's row, and who we are, tell."""
    told = [
        str(company[name])
        for name in ("name", "products", "about", "city", "region", "country", "founded", "employees")
        if company.get(name)
    ]
    source = " ".join([US, facts_of(company), *told])
    sentences = [one for one in SENTENCES.split(" ".join(paragraph.split())) if one]
    plain = 0 < len(paragraph) <= MOST_PARAGRAPH and not LINKS.search(paragraph)
    return plain and bool(sentences) and all(is_carried(one, source) for one in sentences)
