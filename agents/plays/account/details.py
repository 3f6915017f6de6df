"""What the account holds of what is asked for, and no more of it; to who typed no more than its e-mail address, nothing."""

from agents.articles.articles import asked_in
from agents.orders.account import told_of
from agents.plays.surely_them import ACCOUNT, SURELY_THEM
from switchboard.declare.play import Found, Play, Process
from switchboard.declare.transcript import View


def told(view: View, found: Found) -> str:
    return "\n".join(f"- {line}" for line in told_of(found[ACCOUNT.tool], asked_in(view)))


play = Play(
    name="details",
    about="The customer asks what is on file.",
    process=Process(
        reads=(ACCOUNT,),
        conditions=(SURELY_THEM,),
        told=told,
    ),
)
