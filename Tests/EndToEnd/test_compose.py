"""What docker-compose.yml and Dockerfile promise: no root, nothing written, an order of starting, no secret in the open."""

import json
import re
import subprocess
import tempfile
import unittest

from harness import ROOT, run

try:
    import yaml
except ImportError as error:
    raise ImportError("the compose file is read with PyYAML: apt-get install python3-yaml, "
                      "or pip install pyyaml for a Python of your own") from error


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def final_stage():
    """The instructions of the Dockerfile's last stage, continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    last = max(n for n, line in enumerate(lines) if line.startswith("FROM "))
    return [tuple(line.split(None, 1)) for line in lines[last:]]


class Compose(unittest.TestCase):
    def setUp(self):
        self.file = compose()
        self.services = self.file["services"]

    def test_every_service_is_without_rights_and_writes_only_where_it_says(self):
        self.assertEqual(set(self.services), {"database", "migrate", "cathlog"})
        for name, service in self.services.items():
            with self.subTest(service=name):
                self.assertTrue(service["read_only"])
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertNotIn("cap_add", service)
                self.assertNotIn("privileged", service)
                self.assertIn("no-new-privileges:true", service["security_opt"])
                self.assertTrue(any(path.startswith("/tmp:") for path in service["tmpfs"]))
                self.assertIn("pids_limit", service)

    def test_no_log_fills_the_disk(self):
        for name, service in self.services.items():
            with self.subTest(service=name):
                self.assertEqual(set(service["logging"]["options"]), {"max-size", "max-file"})

    def test_the_service_starts_after_a_healthy_database_and_a_finished_migration(self):
        self.assertEqual(
            {name: on["condition"] for name, on in self.services["cathlog"]["depends_on"].items()},
            {"database": "service_healthy", "migrate": "service_completed_successfully"})
        self.assertEqual(
            self.services["migrate"]["depends_on"], {"database": {"condition": "service_healthy"}})
        self.assertIn("pg_isready", self.services["database"]["healthcheck"]["test"])
        # The server that prepares the first start has a socket only: this one must not count.
        self.assertIn("--host=127.0.0.1", self.services["database"]["healthcheck"]["test"])

    def test_the_database_keeps_one_major_version_its_volume_and_checksums(self):
        database = self.services["database"]
        self.assertRegex(database["image"], r"^postgres:\d+-[a-z]+$")
        self.assertEqual(database["user"], "postgres")
        self.assertIn("database:/var/lib/postgresql/data", database["volumes"])
        self.assertIn("database", self.file["volumes"])
        arguments = database["environment"]["POSTGRES_INITDB_ARGS"]
        for part in ["--data-checksums", "--encoding=UTF8", "--auth-host=scram-sha-256"]:
            self.assertIn(part, arguments)
        for setting in ["fsync", "synchronous_commit", "full_page_writes"]:
            self.assertFalse(any(setting in argument for argument in database["command"]))

    def test_secrets_come_from_files_and_the_service_has_not_the_owners(self):
        for name, secret in self.file["secrets"].items():
            self.assertEqual(set(secret), {"file"}, name)
        self.assertEqual(set(self.services["cathlog"]["secrets"]), {"service_url", "master_key"})
        self.assertEqual(set(self.services["migrate"]["secrets"]), {"owner_url"})
        for name, service in self.services.items():
            for setting, value in service["environment"].items():
                with self.subTest(service=name, setting=setting):
                    if re.search(r"PASSWORD|KEY|URL|SECRET", setting):
                        self.assertTrue(setting.endswith("_FILE"))
                        self.assertIn(value.removeprefix("/run/secrets/"), service["secrets"])

    def test_the_database_is_reached_from_the_containers_only(self):
        self.assertTrue(self.file["networks"]["database"]["internal"])
        self.assertEqual(self.services["database"]["networks"], ["database"])
        self.assertNotIn("ports", self.services["database"])
        self.assertEqual(
            self.services["cathlog"]["ports"], ["${CATHLOG_PUBLISH:-127.0.0.1:8080}:8080"])

    def test_a_stop_leaves_time_to_end_what_is_under_way(self):
        def seconds(text):
            minutes, rest = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text).groups()
            return 60 * int(minutes or 0) + int(rest or 0)
        table = json.loads(run("settings", "--format", "json").stdout)["settings"]
        limit = next(row for row in table if row["setting"] == "shutdown.timeLimit")["default"]
        self.assertGreater(seconds(self.services["cathlog"]["stop_grace_period"]), seconds(limit))
        self.assertGreaterEqual(seconds(self.services["database"]["stop_grace_period"]), 60)

    def test_the_files_that_it_names_are_there(self):
        for volume in self.services["database"]["volumes"]:
            source = volume.split(":")[0]
            if source.startswith("."):
                self.assertTrue((ROOT / source).is_file(), source)

    def test_script_secrets_makes_each_secret_once(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [ROOT / "script/secrets", f"{folder}/made"]
            first = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            named = {secret["file"].split("/")[-1] for secret in self.file["secrets"].values()}
            self.assertEqual({line.split("/")[-1] for line in first.splitlines()}, named)
            again = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            self.assertEqual(again, "")


class Image(unittest.TestCase):
    def setUp(self):
        self.stage = final_stage()

    def of(self, instruction):
        return [value for name, value in self.stage if name == instruction]

    def test_the_image_that_runs_holds_no_toolchain_and_no_shell_tools(self):
        self.assertEqual(self.of("FROM"), ["debian:bookworm-slim"])
        installed = re.search(
            r"apt-get install --yes --no-install-recommends ([^&]*)", self.of("RUN")[0]).group(1)
        self.assertEqual(installed.split(), ["ca-certificates", "libpq5", "tzdata"])
        self.assertEqual(
            self.of("COPY"), ["--from=build /built/bin/cathlog /usr/local/bin/cathlog"])

    def test_it_runs_as_an_account_without_rights(self):
        account = self.of("USER")
        self.assertEqual(len(account), 1)
        self.assertGreaterEqual(int(account[0].split(":")[0]), 1000)
        order = [name for name, _ in self.stage]
        self.assertLess(order.index("USER"), order.index("ENTRYPOINT"))

    def test_it_ends_gracefully_and_tells_how_it_is(self):
        self.assertEqual(self.of("STOPSIGNAL"), ["SIGTERM"])
        self.assertEqual(self.of("ENTRYPOINT"), ['["cathlog"]'])
        self.assertIn('CMD ["cathlog", "health"]', self.of("HEALTHCHECK")[0])

    def test_no_secret_gets_into_a_layer(self):
        ignored = (ROOT / ".dockerignore").read_text().splitlines()
        rules = [line for line in ignored if line and not line.startswith("#")]
        self.assertEqual(rules[0], "*")
        self.assertFalse([rule for rule in rules if rule.startswith("!.")])


if __name__ == "__main__":
    unittest.main()
