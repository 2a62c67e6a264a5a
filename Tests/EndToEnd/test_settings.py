"""Settings from options, the environment, files and defaults; secrets in no output."""

import base64
import http.client
import json
import os
import pathlib
import secrets
import subprocess
import threading
import unittest
import uuid

from harness import (
    Client, Service, folder, image, opening, run, token, wait_for)

KEY = base64.b64encode(secrets.token_bytes(32)).decode()
PASSWORD = "pw" + secrets.token_hex(12)
URL = f"postgresql://lab:{PASSWORD}@127.0.0.1:9/cathlog?connect_timeout=1"
SECRETS = {
    "DATABASE_URL": URL, "CATHLOG_MASTER_KEY": KEY, "CATHLOG_DATABASE_CONNECTION_WAIT": "100ms"}


def settings(*arguments, environment=None):
    output = run("settings", "--format", "json", *arguments, environment=environment).stdout
    return {row["setting"]: row for row in json.loads(output)["settings"]}


class Settings(unittest.TestCase):
    def said(self, result):
        text = (result.stdout + result.stderr).decode()
        self.assertNotIn(PASSWORD, text)
        self.assertNotIn(KEY, text)
        return text

    def write(self, path, text, mode=0o600):
        pathlib.Path(path).write_text(text)
        os.chmod(path, mode)
        return path

    def test_each_value_is_printed_with_its_source_and_secrets_are_not(self):
        with folder() as path:
            file = self.write(path + ".json", json.dumps({
                "http": {"port": 7001, "host": "0.0.0.0", "streams": 5},
                "log": {"level": "notice"}}))
            rows = settings("--config", file, "--port", "7003", environment={
                **SECRETS, "CATHLOG_PORT": "7002", "CATHLOG_HOST": "::1"})
            self.assertEqual(
                {key: (rows[key].get("value"), rows[key]["from"]) for key in [
                    "http.port", "http.host", "http.streams", "log.level", "log.format",
                    "database.url", "masterKey.value", "config"]},
                {"http.port": ("7003", "flag --port"),
                 "http.host": ("::1", "environment CATHLOG_HOST"),
                 "http.streams": ("5", f"file {file}"), "log.level": ("notice", f"file {file}"),
                 "log.format": ("auto", "default"),
                 "database.url": (None, "environment DATABASE_URL"),
                 "masterKey.value": (None, "environment CATHLOG_MASTER_KEY"),
                 "config": (file, "flag --config")})
            table = self.said(run("settings", environment=SECRETS))
            self.assertRegex(
                table, r"\ndatabase\.url +set, not shown +environment DATABASE_URL +DATABASE_URL ")
            self.assertEqual(len(table.splitlines()), len(rows) + 1)
            self.said(run("settings", "--format", "json", environment=SECRETS))

    def test_a_wrong_value_is_refused_with_its_setting_its_source_and_what_is_allowed(self):
        with folder() as path:
            file = self.write(path + ".json", '{"http":{"prot":1}}')
            open_file = self.write(
                path + "-open.json", json.dumps({"database": {"url": URL}}), 0o644)
            for arguments, environment, status, sentence in [
                (["--port", "http"], {}, 64,
                 "setting-invalid: http.port (flag --port) must be a whole number from 0 to 65535."),
                ([], {"CATHLOG_PORT": "tcp://10.0.0.1:80"}, 78,
                 "setting-invalid: http.port (environment CATHLOG_PORT) must be a whole number"),
                ([], {"CATHLOG_LOG_LEVEL": KEY}, 78,
                 "log.level (environment CATHLOG_LOG_LEVEL) must be one of trace, debug,"),
                ([], {"DATABASE_URL": f"mysql://lab:{PASSWORD}@db/x"}, 78,
                 "database.url (environment DATABASE_URL) must be a PostgreSQL URL"),
                ([], {"CATHLOG_MASTER_KEY": PASSWORD}, 78,
                 "masterKey.value (environment CATHLOG_MASTER_KEY) must be 32 bytes in base64."),
                ([], {"CATHLOG_MASTER_KEY_FILE": KEY}, 78, "masterKey.file (environment"),
                ([], {"DATABASE_URL_FILE": "/nonexistent"}, 78,
                 "settings-unreadable: /nonexistent (environment DATABASE_URL_FILE)"),
                ([], {"DATABASE_URL": URL, "DATABASE_URL_FILE": "/x"}, 78,
                 "Set DATABASE_URL or DATABASE_URL_FILE, not both."),
                (["--config", file], {}, 78, f"setting-unknown: http.prot in {file} is no setting; "
                 "the nearest is http.port."),
                (["--config", "/nonexistent"], {}, 64, "/nonexistent (flag --config)"),
                (["--config", open_file], {}, 78, "secret-exposed: "),
            ]:
                for command in [["settings"], ["serve"]]:
                    result = run(*command, *arguments, environment=environment, check=False)
                    self.assertEqual(result.returncode, status, sentence)
                    self.assertIn(sentence, self.said(result))
                    self.assertEqual(result.stdout, b"")

    def test_a_variable_that_no_setting_has_is_warned_of(self):
        result = run("settings", environment={"CATHLOG_MASTER_KEY_FLIE": KEY})
        self.assertIn(
            "warning: CATHLOG_MASTER_KEY_FLIE in the environment is no setting; the nearest is "
            "CATHLOG_MASTER_KEY_FILE", self.said(result))

    def test_a_database_that_cannot_be_reached_is_told_without_its_password(self):
        for environment in [SECRETS, {**SECRETS, "DATABASE_URL": "", "DATABASE_URL_FILE": "FILE"}]:
            with folder() as path:
                file = self.write(path + ".url", URL + "\n")
                environment = {
                    name: file if value == "FILE" else value for name, value in environment.items()}
                result = run("serve", "--log-level", "trace", "--port", "0",
                             environment=environment, check=False)
                self.assertEqual(result.returncode, 69)
                self.assertIn("database-unreachable", self.said(result))

    def test_a_service_logs_its_settings_once_and_keeps_to_them(self):
        with folder() as path:
            file = self.write(path + ".json", json.dumps({
                "http": {"eventsPerRequest": 2, "bodySize": "2KiB"}}))
            running = Service(path, "--config", file, "--log-level", "debug", environment={
                "CATHLOG_MASTER_KEY": KEY, "CATHLOG_HTTP_STREAMS": "7",
                "CATHLOG_MASTER_KEY_FLIE": "x"}).start()
            try:
                run("facility", "create", "general", "--data-dir", path,
                    environment={"CATHLOG_MASTER_KEY": KEY})
                client = Client(running.port, json.loads(run(
                    "token", "create", "--role", "recorder", "--person", "rn-1", "--facility",
                    "general", "--format", "json", "--data-dir", path,
                    environment={"CATHLOG_MASTER_KEY": KEY}).stdout)["token"])
                address = f"/v1/cases/{uuid.uuid4()}/events"
                steps = [opening(), image("inferior-vena-cava")]
                self.assertEqual(client.call("POST", address, steps)[0], 201)
                steps = [image("inferior-vena-cava") for _ in range(3)]
                status, problem, _ = client.call("POST", address, steps)
                self.assertEqual((status, problem["code"]), (422, "field-invalid"))
                status, problem, _ = client.call(
                    "POST", address, b" " * 3000, {"Content-Type": "application/json"})
                self.assertEqual((status, problem["code"]), (413, "body-too-large"))
            finally:
                self.assertEqual(running.stop(), 0)
            said = "".join(running.lines + running.errors)
            self.assertNotIn(KEY, said)
            logged = [json.loads(line) for line in running.errors if '"settings"' in line]
            self.assertEqual(len(logged), 1)
            self.assertEqual(logged[0]["http.bodySize"], f"2KiB (file {file})")
            self.assertEqual(logged[0]["http.streams"], "7 (environment CATHLOG_HTTP_STREAMS)")
            self.assertEqual(
                logged[0]["masterKey.value"], "set, not shown (environment CATHLOG_MASTER_KEY)")
            self.assertIn("CATHLOG_MASTER_KEY_FLIE in the environment is no setting", said)

    def test_the_time_to_end_is_limited_and_what_waited_is_not_stored_twice(self):
        with folder() as path:
            running = Service(path, environment={"CATHLOG_SHUTDOWN_TIME_LIMIT": "1s"}).start()
            blocker = None
            try:
                run("facility", "create", "general", "--data-dir", path)
                client = Client(running.port, token(path, "recorder"))
                case, step = str(uuid.uuid4()), opening()
                # Another session holds the log's end, as a hanging transaction would.
                blocker = subprocess.Popen(
                    ["psql", "-qAtX", "--host", f"{path}/socket", "--username", "postgres",
                     "cathlog"],
                    env={**os.environ,
                         "PGPASSWORD": pathlib.Path(path, "password").read_text().strip()},
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                blocker.stdin.write("BEGIN; LOCK TABLE log.head; SELECT 'locked';\n")
                blocker.stdin.flush()
                self.assertEqual(blocker.stdout.readline().strip(), "locked")
                answers = []
                caller = threading.Thread(
                    target=lambda: answers.append(self.answer(client, case, step)))
                caller.start()
                wait_for(lambda: self.waits(path))
                self.assertEqual(running.stop(), 75)
                caller.join()
                self.assertIn("shutdown-cut-short", "".join(running.errors))
                self.assertIn(answers[0], [503, "cut off"])
            finally:
                if blocker:
                    blocker.communicate()
                if running.process.poll() is None:
                    running.kill()
            running.start()
            try:
                client = Client(running.port, token(path, "recorder", "auditor"))
                client.append(case, step)
                client.append(case, step)
                _, shown, _ = client.call("GET", f"/v1/cases/{case}/events")
                self.assertEqual(len(shown), 1)
            finally:
                self.assertEqual(running.stop(), 0)

    @staticmethod
    def answer(client, case, step):
        try:
            return client.call("POST", f"/v1/cases/{case}/events", step)[0]
        except (OSError, http.client.HTTPException):
            return "cut off"

    @staticmethod
    def waits(path):
        """Whether a session of the service waits for the lock."""
        return subprocess.run(
            ["psql", "-qAtX", "--host", f"{path}/socket", "--username", "postgres", "cathlog", "-c",
             "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"],
            env={**os.environ, "PGPASSWORD": pathlib.Path(path, "password").read_text().strip()},
            capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    unittest.main()
