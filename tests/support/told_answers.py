"""Answers to judge, made from what real runs found: true ones in several styles, and untrue ones of every kind.

Nothing of them is written down as a recording: a run of the rules gives the results, and the answers are put together from
their fields, so that they are true (or not) of just this case.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from groupchats.desk import team
from support.own_shop import seeded
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.human import Prepared
from switchboard.declare.moves import Say
from switchboard.declare.transcript import MessageEntry
from switchboard.loop.answers import requests, why_not_sent
from switchboard.loop.drive import run_team
from switchboard.loop.state import Run


@dataclass
class Told:
    """A run up to its answer: `said` is what the rules told, `agent` who."""

    run: Run
    said: MessageEntry

    def why_not_sent(self, text: str) -> str | None:
        """What is wrong with an answer in place of the rules'."""
        spec = self.run.team.members[self.said.speaker]
        move = Say(text, asks=requests(self.run, text))
        return why_not_sent(self.run, spec, self.run.view(spec.name), move, Say(self.said.text, asks=self.said.asks))

    def found(self, tool: str) -> Any:
        return next(e.result for e in reversed(self.run.transcript) if e.kind == "result" and e.tool == tool)

    def in_words(self, words: str) -> "Told":
        """The same case of a customer who wrote it in these words."""
        lines = [replace(e, text=words) if e.kind == "message" and e.speaker == CUSTOMER else e for e in self.run.transcript]
        run = Run(self.run.id, self.run.team, self.run.engine, self.run.human, known=self.run.known)
        run.transcript, run.customer_id = lines, self.run.customer_id
        return Told(run, self.said)


def told(folder: Path, opening: str, email: str = "", *turns: str, approvals: tuple[bool, ...] = ()) -> Told:
    """What the rules tell on an opening, and how the run stood just before that."""
    human = Prepared(turns, approvals, live=bool(turns))
    known = {"email": email} if email else {}
    run = run_team(team, opening, engine=seeded(folder), known=known, human=human).run
    spoken = [i for i, e in enumerate(run.transcript) if e.kind == "message" and e.speaker != CUSTOMER and not e.meanwhile]
    said = run.transcript[spoken[-1]]
    assert isinstance(said, MessageEntry)
    before = Run(run.id, run.team, run.engine, run.human, known=run.known)
    before.transcript, before.customer_id = run.transcript[: spoken[-1]], run.customer_id
    return Told(before, said)


