"""The scout: finds the companies of the file that fit what is asked for, and keeps off whom no letter may go to."""

from agents.outreach.profile import profile_of, wants_no_more
from agents.reasons import Reason
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, call
from switchboard.declare.transcript import CallResult, View
from switchboard.events.masking import emails
from tools.outreach.companies import find_companies
from tools.outreach.letters import unsubscribe

WHICH_ADDRESS = "Which e-mail address should get no more letters?"


def without_model(view: View) -> Move:
    kept_off = view.last(unsubscribe.name)
    if wants_no_more(view.latest) or (kept_off and not view.wrote_since):
        return no_more(view, kept_off)
    if view.asked == WHICH_ADDRESS and (named := addressed(view.latest)):
        return call(unsubscribe.name, address=named)
    profile = profile_of(*view.words)
    found = view.last(find_companies.name)
    if found is None or found.arguments != profile.search:
        return call(find_companies.name, **profile.search)
    if not found.done:
        return Say(f"No companies could be looked at: {found.text}")
    if not found.result["companies"]:
        return Say(nothing_in(found), asks=True)
    facts = {"found": found.result, "keep": profile.keep, "about": profile.about}
    return HandOff("qualifier", told(found), facts, reason=Reason.FINDINGS)


def no_more(view: View, kept_off: CallResult | None) -> Move:
    if kept_off and kept_off.done and not view.wrote_since:
        return Say(f"{kept_off.result['address']} gets no more letters from us.")
    named = addressed(view.latest)
    if named or kept_off is None:
        return call(unsubscribe.name, **({"address": named} if named else {}))
    return Say(WHICH_ADDRESS, asks=True)


def addressed(text: str) -> str:
    """The one address that a message names."""
    found = {match[0] for match in emails(text)}
    return found.pop() if len(found) == 1 else ""


def told(found: CallResult) -> str:
    """What the search came to, in a sentence."""
    result = found.result
    left_out = ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in result.get("left_out", {}).items())
    fit = f"{result['fits']} of {result['candidates']} companies fit"
    looked_at = f", {len(result['companies'])} are looked at" if len(result["companies"]) < result["fits"] else ""
    faults = f" Rows that cannot be used: {'; '.join(result['faults'])}." if result.get("faults") else ""
    unknown = f" No company of the file says anything of {', '.join(result['unknown'])}." if result.get("unknown") else ""
    return f"{fit}{looked_at}{f'; left out: {left_out}' if left_out else ''}.{faults}{unknown}"


def nothing_in(found: CallResult) -> str:
    return f"{told(found)} Which other goods, or which other place?"


agent = AgentSpec(
    name="scout",
    description="Finds the companies that fit.",
    prompt="You find the companies of a file that fit what is asked for.",
    tools=(find_companies, unsubscribe),
    rules_first=True,
    without_model=without_model,
)
