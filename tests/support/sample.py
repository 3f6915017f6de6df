"""A database with the sample in it, which the program itself fills only where it is the sample project's own file."""

import shutil
from pathlib import Path

from sqlalchemy import Engine, make_url

from support.own_shop import opened
from switchboard.console.databases import prepared as prepared_for
from switchboard.console.sample import load_sample
from switchboard.project import Project, open_project, sample_folder


def sample_project() -> Project:
    return open_project(sample_folder())


def prepared(url: str) -> Engine:
    """An engine on `url`, migrated, and filled by its operator; a file that is not there yet is a copy of one that was."""
    _copied(url)
    project = sample_project()
    engine = prepared_for(url, project)
    load_sample(engine, project)
    return engine


def _copied(url: str) -> None:
    """Lay a copy of the opened shop, and of the engine's tables, where a SQLite file is missing."""
    if not url.startswith("sqlite") or (rows := Path(str(make_url(url).database))).exists():
        return
    for file in opened().iterdir():
        shutil.copyfile(file, rows.with_name(file.name.replace("switchboard", rows.stem)))
