"""All names that traces and metrics use outside: those of OpenTelemetry's conventions for generative AI, which are still in
development (semantic-conventions-genai, as opentelemetry-util-genai 1.3b0 has them), and ours, under `switchboard.`.

What is not in `ALLOWED` leaves this machine in no span.
"""

from typing import Literal

INVOKE_WORKFLOW, INVOKE_AGENT, CHAT = "invoke_workflow", "invoke_agent", "chat"
EXECUTE_TOOL, RETRIEVAL, WAIT = "execute_tool", "retrieval", "wait"

OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
CONVERSATION = "gen_ai.conversation.id"
WORKFLOW = "gen_ai.workflow.name"
AGENT = "gen_ai.agent.name"
REQUEST_MODEL = "gen_ai.request.model"
RESPONSE_MODEL = "gen_ai.response.model"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens"
TOOL, TOOL_TYPE, CALL_ID = "gen_ai.tool.name", "gen_ai.tool.type", "gen_ai.tool.call.id"
DATA_SOURCE = "gen_ai.data_source.id"
ERROR = "error.type"
INPUT_MESSAGES, OUTPUT_MESSAGES = "gen_ai.input.messages", "gen_ai.output.messages"
ARGUMENTS, RESULT = "gen_ai.tool.call.arguments", "gen_ai.tool.call.result"
QUERY = "gen_ai.retrieval.query.text"

CASE, RUN, ENTRY = "switchboard.case.id", "switchboard.run", "switchboard.entry"
BRANCH = "switchboard.branch"
END, BEGAN_WITH, RESTARTS, VERSION = (
    "switchboard.run.end",
    "switchboard.run.began_with",
    "switchboard.run.restarts",
    "switchboard.team.version",
)
QUEUED_SECONDS = "switchboard.run.queued_seconds"
WAITED_FOR, WAITED_SECONDS = "switchboard.run.waited_for", "switchboard.run.waited_seconds"
BY, DID = "switchboard.turn.by", "switchboard.turn.did"
STATUS, BEFORE, FOUND = "switchboard.tool.status", "switchboard.tool.before", "switchboard.retrieval.found"
WASTED_TOKENS, COST, COUNTED = "switchboard.usage.wasted_tokens", "switchboard.cost_usd", "switchboard.usage.counted"
WAITS_FOR = "switchboard.wait.for"

Kind = Literal["name", "id", "number", "text"]
ALLOWED: dict[str, Kind] = {
    **dict.fromkeys((OPERATION, PROVIDER, WORKFLOW, AGENT, REQUEST_MODEL, RESPONSE_MODEL, TOOL, TOOL_TYPE, CALL_ID), "name"),
    **dict.fromkeys((DATA_SOURCE, ERROR, END, BEGAN_WITH, VERSION, WAITED_FOR, BY, DID, STATUS, BEFORE, WAITS_FOR), "name"),
    **dict.fromkeys((CONVERSATION, CASE, BRANCH), "id"),
    **dict.fromkeys((INPUT_TOKENS, OUTPUT_TOKENS, CACHE_READ_TOKENS, WASTED_TOKENS, COST, COUNTED, FOUND), "number"),
    **dict.fromkeys((RUN, ENTRY, RESTARTS, QUEUED_SECONDS, WAITED_SECONDS), "number"),
    **dict.fromkeys((INPUT_MESSAGES, OUTPUT_MESSAGES, ARGUMENTS, RESULT, QUERY), "text"),
}
"""What a span may say, and how: a `name` or an `id` in few characters, a `number`, or a `text`, where texts are asked for."""

TOKEN_USAGE, TOKEN_TYPE = "gen_ai.client.token.usage", "gen_ai.token.type"
MODEL_DURATION = "gen_ai.client.operation.duration"
WORKFLOW_DURATION, AGENT_DURATION = "gen_ai.invoke_workflow.duration", "gen_ai.invoke_agent.duration"
TOOL_DURATION = "gen_ai.execute_tool.duration"
ENDS, SPENT, DROPPED = "switchboard.runs.ended", "switchboard.cost", "switchboard.spans.dropped"
QUEUE_DEPTH, BREAKER, ENDPOINT = "switchboard.queue.depth", "switchboard.breaker.open", "switchboard.endpoint"
SERVICE, SCOPE = "switchboard", "switchboard"
