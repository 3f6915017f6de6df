"""Binding a team to AutoGen: assistants, the executor, the customer's voice, the group chat and its manager.

A chat is lent to one run at a time and comes back empty, as most of a chat's cost is its agents. Of AutoGen's traps, these
are taken away here: each agent has the one way to reply that it needs, so no text is run as code and no key on a terminal
runs a tool; no word ends or clears a chat, which is the flow's to do; the executor runs what our record says that was asked
for, and by whom, whatever a message holds; and an assistant joins when it is named, as each message is sent to all who did.
"""

from collections import deque
from typing import Any
from weakref import WeakKeyDictionary

from switchboard.declare.flow import CUSTOMER, END, EXECUTOR, Branches, Over, Speaker, ToCustomer, ToExecutor
from switchboard.declare.moves import HAND_OFF
from switchboard.declare.team import Limits, TeamSpec
from switchboard.loop.drafts import is_suggested
from switchboard.loop.drive import branch_out
from switchboard.loop.effects import human_answer
from switchboard.loop.executor import run_next_call, run_pending
from switchboard.loop.limits import stop_if_over
from switchboard.loop.recording.moves import as_message
from switchboard.loop.recording.words import customer_words
from switchboard.loop.state import Run
from switchboard.loop.turn import take_turn
from switchboard.models.lean_import import without

MODEL_CLIENTS = ("openai", "anthropic", "boto3", "cerebras", "cohere", "groq", "mistralai", "ollama", "together")
"""What AutoGen uses where it is installed, to ask models itself; here the gateway asks. openai alone takes half a second."""

with without(*MODEL_CLIENTS):  # a program that wants AutoGen with them as well imports it before
    import autogen
    from autogen.io import IOStream

MOST_IDLE = 200
"""Chats of one team that are kept for later runs."""
ANYBODY = autogen.ConversableAgent
"""Whom a reply function answers. Of AutoGen's `Agent`, a protocol, each look at an agent takes twenty times as long."""


class SilentStream(IOStream):  # type: ignore[misc]
    """AutoGen prints its events; what a person sees is the console's business."""

    def print(self, *objects: Any, sep: str = " ", end: str = "\n", flush: bool = False) -> None:
        return None

    def send(self, message: Any) -> None:
        return None

    def input(self, prompt: str = "", *, password: bool = False) -> str:
        raise EOFError("AutoGen never asks a person here; the run's Human does.")