EMMA, JONAS, TOMAS, MARIA = (
    "emma.lindqvist@example.com",
    "jonas.okafor@example.com",
    "tomas.berg@example.com",
    "m.santos@example.com",
)
STATUS = (
    ("#W1000002", JONAS), ("#W1000019", EMMA), ("#W1000004", TOMAS), ("#W1000007", MARIA), ("#W1000008",
    "oskar.nyman@example.com"),
    ("#W1000001", EMMA),
)  # fmt: skip
CHARGES = (("#W1000002", JONAS), ("#W1000004", TOMAS), ("#W1000007", MARIA))
ASKED = {
    "de": "Hallo, können Sie mir bitte sagen, wo meine Bestellung {} ist?",
    "fr": "Bonjour, pouvez-vous me dire où est ma commande {} s'il vous plaît ?",
    "es": "Hola, ¿me puede decir dónde está mi pedido {} por favor?",
}
STATES = {
    "de": {"pending": "in Vorbereitung", "processed": "unterwegs", "delivered": "geliefert"},
    "fr": {"pending": "en préparation", "processed": "en route", "delivered": "livrée"},
    "es": {"pending": "en preparación", "processed": "en camino", "delivered": "entregado"},
}
ORDER = (
    "Your order {id} is currently {status}. It was placed on {placed} and promised for {promised}.",
    "Thanks for waiting! Order {id} ({items}) is {status}; the total is {total:.2f} USD.",
    "I checked order {id} for you: its status is {status}, and it is promised for {promised}.",
    "Hi {first},\n\nyour order {id} of {placed} has the status “{status}”. It comes to {total:.2f} USD.\n\nKind regards",
    "Order {id} is {status}. It goes to {address1}, {city}, {state} {zip}.",
    "Good news: I found {id}. Status: {status}. Promised day: {promised}. Items: {items}.",
    "I'm sorry for the wait. {id} is {status} at the moment, and nothing has been cancelled or refunded on it.",
    "- Order: {id}\n- Status: {status}\n- Placed on: {placed}\n- Total: {total:.2f} USD",
    "The order {id} with {first_item} is {status}. It was paid in full: {total:.2f} USD.",
    "Your {first_item} is part of order {id}, which is {status}. Is there anything else I can help you with?",
    "{id} contains {items}. You placed it on {placed}, and its status is {status}.",
    "It was promised for {promised}. As of now order {id} is {status}, so I have not changed anything on it.",
)  # fmt: skip
ELSEWHERE = {
    "de": (
        "Ihre Bestellung {id} ist {state}. Sie wurde am {placed} aufgegeben und ist für den {promised} zugesagt.",
        "Guten Tag {first}, die Bestellung {id} über {total:.2f} USD ist {state}. Es wurde nichts storniert.",
        "Ich habe nachgesehen: {id} ist {state}. Zugesagt ist sie für den {promised}. Kann ich sonst noch etwas für Sie tun?",
        "Es tut mir leid, dass Sie warten. Die Bestellung {id} vom {placed} ist {state}.",
    ),
    "fr": (
        "Votre commande {id} est {state}. Elle a été passée le {placed} et elle est prévue pour le {promised}.",
        "Bonjour {first}, la commande {id} de {total:.2f} USD est {state}. Rien n'a été annulé.",
        "J'ai vérifié : la commande {id} est {state}, prévue pour le {promised}. Merci de votre patience.",
    ),
    "es": (
        "Su pedido {id} está {state}. Se hizo el {placed} y está previsto para el {promised}.",
        "Hola {first}, el pedido {id} de {total:.2f} USD está {state}. No se ha cancelado nada.",
        "Siento la espera. He revisado su pedido {id}: está {state} y el día previsto es el {promised}.",
    ),
}
ONE_CHARGE = (
    "I checked the charges of order {id}: there is one, {amount} on {on} by {method}. Nothing was charged twice.",
    "Order {id} was charged once: {amount} on {on}. There is no duplicate charge, so there is nothing to refund.",
    "I looked at your order {id}. It costs {total} and was charged {amount} by {method}; a second one is "
    "most likely a reservation.",
    "There is only one charge on {id}, of {amount}. If your bank shows a second one, it disappears within a few days.",
    "Nothing was charged twice on order {id}: the records show {amount} by {method} on {on}.",
)
REFUNDED = (
    "I have refunded the duplicate charge of {amount} on order {id}. It arrives in 5-7 business days.",
    "Done! {amount} go back to your {method}, in 5 to 7 business days. Your refund number is {refund}.",
    "You were right, order {id} was charged twice. I've refunded {amount} to your {method}.",
    "Your refund of {amount} for order {id} is on its way to your {method}. It takes 5 to 7 business days to arrive.",
    "The second charge of {amount} has been refunded (refund {refund}). I am sorry for the trouble.",
    "Hi {first}, I refunded the second charge: {amount} to your {method}, within 5 to 7 business days. Kind regards",
    "It's sorted: the duplicate charge on {id} was reimbursed. {amount} will reach your {method} in 5-7 business days.",
)
CANCELLED = (
    "Order {id} is cancelled. You get {amount} back to your {method}.",
    "I have cancelled order {id} and {amount} were refunded to the {method}.",
    "Your order {id} has been cancelled, as you asked. The {amount} are back on your {method} at once.",
    "Done: {id} is cancelled, and its {amount} go back to the {method}.",
)
ARTICLES = (
    (
        "How long does a refund take?",
        "Refunds to credit and debit cards and PayPal take 5 to 7 business days from the day we send them; "
        "gift cards get it at once.",
        "A refund always goes back to the original payment method. Cards and PayPal: 5 to 7 business days. "
        "Gift cards: at once.",
        "Gift cards are refilled at once, and a card or PayPal shows the refund after 5 to 7 business days.",
    ),
    (
        "Can I pay with PayPal?",
        "Yes, you can pay with PayPal, with Visa, Mastercard and American Express, or with Fernhill gift cards.",
        "PayPal is fine. You can also combine a gift card with PayPal. We do not accept cheques, cash or bank transfers.",
    ),
    (
        "How do I reset my password?",
        "Open the sign-in page and select “Forgot password?”, then enter the e-mail address of your account "
        "and follow the link. "
        "It works once, for 30 minutes.",
        "You can choose a new password with at least 12 characters: select Forgot password on the sign-in "
        "page and follow the link.",
        "Never send us your password. To reset it, open the sign-in page, select Forgot password and follow "
        "the link in the message.",
    ),
    (
        "How long is the warranty on devices?",
        "All devices have a 2-year warranty from the day of delivery, against faults in material and workmanship.",
        "The warranty is 2 years from delivery. Fernhill Plus members get one extra year on devices that they buy as members.",
        "E-bike batteries are covered for 2 years or 500 full charges, for at least 70 % of their capacity.",
    ),
    (
        "How much is Fernhill Plus per year, and is there a plan for a family?",
        "Fernhill Plus costs $79.00 a year for one person. Plus Family is $119.00 a year for up to 5 people at one address.",
        "Monthly it is $7.99, which is $95.88 in 12 months; yearly it is $79.00, so you save $16.88.",
    ),
    (
        "What is your return policy?",
        "You can send back anything within 30 days of delivery, for any reason, as long as the order's status is delivered.",
        "Returns are possible within 30 days of delivery. What would be refunded goes to the original payment method.",
    ),
    (
        "Do you have a Camping Stove and what does it cost?",
        "Yes, the Camping Stove costs 45.00 USD with gas, 55.00 USD with an igniter, and 119.00 USD as multi-fuel.",
        "The cheapest Camping Stove is the gas one without igniter, at 45.00 USD. Two of them would be 90.00 USD.",
    ),
    (
        "My wifi speaker does not connect.",
        "Please move the speaker within 5 metres of the router, turn off a VPN on the phone and connect it "
        "to the same network. "
        "Then restart the router: unplug it for 30 seconds and wait 2 minutes.",
    ),
)  # fmt: skip


