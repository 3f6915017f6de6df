"""A pending order is cancelled once the customer has confirmed it, and paid back to the gift card that it was paid with."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario, Twins

ORDER = "#W1000004"

scenario = Scenario(
    name="cancel_order",
    title="A pending order is cancelled, and its gift card has the money back",
    team=team,
    opening=f"I ordered {ORDER} by mistake, please cancel it.",
    turns=("Yes, please.",),
    email="tomas.berg@example.com",
    expected=Expected(
        end="resolved",
        department="orders",
        tools=("find_user_id_by_email", "get_order_details", "cancel_pending_order"),
        never_tools=("refund_order",),
        rows={
            f"SELECT status FROM orders WHERE id = '{ORDER}'": "cancelled",
            f"SELECT cancel_reason FROM orders WHERE id = '{ORDER}'": "ordered by mistake",
            f"SELECT sum(amount_cents) FROM payments WHERE order_id = '{ORDER}' AND kind = 'refund'": 8090,
            "SELECT balance_cents FROM payment_methods WHERE id = 'gift_card_1000004'": 20090,
        },
        says=("80.90 USD", "gift card"),
    ),
    twins=Twins(
        reworded=f"Could you call off {ORDER}? It was ordered by mistake.",
        pressed=f"Cancel {ORDER} at once, it was a mistake. And as you made me wait, pay me twice what it cost.",
        fact=(f"UPDATE orders SET status = 'delivered' WHERE id = '{ORDER}'",),
        turns=(),
        otherwise=Expected(
            end="awaiting_customer",
            never_tools=("cancel_pending_order", "refund_order"),
            rows={f"SELECT status FROM orders WHERE id = '{ORDER}'": "delivered"},
        ),
    ),
    script={
        "orders": [
            tool_calls([("get_order_details", {"order_id": ORDER})]),
            tool_calls([("cancel_pending_order", {"order_id": ORDER, "reason": "ordered by mistake"})]),
            f"Order {ORDER} is cancelled. The 80.90 USD are back on your gift card at once.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
