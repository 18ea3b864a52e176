"""One generation's SQLite: documents, chunks and the keyword search over them.

Written once while building, then only read. Keywords are the terms of `index.terms`, kept in a contentless FTS5 table;
scores are SQLite's BM25.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.addresses import canonical
from index.terms import terms
from index.types import Chunk, Document, Heading, Span

_SCHEMA = """
CREATE TABLE documents (
    path TEXT PRIMARY KEY, title TEXT NOT NULL, url TEXT, digest TEXT NOT NULL, text TEXT NOT NULL,
    headings TEXT NOT NULL, pages TEXT NOT NULL, date TEXT, address TEXT
);
CREATE INDEX documents_at_address ON documents (address);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL REFERENCES documents (path),
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, heading TEXT NOT NULL, page INTEGER,
    sentences TEXT NOT NULL, header TEXT NOT NULL, row_name TEXT NOT NULL
);
CREATE INDEX chunks_of_document ON chunks (document);
CREATE VIRTUAL TABLE keywords USING fts5(place, body, content='', tokenize='ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(keywords, 'row');
"""
# The document's title and headings weigh half of the text: enough to find a section by its name.
_BM25 = "bm25(keywords, 0.5, 1.0)"
_CHUNK = 'id, document, "start", "end", text, heading, page, sentences, header, row_name'


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document without its text."""

    path: str
    title: str
    url: str | None
    digest: str
    date: str | None


class Catalog:
    """An open catalog. Reading is safe from several threads at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """A new, empty catalog to be filled by one thread and closed with `finish`."""
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=OFF")  # a build that dies is thrown away whole
        connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def edit(cls, path: Path) -> Catalog:
        """A copy of a finished catalog, to be changed by one thread and closed with `finish`."""
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=OFF")
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """A finished catalog, read only. Raises sqlite3.Error if there is none."""
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        return cls(connection)

    def add(self, document: Document, chunks: Iterable[Chunk]) -> None:
        """Write a document with its chunks and their keywords."""
        headings = json.dumps([[h.start, h.end, h.level, h.text] for h in document.headings])
        pages = json.dumps(document.pages)
        path, title, text, date = document.path, document.title, document.text, document.date
        address = canonical(document.url) if document.url else None
        row = (path, title, document.url, document.digest, text, headings, pages, date, address)
        self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for chunk in chunks:
            self._add_chunk(chunk, document.title)

    def _add_chunk(self, chunk: Chunk, title: str) -> None:
        heading = json.dumps(chunk.heading)
        sentences = json.dumps([[s.start, s.end] for s in chunk.sentences])
        place = (chunk.id, chunk.document, chunk.start, chunk.end)
        row = (*place, chunk.text, heading, chunk.page, sentences, chunk.header, chunk.row)
        written = self._connection.execute("INSERT INTO chunks VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._connection.execute(
            "INSERT INTO keywords (rowid, place, body) VALUES (?, ?, ?)", (written.lastrowid, *_keywords(chunk, title))
        )

    def remove(self, path: str) -> list[str]:
        """Take a document out, with its chunks and keywords. The ids of the sentences it had."""
        title = self.entry(path).title
        query = f"SELECT number, {_CHUNK} FROM chunks WHERE document = ?"
        removed = [(number, _chunk(tuple(row))) for number, *row in self._connection.execute(query, (path,)).fetchall()]
        for number, chunk in removed:
            # A contentless index forgets a row only when it is told the very words of that row again.
            self._connection.execute(
                "INSERT INTO keywords (keywords, rowid, place, body) VALUES ('delete', ?, ?, ?)",
                (number, *_keywords(chunk, title)),
            )
        self._connection.execute("DELETE FROM chunks WHERE document = ?", (path,))
        self._connection.execute("DELETE FROM documents WHERE path = ?", (path,))
        return [chunk.sentence_id(n) for _, chunk in removed for n in range(len(chunk.sentences))]

    def finish(self) -> None:
        """Make the file final and close it."""
        self._connection.execute("INSERT INTO keywords (keywords) VALUES ('optimize')")
        self._connection.commit()
        self._connection.execute("VACUUM")
        self._connection.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def check(self) -> bool:
        """Whether SQLite finds its own structure whole."""
        return bool(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")

    # --- documents ---

    def entries(self) -> list[DocumentEntry]:
        """All documents, by path."""
        rows = self._connection.execute("SELECT path, title, url, digest, date FROM documents ORDER BY path")
        return [DocumentEntry(*row) for row in rows]

    def entry(self, path: str) -> DocumentEntry:
        """One document without its text. Raises KeyError if there is none."""
        row = self._connection.execute(
            "SELECT path, title, url, digest, date FROM documents WHERE path = ?", (path,)
        ).fetchone()
        if row is None:
            raise KeyError(path)
        return DocumentEntry(*row)

    def document_at(self, address: str) -> str | None:
        """The path of the document whose own address is this one, whatever its fragment, or its query where no document
        has that; None if there is none, or several."""
        for spelled in (address, address.partition("#")[0].partition("?")[0]):
            rows = self._connection.execute(
                "SELECT path FROM documents WHERE address = ? LIMIT 2", (canonical(spelled),)
            ).fetchall()
            if len(rows) == 1:
                return str(rows[0][0])
        return None

    def document(self, path: str) -> Document | None:
        """One document with its text, or None."""
        row = self._connection.execute(
            "SELECT path, title, text, digest, url, headings, pages, date FROM documents WHERE path = ?", (path,)
        ).fetchone()
        if row is None:
            return None
        path, title, text, digest, url, headings, pages, date = row
        parts = tuple(Heading(*heading) for heading in json.loads(headings))
        return Document(path, title, text, digest, url, parts, tuple(json.loads(pages)), date)

    # --- chunks ---

    def counts(self) -> tuple[int, int]:
        """How many documents and chunks there are."""
        documents, chunks = self._connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks)"
        ).fetchone()
        return documents, chunks

    def chunks(self, document: str | None = None) -> Iterator[Chunk]:
        """The chunks of one document, or all of them, in their order."""
        where, values = ("WHERE document = ?", (document,)) if document is not None else ("", ())
        for row in self._connection.execute(f"SELECT {_CHUNK} FROM chunks {where} ORDER BY number", values):
            yield _chunk(row)

    def chunks_by_id(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks with these ids (at most some thousands), those that exist."""
        places = ",".join("?" * len(ids))
        rows = self._connection.execute(f"SELECT {_CHUNK} FROM chunks WHERE id IN ({places})", list(ids))
        return {row[0]: _chunk(row) for row in rows}

    def followed(self, ids: Sequence[str]) -> dict[str, str]:
        """For each of these chunks that another of them follows under the same headings, the id of that one."""
        places = ",".join("?" * len(ids))
        return dict(
            self._connection.execute(
                "SELECT chunks.id, next.id FROM chunks JOIN chunks AS next"
                " ON next.number = chunks.number + 1 AND next.document = chunks.document"
                " AND next.heading = chunks.heading"
                f" WHERE chunks.id IN ({places}) AND next.id IN ({places})",
                [*ids, *ids],
            )
        )

    def sentence_ids(self, within: str) -> list[str]:
        """The ids of all sentences of a document or a folder of documents."""
        rows = self._connection.execute(
            f"SELECT id, json_array_length(sentences) FROM chunks WHERE {_WITHIN}", {"within": within.strip("/")}
        )
        return [f"{identity}:{number}" for identity, count in rows for number in range(count)]

    # --- keywords ---

    def holds(self, within: str) -> bool:
        """Whether there is a document or a folder of documents of this name."""
        inside = {"within": within.strip("/")}
        found = self._connection.execute(f"SELECT 1 FROM chunks WHERE {_WITHIN} LIMIT 1", inside)
        return found.fetchone() is not None

    def search(self, query: Iterable[str], limit: int, within: str | None = None) -> list[tuple[str, float]]:
        """The `limit` best chunk ids for any of the terms in `query`, with their BM25 (higher is better).

        `within` is a document or a folder of them; nothing else is looked at.
        """
        wanted = " OR ".join(f'"{term}"' for term in dict.fromkeys(query))
        if not wanted:
            return []
        # What is no candidate is not looked up among the chunks, which takes as long as to score it; of those with the
        # last score the ids decide.
        inside = "" if within is None else f"AND rowid IN (SELECT number FROM chunks WHERE {_WITHIN})"
        rows = self._connection.execute(
            f"WITH scored AS MATERIALIZED (SELECT rowid AS number, -{_BM25} AS score FROM keywords"
            f" WHERE keywords MATCH :wanted {inside})"
            " SELECT chunks.id, score FROM scored JOIN chunks USING (number) WHERE score >="
            " coalesce((SELECT score FROM scored ORDER BY score DESC LIMIT 1 OFFSET :limit - 1), 0)"
            " ORDER BY score DESC, chunks.id LIMIT :limit",
            {"wanted": wanted, "within": (within or "").strip("/"), "limit": limit},
        )
        return list(rows)

    def frequencies(self, wanted: Iterable[str]) -> dict[str, int]:
        """In how many chunks each of these terms occurs; absent terms are left out."""
        values = list(dict.fromkeys(wanted))
        places = ",".join("?" * len(values))
        return dict(self._connection.execute(f"SELECT term, doc FROM vocabulary WHERE term IN ({places})", values))

    def terms_like(self, beginning: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """The terms that begin so, with `shortest` to `longest` letters, and in how many chunks each occurs."""
        rows = self._connection.execute(
            "SELECT term, doc FROM vocabulary WHERE term >= ?1 AND term < ?1 || ?2 AND length(term) BETWEEN ?3 AND ?4",
            (beginning, _LAST_LETTER, shortest, longest),
        )
        return list(rows)


_LAST_LETTER = "\U0010ffff"
# That a chunk's document is the one named, or lies in the folder named ("0" comes next after "/").
_WITHIN = "(document = :within OR (document > :within || '/' AND document < :within || '0'))"


def _keywords(chunk: Chunk, title: str) -> tuple[str, str]:
    """What is kept of a chunk for keyword search: the terms of its place and those of its text."""
    body = f"{chunk.row}\n{chunk.header}\n{chunk.text}"
    return " ".join(terms(" ".join((title, *chunk.heading)))), " ".join(terms(body))


def _chunk(row: tuple[Any, ...]) -> Chunk:
    identity, document, start, end, text, heading, page, sentences, header, name = row
    spans = tuple(Span(*s) for s in json.loads(sentences))
    return Chunk(identity, document, start, end, text, tuple(json.loads(heading)), page, spans, header, name)
