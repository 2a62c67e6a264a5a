"""A ledger pulled whole in each of its forms, beside COPY of the same rows by psql."""

import os
import subprocess
import time

from . import goals, pairs, processes
from .pgbench import OURS
from .report import number

FORMS = ("json", "ndjson", "csv", "fhir", "fhir-ndjson", "hl7")
# Cases enough that a page of entries is of many of them.
EVENTS = 100_000


class Ledger:
    """A ledger of so many entries: what a log of simulated cases makes, and copies of that."""

    def __init__(self, context):
        self.context = context
        self.database = "ledger"
        self.count = context.charges
        context.database(self.database)
        context.benchmark(
            self.database, "load", "--events", EVENTS, "--facility", OURS, timeout=3600)
        processes.run([context.cathlog, "rebuild", "--facility", OURS], timeout=3600,
                      environment=context.environment(self.database))
        posted = int(self.value("SELECT last_number FROM ledger.head"))
        if posted == 0:
            raise processes.Failure("the log made no entry")
        # Each copy has the numbers after the last, and its credits are of its own charges.
        context.server.sql(self.database, f"""
            INSERT INTO ledger.entry
            SELECT facility, number + {posted} * copy, epoch, credit_of + {posted} * copy, case_id,
              version, position, recorded_at, posted_at, service_date, code, units, rule_book,
              rule_book_digest, grouping_policy, document
            FROM ledger.entry, generate_series(1, {self.count // posted}) AS copy
            WHERE number + {posted} * copy <= {self.count};
            UPDATE ledger.head SET last_number = {self.count}""", role="cathlog_writer")
        context.server.sql(self.database, "VACUUM ANALYZE ledger.entry")
        self.cases = int(self.value("SELECT count(DISTINCT case_id) FROM ledger.entry"))
        context.say(f"  {self.count:,} entries of {self.cases:,} cases, {posted:,} of them posted "
                    f"from {EVENTS:,} events")

    def value(self, statement):
        return self.context.server.value(self.database, statement)

    def pull(self, form):
        """One pull by the program into nothing: seconds, entries a second, highest memory."""
        return self.measured(
            [self.context.cathlog, "charges", "--facility", OURS, "--format", form],
            self.context.environment(self.database))

    def copy(self):
        """One COPY of the same rows, by psql, into nothing."""
        statement = f"COPY (SELECT * FROM ledger.entry WHERE facility = '{OURS}' ORDER BY number) " \
            "TO STDOUT (FORMAT csv)"
        return self.measured(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.database, "-c", statement],
            self.context.server.environment)

    def measured(self, arguments, environment):
        begin = time.monotonic()
        with open(os.devnull, "wb") as nothing:
            process = subprocess.Popen(
                list(map(str, arguments)), stdout=nothing, stderr=subprocess.DEVNULL,
                env={**os.environ, **environment})
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise processes.Failure(f"{arguments[0]} ended with {process.returncode}")
        seconds = time.monotonic() - begin
        return {"seconds": seconds, "perSecond": self.count / seconds,
                "processor": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}


def measure(context):
    """A row a form."""
    ledger = Ledger(context)
    for form in FORMS:
        mine, theirs = pairs.alternate(
            form, context.pairs, lambda form=form: ledger.pull(form), ledger.copy)
        ratio = pairs.ratio(mine, theirs, "perSecond")
        memory = max(run["megabytes"] for run in mine.runs)
        yield goals.row(
            f"charges-{form}", ratio["median"], f"{number(mine.median('perSecond'))}/s",
            f"{number(theirs.median('perSecond'))}/s", (ratio["lowest"], ratio["highest"]),
            title=f"cathlog charges --format {form} : COPY of the rows, {ledger.count:,} entries",
            note=f"{number(mine.median('processor'))} s of processor time, "
            f"{number(memory)} MB resident at most; accounts opened, reads recorded")
