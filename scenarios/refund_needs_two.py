"""A refund above 1,000.00 is not released by one operator alone: it waits for a second one, and nothing is paid."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

ORDER = "#W1000010"
REFUND = {"order_id": ORDER, "kind": "duplicate_charge", "amount_cents": 124900, "reason": "The order was charged twice."}

scenario = Scenario(
    name="refund_needs_two",
    title="A refund above 1,000.00 waits for a second operator, though one has agreed",
    team=team,
    opening=f"I was charged twice for my order {ORDER}. Please refund the second charge.",
    email="felix.aldous@example.com",
    approvals=(True,),
    expected=Expected(
        end="awaiting_approval",
        department="billing",
        tools=("find_user_id_by_email", "list_charges"),
        never_tools=("refund_order", "transfer_to_human_agents"),
        rows={
            f"SELECT count(*) FROM refunds WHERE order_id = '{ORDER}'": 0,
            f"SELECT count(*) FROM payments WHERE order_id = '{ORDER}' AND kind = 'refund'": 0,
        },
        says=("1,249.00 USD", "approval", "not done yet"),
        never_says=("I have refunded",),
    ),
    script={
        "refunds": [
            tool_calls([("list_charges", {"order_id": ORDER})]),
            tool_calls([("refund_order", REFUND)]),
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
