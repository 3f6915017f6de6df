"""Answers that tell true facts of the right thing, and of the wrong one; with what the desk can do, must, and promises.

`{placed}` and the like are fields of the orders that the customer asks about, the first without a number, the next with a 2.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.told_answers import EMMA, JONAS, MARIA, TOMAS, Told, told

FELIX, OSKAR, GRACE = "felix.aldous@example.com", "oskar.nyman@example.com", "grace.mbeki@example.com"
YES = ("Yes, please.",)
CASES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "sum": ("How much is 4 times 12.25 dollars?", "", ()),
    "area": ("What is the area of a rectangle of 4.5 by 6.2?", "", ()),
    "abroad": ("Do you ship to Iceland?", "", ()),
    "returns": ("What is your return policy?", "", ()),
    "plans": ("How much is Fernhill Plus per year, and is there a plan for a family?", "", ()),
    "stoves": ("Do you have a Camping Stove and what does it cost?", "", ()),
    "express": ("How much is express delivery?", "", ()),
    "canada": ("Do you deliver to Canada?", "", ()),
    "vinegar": ("Can I use vinegar to descale the coffee machine?", "", ()),
    "paypal": ("Can I pay with PayPal?", "", ()),
    "trial": ("Is there a free trial of Plus?", "", ()),
    "sell": ("Do you sell my data?", "", ()),
    "match": ("Do you price match?", "", ()),
    "repair": ("How long does a repair take?", "", ()),
    "kettles": ("What does the Enamel Camp Kettle cost?", "", ()),
    "pending": ("Where is my order #W1000019?", EMMA, ()),
    "sent": ("Where is my order #W1000002?", JONAS, ()),
    "arrived": ("Where is order #W1000007?", MARIA, ()),
    "two": ("Where are my orders #W1000019 and #W1000001?", EMMA, ()),
    "three": ("Where are my orders #W1000010 and #W1000087?", FELIX, ()),
    "charges": ("What was charged for #W1000009? I only want to know.", GRACE, ()),
    "refunded": ("I was charged twice for my order #W1000001. Please refund the second charge.", EMMA, ()),
    "cancelled": ("I ordered #W1000004 by mistake, please cancel it.", TOMAS, YES),
    "moved": ("Please send order #W1000121 to 5 Lake Road, Duluth, MN 55802 instead.", OSKAR, YES),
}
WRONG = {
    "sum": (
        "12.25 plus 4 is 49.", "12.25 minus 4 is 49.", "4 times 49 is 12.25.", "The sum of 4 and 12.25 is 49.",
        "4 + 12.25 = 49", "Dividing 49 by 12.25 gives 49.", "Half of 12.25 is 49.",
    ),
    "area": (
        "The perimeter is 27.9 m.", "The area is 27.9 hectares.", "The circumference is 27.9 m².", "4.5 + 6.2 = 27.9 m²",
    ),
    "abroad": (
        "Shipping to Iceland is free.", "Delivery to Iceland is included.", "We always ship to Iceland.",
        "Iceland is part of our delivery area.", "Alaska and Hawaii have express service.",
        "Parcels to Iceland are guaranteed.", "Alaska and Hawaii take 2 business days more.", "We do ship abroad at present.",
    ),
    "returns": (
        "Gift cards can be returned.", "Returns are always paid in cash.",
        "You can send back anything within 30 days of the order.",
        "Engraved goods can be returned.", "Opened filters can be returned.",
    ),
    "plans": (
        "Plus Family costs $79.00 a year.", "Plus Yearly costs $119.00 a year.", "Plus Monthly is free for a year.",
        "Plus Family is for up to 4 people.", "Plus Yearly is for up to 5 people at one address.",
    ),
    "stoves": (
        "The Camping Stove with an igniter costs 45.00 USD.", "The multi-fuel stove costs 55.00 USD.",
        "The gas stove without an igniter costs 55.00 USD.", "All Camping Stoves come with an igniter.",
        "The cheapest Camping Stove is the multi-fuel one.",
    ),
    "express": ("Express delivery takes 3 to 5 business days.", "Express costs $29.00.", "Express costs $30.00."),
    "canada": ("Yes, we deliver to Canada within 10 business days.", "Canada is part of our delivery area."),
    "vinegar": ("Yes, vinegar works just as well as descaler.", "Yes, one cup of vinegar in the tank is fine."),
    "paypal": ("Yes, but PayPal costs an extra 2 %.", "We accept cheques, cash and PayPal."),
    "trial": ("Yes, the first 60 days are free.",),
    "sell": ("Yes, we sell personal data.",),
    "match": ("Yes, we match the prices of other shops.",),
    "repair": ("A repair takes 10 weeks.", "We repair within 10 business days and lend you a device in the meantime."),
    "kettles": ("The 1.8 l kettle costs 42.50 USD.", "The slate blue kettle is available.", "All kettles are available."),
    "pending": (
        "Order {id} costs 19.90 USD.", "The Door Mat costs 84.00 USD.", "The blanket costs 19.90 USD.",
        "Order {id} was placed on {promised}.", "Order {id} was promised for {placed}.", "Your blanket measures 40 x 60 cm.",
        "Order {id} can no longer be cancelled.", "The address of {id} cannot be changed.", "Order {id} was paid by gift card.",
        "You paid 103.90 EUR for {id}.", "You ordered two Door Mats.", "Order {id} has three items.",
        "We will send you an e-mail once it's through.",
        "We'll call you as soon as {id} leaves.", "You'll be notified when {id} leaves.", "Order {id} arrives tomorrow.",
        "{id} will arrive on {promised}.", "You must pay 19.90 USD before {id} is sent.", "The mat weighs 84 kg.",
        "Order {id} is pending because your card was declined.", "Shipping of {id} is free.",
        "The Door Mat and the blanket cost 84.00 USD together.", "{id} of {promised} is pending.",
    ),
    "sent": (
        "The tent costs 54.90 USD.", "Order {id} can still be cancelled.", "It has been at Spokane since {placed}.",
        "The headlamp is still pending.", "The tent has 600 lumen.", "Your parcel is held in Seattle.",
        "Bluebird Freight will call you.", "Order {id} has two tents.", "Order {id} was promised for {placed}.",
    ),
    "arrived": (
        "The daypack costs 59.00 USD.", "Order {id} arrived on {promised}.", "You can return it until {delivered}.",
        "The poles hold 18 l.", "Order {id} cannot be returned.", "Only the Trekking Poles of {id} are delivered.",
    ),
    "two": (
        "Order {id} is delivered.", "Order {id2} is pending.", "Both orders are delivered.", "Order {id2} costs 103.90 USD.",
        "The kettle is part of order {id}.", "Order {id2} contains a Door Mat.", "Order {id} was placed on {placed2}.",
        "The tracking number of {id} is 500000000107.", "The kettle costs 19.90 USD.", "Your kettle is being prepared.",
        "{id} (42.50 USD) is pending.", "The blanket and the mat arrived on {delivered2}.",
        "Order {id2} can still be cancelled.",
    ),
    "three": (
        "Order {id} comes to 327.90 USD.", "The Espresso Machine is in {id2}.", "{id2} is with Bluebird Freight.",
        "Order {id2} was handed to the carrier.", "The Cast Iron Pan costs 249.00 USD.", "Order {id} has three items.",
    ),
    "charges": (
        "Order {order} was charged once.", "Order {order} costs 359.80 USD.", "The second charge cannot be refunded.",
        "You paid with PayPal.", "Your card was charged 179.90 USD three times.",
    ),
    "refunded": (
        "I have refunded 42.50 USD to a gift card.", "I refunded both charges, 85.00 USD.",
        "I refunded 42.50 USD and will send you a voucher.", "I refunded 42.50 USD and it arrives in 2 business days.",
    ),
    "cancelled": (
        "Order #W1000004 is cancelled; you get 58.00 USD back.", "#W1000004 is cancelled; 80.90 USD go to your credit card.",
        "Only the Door Mat of #W1000004 is cancelled.", "#W1000004 is cancelled and we will ship a replacement.",
    ),
    "moved": (
        "Order #W1000121 now goes to 277 Harbor Road, Atlanta.", "#W1000121 goes to 5 Lake Road, Atlanta.",
        "#W1000121 goes to 5 Lake Road, Duluth, and will be there tomorrow.",
        "#W1000121 goes to 5 Lake Road, Duluth, GA 30303.",
    ),
}  # fmt: skip
RIGHT = {
    "sum": ("4 times 12.25 is 49.", "It comes to 49 dollars.", "4 × 12.25 = 49", "Multiplying 12.25 by 4 gives 49."),
    "area": ("The area is 27.9 m².", "4.5 m × 6.2 m = 27.9 m², so the area is 27.9 square metres."),
    "abroad": (
        "Sorry, we do not ship abroad at present, only to all 50 states.",
        "No, we don't ship to Iceland. Alaska and Hawaii are possible and take 3 business days more.",
    ),
    "returns": (
        "Returns by label are free: we e-mail a prepaid return label within an hour.",
        "You can send back anything within 30 days of delivery, for any reason.",
    ),
    "plans": (
        "Yes, Plus Family is $119.00 a year for up to five people at one address.",
        "Fernhill Plus is $7.99 a month or $79.00 a year for one person.",
    ),
    "stoves": (
        "Gas stoves are 45.00 USD, or 55.00 USD with an igniter. The multi-fuel stove costs 119.00 USD.",
        "The cheapest one is the gas stove without igniter, 45.00 USD.",
    ),
    "express": (
        "Express delivery is $12.95 and takes 1 to 2 business days.",
        "It costs $12.95, and your parcel arrives within one to two business days.",
        "Express shipping costs $12.95 ($5.00 for Fernhill Plus members).",
    ),
    "canada": (
        "I'm afraid not: at the moment we only deliver within the 50 states.",
        "No, sorry. We deliver to all 50 US states, but not to other countries.",
        "We'd love to, but we don't deliver to Canada at the moment.",
    ),
    "vinegar": (
        "Please don't: vinegar damages the seals. Use one sachet of descaler instead.",
        "No, vinegar harms the seals of the machine.",
    ),
    "paypal": ("Yes, we accept PayPal.", "Sure, you can pay with PayPal. You can even combine it with a gift card."),
    "trial": (
        "Yes, new members can try Plus free for 30 days. Cancel before it ends and you won't pay anything.",
        "There is: the first 30 days are free. We'll send you an e-mail five days before the first payment.",
    ),
    "sell": ("No, we never sell your data. We use it to deliver your orders and to answer you.",),
    "match": ("Sorry, we don't match other shops' prices.", "I'm sorry, but price matching isn't something we offer."),
    "repair": ("Up to 10 business days. If we can't fix it, we'll replace it with the same model or its successor.",),
    "kettles": ("In cream it is 42.50 USD for 1.2 l and 49.90 USD for 1.8 l.", "Slate blue is not available at present."),
    "pending": (
        "The Wool Throw Blanket costs 84.00 USD and the Door Mat 19.90 USD, which makes 103.90 USD.",
        "- Wool Throw Blanket, oatmeal, 150 x 200 cm: 84.00 USD\n- Door Mat, plain, 40 x 60 cm: 19.90 USD\nTotal: 103.90 USD",
        "Order {id} has not left us yet; it was placed on {placed} and promised for {promised}. It can still be cancelled.",
        "You ordered two items: a blanket for about 84 USD and a mat for about 20 USD.",
        "Thanks, Emma! I had a look: {id} of {placed} is pending and was promised for {promised}.",
        "As long as it is pending, you can change the address of {id}. It was paid by credit card.",
    ),
    "sent": (
        "I do not know when it will arrive: it has been held at the Spokane sorting centre since {scanned}.",
        "Your order is on its way, but it's running late: it was due on {promised} and has been sitting at the Spokane sorting "
        "centre since {scanned}. I'm sorry about that.",
        "I'm sorry for the delay, Jonas. {id} is with Bluebird Freight; your tracking number is 500000000114.",
        "It's been shipped, but it's stuck: Bluebird Freight last scanned it at the Spokane sorting centre.",
        "It is late, sorry! It was promised for {promised}. You can track it with 500000000114.",
        "Since it is already with the carrier, order {id} can no longer be cancelled or changed.",
    ),
    "arrived": (
        "Your Hiking Daypack (69.90 USD) and Trekking Poles (59.00 USD) arrived on {delivered}.",
        "It was promised for {promised} and delivered on {delivered}; you can return it until {returnable}.",
    ),
    "two": (
        "Your kettle ({id2}) was delivered on {delivered2}. Your blanket and door mat ({id}) are still pending.",
        "Order {id2} is delivered, order {id} is not: it is still pending.",
        "{id} comes to 103.90 USD and {id2} to 42.50 USD, so 146.40 USD together.",
        "Delivered: {id2} with the Enamel Camp Kettle. Pending: {id} with the Wool Throw Blanket and the Door Mat.",
        "The kettle arrived on {delivered2}. The other order is pending.",
    ),
    "three": (
        "Your Espresso Machine ({id}, 1,249.00 USD) is on its way. Your second order, {id2}, is pending.",
        "{id} is with Bluebird Freight; {id2} has not been sent yet and can still be cancelled.",
    ),
    "charges": ("Two charges of 179.90 USD were made by credit card ending 9999, 359.80 USD in all.",),
    "refunded": (
        "You will have the 42.50 USD back on your card within 5-7 business days. Sorry for the trouble!",
        "All done: the duplicate charge of 42.50 USD on #W1000001 is refunded (RF000003).",
    ),
    "cancelled": ("#W1000004 with the towels and the door mat is cancelled, and you get 80.90 USD on the gift card at once.",),
    "moved": (
        "Done! #W1000121 will be sent to 5 Lake Road in Duluth instead of 277 Harbor Road in Atlanta.",
        "Order #W1000121 now goes to 5 Lake Road, Duluth, MN 55802.",
    ),
}  # fmt: skip


def fields_of(case: Told) -> dict[str, Any]:
    """What the sentences name of the orders that were read."""
    read = [e.result for e in case.run.transcript if e.kind == "result" and e.tool in ("get_order_details", "list_charges")]
    fields: dict[str, Any] = {"order": read[0]["order_id"]} if read else {}
    for number, row in zip(("", "2"), (one for one in read if "placed_on" in one), strict=False):
        fields |= {f"id{number}": row["order_id"], f"placed{number}": row["placed_on"], f"promised{number}": row["promised_on"]}
        fields |= {f"delivered{number}": row.get("delivered_on"), f"returnable{number}": row.get("returnable_until")}
        fields[f"scanned{number}"] = str([one["last_scan"] for one in row.get("fulfillments") or ()][:1])[-12:-2]
    return fields


def tied_answers(folder: Path) -> Iterator[tuple[Told, str, bool]]:
    """A case, an answer in it, and whether it is true."""
    for name, (opening, email, turns) in CASES.items():
        case = told(folder / name, opening, email, *turns, approvals=(True,))
        fields = fields_of(case)
        yield from ((case, text.format(**fields), False) for text in WRONG[name])
        yield from ((case, text.format(**fields), True) for text in RIGHT[name])
