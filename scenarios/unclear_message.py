"""A message that could mean anything gets one question, and the answer to it gets the case done."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

ORDER = "#W1000002"

scenario = Scenario(
    name="unclear_message",
    title="An unclear message gets one question back, and its answer an answer",
    team=team,
    opening="Hello, can you help me please?",
    email="jonas.okafor@example.com",
    turns=(f"My parcel from order {ORDER} has still not arrived.",),
    expected=Expected(
        end="resolved",
        department="orders",
        tools=("get_order_details",),
        says=("?", ORDER),
    ),
    script={
        "orders": [
            tool_calls([("get_order_details", {"order_id": ORDER})]),
            f"Order {ORDER} was sent with Bluebird Freight and is late. Its last scan was at the sorting centre.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
