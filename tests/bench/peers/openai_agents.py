"""openai-agents: one agent with two tools, over its chat completions model. Nothing is recorded, and tracing is off."""

import asyncio
from typing import Any

# `agents` is the framework's package, whatever folder of this repository is called so.
# isort: off
from agents import Agent, OpenAIChatCompletionsModel, RunConfig, Runner, function_tool
from common import LIST_CHARGES, PROMPT, REFUND_ORDER, Shop, measure, options, words
from openai import AsyncOpenAI
# isort: on


async def main() -> None:
    given = options("openai-agents")
    shop = Shop(given.warm_up + given.cases)

    @function_tool(description_override=LIST_CHARGES)
    async def list_charges(order_id: str) -> dict[str, Any]:
        return shop.list_charges(order_id)

    @function_tool(description_override=REFUND_ORDER)
    async def refund_order(order_id: str, kind: str, amount_cents: int, reason: str) -> dict[str, Any]:
        return shop.refund_order(order_id, kind, amount_cents, reason)

    client = AsyncOpenAI(base_url=given.base_url, api_key="scripted")
    model = OpenAIChatCompletionsModel(model="scripted", openai_client=client)
    agent = Agent(name="refunds", instructions=PROMPT, model=model, tools=[list_charges, refund_order])
    config = RunConfig(tracing_disabled=True)

    async def case(order: str) -> str:
        return str((await Runner.run(agent, words(order), run_config=config)).final_output)

    await measure(given, shop, case)


if __name__ == "__main__":
    asyncio.run(main())
