"""`cathlog doctor`: what it finds in each situation, that it changes nothing and tells no secret."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import unittest
import uuid

from harness import FACILITY, Client, Service, folder, opening, run, token, wait_for
from plain_server import PlainServer


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.initialized = cls.stack.enter_context(folder())
        running = Service(cls.initialized).start()
        run("facility", "create", FACILITY, "--data-dir", cls.initialized)
        recorder = token(cls.initialized, "recorder")
        Client(running.port, recorder).append(str(uuid.uuid4()), opening())
        assert running.stop() == 0

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def setUp(self):
        self.folder = self.enterContext(folder())
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    def copy(self):
        subprocess.run(["cp", "-a", self.initialized, self.folder], check=True)
        return self.folder

    def look(self, status, port=None, environment=None):
        """Every finding by its name; the exit status must be this one."""
        arguments = ["doctor", "--data-dir", self.folder, "--port", str(port or self.port)]
        result = run(*arguments, "--format", "json", environment=environment, check=False)
        self.assertEqual(result.returncode, status, result.stdout.decode())
        document = json.loads(result.stdout)
        shown = run(*arguments, environment=environment, check=False)
        self.assertEqual(shown.returncode, status)
        for secret in self.secrets(environment):
            self.assertNotIn(secret, (result.stdout + result.stderr + shown.stdout
                                      + shown.stderr).decode())
        self.assertEqual(document["verdict"] == "problem", status != 0)
        return {check["check"]: check for check in document["checks"]}

    def secrets(self, environment):
        found = ["sesame"] if environment else []
        for name in ["password", "master.key"]:
            path = pathlib.Path(self.folder, name)
            if path.exists():
                found.append(path.read_text().strip().splitlines()[-1])
        return found

    def snapshot(self):
        """Every file with its size, times, owner and mode."""
        return sorted(
            (str(path), *(getattr(path.lstat(), f"st_{field}") for field in
                          ["size", "mtime_ns", "ctime_ns", "uid", "mode"]))
            for path in [pathlib.Path(self.folder), *pathlib.Path(self.folder).rglob("*")])

    def verdicts(self, checks):
        return {name: check["verdict"] for name, check in checks.items()
                if check["verdict"] != "ok"}

    def test_before_the_first_start_it_makes_nothing(self):
        checks = self.look(0)
        self.assertEqual(self.verdicts(checks), {})
        self.assertIn("made at the first start", checks["data-folder"]["finding"])
        self.assertFalse(os.path.exists(self.folder))

    def test_of_a_stopped_service_it_reads_the_files_and_changes_none(self):
        self.copy()
        before = self.snapshot()
        checks = self.look(0)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.verdicts(checks), {"master-key-fit": "warning"})
        self.assertIn("stopped, in order", checks["server-state"]["finding"])
        self.assertIn("with checksums", checks["data"]["finding"])

    def test_beside_a_service_it_finds_all_in_order(self):
        running = Service(self.copy()).start()
        self.addCleanup(running.stop)
        checks = self.look(0, port=running.port)
        self.assertEqual(self.verdicts(checks), {})
        self.assertIn(f"process {running.process.pid}", checks["server-state"]["finding"])
        self.assertIn("own service", checks["http-port"]["finding"])
        self.assertIn("opens the database's keys", checks["master-key-fit"]["finding"])
        for name in ["fsync", "full-page-writes", "synchronous-commit", "data-checksums", "clock",
                     "schema", "definition-guard", "roles", "log-guard", "max-connections"]:
            self.assertEqual(checks[name]["verdict"], "ok")

    def test_after_a_kill_it_says_that_the_next_start_recovers(self):
        running = Service(self.copy()).start()
        server = int(pathlib.Path(self.folder, "lock").read_text().split()[1])
        running.process.send_signal(signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
        running.kill()
        self.assertTrue(wait_for(lambda: "recovers by itself" in
                                 self.look(0)["server-state"].get("remedy", "")))

    def test_a_server_that_no_service_owns_is_told(self):
        with PlainServer(self.copy()) as server:
            checks = self.look(0)
            self.assertIn(f"process {server.process.pid} runs", checks["server-state"]["finding"])
            self.assertEqual(checks["server-state"]["verdict"], "warning")

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            checks = self.look(69, port=taken.getsockname()[1])
        self.assertEqual(self.verdicts(checks), {"http-port": "problem"})
        self.assertIn(f"process {os.getpid()}, python3", checks["http-port"]["finding"])

    def test_data_of_another_version(self):
        pathlib.Path(self.copy(), "data", "PG_VERSION").write_text("99\n")
        self.assertEqual(self.look(78)["server-programs"]["verdict"], "problem")

    def test_a_master_key_that_is_open_wrong_or_gone(self):
        running = Service(self.copy()).start()
        self.addCleanup(running.stop)
        key = pathlib.Path(self.folder, "master.key")
        key.chmod(0o644)
        self.assertEqual(self.look(0, port=running.port)["master-key"]["verdict"], "warning")
        key.chmod(0o600)
        right = key.read_text()
        key.write_text("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\n")
        self.assertEqual(self.look(78, port=running.port)["master-key-fit"]["verdict"], "problem")
        key.unlink()
        self.assertEqual(self.look(78, port=running.port)["master-key"]["verdict"], "problem")
        key.write_text(right)

    def test_a_database_that_loses_commits(self):
        with PlainServer(self.copy(), fsync="off", full_page_writes="off",
                         zero_damaged_pages="on", statement_timeout="10s") as server:
            checks = self.look(78, environment=server.environment)
            self.assertEqual(self.verdicts(checks), {
                "fsync": "problem", "full-page-writes": "problem",
                "zero-damaged-pages": "problem"})
            self.assertIn("ALTER SYSTEM SET fsync = on", checks["fsync"]["remedy"])

    def test_commits_that_wait_for_a_standby(self):
        with PlainServer(self.copy(), synchronous_standby_names="second") as server:
            checks = self.look(69, environment=server.environment)
            self.assertEqual(self.verdicts(checks), {"synchronous-standby": "problem"})

    def test_a_database_that_does_not_answer_and_its_password(self):
        for url in ["postgresql://user:sesame@127.0.0.1:1/x",
                    "host=127.0.0.1 port=1 user=x password=sesame dbname=x"]:
            checks = self.look(78, environment={"DATABASE_URL": url})
            self.assertEqual(checks["database"]["verdict"], "problem")
            self.assertIn("port 1", checks["database"]["finding"])

    def test_a_wrong_password_is_told_and_not_shown(self):
        with PlainServer(self.copy()) as server:
            checks = self.look(69, environment={
                **server.environment,
                "DATABASE_URL": f"host={self.folder} user=postgres password=sesame dbname=cathlog"})
            self.assertIn("password authentication failed", checks["database"]["finding"])

    def test_a_database_without_a_schema(self):
        with PlainServer(self.copy()) as server:
            url = server.environment["DATABASE_URL"]
            empty = url.replace("dbname=cathlog", "dbname=postgres")
            checks = self.look(0, environment={**server.environment, "DATABASE_URL": empty})
            self.assertEqual(self.verdicts(checks), {"schema": "warning"})


if __name__ == "__main__":
    unittest.main()
