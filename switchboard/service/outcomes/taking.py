"""Taking a question over into the project: into an article with its answer, or to the examples of a department."""

import re
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.errors import OperatorError
from switchboard.project import Project
from switchboard.service.outcomes.suggestions import Suggestion, mark_taken

ARTICLE = re.compile(r"[\w][\w.-]{0,80}\.md")
DASHES = re.compile(r"-{2,}")
MOST_HEADING = 120


def take_into_article(engine: Engine, project: Project, one: Suggestion, name: str, words: str, by: str) -> Path:
    """Add a section to a file of the articles, which is made where it is not there: the question, and the answer that is
    given, else the newest that people gave; how it was asked stands in a comment. Raises OperatorError.
    """
    if not project.file.articles:
        raise OperatorError(
            f'{project.file.name} has no articles. Name their folder in switchboard.toml: articles = "articles".'
        )
    if not ARTICLE.fullmatch(name):
        raise OperatorError(f"{name[:80]!r} is no article: name a Markdown file of the articles' folder, such as opening.md.")
    answer = words.strip() or (one.answers[0] if one.answers else "")
    if not answer:
        raise OperatorError("Nobody has answered this yet. Write the answer: --with TEXT.")
    path = project.folder / project.file.articles / name
    title = path.stem.replace("-", " ").replace("_", " ").capitalize()
    _add(engine, project, one, path, f"# {title}\n", section(one, answer), by)
    return path


def take_as_examples(engine: Engine, project: Project, one: Suggestion, department: str, by: str) -> Path:
    """Add each wording of a question to the file of a department's examples. Raises OperatorError."""
    table = project.file.departments.get(department)
    if table is None:
        raise OperatorError(f"There is no department {department!r}; there is {', '.join(project.file.departments) or 'none'}.")
    if not isinstance(table.examples, str):
        why = f"The examples of {department} stand in switchboard.toml itself"
        raise OperatorError(f'{why}. Put them into a file, a line each, and name it: examples = "examples/{department}.txt".')
    path = project.folder / table.examples
    _add(engine, project, one, path, "", "".join(f"{_in_comment(wording)}\n" for wording in one.wordings), by)
    return path


def articles_of(project: Project) -> list[str]:
    """The articles that are there to be added to, in alphabetical order; none where the project has no folder of them."""
    folder = project.folder / project.file.articles if project.file.articles else None
    return sorted(path.name for path in folder.glob("*.md") if ARTICLE.fullmatch(path.name)) if folder else []


def departments_with_examples(project: Project) -> list[str]:
    """The departments whose examples stand in a file, to which more can be added."""
    return [name for name, table in project.file.departments.items() if isinstance(table.examples, str)]


def section(one: Suggestion, answer: str) -> str:
    """A section of an article. What customers wrote is in one line each; neither that nor the answer begins or ends a comment,
    or begins a heading or a block of code, which would be what the rest of the article stands in.
    """
    lines = (_in_comment(wording) for wording in one.wordings)
    unmarked = DASHES.sub("-", answer.replace("```", "").replace("~~~", ""))
    plain = "\n".join(line.lstrip("# \t").rstrip() for line in unmarked.splitlines())
    heading = _in_comment(one.question)[:MOST_HEADING]
    asked = "\n".join(lines)
    return f"\n## {heading}\n\n<!-- asked:\n{asked}\n-->\n\n{plain}\n"


def _in_comment(text: str) -> str:
    """A wording without marks of a comment or a heading, and without addresses, of which masking leaves the end."""
    words = (word for word in text.split() if "@" not in word)
    return DASHES.sub("-", " ".join(words)).replace("<", "").replace(">", "").lstrip("# ")


def _add(engine: Engine, project: Project, one: Suggestion, path: Path, new: str, text: str, by: str) -> None:
    """Write it, and keep that it is taken, in one go: what was written by one who died then is not written twice."""
    if project.is_sample:
        raise OperatorError("This would write into the sample project. Begin your own with `switchboard new project NAME`.")
    if not path.resolve().is_relative_to(project.folder.resolve()):
        raise OperatorError(f"{path} is outside of the project. Nothing was written.")
    try:
        with Session(engine) as session, session.begin():
            mark_taken(session, one, str(path.relative_to(project.folder)), by)
            session.flush()
            there = path.read_text("utf-8") if path.exists() else ""
            if text not in there:
                path.parent.mkdir(parents=True, exist_ok=True)
                before = "" if there.endswith("\n") else "\n" if there else new
                with path.open("a", encoding="utf-8", newline="\n") as file:  # whatever else is in it stays as it is
                    file.write(f"{before}{text}")
    except IntegrityError:
        raise OperatorError(
            "Somebody has taken this over at the same moment. `switchboard suggestions` lists what is left."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be written: {error}.") from None
