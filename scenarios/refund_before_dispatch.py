"""A refund goes down to the nested specialist and up again: the order was not sent, so it is cancelled, which pays all back."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

ORDER = "#W1000019"
CANCEL = {"order_id": ORDER, "reason": "no longer needed"}

scenario = Scenario(
    name="refund_before_dispatch",
    title="Triage, billing and refunds hand a refund down and up again, and the order is cancelled in its place",
    team=team,
    opening=f"I would like a full refund of order {ORDER}. I no longer need it.",
    turns=("Yes, please.",),
    email="emma.lindqvist@example.com",
    expected=Expected(
        end="resolved",
        department="billing",
        tools=("list_charges", "cancel_pending_order"),
        never_tools=("refund_order", "transfer_to_human_agents"),
        rows={
            f"SELECT status FROM orders WHERE id = '{ORDER}'": "cancelled",
            f"SELECT count(*) FROM payments WHERE order_id = '{ORDER}' AND kind = 'refund'": 1,
            f"SELECT count(*) FROM refunds WHERE order_id = '{ORDER}'": 0,
        },
        says=(ORDER, "cancelled"),
    ),
    script={
        "refunds": [tool_calls([("list_charges", {"order_id": ORDER})])],
        "orders": [
            tool_calls([("get_order_details", {"order_id": ORDER})]),
            tool_calls([("cancel_pending_order", CANCEL)]),
            f"Order {ORDER} is cancelled, and its payment goes back to you.",
        ],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