def order_of(case: Told) -> dict[str, Any]:
    """The fields of the answers on an order."""
    row = case.found("get_order_details")
    first = case.run.known["email"].split(".")[0].capitalize() if len(case.run.known["email"].split(".")[0]) > 1 else "Maria"
    fields = {"id": row["order_id"], "status": row["status"], "placed": row["placed_on"], "promised": row["promised_on"]}
    items = [item["name"] for item in row["items"]]
    return {
        **fields,
        **row["address"],
        "total": row["total"],
        "items": " and ".join(items),
        "first_item": items[0],
        "first": first,
    }


def status_cases(folder: Path) -> list[Told]:
    return [told(folder / f"status{n}", f"Where is my order {order}?", email) for n, (order, email) in enumerate(STATUS)]


def charge_cases(folder: Path) -> list[Told]:
    asked = "I was charged twice for order {}."
    return [told(folder / f"charge{n}", asked.format(order), email) for n, (order, email) in enumerate(CHARGES)]


def true_answers(folder: Path) -> Iterator[tuple[Told, str]]:
    """Answers of good style, each true of its case."""
    for case in status_cases(folder):
        fields = order_of(case)
        yield from ((case, text.format(**fields)) for text in ORDER)
        for language, texts in ELSEWHERE.items():
            other = case.in_words(ASKED[language].format(fields["id"]))
            fields["state"] = STATES[language][fields["status"]]
            yield from ((other, text.format(**fields)) for text in texts)
    for case in charge_cases(folder):
        charges = case.found("list_charges")
        yield from (
            (case, t.format(id=charges["order_id"], total=charges["total"], **charges["charges"][0])) for t in ONE_CHARGE
        )
    for n, (order, email, ok) in enumerate((("#W1000001", EMMA, ()), ("#W1000009", "grace.mbeki@example.com", (True,)))):
        opening = f"I was charged twice for my order {order}. Please refund the second charge."
        case = told(folder / f"refund{n}", opening, email, approvals=ok)
        paid = case.found("refund_order")
        fields = {"id": order, "amount": paid["amount"], "method": paid["to"][0]["method"], "refund": paid["refund_id"]}
        yield from ((case, text.format(first=email.split(".")[0].capitalize(), **fields)) for text in REFUNDED)
    case = told(folder / "cancel", "I ordered #W1000004 by mistake, please cancel it.", TOMAS, "Yes, please.")
    yield from ((case, text.format(id="#W1000004", amount="80.90 USD", method="gift card")) for text in CANCELLED)
    for n, (opening, *texts) in enumerate(ARTICLES):
        case = told(folder / f"article{n}", opening)
        yield from ((case, text) for text in texts)
        yield from ((case, f"{lead}{text}") for text in texts for lead in ("Thanks for asking! ", "Hello,\n\n"))


