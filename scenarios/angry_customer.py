"""A customer who is angry and wants a person gets one, with a ticket that says why."""

from groupchats.desk import team
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="angry_customer",
    title="An angry customer who wants a manager is handed to a human",
    team=team,
    opening="This is ridiculous! Third time I write about order #W1000002 and nothing happens. "
    "I want to speak to a manager, a real person, right now!",
    email="jonas.okafor@example.com",
    expected=Expected(
        end="escalated",
        tools=("transfer_to_human_agents",),
        never_tools=("refund_order", "cancel_pending_order"),
        rows={"SELECT count(*) FROM tickets WHERE subject = 'Handed over by triage'": 1},
        says=("colleague",),
    ),
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
