"""Sentiment, topics and entities of a text, found side by side. The flow `fan_out`."""

from agents.text_analysis import entities, joiner, sentiment, topics
from switchboard.declare.team import TeamSpec
from switchboard.flows.fan_out import fan_out

team = TeamSpec(
    name="text_analysis",
    description="What a text feels like, what it is about, and whom and what it names.",
    members={spec.name: spec for spec in (sentiment.agent, topics.agent, entities.agent, joiner.agent)},
    flow=fan_out(["sentiment", "topics", "entities"], "joiner"),
    approvals=(),
)
