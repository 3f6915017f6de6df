"""Two agents that never come to an end: the limits stop them, and the customer still hears the truth."""

from agents import summarizer
from groupchats.desk import leave_to_a_human
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.hub import hub
from switchboard.scenario import Expected, Scenario
from tools.tickets import transfer_to_human_agents


def pushes_away(to: str) -> AgentSpec:
    """An agent that hands every case to `to`, whatever it is."""
    name = "left" if to == "right" else "right"
    return AgentSpec(
        name=name,
        description=f"Hands everything to {to}.",
        prompt=f"Hand every case to {to}.",
        tools=(transfer_to_human_agents,) if name == "left" else (),
        without_model=lambda view: HandOff(to, "This is not for me."),
    )


team = TeamSpec(
    name="endless",
    description="Two agents who never finish, to show that a run always does.",
    members={"left": pushes_away("right"), "right": pushes_away("left"), "summarizer": summarizer.agent},
    flow=hub(entry="left", specialists={"right": []}, closer="summarizer"),
    approvals=(Rule("approve", effect="send"), Rule("approve", effect="write")),
    rescue=leave_to_a_human,
)

scenario = Scenario(
    name="endless_agents",
    title="Agents that push a case to and fro are stopped, and the customer hears so",
    team=team,
    opening="Where is my parcel?",
    expected=Expected(
        end="loop",
        tools=("transfer_to_human_agents",),
        rows={"SELECT count(*) FROM tickets WHERE subject = 'Handed over by left'": 1},
        says=("I could not get any further", "Nothing was changed", "colleague"),
    ),
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
