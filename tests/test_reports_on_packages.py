"""Questions with known answers on real documents: what the packages of the development environment bring along."""

import re
import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from support.absent import absent

from switchboard.reports.making import Draft, Finding, made, without_markup
from switchboard.reports.sentences import best_sentences
from switchboard.search.index import Index

PACKAGES = (
    "alembic autogen certifi click croniter cryptography fastapi httpx hypothesis idna jinja2 localstripe mako markdown-it-py "
    "mypy numpy openai packaging pluggy psycopg pydantic pygments python-dateutil requests rich ruff sqlalchemy starlette "
    "tenacity typer uvicorn"
)
READ = re.compile(r"(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$|dist-info/METADATA$|README\.rst$|skills/.*\.md$")
KNOWN = [
    ("May I use the names of the contributors to endorse products?", r"names? of .*contributors may not be used to endorse"),
    ("Which Python versions does pluggy require?", r"Requires-Python: >=3"),
    ("What is Mako?", r"Mako is a template library|templating language"),
    ("How fast is ruff compared with flake8?", r"x faster than flake8"),
    ("What kind of library is tenacity?", r"general-purpose retrying library"),
    ("Does rich work on Windows?", r"Rich works with Linux, macOS and Windows"),
    ("What happens to patent licences if I institute patent litigation?", r"patent licenses granted .* shall terminate"),
    ("What is Hypothesis for?", r"property-based testing library"),
    ("Under which licence is Mako published?", r"Mako is licensed under an MIT"),
    ("How do I declare a query parameter in FastAPI?", r"Use `?Annotated`? for parameter declarations"),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("documents")
    for name in PACKAGES.split():
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        for file in files:
            path = Path(str(file.locate()))
            if READ.search(str(file)) and "test" not in str(file) and path.is_file():
                (folder / name).mkdir(exist_ok=True)
                ending = "" if path.suffix in (".md", ".rst", ".txt") else ".txt"
                shutil.copyfile(path, folder / name / f"{'-'.join(path.parts[-3:])}{ending}")
    found = Index(folder)
    if found.coverage.documents < 30:
        absent("The packages of the development environment are not all here")
    return found


@pytest.mark.slow
def test_of_ten_questions_on_real_documents_eight_are_answered_by_one_of_the_first_three_quotes(index: Index) -> None:
    answered = {
        question: any(re.search(says, " ".join(one.text.split()), re.I) for one in best_sentences(index, question, most=3))
        for question, says in KNOWN
    }
    assert sum(answered.values()) >= 8, [question for question, is_so in answered.items() if not is_so]


def test_each_quote_of_a_real_document_is_found_again_where_its_reference_leads(index: Index) -> None:
    for question, _ in KNOWN:
        quotes = best_sentences(index, question)
        findings = tuple(Finding(text=without_markup(one.text), citations=(one.citation,)) for one in quotes)
        report = made(Draft(question=question, answer=findings), index).report
        assert report.found and all(index.locate(one.citation, one.quote) for one in report.references)


@pytest.mark.parametrize("question", ["What is the boiling point of mercury?", "Who won the tennis final in Melbourne?"])
def test_what_no_document_speaks_of_is_not_found(index: Index, question: str) -> None:
    assert best_sentences(index, question) == []