class Chat:
    """The group chat of a team. It holds no team, so that a team which nobody has any more takes its chats along."""

    def __init__(self, team: TeamSpec) -> None:
        self._run: Run | None = None
        self._customer = self._joined(autogen.UserProxyAgent(CUSTOMER, **_settings()), self._words)
        self._executor = self._joined(autogen.UserProxyAgent(EXECUTOR, **_settings()), _tool_calls)
        self._executor.register_function(dict.fromkeys((*team.tools, HAND_OFF), self._next_call))
        self._assistants: dict[str, Any] = {}
        both = [self._customer, self._executor]
        self._chat = autogen.GroupChat(
            agents=both,
            messages=[],
            max_round=most_rounds(team.limits),
            speaker_selection_method=self._next_speaker,
            # Our flow decides and AutoGen asks the graph for nothing, but wants one that names whoever is there.
            allowed_or_disallowed_speaker_transitions={one: [*both] for one in both},
            speaker_transitions_type="allowed",
            enable_clear_history=False,
        )
        self._manager = autogen.GroupChatManager(self._chat, name="manager", silent=True, **_settings())

    def hold(self, run: Run) -> None:
        """Hold the chat of one run, from where its transcript stands. An error leaves the chat as it was at that moment."""
        self._run = run
        # AutoGen must be told something; whose turn it is the flow reads from our transcript.
        opening = next((e.text for e in reversed(run.transcript) if e.speaker == CUSTOMER and e.kind == "message"), "")
        self._customer.initiate_chat(self._manager, message=opening or " ", silent=True, summary_method=None)
        if len(self._chat.messages) >= self._chat.max_round and not run.end:
            run.stop("limit", "The group chat came to its last round.")
        for agent in (self._customer, self._executor, *self._assistants.values(), self._manager):
            agent.reset()
        del self._chat.agents[2:]
        self._run = None

    @property
    def _its(self) -> Run:
        assert self._run is not None, "nobody speaks in a chat that is lent to no run"
        return self._run

    def _next_speaker(self, _: Any, chat: Any) -> Any:
        run = self._its
        run.speaker = name = who_is_next(run)
        if name == END:
            return None
        for agent in chat.agents:
            if agent.name == name:
                return agent
        if name not in self._assistants:
            spec = run.team.members[name]
            agent = autogen.AssistantAgent(name, system_message=spec.prompt, description=spec.description, **_settings())
            self._assistants[name] = self._joined(agent, self._turn)
        # The manager sends each message to all agents there; assistants read our transcript, and need no copies.
        chat.agents[2:] = [self._assistants[name]]
        return self._assistants[name]

    def _turn(self, agent: Any, messages: Any = None, sender: Any = None, config: Any = None) -> tuple[bool, Any]:
        run = self._its
        return True, as_message(run, take_turn(run, run.team.members[agent.name]))

    def _words(self, agent: Any, messages: Any = None, sender: Any = None, config: Any = None) -> tuple[bool, Any]:
        run = self._its
        question = next((e.text for e in reversed(run.transcript) if e.kind == "message" and not e.meanwhile), "")
        said = human_answer(run, "words", lambda: run.human.next_words(question))
        assert said is None or isinstance(said, str)
        if run.end and not said:  # an operator took the case while the customer was to speak, who has not left
            return True, str(run.reason)
        words = customer_words(run, said)
        run_pending(run)  # what the words let pass
        return True, words

    def _next_call(self, **_: Any) -> str:
        return run_next_call(self._its)

    @staticmethod
    def _joined(agent: Any, reply: Any) -> Any:
        """The agent with one way to reply in place of AutoGen's list of them, which it would try in turn."""
        agent.register_reply(ANYBODY, reply, remove_other_reply_funcs=True)
        return agent


def converse(run: Run) -> None:
    """Run the group chat, from where the transcript stands, until the flow or a limit ends it."""
    chats = _chats.setdefault(run.team, deque())
    try:
        chat = chats.pop()
    except IndexError:
        chat = Chat(run.team)
    with IOStream.set_default(SILENT):
        chat.hold(run)  # what ends with an error takes its chat along
    if len(chats) < MOST_IDLE:
        chats.append(chat)


SILENT = SilentStream()
_chats: WeakKeyDictionary[TeamSpec, deque[Chat]] = WeakKeyDictionary()
"""The chats that are lent to nobody, by team."""


def who_is_next(run: Run) -> str:
    """The flow's choice, unless the run has ended or a limit ends it now. Branches are gone into and joined on the way."""
    while not run.end:
        following = run.team.flow.next(run.transcript, run.live)
        if isinstance(following, Over) and following.end:
            run.stop(following.end, following.reason)
        if isinstance(following, Over) or stop_if_over(run) or is_suggested(run, following):
            break
        if not isinstance(following, Branches):
            return name_of(following)
        branch_out(run, following.branches)
    return END


def name_of(following: Speaker | ToExecutor | ToCustomer) -> str:
    """Whom the flow means."""
    match following:
        case Speaker(name):
            return name
        case ToExecutor():
            return EXECUTOR
        case ToCustomer():
            return CUSTOMER


def _tool_calls(executor: Any, messages: Any = None, sender: Any = None, config: Any = None) -> tuple[bool, Any]:
    """AutoGen's own way to answer tool calls: by the functions that are registered with the executor."""
    return executor.generate_tool_calls_reply(messages, sender)  # type: ignore[no-any-return]


def most_rounds(limits: Limits) -> int:
    """More rounds than our own limits, which say why, let a run have: a turn and its calls' answer, for each message."""
    return limits.customer_messages * (2 * limits.turns + limits.tool_calls + 20)


def _never(_: dict[str, Any]) -> bool:
    """No text ends a run: the flow does. A customer or a tool may say TERMINATE like any other word."""
    return False


def _settings() -> dict[str, Any]:
    return {
        "human_input_mode": "NEVER",
        "code_execution_config": False,
        "llm_config": False,
        "is_termination_msg": _never,
    }
