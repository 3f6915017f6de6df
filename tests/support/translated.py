"""The hall of `bookings.py` in German and in French: the same rows and tools, with days as dates, and plays that are data."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, text

from support.bookings import TABLE, booking, find_member
from switchboard.declare.agent import AgentSpec
from switchboard.declare.play import Condition, Play, Process, Slot, Step
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, Tool, tool
from switchboard.declare.vocabulary import Vocabulary
from switchboard.errors import Refused
from switchboard.flows.hub import hub

ROWS = [
    ("B-101", "ada", "2026-08-03", "open", 4000),
    ("B-102", "ada", "2026-08-07", "open", 123456),
    ("B-103", "ada", "2026-05-01", "past", 0),
    ("B-900", "bo", "2026-08-03", "open", 1000),
]
AS_SEEDED = {number: (day, state) for number, _, day, state, _ in ROWS}


def seed(engine: Engine) -> None:
    with engine.begin() as rows:
        rows.execute(text(TABLE))
        for row in ROWS:
            values = dict(zip(("id", "customer", "day", "state", "paid"), row, strict=True))
            rows.execute(text("INSERT OR IGNORE INTO bookings VALUES (:id, :customer, :day, :state, :paid)"), values)


@tool(effect="read")
def list_bookings(ctx: Context) -> dict[str, Any]:
    """List the bookings of the member."""
    query = text("SELECT id, day, state FROM bookings WHERE customer = :customer ORDER BY id")
    return {"bookings": [dict(row) for row in ctx.session.execute(query, {"customer": ctx.customer_id}).mappings()]}


@tool(effect="read")
def get_booking(ctx: Context, number: str) -> dict[str, Any]:
    """Look a booking up."""
    return booking(ctx, number)


def cancelled(ctx: Context, number: str, why: str) -> dict[str, Any]:
    found = booking(ctx, number)
    ctx.session.execute(text("UPDATE bookings SET state = 'cancelled' WHERE id = :id"), {"id": found["id"]})
    return {"number": found["id"], "day": found["day"], "refund_cents": found["paid"], "why": why}


def moved(ctx: Context, number: str, day: str) -> dict[str, Any]:
    found = booking(ctx, number)
    if day.lower() in ("sonntag", "dimanche"):
        raise Refused("The hall is closed on Sundays.", code="closed", arguments=["day"])
    ctx.session.execute(text("UPDATE bookings SET day = :day WHERE id = :id"), {"id": found["id"], "day": day})
    return {"number": found["id"], "day": day}


def tools(called: dict[str, str], comes: str) -> dict[str, Tool]:
    """The tools that write, as the customers of one language hear them called."""

    @tool(effect="write", about="number", called=called["cancel"])
    def cancel_booking(ctx: Context, number: str, why: str) -> dict[str, Any]:
        """Cancel a booking."""
        return cancelled(ctx, number, why)

    @tool(effect="write", about="number", called=called["move"])
    def move_booking(ctx: Context, number: str, day: str) -> dict[str, Any]:
        """Move a booking to another day."""
        return moved(ctx, number, day)

    @tool(effect="send", public=True, ends="escalated")
    def call_the_office(summary: str) -> str:
        """Hand over to the office."""
        return comes

    return {one.name: one for one in (find_member, list_bookings, get_booking, cancel_booking, move_booking, call_the_office)}


READS = (Step("list_bookings"), Step("get_booking", {"number": "number"}))
CANCELS, MOVES = (
    Step("cancel_booking", {"number": "number", "why": "why"}),
    Step("move_booking", {"number": "number", "day": "day"}),
)
NUMBER = r"\bB-?\d{3}\b"


def team(language: str, own: dict[str, Tool], plays: tuple[Play, ...], *rules: Rule) -> TeamSpec:
    passes = tuple(Rule("approve", effect=effect) for effect in ("read", "send", "write"))
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", tools=tuple(own.values()), plays=plays)
    members = {"desk": desk, "closer": AgentSpec("closer", "Writes the note.", "You write the note.")}
    approvals = (*(rules or (Rule("confirm", effect="write"),)), *passes)
    facts: dict[str, Any] = {"language": language, "vocabulary": Vocabulary(currency="EUR")}
    return TeamSpec("hall", "", members, hub("desk", {}, "closer"), approvals, **facts)


# German

WHICH = Slot(
    "number", "Um welche Buchung geht es?", NUMBER, among="list_bookings.bookings", key="id", label="{id} am {day:date}"
)
TAG = "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
OFFEN = Condition("get_booking.state", ("open",), "Die Buchung {number} liegt zurück, daran lässt sich nichts mehr ändern.")
absagen = Play(
    name="absagen",
    about="The member wants a booking cancelled.",
    says="Das Büro sieht es sich an.",
    examples=(
        "meine Buchung stornieren", "bitte B-222 absagen", "ich möchte den Saal am Montag absagen", "sagen Sie die Buchung ab",
        "wir brauchen den Saal nicht mehr, bitte stornieren", "die Reservierung des Saals absagen",
        "können Sie meine Buchung bitte stornieren", "ich will die Buchung B-333 kündigen", "Saal absagen",
        "Buchung stornieren bitte",
    ),
    unlike=("wie storniere ich eine Buchung", "was kostet eine Stornierung", "die Buchung auf einen anderen Tag verschieben"),
    process=Process(
        slots=(
            WHICH,
            Slot(
                "why",
                "Wird er nicht mehr gebraucht, oder war es ein Versehen?",
                choices={"nicht gebraucht": "brauch|gebraucht|nicht mehr", "Versehen": "versehen|falsch|irrtüm"},
            ),
        ),
        reads=READS,
        conditions=(OFFEN,),
        does=CANCELS,
        told="Die Buchung {result.number} am {result.day:date} ist abgesagt. Sie bekommen {result.refund_cents:money} EUR.",
        deeds="absag|stornier|kündig",
    ),
)  # fmt: skip
verschieben = Play(
    name="verschieben",
    about="The member wants another day.",
    says="Das Büro sieht es sich an.",
    examples=(
        "meine Buchung auf Dienstag verschieben", "kann ich einen anderen Tag für B-222 haben", "den Tag meiner Buchung ändern",
        "den Saal verlegen", "legen Sie meine Buchung bitte auf Donnerstag um", "ich brauche den Saal an einem anderen Tag",
        "verschieben Sie B-333 bitte auf Samstag", "könnten wir die Buchung auf Mittwoch legen",
    ),
    unlike=("wie verschiebe ich eine Buchung", "meine Buchung absagen"),
    process=Process(
        slots=(WHICH, Slot("day", "Welcher Tag soll es sein?", rf"\bauf (?:den |einen )?({TAG})|^\W*(?:am )?({TAG})\W*$")),
        reads=READS,
        conditions=(OFFEN,),
        does=MOVES,
        told="Die Buchung {result.number} ist jetzt am {result.day}.",
        deeds="verschieb|verleg|umleg|leg|ander|änder",
    ),
)  # fmt: skip
verloren = Play(
    name="verloren",
    about="The member has lost something in the hall.",
    says="Schade, dass es weg ist. Das Büro sucht danach.",
    examples=(
        "ich habe meinen Schal im Saal verloren", "wir haben eine Tasche liegen lassen", "hat jemand meine Schlüssel gefunden",
        "ich habe meine Jacke im Saal vergessen", "mein Schirm ist noch bei Ihnen im Saal", "wurde ein Handy gefunden",
        "Fundsachen", "meine Brille liegt noch dort",
    ),
)  # fmt: skip
GERMAN = tools(
    {"cancel": "die Absage der Buchung {number}", "move": "ein anderer Tag für die Buchung {number}"},
    "Das Büro schreibt Ihnen innerhalb eines Werktags.",
)


def saal(*rules: Rule) -> TeamSpec:
    return team("de", GERMAN, (absagen, verschieben, verloren), *rules)


# French

LAQUELLE = replace(WHICH, ask="De quelle réservation s'agit-il ?", label="{id} le {day:date}")
JOUR = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
OUVERTE = Condition("get_booking.state", ("open",), "La réservation {number} est passée, on ne peut plus rien y changer.")
annuler = Play(
    name="annuler",
    about="The member wants a booking cancelled.",
    says="Le bureau s'en occupe.",
    examples=(
        "annuler ma réservation", "annulez B-222 s'il vous plaît", "je veux annuler la salle lundi", "annulez la réservation",
        "nous n'avons plus besoin de la salle, annulez-la", "annulation de la salle", "pouvez-vous annuler ma réservation",
        "je voudrais annuler la réservation B-333", "veuillez annuler la salle", "merci d'annuler la réservation",
    ),
    unlike=("comment annuler une réservation", "combien coûte une annulation", "déplacer ma réservation à un autre jour"),
    process=Process(
        slots=(
            LAQUELLE,
            Slot(
                "why",
                "N'en avez-vous plus besoin, ou était-ce une erreur ?",
                choices={"plus besoin": "besoin", "erreur": "erreur|trompé"},
            ),
        ),
        reads=READS,
        conditions=(OUVERTE,),
        does=CANCELS,
        told="La réservation {result.number} du {result.day:date} est annulée. Vous recevez {result.refund_cents:money} EUR.",
        deeds="annul",
    ),
)  # fmt: skip
deplacer = Play(
    name="deplacer",
    about="The member wants another day.",
    says="Le bureau s'en occupe.",
    examples=(
        "déplacer ma réservation à mardi", "un autre jour pour B-222", "changer le jour de ma réservation", "déplacez la salle",
        "mettez ma réservation à jeudi s'il vous plaît", "il me faut la salle un autre jour", "déplacez B-333 à samedi",
        "pourrions-nous reporter la réservation à mercredi",
    ),
    unlike=("comment déplacer une réservation", "annuler ma réservation"),
    process=Process(
        slots=(LAQUELLE, Slot("day", "Quel jour vous faut-il ?", rf"\bà ({JOUR})|^\W*(?:le )?({JOUR})\W*$")),
        reads=READS,
        conditions=(OUVERTE,),
        does=MOVES,
        told="La réservation {result.number} est maintenant {result.day}.",
        deeds="déplac|report|chang|autre|met",
    ),
)  # fmt: skip
perdu = Play(
    name="perdu",
    about="The member has lost something in the hall.",
    says="C'est dommage. Le bureau le cherche.",
    examples=(
        "j'ai perdu mon écharpe dans la salle", "nous avons oublié un sac", "a-t-on trouvé mes clés", "objets trouvés",
        "j'ai oublié ma veste dans la salle", "mon parapluie est encore chez vous", "avez-vous trouvé un téléphone",
        "mes lunettes sont restées là-bas",
    ),
)  # fmt: skip
FRENCH = tools(
    {"cancel": "l'annulation de la réservation {number}", "move": "un autre jour pour la réservation {number}"},
    "Le bureau vous écrit sous un jour ouvré.",
)


def salle(*rules: Rule) -> TeamSpec:
    return team("fr", FRENCH, (annuler, deplacer, perdu), *rules)
