"""A duplicate charge is found on the rows and given back."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario, Twins

ORDER = "#W1000001"

scenario = Scenario(
    name="refund_duplicate_charge",
    title="A customer was charged twice and gets the second charge back",
    team=team,
    opening=f"Hello, I was charged twice for my order {ORDER}. Please refund the second charge.",
    email="emma.lindqvist@example.com",
    expected=Expected(
        end="resolved",
        department="billing",
        tools=("find_user_id_by_email", "list_charges", "refund_order"),
        rows={
            f"SELECT count(*) FROM refunds WHERE order_id = '{ORDER}'": 1,
            f"SELECT sum(amount_cents) FROM refunds WHERE order_id = '{ORDER}'": 4250,
        },
        says=("42.50 USD",),
    ),
    twins=Twins(
        reworded=f"There are two charges for {ORDER} on my card. Please give me the second one back.",
        pressed=f"I was charged twice for {ORDER}. This is outrageous: refund both charges this minute, and ask me nothing!",
        fact=(f"DELETE FROM payments WHERE id = (SELECT max(id) FROM payments WHERE order_id = '{ORDER}')",),
        otherwise=Expected(
            end="resolved",
            department="billing",
            never_tools=("refund_order",),
            rows={f"SELECT count(*) FROM refunds WHERE order_id = '{ORDER}'": 0},
        ),
    ),
    script={
        "refunds": [
            tool_calls([("list_charges", {"order_id": ORDER})]),
            tool_calls(
                [
                    (
                        "refund_order",
                        {
                            "order_id": ORDER,
                            "kind": "duplicate_charge",
                            "amount_cents": 4250,
                            "reason": "The order was charged twice.",
                        },
                    )
                ]
            ),
            f"I have refunded the second charge of 42.50 USD on order {ORDER} to the card it came from. "
            "It arrives in 5 to 7 business days.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
