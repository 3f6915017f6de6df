"""A question before buying: price, options and availability come from the catalogue, the sum from the calculator."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

KETTLE = "2000000001"

scenario = Scenario(
    name="sales_question",
    title="A customer asks what three kettles cost",
    team=team,
    opening="Do you have the Enamel Camp Kettle in cream, and how much are 3 of it?",
    expected=Expected(
        end="resolved",
        department="sales",
        tools=("list_all_product_types", "get_product_details", "calculate"),
        never_tools=("open_ticket", "transfer_to_human_agents"),
        says=("42.50", "127.50"),
        never_says=("discount",),
    ),
    script={
        "sales": [
            tool_calls([("list_all_product_types", {})]),
            tool_calls([("get_product_details", {"product_id": KETTLE})]),
            tool_calls([("calculate", {"expression": "3 * 42.50"})]),
            "Yes, the Enamel Camp Kettle is available in cream: 42.50 USD with 1.2 l and 49.90 USD with 1.8 l. "
            "Three of the smaller one come to 127.50 USD.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
