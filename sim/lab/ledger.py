"""The ledger of a study: which runs were asked for, and what became of each."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError

FORMAT = 1
"""Version of the format of a study's folder: ledger, shards and study.json."""

_NAME = "ledger.sqlite"

_SECONDS_TO_WAIT = 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY,
    inputs_sha256 TEXT NOT NULL,
    seed INTEGER NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    shard TEXT,
    engine TEXT,
    seconds REAL,
    error TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""


class Asked(NamedTuple):
    """A run that is asked for: its key, and what that is a hash of."""

    key: str
    inputs_sha256: str
    seed: int
    model: str


class Outcome(NamedTuple):
    """What became of a run: done, in which shard, or failed, with which traceback."""

    key: str
    shard: str | None
    engine: str
    seconds: float
    error: str


class Failure(NamedTuple):
    """A run that failed."""

    key: str
    inputs_sha256: str
    seed: int
    error: str


class Ledger:
    """The ledger in a folder.

    A run that is done stays so, in the shard that was first to hold it; so it does not matter
    if two processes make the same run.

    Parameters
    ----------
    connection : to the database
    folder : where it lies, for messages
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a folder holds a ledger."""
        return (folder / _NAME).is_file()

    @classmethod
    @contextmanager
    def writing(cls, folder: Path) -> Iterator["Ledger"]:
        """Open the ledger of a folder, or begin one.

        Raises
        ------
        InputError : it cannot be written to, is no ledger, or of another format
        """
        with _told(folder), closing(_connection(folder / _NAME)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                _check_format(connection, folder)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
                connection.execute(_SCHEMA)
            yield cls(connection, folder)

    @classmethod
    @contextmanager
    def reading(cls, folder: Path) -> Iterator["Ledger"]:
        """Open the ledger of a folder to look things up; the folder may be read-only.

        Raises
        ------
        InputError : there is none, or it is of another format
        """
        path = folder / _NAME
        if not cls.is_in(folder):
            raise InputError(
                "holds no study", where=str(folder), remedy="run bordersim batch with this --out"
            )
        with _told(folder), closing(_to_read(path)) as connection:
            _check_format(connection, folder)
            yield cls(connection, folder)

    def ask(self, runs: Iterable[Asked]) -> None:
        """Note runs that are to be made, unless they are known."""
        self._change(
            "INSERT OR IGNORE INTO runs (key, inputs_sha256, seed, model) VALUES (?, ?, ?, ?)", runs
        )

    def ask_again(self, keys: Iterable[str]) -> None:
        """Let runs that failed wait again."""
        self._change(
            "UPDATE runs SET state = 'waiting', error = '' WHERE key = ? AND state = 'failed'",
            [(key,) for key in keys],
        )

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        """Note what became of runs, all or none."""
        self._change(
            "UPDATE runs SET state = iif(:shard IS NULL, 'failed', 'done'), shard = :shard, "
            "engine = :engine, seconds = :seconds, error = :error "
            "WHERE key = :key AND state != 'done'",
            [each._asdict() for each in outcomes],
        )

    def states(self) -> dict[str, str]:
        """Give the state of each run, by its key."""
        return dict(self._rows("SELECT key, state FROM runs"))

    def shards(self) -> dict[str, str]:
        """Give the shard that holds each run that is done, by its key."""
        return dict(self._rows("SELECT key, shard FROM runs WHERE state = 'done'"))

    def failures(self) -> list[Failure]:
        """Give the runs that failed."""
        rows = self._rows(
            "SELECT key, inputs_sha256, seed, error FROM runs WHERE state = 'failed' ORDER BY key"
        )
        return [Failure(*row) for row in rows]

    def seconds(self) -> dict[tuple[str, str], float]:
        """Give how long runs took on average, s, by inputs and engine."""
        rows = self._rows(
            "SELECT inputs_sha256, engine, avg(seconds) FROM runs WHERE state = 'done' "
            "GROUP BY inputs_sha256, engine"
        )
        return {(inputs, engine): mean for inputs, engine, mean in rows}

    def _change(self, statement: str, rows: Iterable[Any]) -> None:
        """Change many rows as one.

        Ctrl-C may come between any two calls, and who ends a batch with it stores once more.
        """
        with _told(self._folder), self._connection:
            self._connection.rollback()  # what Ctrl-C left open, if anything
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(statement, rows)

    def _rows(self, query: str) -> list[Any]:
        with _told(self._folder):
            return self._connection.execute(query).fetchall()


def _connection(path: Path, query: str = "") -> sqlite3.Connection:
    # Transactions are begun by hand, as Python would begin none for a schema.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}{query}",
        uri=True,
        timeout=_SECONDS_TO_WAIT,
        isolation_level=None,
    )


def _to_read(path: Path) -> sqlite3.Connection:
    """Connect to look things up.

    SQLite puts files beside a database even to read it, and removes them in the end. Where it
    cannot, nobody can write either, so the database may be read as one that does not change; unless
    a crash left changes beside it.
    """
    connection = _connection(path, "?mode=rw")
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        connection.close()
        beside = path.with_name(f"{path.name}-wal")
        if beside.is_file() and beside.stat().st_size:
            raise
        return _connection(path, "?immutable=1")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _check_format(connection: sqlite3.Connection, folder: Path) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found not in (0, FORMAT):
        raise InputError(
            f"is of format {found}, and this version of bordersim knows {FORMAT}",
            where=str(folder / _NAME),
            remedy="use the version of bordersim that made it, or another --out",
        )


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in words what the database refuses.

    Raises
    ------
    InputError : the body raised an error of the database
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise InputError(
            f"cannot be used: {error}",
            where=str(folder / _NAME),
            remedy="free some space if the disk is full, see that you may write there, or choose "
            "another --out; what is stored stays",
        ) from error
