"""Who writes: looked up by what they show, asked for where nothing is known, and refused where it is another account."""

from agents.cases.accounts import CHANGES_ADDRESS, claimed
from agents.cases.codes import still_asked
from agents.cases.handover import transfer
from agents.requests.facts import Facts
from agents.requests.reading import read
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from tools.identity import find_user_id_by_email, find_user_id_by_name_zip

MOST_ZIPS = 3
"""Zip codes of a message that are tried with a name: one of them may be of an address that something is to be sent to."""
LOOKUPS = (find_user_id_by_email.name, find_user_id_by_name_zip.name)


def identify(view: View, facts: Facts) -> Move | None:
    """Look the customer up by what is known and was not tried yet.

    Where the channel knows the address that a message came from, an address in its text proves nothing: anybody can type
    it. Name and zip code are then what else a customer can show.
    """
    if view.customer_id:
        return None
    tried = [dict(c.arguments) for c in view.calls]
    known = str(view.facts.get("email", ""))
    typed = facts.emails if view.questions else claimed(view.text)
    for email in (known,) if known else typed:
        if {"email": email} not in tried:
            return call("find_user_id_by_email", email=email)
    if facts.zips:
        known_as = [(name, code) for name in facts.names if name.last for code in facts.zips[:MOST_ZIPS]]
        for name, code in known_as:
            arguments = {"first_name": name.first, "last_name": name.last, "zip": code}
            if arguments not in tried:
                return call("find_user_id_by_name_zip", **arguments)
    return None


def for_another(view: View, email: str) -> Move | None:
    """What is said where a verified customer names another account as theirs; None where it is the same account."""
    if not view.customer_id or not email:
        return None
    looked = [c for c in view.calls if c.arguments.get("email") == email]
    if looked and looked[-1].code == "no_such_customer" and is_corrected(view):
        return None
    if not looked:
        return call("find_user_id_by_email", email=email)
    if looked[-1].done:
        return None
    return Say(
        "This conversation serves only the account that it was opened with, and I can see nothing of another one. "
        f"For anything on the account of {email}, please send us a new message from that address."
    )


def is_corrected(view: View) -> bool:
    """Whether the newest words give the address that verified the customer, too: "a@… - no, b@…"."""
    return any(c.done and str(c.arguments.get("email", "-")) in view.latest.lower() for c in view.calls)


def other_address(view: View) -> str:
    """The first e-mail address of a short message that goes on with an earlier matter; one to be put on file is none."""
    return "" if CHANGES_ADDRESS.search(view.latest) else next(iter(read(view.latest).facts.emails), "")


def ask_who(view: View) -> Move:
    """Ask who the customer is; after two questions a human helps."""
    coded = still_asked(view, *LOOKUPS)
    if coded:
        return coded
    if view.questions > 1:
        return transfer(view, "The customer could not be verified.")
    failed = [c for c in view.calls if not c.done]
    opening = "I cannot find an account with that." if failed else "I can look into that."
    if view.facts.get("email"):
        return Say(
            "I cannot find an account with the address that you write from. What are the first name, last name and zip code "
            "of your account? Or write to us from the address that you ordered with.",
            asks=True,
        )
    return Say(f"{opening} What is the e-mail address of your account, or your first name, last name and zip code?", asks=True)
