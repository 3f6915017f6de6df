"""Recall at 10 of the index beside plain FTS5 and `bm25s`: `python tests/bench/retrieval.py FOLDER`.

The folder holds a collection in the format of SMART, as Cranfield, CISI and MED come: a file `*.all*` of documents (.I .T .W),
`*.qry` of questions (.I .W), and `*qrel*` of lines "question document grade". Grades 1 to 4 are needed documents; questions
count from 1 in the order in which they stand. Told is the share of the needed documents that are among the first ten, averaged
over the questions.
"""

import re
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from switchboard.search.index import Index

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


def main(path: str) -> None:
    folder = Path(path)
    documents = list(records(next(folder.glob("*.all*"))))
    questions = [words for _, _, words in records(next(folder.glob("*.qry")))]
    needed = needed_of(next(folder.glob("*qrel*")))
    asked = [(question, needed[n]) for n, question in enumerate(questions, 1) if needed[n]]
    print(f"{len(documents)} documents, {len(asked)} questions")
    with TemporaryDirectory() as written:
        for number, title, words in documents:
            Path(written, f"{number}.md").write_text(f"# {title}\n\n{words}\n", "utf-8")
        texts = [(number, f"{title} {words}") for number, title, words in documents]
        ways: dict[str, Callable[[], Search]] = {
            "ours": lambda: ours(Path(written)),
            "FTS5": lambda: plain(texts),
            "bm25s": lambda: others(texts),
        }
        for name, made in ways.items():
            began = time.perf_counter()
            search = made()
            built = time.perf_counter() - began
            began = time.perf_counter()
            shares = [len(set(search(question)) & wanted) / len(wanted) for question, wanted in asked]
            each = (time.perf_counter() - began) / len(asked)
            told = f"recall@{AT} {sum(shares) / len(shares):6.1%}   built in {built:5.2f} s, {1000 * each:5.1f} ms a question"
            print(f"{name:8} {told}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python tests/bench/retrieval.py FOLDER")
    main(sys.argv[1])
