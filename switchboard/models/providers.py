"""Who answers at an endpoint, by the names that OpenTelemetry gives to providers (`gen_ai.provider.name`)."""

from switchboard.models.endpoints import Endpoint

HOSTS = {
    "api.openai.com": "openai",
    "openai.azure.com": "azure.ai.openai",
    "azure.com": "azure.ai.inference",
    "anthropic.com": "anthropic",
    "amazonaws.com": "aws.bedrock",
    "generativelanguage.googleapis.com": "gcp.gemini",
    "googleapis.com": "gcp.vertex_ai",
    "groq.com": "groq",
    "mistral.ai": "mistral_ai",
    "deepseek.com": "deepseek",
    "perplexity.ai": "perplexity",
    "x.ai": "x_ai",
    "cohere.ai": "cohere",
    "cohere.com": "cohere",
    "moonshot.ai": "moonshot_ai",
    "moonshot.cn": "moonshot_ai",
    "cloud.ibm.com": "ibm.watsonx.ai",
}
"""By the end of the host's name; the first that fits counts."""
OTHER = "openai_compatible"
"""A server that speaks OpenAI's API, of which no more is known: one of one's own, or a gateway before others."""


def provider_of(endpoint: Endpoint) -> str:
    if endpoint.api_type == "azure":
        return "azure.ai.openai"
    host = endpoint.host.rpartition("@")[2].partition(":")[0].lower()
    return next((name for end, name in HOSTS.items() if host == end or host.endswith(f".{end}")), OTHER)
