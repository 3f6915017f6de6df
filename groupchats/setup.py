"""What the shop gives to the program beside its teams: rows, the sample, payments, routing, sources, and commands.

Everything is imported when it is asked for, since each command imports this file.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from switchboard.project import ProjectSetup
from tools.importing.commands import export_app, import_app
from tools.outreach.commands import outreach_app

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from agents.routing.departments import Routing
    from switchboard.settings import Variables

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The folder that holds the database.")]


def migrate(engine: "Engine") -> None:
    from tools.store import migrate_shop

    migrate_shop(engine)


def load_sample(engine: "Engine") -> bool:
    from tools.store import seed

    return seed(engine)


def services() -> dict[str, Any]:
    from tools.payments import provider_from
    from tools.settings import shop_settings

    settings = shop_settings()
    return {"payments": provider_from(settings), "companies": settings.companies}


def customer(engine: "Engine", services: Mapping[str, Any], customer_id: str) -> list[tuple[str, str]]:
    from tools.customers import known

    return known(engine, services, customer_id)


def settle(engine: "Engine", services: Mapping[str, Any]) -> str:
    """Ask the payment provider for what it has not confirmed yet, and send the letters that wait in the outbox."""
    from tools.outreach.outbox import settle_outbox
    from tools.payments import settle_requested

    settled = settle_requested(engine, services["payments"])
    sent = settle_outbox(engine, services.get("mail"))
    told = {"The payment provider has confirmed what was open": settled, "Letters that waited were sent": sent}
    return " ".join(f"{what}: {count}." for what, count in told.items() if count)


def route(text: str) -> "Routing":
    from agents.routing.departments import route

    return route(text)


def learn() -> Mapping[Path, str]:
    from agents.learn import kept

    return kept()


def settings() -> Sequence[type["Variables"]]:
    from tools.settings import ShopSettings

    return (ShopSettings,)


tau2 = typer.Typer(help="The retail domain of tau2-bench on this desk's tools.", no_args_is_help=True)
evaluations = typer.Typer(help="What is measured beside the program's own evaluations.")
Users = Annotated[Path, typer.Option(help="users.json of the retail domain.")]
Orders = Annotated[Path, typer.Option(help="orders.json of the retail domain.")]
Products = Annotated[Path, typer.Option(help="products.json of the retail domain.")]


@tau2.command()
def replay(
    users: Users,
    orders: Orders,
    products: Products,
    tasks: Annotated[Path, typer.Option(help="The tasks, with their reference actions.")],
    json: Json = False,
    data: Data = None,
) -> None:
    """Run each task's reference actions through the executor on a fresh copy of the store, and tell what changed."""
    from groupchats.desk import team
    from tools.tau2 import replay_files

    raise typer.Exit(replay_files(team, users, orders, products, tasks, json))


@evaluations.command("tau2")
@tau2.command()
def play(
    users: Users,
    orders: Orders,
    products: Products,
    tasks: Annotated[Path, typer.Option(help="The tasks, with what is told of each customer, and the rows as they shall be.")],
    trials: Annotated[int, typer.Option("--trials", min=1, max=100, help="How often each is played.")] = 1,
    without_model: Annotated[bool, typer.Option("--without-model", help="By rules, and with a scripted customer.")] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Let a simulated customer of each task talk with the desk, and tell of how many the rows are right in the end."""
    from groupchats.desk import team
    from tools.tau2_play import play_files

    raise typer.Exit(play_files(team, (users, orders, products), tasks, trials, with_models=not without_model, json=json))


@tau2.command()
def load(
    users: Users,
    orders: Orders,
    products: Products,
    replace: Annotated[
        bool, typer.Option("--replace", help="Set the database aside that is there, and begin a new one.")
    ] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Put the store into the database, so that the desk serves its customers; another store there is not overwritten."""
    from tools.tau2_load import load_files

    load_files(users, orders, products, replace=replace, data=data, json=json)


setup = ProjectSetup(
    migrate=migrate,
    load_sample=load_sample,
    services=services,
    chore=settle,
    customer=customer,
    route=route,
    learn=learn,
    sources=Path(__file__).parent.parent / "tools" / "sources",
    settings=settings,
    commands={"import": import_app, "export": export_app, "tau2": tau2, "outreach": outreach_app, "eval": evaluations},
)
