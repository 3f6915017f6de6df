"""A kennel: stays of dogs on another side, their vaccination passes on a second one, and a play that moves a stay."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine

from switchboard.cases import cases
from switchboard.cases.approvals import answer, call_that_waits
from switchboard.cases.cases import RunRef
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.declare.agent import AgentSpec, Twin
from switchboard.declare.human import Approval
from switchboard.declare.moves import Call
from switchboard.declare.play import Condition, Play, Process, Slot, Step
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.engine.worker import Worker
from switchboard.errors import NotKnown, ToolError
from switchboard.flows.hub import hub
from switchboard.toolsets.argument_types import inlined
from switchboard.toolsets.built_in.handover import hand_over_to_a_person
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

ASKED = "please move the stay K-12 to kennel 7"
TEXT = {"type": "string"}
LEFT = Call(hand_over_to_a_person.name, {"summary": "It was not finished."})


def takes(*names: str) -> dict[str, Any]:
    return dict(inlined({"type": "object", "properties": dict.fromkeys(names, TEXT), "required": list(names)}, {}))


class Kennel:
    """The other sides: what they have may be another thing at each look."""

    def __init__(self) -> None:
        self.stay: dict[str, Any] = {"stay": "K-12", "owner": "O-3", "state": "BOOKED", "dog": "D-4", "from": "2031-05-02"}
        self.passes: dict[str, Any] = {"dog": "D-4", "shots": "valid"}
        self.others: dict[str, dict[str, Any]] = {}
        self.looks: list[str] = []
        self.moved: list[str] = []
        self.silent = self.gone = False

    def get(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        self.looks.append("stay")
        if self.gone:
            raise ToolError("There is no such stay.", code="not_found")
        return self.others.get(arguments["stay"], dict(self.stay))

    def shots(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        self.looks.append("pass")
        return dict(self.passes)

    def move(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        self.moved.append(f"{arguments['stay']} {arguments['kennel']}")
        if self.silent:
            raise NotKnown("No answer came.")
        return {"stay": arguments["stay"], "kennel": arguments["kennel"]}

    def team(
        self,
        *rules: Rule,
        check: bool = True,
        does: Twin | None = None,
        of: str | None = "stay",
        keyed: bool = True,
        told: str = "",
    ) -> TeamSpec:
        facts = {
            "get_stay": Facts(effect="read", owner="owner"),
            "move_stay": Facts(
                effect="write",
                key="Idempotency-Key" if keyed else None,
                of=of,
                check="get_stay" if check else None,
                owner=None if check else False,
                called="the move of stay {stay}",
                read_back=f"Stay {{stay}} is moved to kennel {{kennel}}.{told}",
            ),
        }
        operations = {
            "get_stay": (Operation("get_stay", "Get a stay.", takes("stay")), self.get),
            "move_stay": (Operation("move_stay", "Move a stay.", takes("stay", "kennel")), self.move),
        }
        passes = {"get_pass": (Operation("get_pass", "Get a dog's pass.", takes("dog")), self.shots)}
        made = {**tools_from(operations, facts), **tools_from(passes, {"get_pass": Facts(effect="read", public=True)})}

        @tool(effect="read", public=True, verifies=True)
        def find_owner(ctx: Context, email: str) -> str:
            """Find and verify an owner."""
            ctx.verify("O-3")
            return "O-3"

        tools = (find_owner, hand_over_to_a_person, *made.values())
        spec = AgentSpec("stays", "Moves stays.", "You.", tools=tools, plays=(MOVING,), without_model=does)
        reception = AgentSpec("reception", "Meets.", "You meet.", tools=(find_owner, hand_over_to_a_person))
        members = {"reception": reception, "stays": spec, "closer": AgentSpec("closer", "Notes.", "You note.")}
        always = (Rule("approve", effect="read"), Rule("approve", effect="send"))
        flow = hub("reception", {"stays": []}, "closer")
        return TeamSpec("kennel", "", members, flow, (*rules, *always), rescue=lambda _: LEFT)


MOVING = Play(
    "moving",
    "The owner wants another kennel for a stay.",
    "We see to it.",
    examples=(
        "move my dog to another kennel", "please move the stay", "another kennel for the stay", "move us to kennel 3",
        "can my dog have another kennel", "move the stay to a quieter kennel", "I want another kennel", "change the kennel",
    ),
    process=Process(
        told="Stay {stay} has kennel {result.kennel} now.",
        slots=(Slot("stay", "Which stay?", form=r"K-\d+"), Slot("kennel", "Which kennel?", form=r"kennel (\d+)")),
        reads=(Step("get_stay", {"stay": "stay"}), Step("get_pass", {"dog": "get_stay.dog"})),
        conditions=(
            Condition("get_stay.state", ("BOOKED",), "Stay {stay} is {get_stay.state}: nothing of it can be moved."),
            Condition("get_pass.shots", ("valid",), "The pass of {get_pass.dog} has run out, so {stay} stays where it is."),
        ),
        does=Step("move_stay", {"stay": "stay", "kennel": "kennel"}),
        deeds="move|change|another",
    ),
)  # fmt: skip
CONFIRM = (Rule("confirm", tool="move_stay"), Rule("approve", tool="move_stay"))
ASK = (Rule("ask", tool="move_stay"),)
BOTH = (Rule("confirm", tool="move_stay"), Rule("ask", tool="move_stay"))


class KennelCase:
    """A recorded case that goes on word by word; that it replays is looked at after each."""

    def __init__(self, engine: Engine, spec: TeamSpec, opening: str = ASKED) -> None:
        self.engine, self.environment = engine, Environment(engine, {"kennel": spec})
        with Worker(self.environment) as worker:
            ref = worker.open_case("kennel", opening, known={"email": "ada@example.com"})
            self.id, self.document = ref.case_id, worker.work(ref)
        self.replays()

    def replays(self) -> str:
        assert rebuild(self.environment, self.id).complete
        return str(self.document["reply"])

    @property
    def end(self) -> str:
        return str(self.document["end"])

    def begins(self, begin: Callable[[str | None], RunRef | None]) -> str:
        """The next run of the case, worked on to its end; gives the reply."""
        with Worker(self.environment) as worker:
            ref = begin(worker.workflows.executor)
            assert ref
            self.document = worker.work(ref)
        return self.replays()

    def hears(self, words: str) -> str:
        return self.begins(lambda executor: cases.hear(self.engine, self.id, words, executor)[0])

    def answered(self, by: str = "olga", **facts: Any) -> str:
        waits, approval = call_that_waits(self.engine, self.id), Approval(facts.pop("answer", "approve"), by, **facts)
        return self.begins(lambda executor: answer(self.engine, self.id, waits.hash, approval, executor))

    def handed_back(self, note: str = "Go on.", by: str = "olga") -> str:
        return self.begins(lambda executor: cases.hand_back(self.engine, self.id, by, note, executor))
