"""A hall that is booked by the day: tools, rows and plays of another trade than the sample's, for tests of plays."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from switchboard.declare.agent import AgentSpec
from switchboard.declare.play import Condition, Play, Process, Slot, Step
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.errors import Refused
from switchboard.flows.hub import hub

ROWS = [
    ("B-101", "ada", "Monday", "open", 4000),
    ("B-102", "ada", "Friday", "open", 6000),
    ("B-103", "ada", "Sunday", "past", 0),
    ("B-900", "bo", "Monday", "open", 1000),
]
TABLE = "CREATE TABLE IF NOT EXISTS bookings (id TEXT PRIMARY KEY, customer TEXT, day TEXT, state TEXT, paid INTEGER)"


def seed(engine: Engine) -> None:
    """Fill the rows of the hall, where they are not there yet."""
    with engine.begin() as rows:
        rows.execute(text(TABLE))
        for row in ROWS:
            values = dict(zip(("id", "customer", "day", "state", "paid"), row, strict=True))
            rows.execute(text("INSERT OR IGNORE INTO bookings VALUES (:id, :customer, :day, :state, :paid)"), values)


def booking(ctx: Context, number: str) -> dict[str, Any]:
    query = text("SELECT id, day, state, paid FROM bookings WHERE id = :id AND customer = :customer")
    found = ctx.session.execute(query, {"id": number.upper(), "customer": ctx.customer_id}).mappings().first()
    if found is None:
        raise Refused(f"There is no booking {number}.", code="not_found")
    return dict(found)


@tool(effect="read", public=True, verifies=True)
def find_member(ctx: Context, email: str) -> str:
    """Find and verify a member."""
    name = email.split("@")[0]
    if name not in ("ada", "bo"):
        raise Refused("There is no such member.", code="not_found")
    ctx.verify(name)
    return name


@tool(effect="read")
def list_bookings(ctx: Context) -> dict[str, Any]:
    """List the bookings of the member."""
    query = text("SELECT id, day, state FROM bookings WHERE customer = :customer ORDER BY id")
    return {"bookings": [dict(row) for row in ctx.session.execute(query, {"customer": ctx.customer_id}).mappings()]}


@tool(effect="read")
def get_booking(ctx: Context, number: str) -> dict[str, Any]:
    """Look a booking up."""
    return booking(ctx, number)


@tool(effect="write", about="number", called="the cancellation of booking {number}")
def cancel_booking(ctx: Context, number: str, why: str) -> dict[str, Any]:
    """Cancel a booking."""
    found = booking(ctx, number)
    ctx.session.execute(text("UPDATE bookings SET state = 'cancelled' WHERE id = :id"), {"id": found["id"]})
    return {"number": found["id"], "day": found["day"], "refund_cents": found["paid"], "why": why}


@tool(effect="write", about="number", called="another day for booking {number}")
def move_booking(ctx: Context, number: str, day: str) -> dict[str, Any]:
    """Move a booking to another day."""
    found = booking(ctx, number)
    if day == "Sunday":
        raise Refused("The hall is closed on Sundays.", code="closed", arguments=["day"])
    ctx.session.execute(text("UPDATE bookings SET day = :day WHERE id = :id"), {"id": found["id"], "day": day})
    return {"number": found["id"], "day": day}


@tool(effect="send", public=True, ends="escalated")
def call_the_office(summary: str) -> str:
    """Hand over to the office."""
    return "The office writes to you within one business day."


WHICH = Slot("number", "Which booking is it?", r"\bB-?\d{3}\b", among="list_bookings.bookings", key="id", label="{id} on {day}")
DAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
READS = (Step("list_bookings"), Step("get_booking", {"number": "number"}))
OPEN = Condition("get_booking.state", ("open",), "Booking {number} is {get_booking.state}: nothing can be changed.")

cancel = Play(
    name="cancel",
    about="The member wants a booking cancelled.",
    says="The office looks at it.",
    examples=(
        "cancel my booking", "please cancel B-222", "I want to cancel the hall on Monday", "call off my booking for Friday",
        "we do not need the hall any more, cancel it", "cancel the reservation of the hall", "can you cancel my booking please",
        "I would like to cancel booking B-333", "please call off the booking", "cancel the hall",
    ),
    unlike=("how do I cancel a booking", "what does a cancellation cost", "move my booking to another day"),
    process=Process(
        slots=(
            WHICH,
            Slot(
                "why",
                "Is it not needed any more, or was it booked by mistake?",
                choices={"not needed": r"n[o']t (?:need|want)|no longer", "mistake": "mistake|accident|wrong"},
            ),
        ),
        reads=READS,
        conditions=(OPEN,),
        does=Step("cancel_booking", {"number": "number", "why": "why"}),
        told="Booking {result.number} on {result.day} is cancelled. You get {result.refund_cents:money} back.",
        deeds="cancel|call(?:ed)? off",
    ),
)  # fmt: skip
move = Play(
    name="move",
    about="The member wants another day.",
    says="The office looks at it.",
    examples=(
        "move my booking to Tuesday", "can I have another day for B-222", "change the day of my booking", "reschedule the hall",
        "please put my booking on Thursday instead", "I need the hall on another day", "move B-333 to Saturday please",
        "could we shift the booking to Wednesday", "another date for my booking",
    ),
    unlike=("how do I move a booking", "cancel my booking"),
    process=Process(
        slots=(WHICH, Slot("day", "Which day would you like?", rf"\bto (?:a )?({DAY})|^\W*(?:on )?({DAY})\W*$")),
        reads=READS,
        conditions=(OPEN,),
        does=Step("move_booking", {"number": "number", "day": "day"}),
        told="Booking {result.number} is on {result.day} now.",
        deeds="mov|shift|chang|reschedul|another|put",
    ),
)  # fmt: skip
lost = Play(
    name="lost",
    about="The member has lost something in the hall.",
    says="I am sorry that it is lost. The office looks for it.",
    examples=(
        "I lost my scarf in the hall", "we left a bag behind", "has anybody found my keys", "I forgot my jacket in the hall",
        "my umbrella is still in your hall", "did you find a phone", "lost property", "I left my glasses there",
    ),
)  # fmt: skip
TOOLS = (find_member, list_bookings, get_booking, cancel_booking, move_booking, call_the_office)


def hall_of_two() -> TeamSpec:
    """An entry agent who knows the members, and another whose plays are all that it can do; neither has rules of its own."""
    front = AgentSpec("front", "Meets members.", "You meet members.", tools=(find_member, call_the_office))
    tools = (list_bookings, get_booking, cancel_booking, move_booking)
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", tools=tools, plays=(cancel, move))
    members = {"front": front, "desk": desk, "closer": AgentSpec("closer", "Writes the note.", "You write the note.")}
    passes = tuple(Rule("approve", effect=effect) for effect in ("read", "send", "write"))  # type: ignore[arg-type]
    return TeamSpec("hall", "", members, hub("front", {"desk": []}, "closer"), (Rule("confirm", effect="write"), *passes))


def hall(*rules: Rule, policy: Path | None = None) -> TeamSpec:
    """One agent without rules of its own, whose plays are all that it can do, and a closer without."""
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", tools=TOOLS, plays=(cancel, move, lost))
    passes = tuple(Rule("approve", effect=effect) for effect in ("read", "send", "write"))  # type: ignore[arg-type]
    members = {"desk": desk, "closer": AgentSpec("closer", "Writes the note.", "You write the note.")}
    return TeamSpec("hall", "", members, hub("desk", {}, "closer"), (*rules, *passes), policy=policy)
