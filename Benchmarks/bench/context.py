"""What every measurement is given."""

import base64
import json
import os
import pathlib
import sys
from dataclasses import dataclass, field

from . import processes, server as servers

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "Benchmarks"


@dataclass
class Context:
    """A run: its server, its programs, how long it measures."""

    server: servers.Server
    programs: pathlib.Path
    seconds: int
    pairs: int
    events: int
    grown: int
    charges: int
    master_key: str = field(
        default_factory=lambda: base64.b64encode(os.urandom(32)).decode())
    numbers: int = 0

    @property
    def folder(self):
        """Where a measurement may leave files."""
        return pathlib.Path(self.server.folder)

    @property
    def sources(self):
        """The folder of the benchmarks."""
        return BENCHMARKS

    @property
    def cathlog(self):
        """The program."""
        return self.programs / "cathlog"

    def number(self):
        """A number that no other part of the run has."""
        self.numbers += 1
        return self.numbers

    def environment(self, database):
        """What the program and the benchmark need to know of a database."""
        return {"DATABASE_URL": self.server.url(database), "CATHLOG_MASTER_KEY": self.master_key}

    def database(self, name):
        """A database in the schema of the product; made at its first use."""
        known = self.server.sql(
            "postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not known:
            self.server.sql("postgres", f"CREATE DATABASE {name}")
            processes.run([self.cathlog, "migrate"], environment=self.environment(name))
        return name

    def benchmark(self, database, *arguments, prefix=(), timeout=1800):
        """Runs one measurement within the library, and returns what it reports."""
        output = processes.run(
            [*prefix, self.programs / "benchmark", *arguments], timeout=timeout,
            environment=self.environment(database))
        return json.loads(output.splitlines()[-1])

    @staticmethod
    def say(sentence):
        print(sentence, file=sys.stderr, flush=True)
