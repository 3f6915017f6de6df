"""How the index ranks beside plain FTS5, `bm25s` and Postgres' own full text: `python tests/bench/retrieval.py FOLDER`.

The folder holds a collection in the format of SMART, as Cranfield, CISI and MED come: a file `*.all*` of documents (.I .T .W),
`*.qry` of questions (.I .W), and `*qrel*` of lines "question document grade". Grades 1 to 4 are needed documents; questions
count from 1 in the order in which they stand. Told is the share of the needed documents that are among the first ten (recall),
and how near to the top they stand there (nDCG, each needed document counting the same), averaged over the questions. Postgres
takes part where it can be started.
"""

import math
import re
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from switchboard.search.index import Index

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.postgres import running_server, with_driver

AT = 10
Search = Callable[[str], list[str]]


def records(path: Path) -> Iterator[tuple[str, str, str]]:
    """(number, title, words) of each record."""
    for record in path.read_text("latin-1").split("\n.I "):
        number = record.removeprefix(".I ").split("\n", 1)[0].strip()
        parts = dict(re.findall(r"^\.([A-Z])[ ]*\n((?:(?!\.[A-Z][ ]*\n).*\n?)*)", record, re.MULTILINE))
        yield number, " ".join(parts.get("T", "").split()), " ".join(parts.get("W", "").split())


def needed_of(path: Path) -> dict[int, set[str]]:
    needed: dict[int, set[str]] = defaultdict(set)
    for line in path.read_text("latin-1").splitlines():
        question, document, *grade = line.split()
        if not grade or 1 <= float(grade[-1]) <= 4:
            needed[int(question)].add(document)
    return needed


def ours(folder: Path) -> Search:
    index = Index(folder)
    return lambda question: list(dict.fromkeys(p.source.removesuffix(".md") for p in index.search(question, 4 * AT)))[:AT]


def plain(documents: list[tuple[str, str]]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE text USING fts5(number UNINDEXED, words, tokenize='porter unicode61')")
    database.executemany("INSERT INTO text VALUES (?, ?)", documents)

    def search(question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        query = "SELECT number FROM text WHERE text MATCH ? ORDER BY bm25(text) LIMIT ?"
        return [number for (number,) in database.execute(query, (words, AT))]

    return search


def others(documents: list[tuple[str, str]]) -> Search:
    import bm25s

    try:
        import Stemmer

        stemmer = Stemmer.Stemmer("english")
    except ImportError:
        stemmer = None
    retriever = bm25s.BM25(corpus=[number for number, _ in documents])
    texts = bm25s.tokenize([text for _, text in documents], stopwords="en", stemmer=stemmer, show_progress=False)
    retriever.index(texts, show_progress=False)

    def search(question: str) -> list[str]:
        asked = bm25s.tokenize(question, stopwords="en", stemmer=stemmer, show_progress=False)
        found, _ = retriever.retrieve(asked, k=AT, show_progress=False)
        return [str(number) for number in found[0]]

    return search


def vectors(documents: list[tuple[str, str, str]], url: str, rank: str) -> Search:
    """`tsvector` with GIN, titles weighed, any of the words, by one of Postgres' two ways to rank."""
    database = create_engine(url, isolation_level="AUTOCOMMIT").connect()
    database.execute(text("DROP TABLE IF EXISTS written"))
    database.execute(
        text(
            "CREATE TABLE written(number text, title text, words text, found tsvector GENERATED ALWAYS AS "
            "(setweight(to_tsvector('english', title), 'A') || to_tsvector('english', words)) STORED)"
        )
    )
    rows = [{"number": number, "title": title, "words": words} for number, title, words in documents]
    database.execute(text("INSERT INTO written VALUES (:number, :title, :words)"), rows)
    database.execute(text("CREATE INDEX ON written USING gin(found)"))
    query = text(
        "SELECT number FROM written, (SELECT replace(plainto_tsquery('english', :question)::text, '&', '|')::tsquery AS asked) "
        f"AS q WHERE found @@ asked ORDER BY {rank}(found, asked, 1) DESC LIMIT :most"  # 1: by the length's logarithm
    )
    return lambda question: [number for (number,) in database.execute(query, {"question": question, "most": AT})]


def recall(found: list[str], wanted: set[str]) -> float:
    return len(set(found) & wanted) / len(wanted)


def ndcg(found: list[str], wanted: set[str]) -> float:
    gained = sum(1 / math.log2(n + 2) for n, number in enumerate(found) if number in wanted)
    return gained / sum(1 / math.log2(n + 2) for n in range(min(len(wanted), AT)))


def main(path: str) -> None:
    folder = Path(path)
    documents = list(records(next(folder.glob("*.all*"))))
    questions = [words for _, _, words in records(next(folder.glob("*.qry")))]
    needed = needed_of(next(folder.glob("*qrel*")))
    asked = [(question, needed[n]) for n, question in enumerate(questions, 1) if needed[n]]
    print(f"{len(documents)} documents, {len(asked)} questions")
    with TemporaryDirectory() as written, ExitStack() as stack:
        for number, title, words in documents:
            Path(written, f"{number}.md").write_text(f"# {title}\n\n{words}\n", "utf-8")
        texts = [(number, f"{title} {words}") for number, title, words in documents]
        ways: dict[str, Callable[[], Search]] = {
            "ours": lambda: ours(Path(written)),
            "FTS5": lambda: plain(texts),
            "bm25s": lambda: others(texts),
        }
        try:
            url = with_driver(stack.enter_context(running_server())())
        except pytest.skip.Exception as error:
            print(error)
        else:
            ways |= {rank: partial(vectors, documents, url, rank) for rank in ("ts_rank", "ts_rank_cd")}
        for name, made in ways.items():
            began = time.perf_counter()
            search = made()
            built = time.perf_counter() - began
            began = time.perf_counter()
            given = [(search(question), wanted) for question, wanted in asked]
            each = (time.perf_counter() - began) / len(asked)
            means = [sum(measure(*one) for one in given) / len(given) for measure in (recall, ndcg)]
            told = f"recall@{AT} {means[0]:6.1%}   nDCG@{AT} {means[1]:6.1%}"
            print(f"{name:10} {told}   built in {built:5.2f} s, {1000 * each:5.1f} ms a question")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python tests/bench/retrieval.py FOLDER")
    main(sys.argv[1])