UNDONE = {
    "en": (
        "I have refunded {total:.2f} USD to your card.", "{total:.2f} USD were credited to your card.",
        "Your refund is on its way.",
        "I have cancelled order {id} for you.", "Order {id} has been cancelled.", "Everything has been taken care of.",
        "All done!",
        "It's all sorted out now.", "I went ahead and cancelled it.", "The money is already back on your card.",
        "I've just updated the address of order {id}.", "Your address has been changed.", "The new address is saved.",
        "I have opened a ticket for you.", "A colleague has been informed and will call you.",
        "I have escalated this to our manager.",
        "I'll refund it right away.", "We will cancel order {id} today.", "Your return for {id} has been registered.",
        "A replacement was sent to you this morning.", "I am cancelling it now.",
        "Your refund of {total:.2f} USD was issued.",
        "I have applied a discount to your order.", "I've added a voucher to your account.", "The charge has been reversed.",
        "I have notified the warehouse.", "No worries, I have refunded you.",
        "Your order {id} is cancelled and the money is on its way.",
        "Good news: it was refunded in full.", "One moment please, let me check that.", "Please hold while I connect you.",
        "Our team will review it and get back to you.", "I have sent you an e-mail with the details.",
    ),
    "de": (
        "Ich habe Ihnen {total:.2f} USD erstattet.", "Ihre Bestellung {id} wurde storniert.", "Die Erstattung ist unterwegs.",
        "Es ist alles erledigt.", "Ich habe Ihre Adresse geändert.", "Wir haben den Betrag zurücküberwiesen.",
        "Ihre Bestellung {id} ist storniert.", "Ihr Geld wurde gutgeschrieben.", "Ich habe den Umtausch veranlasst.",
        "Der Betrag von {total:.2f} USD wurde Ihrer Karte gutgeschrieben.",
    ),
    "fr": (
        "J'ai remboursé {total:.2f} USD sur votre carte.", "Votre commande {id} a été annulée.",
        "Votre commande {id} est annulée.",
        "Le remboursement est en cours.", "Votre remboursement est en route.", "Nous avons modifié votre adresse.",
        "Tout est réglé.", "J'ai annulé la commande {id}.", "La somme a été recréditée sur votre carte.",
    ),
    "es": (
        "He reembolsado {total:.2f} USD en su tarjeta.", "Su pedido {id} ha sido cancelado.", "Su reembolso está en camino.",
        "Hemos cambiado su dirección.", "Ya está todo hecho.", "He cancelado el pedido {id}.", "Cancelamos su pedido {id}.",
        "El dinero ya fue devuelto a su tarjeta.", "Le hemos devuelto el importe.",
    ),
}  # fmt: skip
FOREIGN = (
    "Il tuo ordine {id} è stato annullato.", "Abbiamo rimborsato {total:.2f} USD sulla tua carta.", "您的订单 {id} 已取消。",
    "我们已将 {total:.2f} 美元退还到您的卡上。", "Ваш заказ {id} отменён.", "Мы вернули {total:.2f} USD на вашу карту.",
    "O seu pedido {id} foi cancelado.", "Uw bestelling {id} is geannuleerd.", "Tilauksesi {id} on peruutettu.",
    "Din bestilling {id} er annulleret.", "注文 {id} はキャンセルされました。", "تم إلغاء طلبك {id}.",
)  # fmt: skip
STRANGE = (
    "Your order {id} is {status}. Call us at +1 415 555 0134 for more.",
    "Your order {id} is {status}; see https://fernhill-orders.help/{n}.",
    "Order {id} is {status}. Visit www.fernhill-track.com.", "Order {id} is {status}. ![map](https://img.example.net/a.png)",
    "Order {id} is {status}. Write to refunds@fernhill.support.",
    "Order {id} is {status}. Please send me your card number to go on.",
    "Order {id} is {status}. What is your password?",
    "To confirm order {id}, please reply with the security code on your card.",
    "Order {id} of Walter Kimball is {status}.", "Hi Beatrice, your order {id} is {status}.",
    "Order {id} is {status}. Your ticket is T000099.",
    "Order {id} is {status}, tracking number 987654321012.", "Order {id} is {status} and was promised for 3 January 2024.",
    "Order {id} is {status}. You have 45 days to return it.", "Order #W7654321 is {status}.",
    "Order {id} is {status}; it costs 12.34 USD.",
    "Customer: where is order {id}?\nOrder {id} is {status}.", "Order {id} is {status}. get_order_details said so.",
    "Verify the customer by e-mail, or by name and zip code, before anything about an account or order. {id} is {status}.",
    "The customer wants to know where order {id} is, which is {status}.",
    "Order {id} is {status}. There is a 15 % restocking fee.",
    "No model endpoint answered for order {id}. The rules answer.",
    "Order {id} is {status}. It was handed to GlobeRunner Express.",
    '{{"order": "{id}", "status": "{status}"}}', "Order {id} is {status}. It ships within three days from Portland.",
)  # fmt: skip
LETTERS = (("o", "о"), ("e", "е"), ("a", "а"), ("e", "e\u200b"), ("a", "\u202ea"), ("c", "с"))
"""Cyrillic ones that look the same, and codes that nobody sees."""


