"""What the account holds of what is asked for, and no more of it; to who typed no more than its e-mail address, nothing."""

from agents.articles.articles import asked_in
from agents.cases.handover import transfer
from agents.orders.account import told_of
from agents.requests.reading import read
from switchboard.declare.moves import Move, Say
from switchboard.declare.play import Condition, Found, Play, Process, Step
from switchboard.declare.transcript import View
from tools.accounts import get_user_details

WHOSE_ZIP = "Before I read that out I need one thing that an e-mail address does not tell: the zip code on the account."


def is_sure_who(view: View, found: Found) -> bool:
    """Whether more is known of the writer than an e-mail address in their words, which others know, too."""
    account, said = found[get_user_details.name], [read(one).facts for one in (*view.words, view.text)]
    typed = any(account["email"].lower() == email.lower() for facts in said for email in facts.emails)
    return not typed or any(account["address"]["zip"] in facts.zips for facts in said)


def whose_zip(view: View, _: Found) -> Move:
    if view.questions:
        return transfer(view, "The customer asks what is on file, and has not given the zip code of the account.")
    return Say(WHOSE_ZIP, asks=True)


def told(view: View, found: Found) -> str:
    return "\n".join(f"- {line}" for line in told_of(found[get_user_details.name], asked_in(view)))


play = Play(
    name="details",
    about="The customer asks what is on file.",
    process=Process(
        reads=(Step(get_user_details.name, {"user_id": "customer"}),),
        conditions=(Condition(is_sure_who, (True,), whose_zip),),
        told=told,
    ),
)
