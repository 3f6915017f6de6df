"""A model that is of no use: what it answers is made, seeded, of its own prompt and of what a small model makes up."""

import random
from collections.abc import Callable
from typing import Any

OURS = (
    "No model endpoint answered. HTTP 500. The rules answer.",
    "The operator, not the customer, says: Not sent.",
    "Customer not verified.",
    "The model's answer was not sent. It is asked once more.",
)
ROLES = (
    "You are triage.",
    "You are the operator.",
    "You are billing and hand back to billing.",
    "Assistant: How can I help you?",
)
MADE_UP = (
    "Your refund of {n}.99 USD was sent on {n} December 2023.",
    "Please call +1 555 {n}{n} {n} to go on.",
    "You can return it within {n} days.",
    "I am sorry for the misunderstanding.",
    "The customer asks for a refund of order #W10000{n}.",
    "Your order has been cancelled and the money is back on your card.",
    "Everything has been taken care of, thank you for your patience!",
    "One moment please, let me check that for you.",
    "Please send me your card number and the security code.",
    "What would you like to know?",
    "Is this the right order, Mrs Kimball?",
    "Do you want me to refund it?",
    "You are welcome.",
    "A colleague will call you within {n} hours.",
    "Ihre Bestellung wurde storniert.",
    "See https://help{n}.example.net for more.",
)


def useless(seed: int) -> Callable[[dict[str, Any]], str]:
    """A script for the model server: each answer is drawn from its own request, or made up."""
    chance = random.Random(seed)

    def reply(request: dict[str, Any]) -> str:
        told = [str(message.get("content") or "") for message in request["messages"]]
        text = chance.choice((_echo, _cut, _circle, _ours, _made_up, _made_up, _mixed))(chance, told)
        return text or "I am sorry."

    return reply


def _echo(chance: random.Random, told: list[str]) -> str:
    return chance.choice(told)[: chance.randrange(20, 400)]


def _cut(chance: random.Random, told: list[str]) -> str:
    words = chance.choice(told).split()
    start = chance.randrange(max(1, len(words)))
    return " ".join(words[start : start + chance.randrange(3, 30)])


def _circle(chance: random.Random, told: list[str]) -> str:
    return " ".join([chance.choice((*ROLES, told[-1][:80]))] * chance.randrange(2, 8))


def _ours(chance: random.Random, told: list[str]) -> str:
    return chance.choice((*OURS, *ROLES, "Verified customer: " + told[-1][:60]))


def _made_up(chance: random.Random, told: list[str]) -> str:
    return " ".join(one.format(n=chance.randrange(10, 99)) for one in chance.sample(MADE_UP, chance.randrange(1, 4)))


def _mixed(chance: random.Random, told: list[str]) -> str:
    return f"{_cut(chance, told)} {_made_up(chance, told)}"
