"""Stock AutoGen: an assistant and a user proxy that runs its calls, or the two and another in a group chat ("auto").

An agent's history is its state, so each case has agents of its own, in a thread of its own. Their tools are declared once
for all cases. In the group chat the model is asked who speaks next, but for calls, which AutoGen gives to whom can run
them: three questions more a case.
"""

import argparse
import logging
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import autogen
from common import PROMPT, Shop, measure_in_threads, options, schemas, words
from model_server import NEXT_SPEAKER


def is_last(message: dict[str, Any]) -> bool:
    """Whether a message is the answer to the customer."""
    return message.get("name", NEXT_SPEAKER) == NEXT_SPEAKER and not message.get("tool_calls")


class Desk:
    """Makes the agents of a case."""

    def __init__(self, given: argparse.Namespace, shop: Shop) -> None:
        entry = {"model": "scripted", "base_url": given.base_url, "api_key": "scripted", "price": [0, 0]}
        self.model: dict[str, Any] = {"config_list": [entry], "cache_seed": None}
        self.with_tools = {**self.model, "tools": schemas()}
        self.functions: dict[str, Callable[..., Any]] = {
            "list_charges": shop.list_charges,
            "refund_order": shop.refund_order,
        }

    def refunds(self) -> autogen.AssistantAgent:
        told = "Gives money back, and runs no calls."
        return autogen.AssistantAgent(NEXT_SPEAKER, system_message=PROMPT, llm_config=self.with_tools, description=told)

    def customer(self) -> autogen.UserProxyAgent:
        proxy = autogen.UserProxyAgent(
            "customer", human_input_mode="NEVER", code_execution_config=False, is_termination_msg=is_last
        )
        proxy.register_function(self.functions)
        return proxy

    def pair(self, order: str) -> str:
        refunds, customer = self.refunds(), self.customer()
        customer.initiate_chat(refunds, message=words(order), silent=True)
        return str(customer.last_message(refunds)["content"])

    def auto(self, order: str) -> str:
        refunds, customer = self.refunds(), self.customer()
        told = "Answers questions on where an order is."
        orders = autogen.AssistantAgent("orders", system_message=told, llm_config=self.model, description=told)
        chat = autogen.GroupChat([customer, refunds, orders], messages=[], max_round=12, speaker_selection_method="auto")
        manager = autogen.GroupChatManager(chat, llm_config=self.model, is_termination_msg=is_last)
        customer.initiate_chat(manager, message=words(order), silent=True)
        return str(chat.messages[-1]["content"])


def main() -> None:
    given = options("autogen", chat=("pair", "auto"))
    shop = Shop(given.warm_up + given.cases)
    desk = Desk(given, shop)
    logging.disable(logging.WARNING)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # it prints its events whatever it is told
        measure_in_threads(given, shop, desk.auto if given.chat == "auto" else desk.pair)


if __name__ == "__main__":
    main()
