"""The OpenAPI document, and the running service held to it by schemathesis."""

import collections
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone

from harness import CASES, Client, image, opening, package, run, service, token

ROLES = ["recorder", "physician", "coder", "billing", "auditor", "admin"]
SEED = 20260302
# Cases that requests are sent to, beside made-up ones: one for each type of event, and some over.
CASE_COUNT = 48
CHECKS = {
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
    "positive_data_acceptance", "missing_required_header", "unsupported_method", "ignored_auth",
    "use_after_free", "ensure_resource_availability", "allow_header_conformance"}


def fetch(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/openapi.json", timeout=30) as answer:
        return json.load(answer)


def closed(value):
    """The document with every object that it lists the members of closed to others: an answer with
    a member that is not described fails, which a client that is to go on working must not."""
    if isinstance(value, list):
        return [closed(element) for element in value]
    if not isinstance(value, dict):
        return value
    result = {name: closed(member) for name, member in value.items()}
    if value.get("type") == "object" and value.get("properties") and "required" in value:
        result.setdefault("additionalProperties", False)
    return result


class Document(unittest.TestCase):
    def test_is_openapi_3_1_and_describes_the_acceptance_cases(self):
        validator = package("openapi_spec_validator").OpenAPIV31SpecValidator
        jsonschema = package("jsonschema")
        with service() as running:
            document = fetch(running.port)
        self.assertEqual([str(error) for error in validator(document).iter_errors()], [])
        counted = collections.Counter()
        lines = run("simulate", "--cases", 40, "--seed", SEED).stdout.splitlines()
        for path in sorted(CASES.glob("*.ndjson")):
            lines += path.read_bytes().splitlines()
        readers = {}
        for name in ("SubmittedCaseEvent", "SubmittedFacilityEvent"):
            schema = {**document["components"]["schemas"][name], "components": document["components"]}
            for kind in schema["properties"]["type"]["enum"]:
                readers[kind] = jsonschema.Draft202012Validator(schema)
        for line in filter(bytes.strip, lines):
            event = json.loads(line)
            reader = readers[event["type"]]
            # A file may say what only a log adds.
            event = {name: event[name] for name in reader.schema["properties"] if name in event}
            self.assertEqual([error.message for error in reader.iter_errors(event)], [], line)
            counted[event["type"]] += 1
        print(f"\n{sum(counted.values())} events of {len(counted)} types are as described",
              file=sys.stderr)
        self.assertGreater(len(counted), 25)


class Schemathesis(unittest.TestCase):
    def test_finds_no_difference_between_document_and_service(self):
        package("schemathesis")
        with service(environment={
                # Every check of `ignored_auth` shows a wrong token.
                "CATHLOG_HTTP_WRONG_CREDENTIALS_PER_MINUTE": "0"}) as running, \
                tempfile.TemporaryDirectory(prefix="cathlog-openapi-") as folder:
            folder = pathlib.Path(folder)
            shown = token(running.folder, *ROLES, person="dr-114")
            client = Client(running.port, shown)
            cases = self.prepare(client)
            books = [book["digest"] for book in client.call("GET", "/v1/rule-books")[1]["ruleBooks"]]
            document = closed(fetch(running.port))
            # schemathesis loses the quotes of a header that it makes from a pattern.
            document["components"]["parameters"]["IfMatch"]["schema"] = {
                "type": "string", "enum": [f'"{version}"' for version in range(4)]}
            (folder / "openapi.json").write_text(json.dumps(document))
            (folder / "schemathesis.toml").write_text(self.settings(cases, books))
            result = subprocess.run(
                [sys.executable, "-m", "schemathesis.cli", "--config-file",
                 folder / "schemathesis.toml", "run", folder / "openapi.json",
                 "--url", f"http://127.0.0.1:{running.port}", "--no-color",
                 "--seed", str(SEED), "--checks", ",".join(sorted(CHECKS)),
                 "--header", f"Authorization: Bearer {shown}", "--report", "ndjson",
                 "--report-ndjson-path", folder / "report.ndjson"],
                capture_output=True, text=True, timeout=600, cwd=folder,
                env={**os.environ, "SCHEMATHESIS_HOOKS": "openapi_hooks",
                     "PYTHONPATH": str(pathlib.Path(__file__).parent),
                     "CATHLOG_TEST_CASES": json.dumps(cases),
                     "CATHLOG_TEST_START": datetime.now(timezone.utc).isoformat()})
            said = "\n".join(line[:500] for line in result.stdout.splitlines() if line)
            self.assertEqual(result.returncode, 0, said[:20_000] + result.stderr)
            self.check_counts(folder / "report.ndjson", document)

    @staticmethod
    def prepare(client):
        """Cases of which something is known, so that not every answer is 404."""
        cases = []
        for _ in range(CASE_COUNT):
            case = str(uuid.uuid4())
            client.append(case, [opening(), image("renal-artery", "left"), image("external-iliac-vein", "right")])
            cases.append(case)
        return cases

    @staticmethod
    def settings(cases, books):
        return f"""
[dictionaries]
cases = {{ values = {json.dumps(cases)} }}
books = {{ values = {json.dumps(books)} }}

[parameters]
"path.case" = {{ dictionary = "cases", probability = 0.7 }}
"path.digest" = {{ dictionary = "books", probability = 0.7 }}

[checks]
# Beside what it expects by itself: a body made larger than is taken, a version that is another.
negative_data_rejection.expected-statuses = [
    "400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]

[generation]
max-examples = 12
database = "none"
allow-x00 = false
no-shrink = true
"""

    def check_counts(self, path, document):
        """Prints what was done, and holds it to be enough: every operation has taken what is valid
        and refused what is not, and every check was made."""
        answers = collections.defaultdict(collections.Counter)
        checks = collections.Counter()
        for line in path.read_text().splitlines():
            recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder") or {}
            for key, case in recorder.get("cases", {}).items():
                answer = (recorder["interactions"].get(key) or {}).get("response") or {}
                mode = ((case["value"].get("meta") or {}).get("generation") or {}).get("mode")
                answers[recorder["label"]][f"{mode} {answer.get('status_code')}"] += 1
            for made in recorder.get("checks", {}).values():
                checks.update(check["name"] for check in made)
        operations = {
            f"{method.upper()} {path}": "requestBody" in item[method] or "parameters" in item[method]
            for path, item in document["paths"].items() for method in item
            if method in ("get", "post", "put", "patch", "delete")}
        print(file=sys.stderr)
        for label, takes in sorted(operations.items()):
            counts = answers[label]
            print(f"{label}: {dict(sorted(counts.items()))}", file=sys.stderr)
            self.assertGreater(counts["positive 200"] + counts["positive 201"], 0, label)
            if takes:
                self.assertGreater(counts["negative 400"] + counts["negative 422"], 0, label)
        self.assertLessEqual(CHECKS, set(checks))
        print(f"schemathesis: {len(operations)} operations, "
              f"{sum(sum(counts.values()) for counts in answers.values())} cases, "
              f"{sum(checks.values())} checks of {len(checks)} kinds, none failed; seed {SEED}",
              file=sys.stderr)


class Examples(unittest.TestCase):
    def test_are_taken(self):
        with service() as running:
            client = Client(running.port, token(running.folder, *ROLES, person="dr-114"))
            document = fetch(running.port)
            count = 0
            for path, item in document["paths"].items():
                for media in item.get("post", {}).get("requestBody", {}).get("content", {}).values():
                    for name, example in media.get("examples", {}).items():
                        address = path.replace("{case}", str(uuid.uuid4()))
                        status, body, _ = client.call("POST", address, example["value"])
                        self.assertEqual(status, 201, (path, name, body))
                        count += 1
            self.assertGreaterEqual(count, 3)


class Stream(unittest.TestCase):
    """What schemathesis cannot try: an answer that never ends."""

    def test_sends_events_as_they_are_described(self):
        jsonschema = package("jsonschema")
        with service() as running:
            shown = token(running.folder, "recorder")
            client = Client(running.port, shown)
            document = fetch(running.port)
            reader = jsonschema.Draft202012Validator({
                **document["components"]["schemas"]["RecordedEvent"],
                "components": document["components"]})
            case = str(uuid.uuid4())
            client.append(case, [opening(), image("renal-artery", "left")])
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
            try:
                connection.request("GET", f"/v1/cases/{case}/events?after=0", headers={
                    "Authorization": f"Bearer {shown}", "Accept": "text/event-stream",
                    "Last-Event-ID": "1"})
                answer = connection.getresponse()
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.getheader("Content-Type"), "text/event-stream")
                self.assertEqual(answer.getheader("Cache-Control"), "no-store")
                client.append(case, image("external-iliac-vein", "right"))
                seen = []
                # Two events are to come; each takes two lines and a blank one.
                for _ in range(50):
                    line = answer.readline().decode().rstrip("\n")
                    if line.startswith("id: "):
                        seen.append([line[4:]])
                    elif line.startswith("data: "):
                        event = json.loads(line[6:])
                        self.assertEqual([error.message for error in reader.iter_errors(event)], [])
                        seen[-1].append(event["version"])
                    if len(seen) == 2 and len(seen[1]) == 2:
                        break
                self.assertEqual(seen, [["2", 2], ["3", 3]])
            finally:
                connection.close()


if __name__ == "__main__":
    unittest.main()
