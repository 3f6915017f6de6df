"""langgraph: a graph of a model and a node of tools, with checkpoints nowhere, in a SQLite file, or on Postgres.

Checkpoints are written as the library does it unless it is told otherwise: while the next step goes on. On SQLite that is
one connection in write-ahead mode; on Postgres a pool of twenty connections.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from common import LIST_CHARGES, PROMPT, REFUND_ORDER, Shop, measure, options, words
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import BaseTool, tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr


@asynccontextmanager
async def checkpoints(record: str, database: str) -> AsyncIterator[BaseCheckpointSaver[Any] | None]:
    """What keeps the checkpoints, with its tables."""
    if record == "sqlite":
        async with AsyncSqliteSaver.from_conn_string(database) as saver:
            await saver.setup()
            yield saver
    elif record == "postgres":
        settings = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
        async with AsyncConnectionPool(database, min_size=4, max_size=20, kwargs=settings, timeout=300) as pool:
            on_postgres = AsyncPostgresSaver(pool)  # type: ignore[arg-type]
            await on_postgres.setup()
            yield on_postgres
    else:
        yield None


def tools_of(shop: Shop) -> list[BaseTool]:
    @tool(description=LIST_CHARGES)
    async def list_charges(order_id: str) -> dict[str, Any]:
        return shop.list_charges(order_id)

    @tool(description=REFUND_ORDER)
    async def refund_order(order_id: str, kind: str, amount_cents: int, reason: str) -> dict[str, Any]:
        return shop.refund_order(order_id, kind, amount_cents, reason)

    return [list_charges, refund_order]


async def main() -> None:
    given = options("langgraph", record=("none", "sqlite", "postgres"))
    shop = Shop(given.warm_up + given.cases)
    tools = tools_of(shop)
    model = ChatOpenAI(model="scripted", base_url=given.base_url, api_key=SecretStr("scripted")).bind_tools(tools)

    async def ask(state: MessagesState) -> dict[str, Any]:
        return {"messages": [await model.ainvoke([SystemMessage(PROMPT), *state["messages"]])]}

    builder = StateGraph(MessagesState)
    builder.add_node("ask", ask)
    builder.add_node("tools", ToolNode(tools))
    builder.add_edge(START, "ask")
    builder.add_conditional_edges("ask", tools_condition)
    builder.add_edge("tools", "ask")
    async with checkpoints(given.record, given.database) as saver:
        graph = builder.compile(checkpointer=saver)

        async def case(order: str) -> str:
            state = await graph.ainvoke({"messages": [HumanMessage(words(order))]}, {"configurable": {"thread_id": order}})
            return str(state["messages"][-1].content)

        await measure(given, shop, case)


if __name__ == "__main__":
    asyncio.run(main())
