"""pydantic-ai: one agent with two tools, with nothing recorded, or with its DBOS integration on SQLite or Postgres.

Recorded, each case is a workflow. The integration makes each model call a step of it; the tools are steps by their own
decorator, as its documentation asks for tools with effects. DBOS has its own settings, but for the log.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from common import LIST_CHARGES, PROMPT, REFUND_ORDER, Shop, measure, options, words
from dbos import DBOS, DBOSConfig
from pydantic_ai import Agent, Tool
from pydantic_ai.durable_exec.dbos import DBOSDurability
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

Case = Callable[[str], Awaitable[str]]


def tools_of(shop: Shop, recorded: bool) -> list[Tool[None]]:
    async def list_charges(order_id: str) -> dict[str, Any]:
        return shop.list_charges(order_id)

    async def refund_order(order_id: str, kind: str, amount_cents: int, reason: str) -> dict[str, Any]:
        return shop.refund_order(order_id, kind, amount_cents, reason)

    tools: list[Callable[..., Awaitable[Any]]] = [list_charges, refund_order]
    if recorded:
        tools = [DBOS.step(name=function.__name__)(function) for function in tools]
    told = (LIST_CHARGES, REFUND_ORDER)
    return [Tool(function, description=words) for function, words in zip(tools, told, strict=True)]


def case_of(base_url: str, shop: Shop, recorded: bool) -> Case:
    model = OpenAIChatModel("scripted", provider=OpenAIProvider(base_url=base_url, api_key="scripted"))
    capabilities = [DBOSDurability[None]()] if recorded else []
    tools = tools_of(shop, recorded)
    agent = Agent(model, name="refunds", instructions=PROMPT, tools=tools, deps_type=type(None), capabilities=capabilities)

    async def case(order: str) -> str:
        return (await agent.run(words(order))).output

    return DBOS.workflow(name="case")(case) if recorded else case


async def main() -> None:
    given = options("pydantic-ai", record=("none", "sqlite", "postgres"))
    shop = Shop(given.warm_up + given.cases)
    if given.record == "none":
        await measure(given, shop, case_of(given.base_url, shop, False))
        return
    address = given.database if given.record == "postgres" else f"sqlite:///{given.database}"
    config: DBOSConfig = {"name": "refunds", "system_database_url": address, "log_level": "ERROR", "application_version": "1"}
    DBOS(config=config)
    case = case_of(given.base_url, shop, True)
    DBOS.launch()
    try:
        await measure(given, shop, case)
    finally:
        DBOS.destroy()


if __name__ == "__main__":
    asyncio.run(main())
