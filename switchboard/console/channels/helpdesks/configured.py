"""The help desks that a project's file names."""

from switchboard.console.app import Workplace
from switchboard.console.channels.helpdesks.chatwoot import Chatwoot
from switchboard.console.channels.helpdesks.zammad import Zammad
from switchboard.console.channels.helpdesks.zendesk import Zendesk
from switchboard.errors import about
from switchboard.project import FILE
from switchboard.service.channels.conversation import HelpDesk
from switchboard.service.channels.help_desk import HelpDeskChannel
from switchboard.service.channels.table import HelpDeskTable
from switchboard.tables.project_file import placed
from switchboard.toolsets.environment import value_of


def help_desks(place: Workplace) -> list[tuple[HelpDeskChannel, str]]:
    """The channels of the help desks, each with the team that works on what is written there. Raises OperatorError."""
    tables = place.project.file.channels
    makes = [(tables.chatwoot, Chatwoot), (tables.zammad, Zammad), (tables.zendesk, Zendesk)]
    return [_made(place, table, make) for table, make in makes if table]


def _made(place: Workplace, table: HelpDeskTable, make: type[HelpDesk]) -> tuple[HelpDeskChannel, str]:
    where = f"[channels.{make.name}]"
    with placed(place.project.folder / FILE, FILE, "channels", make.name, table=where):
        with about("token"):
            token = value_of(table.token, where)
        with about("secret"):
            secret = value_of(table.secret, where)
        with about("team"):
            team = place.project.team_name(table.team)
    return HelpDeskChannel(place.engine, make(table, token, secret), table.most_answers), team  # type: ignore[call-arg]
