"""Two matters in one message: both are done, and one answer tells of both."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

CHARGED, PENDING = "#W1000001", "#W1000019"
REFUND = {"order_id": CHARGED, "kind": "duplicate_charge", "amount_cents": 4250, "reason": "Charged twice."}
CANCEL = {"order_id": PENDING, "reason": "no longer needed"}

scenario = Scenario(
    name="two_matters",
    title="A duplicate charge and a cancellation in one message: both get done",
    team=team,
    opening=f"I was charged twice for order {CHARGED}, please refund that. "
    f"Also, please cancel my order {PENDING}, I no longer need it.",
    turns=("Yes, cancel it, please.",),
    email="emma.lindqvist@example.com",
    expected=Expected(
        end="resolved",
        department="billing",
        tools=("list_charges", "refund_order", "cancel_pending_order"),
        rows={
            f"SELECT sum(amount_cents) FROM refunds WHERE order_id = '{CHARGED}'": 4250,
            f"SELECT status FROM orders WHERE id = '{PENDING}'": "cancelled",
        },
        says=("42.50 USD", PENDING),
    ),
    script={
        "refunds": [
            tool_calls([("list_charges", {"order_id": CHARGED})]),
            tool_calls([("refund_order", REFUND)]),
            f"I have refunded the duplicate charge of 42.50 USD on order {CHARGED}; it arrives in 5 to 7 business days.",
        ],
        "orders": [
            tool_calls([("get_order_details", {"order_id": PENDING})]),
            tool_calls([("cancel_pending_order", CANCEL)]),
            f"Order {PENDING} is cancelled, and its payment is on its way back to you.",
        ],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
