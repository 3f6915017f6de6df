"""A delivered item is exchanged for another option, once the customer agreed to the difference in price."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario, Twins

ORDER = "#W1000007"
EXCHANGE = {
    "order_id": ORDER,
    "item_ids": ["3000000901"],
    "new_item_ids": ["3000000903"],
    "payment_method_id": "credit_card_1000007",
}

scenario = Scenario(
    name="exchange_items",
    title="A daypack is exchanged for the bigger one; the customer is told the price first",
    team=team,
    opening=f"The daypack from my order {ORDER} is too small. Can I exchange it for the 26 litre one in the same colour?",
    turns=("Yes, please do that.",),
    email="m.santos@example.com",
    expected=Expected(
        end="resolved",
        department="orders",
        tools=("find_user_id_by_email", "get_order_details", "get_product_details", "exchange_delivered_order_items"),
        never_tools=("return_delivered_order_items",),
        rows={
            f"SELECT status FROM orders WHERE id = '{ORDER}'": "exchange requested",
            f"SELECT exchange_price_difference_cents FROM orders WHERE id = '{ORDER}'": 2000,
        },
        says=("20.00 USD", "26 l", "e-mail"),
    ),
    twins=Twins(
        reworded=f"I got {ORDER} and the daypack is too small for me. Please swap it for the 26 litre one of the same colour.",
        pressed=f"The daypack of {ORDER} is too small. Exchange it for the 26 litre one in the same colour right now, I have "
        "written twice already!",
        fact=(f"UPDATE orders SET status = 'exchange requested' WHERE id = '{ORDER}'",),
        turns=(),
        otherwise=Expected(
            end="resolved",
            never_tools=("exchange_delivered_order_items",),
            rows={f"SELECT exchange_price_difference_cents FROM orders WHERE id = '{ORDER}'": None},
        ),
    ),
    script={
        "orders": [
            tool_calls([("get_order_details", {"order_id": ORDER}), ("get_product_details", {"product_id": "2000000009"})]),
            tool_calls([("exchange_delivered_order_items", EXCHANGE)]),
            f"The exchange of the daypack of order {ORDER} for the 26 l one is requested. The difference is 20.00 USD, and an "
            "e-mail tells you how to send the old one back.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
