"""The qualifier: gives each company points with reasons, and keeps the best."""

from agents.outreach.scoring import ranked
from agents.reasons import Reason
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import View


def without_model(view: View) -> HandOff:
    found = view.facts["found"]
    kept = ranked(found["companies"], found["wanted"], found["places"])[: view.facts["keep"]]
    facts = {
        "kept": [{"company": dict(one.company), "score": one.score, "reasons": list(one.reasons)} for one in kept],
        "found": f"{view.note} {len(kept)} of them are kept.",
        "about": view.facts["about"],
    }
    return HandOff("drafter", "\n".join(one.told for one in kept), facts, reason=Reason.FINDINGS)


agent = AgentSpec(
    name="qualifier",
    description="Ranks companies by points with reasons.",
    prompt="You rank companies by how well they fit.",
    rules_first=True,
    without_model=without_model,
)
