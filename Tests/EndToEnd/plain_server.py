"""A PostgreSQL that a site runs itself, on the data of a folder that a service has made."""

import glob
import os
import pathlib
import subprocess

from harness import wait_for


def account():
    """The account that PostgreSQL runs under: it refuses to run as root."""
    return ("postgres", "postgres") if os.geteuid() == 0 else (os.geteuid(), os.getegid())


class PlainServer:
    """Started with settings of one's own, for as long as the block lasts."""

    def __init__(self, folder, **settings):
        self.folder = folder
        self.settings = {"listen_addresses": "", "unix_socket_directories": folder, **settings}

    def __enter__(self):
        user, group = account()
        program = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))[-1]
        options = [part for name, value in self.settings.items()
                   for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [program, "-D", f"{self.folder}/data", *options], user=user, group=group,
            extra_groups=[], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd="/")
        pidfile = pathlib.Path(self.folder, "data", "postmaster.pid")
        ready = wait_for(lambda: pidfile.exists() and "ready" in pidfile.read_text())
        if not ready:
            self.__exit__()
            raise AssertionError("PostgreSQL did not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)

    @property
    def environment(self):
        """What a service needs to work on it."""
        password = pathlib.Path(self.folder, "password").read_text().strip()
        return {
            "DATABASE_URL": f"host={self.folder} user=postgres password={password} dbname=cathlog",
            "CATHLOG_MASTER_KEY_FILE": f"{self.folder}/master.key"}
