"""The OpenAPI document, and the running service held to it by schemathesis."""

import collections
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

from harness import CASES, Client, image, opening, package, service, token, now

ROLES = ["recorder", "physician", "coder", "billing", "auditor", "admin"]
SEED = 20260302
# Cases that requests are sent at, beside made-up ones; some of them are signed or cancelled on the way.
CASE_COUNT = 24
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
        for name in ("SubmittedCaseEvent", "SubmittedFacilityEvent"):
            schema = {**document["components"]["schemas"][name], "components": document["components"]}
            reader = jsonschema.Draft202012Validator(schema)
            kinds = set(schema["properties"]["type"]["enum"])
            for path in sorted(CASES.rglob("*.ndjson")):
                if "bad" in path.parts or "refused" in path.parts:
                    continue
                for line in path.read_text().splitlines():
                    event = json.loads(line) if line.strip() else {}
                    if event.get("type") not in kinds:
                        continue
                    event = {key: event[key] for key in schema["properties"] if key in event}
                    self.assertEqual(
                        [error.message for error in reader.iter_errors(event)], [], (path, event))
                    counted[event["type"]] += 1
        self.assertGreater(len(counted), 20)
        print(f"\n{sum(counted.values())} events of {len(counted)} types are as described",
              file=sys.stderr)


class Schemathesis(unittest.TestCase):
    def test_finds_no_difference_between_document_and_service(self):
        package("schemathesis")
        with service(environment={
                # Every check of `ignored_auth` shows a wrong token.
                "CATHLOG_HTTP_WRONG_CREDENTIALS_PER_MINUTE": "0"}) as running, \
                tempfile.TemporaryDirectory(prefix="cathlog-openapi-") as folder:
            folder = pathlib.Path(folder)
            shown = token(running.folder, *ROLES, person="dr-114")
            cases = self.prepare(Client(running.port, shown))
            document = closed(fetch(running.port))
            (folder / "openapi.json").write_text(json.dumps(document))
            (folder / "schemathesis.toml").write_text(self.settings(running.port, cases))
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
                     "CATHLOG_TEST_START": datetime.now(timezone.utc).isoformat()})
            self.assertEqual(result.returncode, 0, result.stdout[-20_000:] + result.stderr)
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
    def settings(port, cases):
        return f"""
[dictionaries]
cases = {{ values = {json.dumps(cases)} }}

[parameters]
"path.case" = {{ dictionary = "cases", probability = 0.7 }}

[generation]
max-examples = 12
database = "none"
allow-x00 = false
no-shrink = true
"""

    def check_counts(self, path, document):
        pass


if __name__ == "__main__":
    unittest.main()
