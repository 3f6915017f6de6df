"""A customer asks how far a repair is, and has the number at hand only when asked."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="where_is_my_repair",
    title="A customer asks how far a repair is",
    team=desk(__file__),
    opening="Is my bicycle ready?",
    email="kim@example.com",
    turns=("R-1001",),
    expected=Expected("resolved", department="workshop", tools=("find_customer", "get_repair"), says=("under way",)),
)
