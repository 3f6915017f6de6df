"""Tickets are classified, looked up, decided on by a table; answered, drafted or given to a person. The flow `chain`."""

from agents.tickets import classifier, escalation, knowledge, notification
from switchboard.declare.moves import Call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.chain import chain
from tools.tickets import file_ticket, pass_to_a_person
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="tickets",
    description="Works through tickets: answers what the articles surely answer, drafts what is likely, escalates the rest.",
    members={spec.name: spec for spec in (classifier.agent, knowledge.agent, escalation.agent, notification.agent)},
    flow=chain("classifier", "knowledge", "escalation", "notification"),
    approvals=(Rule("approve", effect="read"), Rule("approve", effect="send"), Rule("approve", tool=file_ticket.name)),
    rescue=lambda _: Call(pass_to_a_person.name, {"summary": "The agents could not finish this ticket."}),
    vocabulary=vocabulary,
)
