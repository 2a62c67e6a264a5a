"""Each fault that a machine can do to the service's own database, provoked, and what `serve` says.

Prints a line for each: its code, its exit status and its sentence. Mounts are made in a mount
namespace of their own (`unshare`), which root may do: run these tests as root.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import unittest
import uuid

from harness import (FACILITY, PROGRAM, Client, Service, folder, image, opening, run, token,
                     wait_for)
from plain_server import PlainServer, account as server_account

PACKAGES = "/usr/lib/postgresql"


def mounting(script, *arguments):
    """The start of a command line that first mounts in a namespace of its own."""
    if os.geteuid() != 0:
        raise AssertionError("this test mounts a file system: run it as root, as in a container")
    return ["unshare", "-m", "sh", "-ec", script + '\nexec "$@"', "mounting", *arguments]


def tmpfs(path, mebibytes):
    """The start of a command line that sees a small empty disk at a path."""
    pathlib.Path(path).mkdir(mode=0o755, exist_ok=True)
    return mounting(f"mount -t tmpfs -o size={mebibytes}m,mode=755 cathlog '{path}'")


def socket_folder(path):
    """The folder of the sockets as the server makes it, of its account."""
    folder = pathlib.Path(path, "socket")
    folder.mkdir(mode=0o700)
    shutil.chown(folder, *server_account())
    return folder


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = []
        cls.stack = contextlib.ExitStack()
        cls.initialized = cls.stack.enter_context(folder())
        running = Service(cls.initialized).start()
        assert running.stop() == 0

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()
        print()
        for fault, line in cls.table:
            print(f"{fault}\n    {line}")

    def setUp(self):
        self.folder = self.enterContext(folder())

    def copy(self):
        """A folder whose data an earlier service made and stopped cleanly."""
        subprocess.run(["cp", "-a", self.initialized, self.folder], check=True)
        return self.folder

    def refused(self, fault, code, status, *, before=(), port=0, path=None, environment=None,
                arguments=()):
        """Runs `serve` to the end that it must come to, and returns its one sentence."""
        result = subprocess.run(
            [*before, PROGRAM, "serve", "--data-dir", path or self.folder, "--port", str(port),
             *arguments],
            capture_output=True, text=True, timeout=120,
            env={**os.environ, **(environment or {})})
        self.told(fault, code, status, result.returncode, result.stderr)
        self.assertEqual(result.stdout, "")
        return result.stderr.splitlines()[-1]

    def told(self, fault, code, status, ended, errors):
        line = errors.strip().splitlines()[-1]
        self.assertTrue(line.startswith(f"cathlog: {code}: "), errors)
        self.assertEqual(ended, status, errors)
        self.assertTrue(line.endswith("."), line)
        self.table.append((fault, f"{status}  {line}"))

    def serves(self, fault, path=None, before=()):
        """Starts and stops a service, which the fault must not keep from its work."""
        running = Service(path or self.folder, before=before).start()
        self.assertEqual(running.stop(), 0)
        self.table.append((fault, "0  handled: it serves"))

    # What an earlier run left.

    def test_lock_files_of_a_process_that_is_gone(self):
        path = self.copy()
        gone = subprocess.Popen(["true"])
        gone.wait()
        pathlib.Path(path, "data", "postmaster.pid").write_text(f"{gone.pid}\n")
        pathlib.Path(path, "lock").write_text(f"{gone.pid}\n{gone.pid}\n")
        self.serves("lock files of a process that is gone")

    def test_lock_files_that_name_another_program(self):
        path = self.copy()
        user, group = server_account()
        other = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 user=user, group=group, extra_groups=[])
        self.addCleanup(other.wait)
        self.addCleanup(other.stdin.close)
        sockets = socket_folder(path)
        pathlib.Path(path, "data", "postmaster.pid").write_text(f"{other.pid}\n")
        lock = sockets / ".s.PGSQL.5432.lock"
        lock.write_text(f"{other.pid}\n{path}/data\n0\n5432\n{sockets}\n")
        self.serves("lock files whose number another program has by now")
        self.assertIsNone(other.poll())

    def test_a_socket_that_nobody_listens_on(self):
        path = self.copy()
        sockets = socket_folder(path)
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(sockets / ".s.PGSQL.5432"))
        self.serves("a socket that was left behind")

    def test_a_first_start_that_was_killed(self):
        path = pathlib.Path(self.folder)
        first = subprocess.Popen(
            [PROGRAM, "serve", "--data-dir", path, "--port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(wait_for(lambda: list(path.glob("data.unfinished-*/PG_VERSION"))))
        first.send_signal(signal.SIGKILL)
        first.wait()
        self.serves("a folder that initdb has half made")
        self.assertEqual(list(path.glob("data.unfinished-*/PG_VERSION")), [])

    # What is killed.

    def test_a_server_that_is_killed_ends_the_service(self):
        running = Service(self.copy()).start()
        server = int(pathlib.Path(self.folder, "lock").read_text().split()[1])
        os.kill(server, signal.SIGKILL)
        status = running.end(60)
        self.told("PostgreSQL killed under a running serve", "ended-unexpectedly", 69, status,
                  "".join(running.errors))
        self.serves("and the next start")

    def test_a_part_of_the_server_that_is_killed_is_replaced(self):
        running = Service(self.copy()).start()
        self.addCleanup(running.stop)
        run("facility", "create", FACILITY, "--data-dir", self.folder)
        client = Client(running.port, token(self.folder, "recorder", "physician"))
        case = str(uuid.uuid4())
        client.append(case, opening())
        server = pathlib.Path(self.folder, "lock").read_text().split()[1]
        parts = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        connections = [part for part in parts if b"postgres cathlog" in
                       pathlib.Path(f"/proc/{part}/cmdline").read_bytes()]
        self.assertTrue(connections)
        os.kill(int(connections[0]), signal.SIGKILL)
        step = image("common-iliac-vein", "left")

        def stored():
            status, body, _ = client.call("POST", f"/v1/cases/{case}/events", step)
            return body if status in (200, 201) else None

        self.assertTrue(wait_for(stored))
        self.table.append(("a connection of PostgreSQL killed", "handled: it recovers and serves"))

    def test_a_service_that_is_killed(self):
        running = Service(self.copy()).start()
        running.kill()
        self.serves("serve killed")

    # Who else is there.

    def test_a_second_service_on_the_folder(self):
        running = Service(self.copy()).start()
        self.addCleanup(running.stop)
        line = self.refused("a second serve on the folder", "folder-in-use", 75)
        self.assertIn(f"(process {running.process.pid})", line)

    def test_a_port_that_is_taken(self):
        self.copy()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            line = self.refused("a port that is taken", "port-in-use", 69, port=port)
            self.assertIn(f"(process {os.getpid()}, python3", line)

    def test_an_address_of_another_machine(self):
        self.copy()
        self.refused("an address that is none of this machine's", "address-unknown", 78,
                     arguments=["--host", "192.0.2.1"])

    def test_a_socket_that_is_taken(self):
        path = self.copy()
        sockets = socket_folder(path)
        with socket.socket(socket.AF_UNIX) as taken:
            taken.bind(str(sockets / ".s.PGSQL.5432"))
            taken.listen()
            line = self.refused("a socket that is taken", "socket-in-use", 75)
            self.assertIn(f"(process {os.getpid()})", line)

    # The folder.

    def test_a_path_too_long_for_a_socket(self):
        long = os.path.join(self.folder, *["a-folder-with-a-long-name"] * 6)
        self.assertGreater(len(long), 107)
        os.mkdir(self.folder, 0o755)
        self.serves("a path too long for a socket", path=long)

    def test_a_folder_that_cannot_be_written(self):
        if os.geteuid() == 0:
            self.refused("a folder that takes nothing", "folder-not-writable", 77,
                         path="/sys/cathlog")
        else:
            os.mkdir(self.folder, 0o500)
            self.refused("a folder that takes nothing", "folder-not-writable", 77,
                         path=self.folder + "/inside")

    def test_a_disk_mounted_for_reading(self):
        self.copy()
        before = mounting(f"mount --bind '{self.folder}' '{self.folder}'\n"
                          f"mount -o remount,bind,ro '{self.folder}'")
        self.refused("a disk mounted for reading only", "folder-read-only", 77, before=before)

    def test_a_parent_that_is_closed(self):
        os.mkdir(self.folder, 0o700)
        status = "folder-unreachable" if os.geteuid() == 0 else "folder-not-writable"
        if os.geteuid() != 0:
            os.chmod(self.folder, 0)
        self.refused("a parent that is closed to PostgreSQL's account", status, 77,
                     path=self.folder + "/inside")

    def test_a_folder_of_another_account(self):
        if os.geteuid() == 0:
            self.copy()
            subprocess.run(["chown", "-R", "nobody", self.folder], check=True)
            path = self.folder
        else:
            path = "/var"
        self.refused("a folder of another account", "folder-of-another-account", 77, path=path)

    def test_data_of_another_account(self):
        if os.geteuid() != 0:
            raise AssertionError("this test gives files to another account: run it as root")
        self.copy()
        subprocess.run(["chown", "-R", "root", self.folder + "/data"], check=True)
        self.refused("data restored under another account", "folder-of-another-account", 77)

    def test_a_file_in_the_place_of_the_folder(self):
        pathlib.Path(self.folder).write_text("")
        self.refused("a file in the place of the folder", "not-a-folder", 78)

    # The disk.

    def test_a_disk_too_small_to_begin(self):
        self.refused("a disk too small for a first start", "disk-full", 69,
                     before=tmpfs(self.folder, 64), path=self.folder + "/data")

    def test_a_disk_that_is_full_at_a_start(self):
        self.copy()
        disk = os.path.join(os.path.dirname(self.folder), "disk")
        before = tmpfs(disk, 256)
        before[4] = before[4].replace("\nexec", (
            f"\ncp -a '{self.folder}' '{disk}/data'"
            f"\ndd if=/dev/zero of='{disk}/ballast' bs=1M 2>/dev/null || true\nexec"))
        self.refused("a disk that is full at a start", "disk-full", 69, before=before,
                     path=disk + "/data")

    def test_a_disk_that_fills_up_under_the_service(self):
        disk = self.folder
        inside = disk + "/data"
        running = Service(inside, before=tmpfs(disk, 320)).start()
        seen = f"/proc/{running.process.pid}/root{disk}"
        enter = ["nsenter", "-t", str(running.process.pid), "-m"]

        def command(*arguments):
            return subprocess.run([*enter, PROGRAM, *arguments, "--data-dir", inside], check=True,
                                  capture_output=True, text=True, timeout=120).stdout

        command("facility", "create", FACILITY, "--time-zone", "UTC")
        secret = command("token", "create", "--role", "recorder", "--person", "rn-204",
                         "--facility", FACILITY).strip().splitlines()[-1].split()[-1]
        client = Client(running.port, secret)
        case = str(uuid.uuid4())
        client.append(case, opening())
        keep = os.open(seen, os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, keep)
        subprocess.run(["dd", "if=/dev/zero", f"of=/proc/self/fd/{keep}/ballast", "bs=1M"],
                       pass_fds=[keep], capture_output=True)
        # New segments of the write-ahead log, until the disk has no room for one.
        password = pathlib.Path(seen, "data", "password").read_text().strip()
        target = f"host={inside}/socket user=postgres password={password} dbname=cathlog"
        more = "".join("SELECT pg_switch_wal() FROM pg_logical_emit_message(true, 'x', 'y');\n"
                       for _ in range(200))
        subprocess.run([*enter, "psql", "-X", "-q", target], input=more, capture_output=True,
                       text=True, timeout=120)
        status = running.end(120)
        self.told("a disk that fills up under the service", "disk-full", 69, status,
                  "".join(running.errors))
        # Room again, on the same disk: nothing that was answered is lost.
        os.unlink("ballast", dir_fd=keep)
        restored = os.path.join(os.path.dirname(disk), "restored")
        subprocess.run(["cp", "-a", f"/proc/self/fd/{keep}/data", restored], pass_fds=[keep],
                       check=True)
        again = Service(restored).start()
        self.addCleanup(again.stop)
        self.assertIn(case, run("export", "--facility", FACILITY, "--data-dir",
                                restored).stdout.decode())
        self.table.append(("and the next start, with room", "0  handled: what was answered is kept"))

    # The data.

    def test_data_of_another_version(self):
        version = pathlib.Path(self.copy(), "data", "PG_VERSION")
        for number in ["14", "99"]:
            version.write_text(number + "\n")
            self.refused(f"data of PostgreSQL {number}", "postgresql-version-mismatch", 78)

    def test_data_that_are_not_postgresqls(self):
        os.unlink(os.path.join(self.copy(), "data", "PG_VERSION"))
        self.refused("data without PG_VERSION", "data-unreadable", 78)

    def test_a_damaged_control_file(self):
        control = pathlib.Path(self.copy(), "data", "global", "pg_control")
        with control.open("r+b") as file:
            file.seek(100)
            file.write(b"\xff" * 16)
        self.refused("a damaged control file", "data-damaged", 65)

    def test_a_log_that_is_gone(self):
        log = pathlib.Path(self.copy(), "data", "pg_wal")
        for segment in log.glob("0*"):
            segment.unlink()
        self.refused("a write-ahead log that is gone", "data-damaged", 65)

    def test_a_password_that_is_gone(self):
        os.unlink(os.path.join(self.copy(), "password"))
        self.refused("a password that is gone", "password-missing", 78)

    def test_a_master_key_that_is_gone(self):
        running = Service(self.copy()).start()
        run("facility", "create", FACILITY, "--data-dir", self.folder)
        Client(running.port, token(self.folder, "recorder")).append(str(uuid.uuid4()), opening())
        running.stop()
        os.unlink(os.path.join(self.folder, "master.key"))
        self.refused("a master key that is gone", "master-key-missing", 78)

    def test_settings_that_postgresql_refuses(self):
        with open(os.path.join(self.copy(), "data", "postgresql.conf"), "a") as settings:
            settings.write("max_connections = many\n")
        self.refused("settings that PostgreSQL refuses", "start-failed", 69)

    # The programs.

    def test_a_machine_without_postgresql(self):
        before = mounting(f"mount -t tmpfs cathlog {PACKAGES}")
        self.refused("a machine without PostgreSQL", "postgresql-missing", 69, before=before,
                     environment={"PATH": "/usr/bin:/bin"})

    def test_an_installation_without_initdb(self):
        before = mounting(
            f"real=$(ls -d {PACKAGES}/*/bin | tail -n 1)\nmount --bind /dev/null $real/initdb")
        self.refused("an installation without initdb", "initdb-missing", 69, before=before)

    def test_a_postgresql_that_is_too_old(self):
        script = (f"mount -t tmpfs -o mode=755 cathlog {PACKAGES}\nmkdir -p {PACKAGES}/14/bin\n"
                  f"cd {PACKAGES}/14/bin\nprintf '#!/bin/sh\\necho \"postgres (PostgreSQL) 14.9\"\\n'"
                  " >postgres\ncp postgres initdb\nchmod 755 *\ncd /")
        self.refused("a PostgreSQL that is too old", "postgresql-too-old", 78,
                     before=mounting(script), environment={"PATH": "/usr/bin:/bin"})

    def test_a_database_that_does_not_answer(self):
        self.refused("DATABASE_URL of a server that does not answer", "database-unreachable", 69,
                     environment={"DATABASE_URL": "postgresql://user:sesame@127.0.0.1:1/x"})

    def test_a_database_that_loses_commits(self):
        for setting in ["fsync", "full_page_writes", "synchronous_commit"]:
            shutil.rmtree(self.folder, ignore_errors=True)
            with PlainServer(self.copy(), **{setting: "off"}) as server:
                line = self.refused(f"a database with {setting} off", "database-not-durable", 78,
                                    environment=server.environment)
                self.assertIn(setting, line)

    def test_a_database_whose_losses_are_waived(self):
        with PlainServer(self.copy(), fsync="off") as server:
            running = Service(self.folder, environment={
                **server.environment, "CATHLOG_DATABASE_DURABILITY": "waived"}).start()
            self.addCleanup(running.stop)
            _, body, _ = Client(running.port, "none").call("GET", "/readyz")
            self.assertEqual(body["durability"]["settingsOff"], ["fsync"])
            self.assertEqual(body["status"], "ready")
            self.assertEqual(running.stop(), 0)
            warnings = [line for line in running.errors if '"level":"critical"' in line]
            self.assertEqual(len(warnings), 1, running.errors)
            self.table.append(("the same, waived", "0  serves, and says: " + warnings[0].strip()))


if __name__ == "__main__":
    unittest.main()
