"""What came of a change, told from its result."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.reading.status import METHODS, address_line, by_ids, item_label, items_listed, label, listed, price, source_of
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import CallResult, View
from tools.nouns import money


def told(view: View, made: CallResult) -> Say:
    """The answer after a change of an order: what was done, the money, and what comes next; or that an operator refused."""
    order_id, result = made.arguments["order_id"], made.result
    if made.operator_said_no:
        return not_approved(made, f"that change of order {order_id}", "the order stays as it was")
    match made.tool:
        case "cancel_pending_order":
            return Say(f"Order {order_id} is cancelled.{sent_back(result)}")
        case "modify_pending_order_address":
            return Say(
                f"Order {order_id} now goes to {address_line(result['address'])}. Its items and payment stay as they are."
            )
        case "modify_pending_order_items":
            what, paid = swapped(view, made, "to"), sent_back(result).strip()
            if not paid:
                due = result.get("charged_cents", 0) - result.get("refund_cents", 0)
                paid = f"{moved(due, result, 'was charged to')}." if due else "Its price stays the same."
            return Say(f"In order {order_id} I changed {what}. {paid} The order now costs {result['total']}.")
        case "return_delivered_order_items":
            items = items_listed(by_ids(details(view, order_id), made.arguments["item_ids"]))
            less = f" (of its price of {result['price']} a part was refunded already)" if "price" in result else ""
            return Say(
                f"The return of {items} from order {order_id} is requested. After it has arrived, {result['value']}{less} go "
                f"to your {result['refund_to']}. {NEXT}."
            )
        case _:
            what, due = swapped(view, made, "for"), result.get("to_pay_cents", 0) - result.get("to_refund_cents", 0)
            moves = f"The difference of {moved(due, result, 'is charged to')}."
            paid = moves if due else "There is no difference in price."
            return Say(f"For order {order_id} I requested the exchange of {what}. {paid} {NEXT}; no new order is needed.")


NEXT = "An e-mail tells you how and where to send the items back"


def sent_back(result: Mapping[str, Any]) -> str:
    """Sentences on the money that a change sends back, each after a space: what is paid, only ordered, and declined."""
    said = ""
    if result.get("refunds"):
        back = listed(result["refunds"])
        said = f" The refund is ordered: {back}. {NOT_CONFIRMED}" if "refund_state" in result else f" You get back {back}."
    return said + declined(result)


NOT_CONFIRMED = "The payment provider has not confirmed it yet; it is asked again until it does."


def declined(result: Mapping[str, Any]) -> str:
    """A sentence on what the payment provider did not send back, which a human looks at."""
    if "refund_declined" not in result:
        return ""
    return (
        f" The payment provider declined to send back {listed(result['refund_declined'])}, so that was not paid. A colleague "
        f"finds another way and writes to you; the ticket is {listed(result['tickets'])}."
    )


def not_approved(made: CallResult, what: str, instead: str) -> Say:
    """The answer where an operator looked at a call and said no: `what` was asked of them, and how things stand `instead`."""
    why = f" The reason: “{made.data['why']}”" if "why" in made.data else ""
    return Say(
        f"A colleague looked at {what} and did not approve it.{why} So {instead}. If you would like to speak with a person "
        "about it, just write so."
    )


def offered(view: View, call: Call) -> str:
    """What a change would do, for a customer who did not ask for it outright."""
    order_id, order = call.arguments["order_id"], details(view, call.arguments["order_id"])
    match call.tool:
        case "cancel_pending_order":
            back = f"{price(order['total'])} would go back to where it was paid from"
            return f"I can cancel order {order_id} ({items_listed(order['items'])}); {back}."
        case "modify_pending_order_address":
            return f"I can have order {order_id} ({items_listed(order['items'])}) sent to {address_line(call.arguments)}."
        case "return_delivered_order_items":
            items = items_listed(by_ids(order, call.arguments["item_ids"]))
            to = METHODS[source_of(call.arguments["payment_method_id"])]
            return (
                f"I can arrange the return of {items} from order {order_id}. When it has arrived, its price, "
                f"{price(worth(order, call.arguments['item_ids']))}{less(order)}, goes to your {to}."
            )
        case _:
            return f"In order {order_id} I can change {swapped(view, call, 'to')}. {difference(view, call)}"


def worth(order: Mapping[str, Any], item_ids: Sequence[str]) -> float:
    """What the items cost, in dollars."""
    return sum(float(item["price"]) for item in by_ids(order, item_ids))


def less(order: Mapping[str, Any]) -> str:
    """A word on what went back already, which a return does not pay twice."""
    back = any(line["transaction_type"] == "refund" for line in order.get("payment_history", []))
    return " less what was refunded already" if back else ""


def difference(view: View, call: Call) -> str:
    """What other options cost more or less."""
    read = [c.result["variants"] for c in view.calls if c.tool == "get_product_details" and c.done]
    prices = {new_id: variant["price"] for variants in read for new_id, variant in variants.items()}
    new_ids = call.arguments["new_item_ids"]
    if any(new_id not in prices for new_id in new_ids):
        return "The difference in price is told before it is paid."
    more = sum(prices[i] for i in new_ids) - worth(details(view, call.arguments["order_id"]), call.arguments["item_ids"])
    if not round(more * 100):
        return "The price stays the same."
    return f"It costs {price(abs(more))} {'more' if more > 0 else 'less'}."


def moved(cents: int, result: Mapping[str, Any], charged: str) -> str:
    """A difference in price and where it goes, as a part of a sentence; less than nothing goes back."""
    return f"{money(abs(cents))} {charged if cents > 0 else 'goes back to'} your {result['method']}"


def swapped(view: View, made: CallResult | Call, word: str) -> str:
    """Old and new items side by side."""
    order = details(view, made.arguments["order_id"])
    pairs = zip(by_ids(order, made.arguments["item_ids"]), made.arguments["new_item_ids"], strict=True)
    return listed(f"{item_label(old)} {word} {new_label(view, new)}" for old, new in pairs)


def new_label(view: View, new_id: str) -> str:
    for call in view.calls:
        if call.tool == "get_product_details" and call.done and new_id in call.result["variants"]:
            return label("", call.result["variants"][new_id]["options"]).strip(" ()")
    return f"item {new_id}"


def details(view: View, order_id: str) -> Mapping[str, Any]:
    """The order as it was read before the change."""
    found = [c for c in view.calls if c.tool == "get_order_details" and c.done and c.arguments["order_id"] == order_id]
    order: Mapping[str, Any] = found[0].result
    return order
