"""Answers in which everything is known but stands in the wrong place, or one word that nothing knows in a place for facts; and
true ones of the same build.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from support.told_answers import EMMA, MARIA, TOMAS, Told, told

SANA, FELIX, LEILA = "sana.iqbal@example.com", "felix.aldous@example.com", "leila.haddad@example.com"
CASES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "two": ("Where are my orders #W1000019 and #W1000001?", EMMA, ()),
    "three": ("Where are my orders #W1000010 and #W1000087?", FELIX, ()),
    "arrived": ("Where is order #W1000007?", MARIA, ()),
    "going back": ("Where is order #W1000013?", SANA, ()),
    "cancelled": ("I ordered #W1000004 by mistake, please cancel it.", TOMAS, ("Yes, please.",)),
    "covered": ("Does the warranty cover worn brake pads?", "", ()),
    "codes": ("Can I use several promo codes for one order?", "", ()),
    "address": ("Until when can the address of an order be changed?", "", ()),
    "charge": ("How do I charge the e-bike battery?", "", ()),
    "earbuds": ("Do you have Wireless Earbuds?", "", ()),
    "paid back": ("Was the refund for my cancelled order #W1000003 made?", LEILA, ()),
    "phone": ("How can I reach you by phone?", "", ()),
    "handed over": ("Please cancel my Plus membership for me.", "priya.raman@example.com", ()),
    "code": ("My Rowan speaker says E42, what now?", "", ()),
    "kurz": ("Bestellung #W1000019", EMMA, ()),
}
WRONG = {
    "two": (
        "The kettle (#W1000019) is delivered and the blanket (#W1000001) is pending.",
        "#W1000019 (Enamel Camp Kettle) is pending, #W1000001 (Wool Throw Blanket, Door Mat) is delivered.",
        "Both have arrived: #W1000019 and #W1000001.",
        "#W1000001 and #W1000019 are pending.",
        "Order #W1000001 (a kettle, turquoise) was delivered.",
        "As your card was blocked, #W1000019 is pending.",
    ),
    "three": ("Pending: #W1000010 and #W1000087.", "The office chair (#W1000010) has not been sent yet."),
    "arrived": ("Your daypack (graphite, waterproof) and the poles arrived.", "You get a present for the delay."),
    "going back": (
        "You can still return #W1000013.",
        "The return of the jacket and the bottle is under way.",
        "Your return request for the Insulated Bottle has reached us.",
    ),
    "cancelled": (
        "Order #W1000004 is cancelled, and 80.90 USD are due now.", "#W1000004 is cancelled; we charge you 80.90 USD.",
    ),
    "covered": ("Yes, worn brake pads are covered.", "Wear is covered for two years.", "You get a voucher for new brake pads."),
    "codes": ("Promo codes are valid for good.", "Our best code takes effect at once."),
    "address": ("You can change it while the order is processed.", "The address cannot be changed while the order is pending.",
        "Your new address is on file now."),
    "charge": ("Never unplug the battery while it charges.", "Do not charge the battery indoors."),
    "earbuds": ("They come in white, black and purple.",),
    "paid back": (
        "Nothing has been refunded for #W1000003 yet.", "The refund of 129.90 USD is still outstanding.",
        "We refunded 64.95 USD for #W1000003.", "You got 100.00 USD back for #W1000003.",
    ),
    "phone": ("Please call 555-0199.",),
    "handed over": (
        "A colleague will give you a discount of 10 %; your ticket is {ticket}.", "They will waive the fee ({ticket}).",
        "A person will call you within one hour, with ticket {ticket}.", "A colleague will write to you today, see {ticket}.",
    ),
    "code": ("Hold the Bluetooth button for 3 seconds until the ring blinks blue.",),
    "kurz": ("Ihre Bestellung #W1000019 wurde zugestellt.",),
}  # fmt: skip
RIGHT = {
    "two": (
        "The kettle (#W1000001) is delivered; the blanket and the mat (#W1000019) are pending.",
        "#W1000019 (Wool Throw Blanket, Door Mat) is pending, #W1000001 (Enamel Camp Kettle) is delivered.",
        "Here is where they are:\n- #W1000019: pending\n- #W1000001: delivered",
        "That's no problem to look up: #W1000019 is pending.",
    ),
    "three": ("#W1000010 is processed and #W1000087 (Office Chair Alder, Solar Power Bank) is pending.",),
    "arrived": ("Your daypack (18 l, graphite) and the poles (aluminium) arrived.",),
    "going back": (
        "Your return of the Rain Jacket from #W1000013 is under way.",
        "The return for the Rain Jacket is under way; the Insulated Bottle is not part of it.",
    ),
    "cancelled": ("#W1000004 is cancelled, and 80.90 USD go back to your gift card.",),
    "covered": ("No, wear such as brake pads is not covered.", "I'm afraid brake pads, tyres and seals are not covered."),
    "codes": ("One code per order.",),
    "address": ("You can change it while the order is pending.", "Once the order is processed it cannot be changed."),
    "charge": ("Use only the charger that came with the bike. You may unplug it at any time.",),
    "earbuds": ("Yes, both versions come in white and black.",),
    "paid back": ("Yes: 129.90 USD went back to your credit card.", "We refunded the 129.90 USD for #W1000003."),
    "phone": ("By phone you reach us on 555-0142.",),
    "handed over": ("A colleague has your request ({ticket}) and will get back to you within one business day.",),
    "code": ("E42 means that there is no Wi-Fi.",),
    "kurz": ("Ihre Bestellung #W1000019 wird noch vorbereitet.",),
}  # fmt: skip


def placed_answers(folder: Path) -> Iterator[tuple[Told, str, bool]]:
    """A case, an answer in it, and whether it is true."""
    for name, (opening, email, turns) in CASES.items():
        case = told(folder / name, opening, email, *turns)
        ticket = next((found[0] for found in [re.search(r"T\d{6}", case.said.text)] if found), "")
        yield from ((case, text.format(ticket=ticket), False) for text in WRONG[name])
        yield from ((case, text.format(ticket=ticket), True) for text in RIGHT[name])
