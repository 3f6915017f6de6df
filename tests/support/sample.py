"""A database with the sample in it, which the program itself fills only where it is the sample project's own file."""

from sqlalchemy import Engine

from switchboard.console.databases import prepared as prepared_for
from switchboard.console.sample import load_sample
from switchboard.project import Project, open_project, sample_folder


def sample_project() -> Project:
    return open_project(sample_folder())


def prepared(url: str) -> Engine:
    """An engine on `url`, migrated, and filled by its operator."""
    project = sample_project()
    engine = prepared_for(url, project)
    load_sample(engine, project)
    return engine
