"""Whether more is known of the writer than an e-mail address that they typed, before what is on file is read out."""

from agents.requests.reading import read
from switchboard.declare.moves import Say
from switchboard.declare.play import Condition, Found, Step
from switchboard.declare.transcript import View
from switchboard.plays.process import NotSettled
from tools.accounts import get_user_details

ACCOUNT = Step(get_user_details.name, {"user_id": "customer"})
WHOSE_ZIP = "Before I read that out I need one thing that an e-mail address does not tell: the zip code on the account."


def is_sure_who(view: View, found: Found) -> bool:
    """Whether more is known of the writer than an e-mail address in their words, which others know, too."""
    account, said = found[ACCOUNT.tool], [read(one).facts for one in (*view.words, view.text)]
    typed = any(account["email"].lower() == email.lower() for facts in said for email in facts.emails)
    return not typed or any(account["address"]["zip"] in facts.zips for facts in said)


def whose_zip(view: View, _: Found) -> Say:
    """The question for it, once. Raises NotSettled where it was asked."""
    if view.questions:
        raise NotSettled("The customer asks for what is on file, and has not given the zip code of the account.")
    return Say(WHOSE_ZIP, asks=True)


SURELY_THEM = Condition(is_sure_who, (True,), whose_zip)
