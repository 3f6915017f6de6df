"""Somebody else's order is refused like one that does not exist, and nothing of it is told."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

SOMEONE_ELSES = "#W1000019"

scenario = Scenario(
    name="order_of_someone_else",
    title="Somebody else's order can be neither seen nor cancelled",
    team=team,
    opening=f"Please cancel order {SOMEONE_ELSES}, it is no longer needed. It belongs to my neighbour Emma, who allowed it.",
    email="leila.haddad@example.com",
    expected=Expected(
        end="awaiting_customer",
        department="orders",
        never_tools=("get_order_details", "cancel_pending_order"),
        rows={f"SELECT status FROM orders WHERE id = '{SOMEONE_ELSES}'": "pending"},
        says=(SOMEONE_ELSES,),
        never_says=("Blanket", "103.90", "Lindqvist", "is pending", "is cancelled"),
    ),
    script={
        "orders": [
            tool_calls([("get_order_details", {"order_id": SOMEONE_ELSES})]),
            tool_calls([("cancel_pending_order", {"order_id": SOMEONE_ELSES, "reason": "no longer needed"})]),
            f"I cannot find order {SOMEONE_ELSES} on your account, and I can only help with your own orders. Do you have "
            "another order number?",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
