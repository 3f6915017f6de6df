"""An operator refuses to send a paid order elsewhere: it stays as it was, and the customer hears so."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

ORDER = "#W1000008"
NEW = {
    "address1": "48 Willow Street",
    "address2": "Apt 7",
    "city": "Savannah",
    "state": "GA",
    "country": "USA",
    "zip": "31401",
}

scenario = Scenario(
    name="address_change_refused",
    title="An operator refuses a new delivery address, and the customer is told the truth",
    team=team,
    opening=f"Please ship my order {ORDER} to 48 Willow Street, Apt 7, Savannah, GA 31401 instead.",
    turns=("Yes.",),
    email="oskar.nyman@example.com",
    approvals=(False,),
    expected=Expected(
        end="resolved",
        department="orders",
        tools=("find_user_id_by_email", "get_order_details"),
        never_tools=("modify_pending_order_address", "modify_user_address", "transfer_to_human_agents"),
        rows={
            f"SELECT count(*) FROM orders WHERE id = '{ORDER}' AND address1 = '48 Willow Street'": 0,
            f"SELECT status FROM orders WHERE id = '{ORDER}'": "pending",
        },
        says=(ORDER, "did not approve", "stays as it was"),
        never_says=("now goes to",),
    ),
    script={
        "orders": [
            tool_calls([("get_order_details", {"order_id": ORDER})]),
            tool_calls([("modify_pending_order_address", {"order_id": ORDER, **NEW})]),
            f"I am sorry: a colleague looked at the new address for order {ORDER} and did not approve it, so the order "
            "stays as it was.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