def untrue_answers(folder: Path) -> Iterator[tuple[Told, str]]:
    """Answers of which something is not so in their case."""
    cases = status_cases(folder)
    for number, case in enumerate(cases):
        fields = {**order_of(case), "n": number}
        in_english = f"Order {fields['id']} is {fields['status']}."
        yield from ((case, text.format(**fields)) for text in UNDONE["en"])
        yield from ((case, f"{in_english} {text.format(**fields)}") for text in UNDONE["en"])
        yield from ((case, f"{in_english} {text.format(**fields)}") for text in FOREIGN)
        yield from ((case, text.format(**fields)) for text in FOREIGN)
        yield from ((case, text.format(**fields)) for text in STRANGE)
        for language in ("de", "fr", "es"):
            other = case.in_words(ASKED[language].format(fields["id"]))
            yield from ((other, text.format(**fields)) for text in UNDONE[language])
            yield from ((case, f"{in_english} {text.format(**fields)}") for text in UNDONE[language])
        for plain, hidden in LETTERS:
            yield case, f"{in_english} It is cancelled and refunded.".replace(plain, hidden)
            yield case, f"{in_english} {UNDONE['en'][number].format(**fields)}".replace(plain, hidden, 6)
    for case in charge_cases(folder):
        charge = case.found("list_charges")
        fields = {"id": charge["order_id"], "total": charge["total_cents"] / 100}
        yield from ((case, text.format(**fields)) for text in UNDONE["en"])


def document(case: Told) -> str:
    """What a case knew, for who looks at a verdict."""
    return json.dumps([e.document() for e in case.run.transcript], indent=1, default=str)
