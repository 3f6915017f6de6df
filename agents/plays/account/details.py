"""What the account holds of what is asked for, and no more of it."""

from agents.articles.articles import asked_in
from agents.orders.account import told_of
from switchboard.declare.play import Found, Play, Process, Step
from switchboard.declare.transcript import View
from tools.accounts import get_user_details


def told(view: View, found: Found) -> str:
    return "\n".join(f"- {line}" for line in told_of(found[get_user_details.name], asked_in(view)))


play = Play(
    name="details",
    about="The customer asks what is on file.",
    process=Process(reads=(Step(get_user_details.name, {"user_id": "customer"}),), told=told),
)
