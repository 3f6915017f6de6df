"""Reading what the engine has recorded of a run."""

from dbos import DBOSClient
from dbos._schemas.datasource_database import datasource_outputs_table
from dbos._serialization import DBOSPortableJSON
from sqlalchemy import Engine, select
from sqlalchemy.engine import URL

from switchboard.cases.cases import RunRef
from switchboard.declare.outcomes import Outcome


def steps_url(rows: URL) -> URL:
    """Where the engine keeps its tables: in the same Postgres, or in a file beside the SQLite file of the rows."""
    if rows.get_backend_name() != "sqlite":
        return rows
    return rows.set(database=f"{str(rows.database).removesuffix('.db')}-steps.db")


def records_of(client: DBOSClient, engine: Engine, ref: RunRef) -> list[tuple[str, Outcome]]:
    """The recorded steps of a run. The last may be known to its rows alone, where a process died before the engine heard.

    They are not asked for by way of DBOS, which would make a step of it within the run.
    """
    steps = client.list_workflow_steps(ref.workflow_id)
    told = [(step["function_name"], {"gave_up": str(step["error"])} if step["error"] else step["output"]) for step in steps]
    table = datasource_outputs_table("dbos" if engine.dialect.name == "postgresql" else None)
    query = select(table.c.output).where(table.c.workflow_id == ref.workflow_id, table.c.output.is_not(None))
    query = query.where(table.c.step_id > max((step["function_id"] for step in steps), default=0))
    with engine.execution_options(reading=True).connect() as connection:
        rest = [DBOSPortableJSON.deserialize(output) for output in connection.scalars(query)]
    return told + [(outcome["name"], outcome) for outcome in rest if "name" in outcome]
