"""A PostgreSQL of the run's own, in a temporary folder, over a Unix socket."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile

from . import processes

# Durability as it comes: synchronous_commit, fsync and full_page_writes stay on.
SETTINGS = {
    "listen_addresses": "", "max_connections": "400", "shared_buffers": "1GB",
    "max_wal_size": "8GB", "checkpoint_timeout": "30min",
}
USER = "postgres"


def binaries():
    """The folder of the server's programs."""
    configured = shutil.which("pg_config")
    folders = [subprocess.check_output([configured, "--bindir"], text=True).strip()] \
        if configured else []
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    for folder in folders:
        if os.access(os.path.join(folder, "initdb"), os.X_OK):
            return folder
    raise processes.Failure("PostgreSQL's server is missing; script/setup installs it")


class Server:
    """A server that is started and stopped; as root it runs under the account postgres."""

    def __init__(self, folder):
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.programs = binaries()
        self.is_running = False
        self.environment = {"PGHOST": folder, "PGUSER": USER, "PGOPTIONS": ""}

    def account(self, *arguments, environment=None):
        """Runs one of the server's programs, under its account."""
        program = os.path.join(self.programs, arguments[0])
        prefix = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"] \
            if os.geteuid() == 0 else []
        return processes.run([*prefix, program, *arguments[1:]], environment=environment)

    def initialize(self):
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self.account("initdb", "-D", self.data, "-U", USER, "-E", "UTF8", "--locale", "C",
                     "-A", "trust", "--no-sync")

    def start(self, preload=None, slow_microseconds=0):
        """Starts it, with a slower disk where a library to preload is given."""
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items() if value)
        environment = {"LC_ALL": "C"}
        if preload:
            environment |= {
                "LD_PRELOAD": preload, "SLOW_DISK_MICROSECONDS": str(slow_microseconds)}
        # Its output goes to the log; the pipe must not stay open in the server.
        self.account("pg_ctl", "-D", self.data, "-l", os.path.join(self.folder, "log"), "-w",
                     "-t", "120", "-o", f"-k {self.folder} -c listen_addresses= {options}",
                     "start", environment=environment)
        self.is_running = True

    def stop(self, mode="fast"):
        if self.is_running:
            self.is_running = False
            self.account("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", "300", "stop")

    def url(self, database):
        return f"host={self.folder} user={USER} dbname={database}"

    def sql(self, database, statement, role=None):
        """Runs SQL, and returns its rows as lists of texts."""
        options = f"-c role={role}" if role else ""
        output = processes.run(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database],
            data=statement, environment={**self.environment, "PGOPTIONS": options})
        return [line.split("\t") for line in output.splitlines()]

    def value(self, database, statement):
        """The one value that SQL answers."""
        return self.sql(database, statement)[0][0]

    def checkpoint(self):
        """Both sides of a pair begin with the same work of the server behind them."""
        self.sql("postgres", "CHECKPOINT")


@contextlib.contextmanager
def temporary():
    """A server in a folder that goes with it."""
    folder = tempfile.mkdtemp(prefix="cathlog-bench-")
    os.chmod(folder, 0o755)
    server = Server(folder)
    try:
        server.initialize()
        server.start()
        yield server
    finally:
        with contextlib.suppress(processes.Failure):
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
