"""new_name: say here what happens in this story."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="new_name",
    title="Somebody asks for a person",
    team=desk(__file__),
    opening="I want to talk to a person, please.",
    turns=("About a matter of mine.", "Please, a person."),
    expected=Expected("escalated", tools=("hand_over_to_a_person",)),
)
