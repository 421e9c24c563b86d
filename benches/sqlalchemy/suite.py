"""Times SQLAlchemy's ORM at three cases of its published performance suite, on SQLite.

`python suite.py` runs each case a few times and prints one line of JSON for each, with the best time:

    {"case": "inserts100k", "seconds": 1.234, "rows": 100000, "total": 12345678}

`--serve` is for a program that measures something else in turns with it: a case's name on a line of the
input is run once, and answered by such a line. `rows` and `total` show that both did the same work.
"""

import argparse
import gc
import json
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import sqlalchemy
from sqlalchemy import Engine, String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.util._has_cython import HAS_CYEXTENSION

# How many rows the cases work on, and after how many of them a flush comes: the published suite's numbers.
WRITTEN = 100_000
READ = 500_000
CHUNK = 1_000

# The file's settings are the same for everybody. A write-ahead log stays with the file, `synchronous` does not.
SCHEMA = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE customer (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(255), description VARCHAR(255));
"""


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(String(255))


class Case:
    """A case: what it needs, what is timed, and what came of it."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{self.name}.db"
        self.engine = make_database(self.path, self.filled)

    # How many rows are there before the work.
    filled = 0

    def prepare(self) -> None:
        """Not timed, before each round."""

    def work(self) -> list[Customer] | None:
        """What is timed."""
        raise NotImplementedError

    def run(self) -> dict[str, object]:
        self.prepare()
        with self.engine.connect():
            pass  # a connection is open and in the pool
        gc.collect()
        start = time.perf_counter()
        objects = self.work()
        seconds = time.perf_counter() - start
        rows, total = of_table(self.path) if objects is None else of_objects(objects)
        return {"case": self.name, "seconds": seconds, "rows": rows, "total": total}


class Inserts(Case):
    """Objects without keys are added and flushed by the thousand, each gets its key; one commit at the end."""

    name = "inserts100k"

    def prepare(self) -> None:
        with sqlite3.connect(self.path) as connection:
            connection.execute("DELETE FROM customer")

    def work(self) -> None:
        with Session(self.engine) as session:
            for first in range(1, WRITTEN + 1, CHUNK):
                session.add_all(
                    [
                        Customer(name=f"customer name {i}", description=f"customer description {i}")
                        for i in range(first, first + CHUNK)
                    ]
                )
                session.flush()
            session.commit()


class Updates(Case):
    """Objects are loaded by the thousand, one attribute of each is changed, and they are flushed; one commit."""

    name = "updates100k"
    filled = WRITTEN

    def prepare(self) -> None:
        with sqlite3.connect(self.path) as connection:
            connection.execute("UPDATE customer SET description = 'customer description ' || id")

    def work(self) -> None:
        with Session(self.engine) as session:
            for first in range(1, WRITTEN + 1, CHUNK):
                thousand = select(Customer).where(Customer.id.between(first, first + CHUNK - 1))
                for customer in session.scalars(thousand).all():
                    customer.description += " updated"
                session.flush()
            session.commit()


class Reads(Case):
    """All objects of a large table in one list, and in the session's identity map."""

    name = "list500k"
    filled = READ

    def work(self) -> list[Customer]:
        with Session(self.engine) as session:
            return list(session.scalars(select(Customer)))


CASES: list[type[Case]] = [Inserts, Updates, Reads]


def make_database(path: Path, rows: int) -> Engine:
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    values = ((f"customer name {i}", f"customer description {i}") for i in range(1, rows + 1))
    with connection:
        connection.executemany("INSERT INTO customer (name, description) VALUES (?, ?)", values)
    connection.close()

    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous = NORMAL")

    return engine


def of_table(path: Path) -> tuple[int, int]:
    """How many rows the file holds, and all of their keys and all lengths of their texts added up."""
    connection = sqlite3.connect(path)
    sums = "SELECT count(*), sum(id + length(name) + length(description)) FROM customer"
    rows, total = connection.execute(sums).fetchone()
    connection.close()
    return rows, total


def of_objects(customers: Iterable[Customer]) -> tuple[int, int]:
    """The same of objects."""
    sizes = [customer.id + len(customer.name) + len(customer.description) for customer in customers]
    return len(sizes), sum(sizes)


def best_of(rounds: int, run: Callable[[], dict[str, object]]) -> dict[str, object]:
    return min((run() for _ in range(rounds)), key=lambda result: result["seconds"])


def say(result: dict[str, object]) -> None:
    print(json.dumps(result), flush=True)


def versions() -> str:
    compiled = "compiled" if HAS_CYEXTENSION else "NOT compiled"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"SQLAlchemy {sqlalchemy.__version__} ({compiled} extensions), {python}, SQLite {sqlite3.sqlite_version}"


def main() -> None:
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=names, help="only this case; may be given more than once")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many, 3 unless told")
    parser.add_argument("--serve", action="store_true", help="run the cases that the input names, once each")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="sqlalchemy-bench-") as folder:
        cases = {case.name: case(Path(folder)) for case in CASES if case.name in (options.case or names)}
        if options.serve:
            say({"versions": versions()})
            for line in sys.stdin:
                say(cases[line.strip()].run())
        else:
            print(versions(), file=sys.stderr)
            for case in cases.values():
                say(best_of(options.rounds, case.run))
        for case in cases.values():
            case.engine.dispose()


if __name__ == "__main__":
    main()
