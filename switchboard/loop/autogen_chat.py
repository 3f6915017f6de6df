"""Binding a team to AutoGen: assistants, the executor, the customer's voice, the group chat and its manager."""

import logging
from types import SimpleNamespace
from typing import Any

import autogen
from autogen.io import IOStream
from autogen.oai.openai_utils import OAI_PRICE1K

from switchboard.declare.flow import CUSTOMER, END, EXECUTOR, Branches, Next, Over, Speaker, ToCustomer, ToExecutor
from switchboard.declare.moves import HAND_OFF
from switchboard.errors import DeclarationError
from switchboard.loop.effects import human_answer
from switchboard.loop.executor import run_next_call
from switchboard.loop.limits import stop_if_over
from switchboard.loop.state import Run
from switchboard.loop.turn import as_message, customer_words, take_turn

PRICES = OAI_PRICE1K
"""Dollars per 1,000 prompt and completion tokens by model, as AutoGen knows them."""

# AutoGen announces each custom model client at INFO before it can be registered.
logging.getLogger("autogen.oai.client").setLevel(logging.WARNING)


class TurnClient:
    """AutoGen's ModelClient: one answer is one turn of the agent whom the flow named last."""

    def __init__(self, config: dict[str, Any], run: Run) -> None:
        self._run = run

    def create(self, params: dict[str, Any]) -> Any:
        run = self._run
        message = as_message(run, take_turn(run, run.team.members[run.speaker]))
        answer = AnswerMessage(message)
        return SimpleNamespace(choices=[SimpleNamespace(message=answer)], model="switchboard")

    def message_retrieval(self, response: Any) -> list[Any]:
        message = response.choices[0].message
        return [message if message.tool_calls else message.content]

    def cost(self, response: Any) -> float:
        return 0.0

    @staticmethod
    def get_usage(response: Any) -> dict[str, Any]:
        return {}


class AnswerMessage:
    """A chat message in the form that AutoGen takes from a model client."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.content = message["content"]
        self.tool_calls = message.get("tool_calls")
        self.function_call = None

    def model_dump(self) -> dict[str, Any]:
        return {"role": "assistant", "content": self.content, "tool_calls": self.tool_calls}


class SilentStream(IOStream):  # type: ignore[misc]
    """AutoGen prints its events; what a person sees is the console's business."""

    def print(self, *objects: Any, sep: str = " ", end: str = "\n", flush: bool = False) -> None:
        return None

    def send(self, message: Any) -> None:
        return None

    def input(self, prompt: str = "", *, password: bool = False) -> str:
        raise EOFError("AutoGen never asks a person here; the run's Human does.")


def converse(run: Run) -> None:
    """Run the group chat, from where the transcript stands, until the flow or a limit ends it."""
    agents = _agents(run)

    def next_speaker(_: Any, __: autogen.GroupChat) -> Any:
        name = who_is_next(run)
        run.speaker = name
        return None if name == END else agents[name]

    rounds = run.team.limits.turns * 2 + run.team.limits.tool_calls + 20
    chat = autogen.GroupChat(
        agents=list(agents.values()),
        messages=[],
        max_round=rounds,
        speaker_selection_method=next_speaker,
        allowed_or_disallowed_speaker_transitions=star(list(agents.values())),
        speaker_transitions_type="allowed",
        enable_clear_history=False,
    )
    manager = autogen.GroupChatManager(
        chat,
        name="manager",
        llm_config=False,
        human_input_mode="NEVER",
        code_execution_config=False,
        is_termination_msg=_never,
        silent=True,
    )
    # AutoGen must be told something; whose turn it is the flow reads from our transcript.
    opening = next((e.text for e in reversed(run.transcript) if e.speaker == CUSTOMER and e.kind == "message"), "")
    with IOStream.set_default(SilentStream()):
        agents[CUSTOMER].initiate_chat(manager, message=opening or " ", silent=True)


def star(agents: list[Any]) -> dict[Any, list[Any]]:
    """A graph of transitions that names every agent. Our flow decides and AutoGen asks the graph for nothing, but would
    check each pair of a complete one at the start of every run, which takes a quarter of its time.
    """
    first, *others = agents
    return {first: others, **{agent: [first] for agent in others}}


def who_is_next(run: Run) -> str:
    """The flow's choice, unless the run has ended or a limit ends it now."""
    if run.end:
        return END
    name = name_of(run.team.flow.next(run.transcript, run.live))
    if name != END and stop_if_over(run):
        return END
    return name


def name_of(following: Next) -> str:
    """Whom the flow means. Raises DeclarationError for branches, which no run can go into yet."""
    match following:
        case Speaker(name):
            return name
        case ToExecutor():
            return EXECUTOR
        case ToCustomer():
            return CUSTOMER
        case Over():
            return END
        case Branches(branches):
            agents = ", ".join(branch.agent for branch in branches)
            raise DeclarationError(f"The flow lets {agents} work side by side, which needs child runs; there are none yet.")


def _never(_: dict[str, Any]) -> bool:
    """No text ends a run: the flow does. A customer or a tool may say TERMINATE like any other word."""
    return False


def _agents(run: Run) -> dict[str, Any]:
    cap = run.team.limits.turns * 2 + run.team.limits.tool_calls + 20
    common: dict[str, Any] = {
        "human_input_mode": "NEVER",
        "code_execution_config": False,
        "llm_config": False,
        "is_termination_msg": _never,
        "max_consecutive_auto_reply": cap,
    }
    agents: dict[str, Any] = {
        CUSTOMER: autogen.UserProxyAgent(CUSTOMER, **common),
        EXECUTOR: autogen.UserProxyAgent(EXECUTOR, **common),
    }

    def words(_: Any, messages: list[dict[str, Any]] | None = None, sender: Any = None, config: Any = None) -> Any:
        question = str((messages or [{}])[-1].get("content") or "")
        said = human_answer(run, "words", lambda: run.human.next_words(question))
        assert said is None or isinstance(said, str)
        if run.end and not said:  # an operator took the case while the customer was to speak, who has not left
            return True, str(run.reason)
        return True, customer_words(run, said)

    agents[CUSTOMER].register_reply([autogen.Agent, None], words, position=0)
    names = [*run.team.tools, HAND_OFF]
    agents[EXECUTOR].register_function({name: lambda **_: run_next_call(run) for name in names})
    # One client for all assistants of the run: AutoGen would build one for each, and most of them never speak.
    client = autogen.OpenAIWrapper(config_list=[{"model": "switchboard", "model_client_cls": "TurnClient"}])
    client.register_model_client(TurnClient, run=run)
    for name, spec in run.team.members.items():
        agents[name] = autogen.AssistantAgent(name, system_message=spec.prompt, description=spec.description, **common)
        agents[name].client = client
    return agents
