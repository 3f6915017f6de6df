"""A number that is no order of the customer is asked for again; the right one gets its status."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

WRONG, RIGHT = "#W1099999", "#W1000012"

scenario = Scenario(
    name="order_not_found",
    title="An order that cannot be found: the customer is asked, and the right number gets its status",
    team=team,
    opening=f"Hi, where is my order {WRONG}? It should have been shipped by now.",
    turns=(f"Sorry, I read it wrong, it is {RIGHT}.",),
    email="mateo.quiroga@example.com",
    expected=Expected(
        end="resolved",
        department="orders",
        tools=("find_user_id_by_email", "get_order_details"),
        rows={
            f"SELECT count(*) FROM orders WHERE id = '{WRONG}'": 0,
            f"SELECT status FROM orders WHERE id = '{RIGHT}'": "processed",
        },
        says=(WRONG, "500000000156", "Bluebird Freight", "promised for"),
    ),
    script={
        "orders": [
            tool_calls([("get_order_details", {"order_id": WRONG})]),
            f"I cannot find order {WRONG} on your account. Could you check the number and send it again?",
            tool_calls([("get_order_details", {"order_id": RIGHT})]),
            f"Order {RIGHT} is processed and on its way with Bluebird Freight, tracking number 500000000156. The "
            "page of the carrier says more on the day that it is promised for.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
