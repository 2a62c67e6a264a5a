"""pgbench, inserting into the table of the log what the appender stores there."""

import glob
import os
import re

from . import pairs, processes
from .context import BENCHMARKS

COLUMNS = ("type", "form", "occurred_at", "payload", "digest", "recorder", "vessel", "side",
           "modality", "images_stored", "leaf_hash")
# Both facilities' codes are equally long, so that the rows can be equally big.
OURS, PLAIN = "bench", "plain"


class Pgbench:
    """The peer of appends, in one database."""

    def __init__(self, context, database):
        self.context = context
        self.database = database
        self.literals = self.stored_literals()
        context.server.sql(database, """
            CREATE SEQUENCE public.plain_position;
            GRANT USAGE ON SEQUENCE public.plain_position TO cathlog_writer;
            CREATE TABLE public.plain_case (case_id uuid PRIMARY KEY, version bigint NOT NULL);
            GRANT SELECT, UPDATE ON public.plain_case TO cathlog_writer;""")

    def stored_literals(self):
        """The parts of a row that the appender stored, as SQL."""
        quoted = ", ".join(f"quote_nullable({name})" for name in COLUMNS)
        rows = self.context.server.sql(
            self.database, f"SELECT {quoted} FROM log.event WHERE facility = '{OURS}' "
            "AND type = 'image-acquired' ORDER BY position DESC LIMIT 1")
        if not rows:
            raise processes.Failure("there is no row of the appender's to copy")
        # A backslash before x would be read by nobody, but a colon begins a variable of pgbench.
        return {name: text.replace("E'\\\\x", "'\\x")
                for name, text in zip(COLUMNS, rows[0], strict=True)}

    def script(self, name, **literals):
        """A script for pgbench with its literals in place."""
        text = (BENCHMARKS / "SQL" / name).read_text(encoding="utf-8")
        for key, value in {**self.literals, **literals}.items():
            text = text.replace("{" + key + "}", value)
        path = self.context.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        return path

    def run(self, clients, script="insert.sql", percentiles=False, **literals):
        """One run: rows a second and, where asked for, percentiles of the latency."""
        prefix = self.context.folder / f"pgbench-{self.context.number()}"
        log = ["-l", f"--log-prefix={prefix}"] if percentiles else []
        output = processes.run(
            [os.path.join(self.context.server.programs, "pgbench"), "-n", "-M", "prepared",
             "-c", clients, "-j", min(clients, 2), "-T", self.context.seconds, *log,
             "-D", "number=0", "-D", f"run={self.context.number()}",
             "-f", self.script(script, **literals), self.database],
            environment={**self.context.server.environment,
                         "PGOPTIONS": "-c role=cathlog_writer"})
        rate = re.search(r"^tps = ([0-9.]+)", output, re.M)
        failed = re.search(r"^number of failed transactions: (\d+)", output, re.M)
        if not rate or not failed or int(failed[1]):
            raise processes.Failure(f"pgbench did not do its work: {output[-300:]}")
        result = {"perSecond": float(rate[1])}
        if percentiles:
            result |= latencies(glob.glob(f"{prefix}.*"))
        return result

    def compare_rows(self):
        """Fails unless the rows of both sides are equally big and have the same columns."""
        columns = [row[0] for row in self.context.server.sql(
            self.database, "SELECT column_name FROM information_schema.columns "
            "WHERE table_schema = 'log' AND table_name = 'event' ORDER BY ordinal_position")]
        nulls = " || ".join(f"({name} IS NULL)::int::text" for name in columns)
        shapes = {}
        for facility in (OURS, PLAIN):
            shapes[facility] = self.context.server.sql(self.database, f"""
                SELECT round(avg(pg_column_size(e)), 1), {nulls} FROM (
                  SELECT * FROM log.event WHERE facility = '{facility}' AND type = 'image-acquired'
                  ORDER BY position DESC LIMIT 1000) e GROUP BY 2""")
        if shapes[OURS] != shapes[PLAIN]:
            raise processes.Failure(f"the rows of both sides differ: {shapes}")
        return float(shapes[OURS][0][0])


def latencies(paths):
    """Percentiles of a run of pgbench, in microseconds, from its own log."""
    times = []
    for path in paths:
        with open(path, encoding="ascii") as lines:
            times += [int(line.split()[2]) for line in lines]
        os.unlink(path)
    return {"p50": pairs.percentile(times, 0.5), "p99": pairs.percentile(times, 0.99)}
