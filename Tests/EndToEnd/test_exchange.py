"""The forms of the charge ledger, read by the third parties that must agree with them."""

import collections
import csv
import io
import json
import os
import re
import tempfile
import unittest
import uuid
from decimal import Decimal

from harness import FACILITY, Client, event, image, opening, package, run, service, token, wait_for

parser = package("hl7apy.parser")
consts = package("hl7apy.consts")
validation = package("hl7apy.validation")
bundle = package("fhir.resources.R4B.bundle")
chargeitem = package("fhir.resources.R4B.chargeitem")

FORMATS = ["json", "ndjson", "csv", "fhir", "fhir-ndjson", "hl7"]
# Texts made to break each form; account and encounter are sealed, so they may hold anything.
HOSTILE = {
    "department": '=HYPERLINK("http://x"),|^&~\\', "payer": '+A,"B"', "operator": "-dr|1",
    "room": "@Säle 😀 \u202eabc", "account": "\t=1+1\r\nMSH|^~\\&|", "encounter": "＝cmd|'/c calc'!A1"}
FULL = {"account": "0010027", "encounter": "0012345", "department": "Cath Lab", "payer": "medicare"}


def signing():
    return event("case-signed", {"signer": "dr-114", "meaning": "author"})


class Exchange(unittest.TestCase):
    """One ledger of charges and credits, pulled in every form, and read."""

    @classmethod
    def setUpClass(cls):
        with service() as running:
            recorder = Client(running.port, token(running.folder, "physician", person="dr-114"))
            admin = Client(running.port, token(running.folder, "admin"))
            cls.register(admin)
            for setting in ["hospital-outpatient", "hospital-inpatient", "asc", "office"]:
                cls.record(recorder, patient=f"pt-{setting}", setting=setting, **FULL)
            case, images = cls.record(recorder, patient="pt-corrected", **FULL)
            cls.record(recorder)
            cls.record(recorder, patient="pt-hostile", **HOSTILE)
            cls.wait(running, lambda entries: len(entries) == 7 * 3)
            recorder.append(case, [
                event("entry-retracted", {"entry": images[2]["id"], "reason": "wrong vessel"}),
                signing()])
            cls.wait(running, lambda entries: any(
                entry["case"] == case and (entry["kind"], entry["code"], entry["units"])
                == ("charge", "37253", 1) for entry in entries))
            cls.documents = {
                form: cls.pull(running, "--format", form) for form in FORMATS}
        cls.entries = [json.loads(line) for line in cls.documents["ndjson"].splitlines()]
        cls.charges = [entry for entry in cls.entries if entry["kind"] == "charge"]
        cls.credits = [entry for entry in cls.entries if entry["kind"] == "credit"]

    @staticmethod
    def register(admin):
        """Gives the operator of most cases an NPI."""
        status, body, _ = admin.call("POST", "/v1/facility/events", [event("person-registered", {
            "person": "dr-114", "name": "A physician", "roles": ["physician"],
            "npi": "1093817465"})])
        if status not in (200, 201):
            raise AssertionError(f"{status}: {body}")

    @staticmethod
    def record(recorder, **fields):
        """A signed case of three vessels: 37238, 37252 and two of 37253."""
        case = str(uuid.uuid4())
        images = [image(vessel, "left") for vessel in (
            "common-iliac-vein", "external-iliac-vein", "common-femoral-vein")]
        recorder.append(case, [
            opening(**fields), *images,
            event("procedure-coded", {"code": "37238", "modifiers": ["59"]}),
            event("diagnosis-coded", {"codes": ["I87.1", "I82421"]}),
            event("interpretation-documented",
                  {"vessels": [], "report": "patent", "physician": "dr-114"}), signing()])
        return case, images

    @staticmethod
    def pull(running, *arguments):
        return run("charges", *arguments, "--data-dir", running.folder).stdout

    @classmethod
    def wait(cls, running, holds):
        def entered():
            lines = cls.pull(running, "--format", "ndjson").splitlines()
            return holds([json.loads(line) for line in lines])
        if not wait_for(entered):
            raise AssertionError("the entries did not come")

    def test_the_entries_are_charges_and_credits_in_every_form(self):
        whole = json.loads(self.documents["json"])
        self.assertEqual(whole["charges"], self.entries)
        self.assertEqual(whole["after"], self.entries[-1]["entry"])
        self.assertGreater(len(self.charges), 21)
        charges = {entry["entry"]: entry for entry in self.charges}
        own = {"entry", "kind", "credits", "version", "position", "recordedAt", "postedAt"}
        for credit in self.credits:
            charge = charges[credit["credits"]]
            for member in charge.keys() - own:
                self.assertEqual(credit[member], charge[member], member)
        self.assertIn(("37253", 2), [(entry["code"], entry["units"]) for entry in self.credits])

    def test_hl7apy_validates_every_message_strictly(self):
        segments = self.documents["hl7"].decode().split("\r")
        self.assertEqual(segments.pop(), "")
        first, last = segments.pop(0), segments.pop()
        self.assertEqual(first, rf"BHS|^~\&|CATHLOG|{FACILITY}")
        messages = []
        for segment in segments:
            if segment.startswith("MSH|"):
                messages.append([])
            messages[-1].append(segment)
        units = [sum(entry["units"] for entry in kind) for kind in (self.charges, self.credits)]
        self.assertEqual(last, f"BTS|{len(self.entries)}||{units[0]}~{units[1]}")
        self.assertEqual(len(messages), len(self.entries))
        for entry, lines in zip(self.entries, messages):
            with self.subTest(entry=entry["entry"]):
                self.check_message(entry, "\r".join(lines))
        print(f"hl7apy: {len(messages)} messages valid in 2.5.1, strict, without a warning")

    def check_message(self, entry, text):
        message = parser.parse_message(text, validation_level=consts.VALIDATION_LEVEL.STRICT)
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report")
            validation.Validator.validate(message, report_file=report)
            with open(report, encoding="utf-8") as said:
                self.assertEqual(said.read(), "")
        # It writes back what it read; of hexadecimal escapes it knows nothing.
        if "\\X" not in text:
            self.assertEqual(message.to_er7(), text)
        transaction = message.dft_p03_financial.ft1
        self.assertEqual(message.msh.msh_10.value, entry["entry"])
        self.assertEqual(transaction.ft1_2.value, entry["credits"] or entry["entry"])
        self.assertEqual(transaction.ft1_6.value, "CD" if entry["credits"] else "CG")
        self.assertEqual(transaction.ft1_4.ft1_4_1.value, entry["serviceDate"].replace("-", ""))
        self.assertEqual(transaction.ft1_10.value, str(entry["units"]))
        self.assertEqual(transaction.ft1_7.ft1_7_1.value, entry["code"])
        self.assertEqual(transaction.ft1_25.ft1_25_1.value, entry["code"])
        self.assertEqual(
            [modifier.ce_1.value for modifier in transaction.ft1_26], entry["modifiers"])
        self.assertEqual(
            [diagnosis.ce_1.value for diagnosis in transaction.ft1_19], ["I87.1", "I82.421"])
        self.assertEqual(message.pid.pid_3.pid_3_1.value, entry["patient"] or entry["case"])

    def test_fhir_resources_read_every_charge_item_and_give_it_back(self):
        lines = self.documents["fhir-ndjson"].splitlines()
        self.assertEqual(len(lines), len(self.entries))
        for entry, line in zip(self.entries, lines):
            with self.subTest(entry=entry["entry"]):
                item = chargeitem.ChargeItem.model_validate_json(line)
                self.assertEqual(self.plain(item.model_dump_json()), self.plain(line))
                self.assertEqual(item.id, entry["entry"])
                self.assertEqual(item.quantity.value, Decimal(entry["units"]))
                if entry["credits"]:
                    self.assertEqual(item.status, "entered-in-error")
                    (extension,) = item.modifierExtension
                    self.assertEqual(
                        extension.valueReference.identifier.value, entry["credits"])
                else:
                    self.assertEqual((item.status, item.modifierExtension), ("billable", None))
        print(f"fhir.resources: {len(lines)} ChargeItems read and given back (R4B)")

    def test_fhir_resources_read_the_bundle(self):
        document = self.documents["fhir"]
        read = bundle.Bundle.model_validate_json(document)
        self.assertEqual(self.plain(read.model_dump_json()), self.plain(document))
        self.assertEqual(
            [entry.resource.id for entry in read.entry],
            [entry["entry"] for entry in self.entries])
        items = [json.loads(line) for line in self.documents["fhir-ndjson"].splitlines()]
        self.assertEqual([entry["resource"] for entry in json.loads(document)["entry"]], items)

    @staticmethod
    def plain(text):
        """A document with no needless zeros in the fractions of its times."""
        if isinstance(text, bytes):
            text = text.decode()
        return json.loads(re.sub(r'(\.\d*?[1-9])0+Z"', r'\1Z"', text))

    def test_python_reads_the_csv_and_the_control_totals_hold(self):
        text = self.documents["csv"].decode()
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        names = rows[0]
        self.assertEqual({len(row) for row in rows}, {len(names)})
        table = [dict(zip(names, row)) for row in rows[1:]]
        totals = collections.defaultdict(lambda: [0, 0])
        for row in table[:-2]:
            totals["TOTAL-" + row["record"]][0] += int(row["lines"])
            totals["TOTAL-" + row["record"]][1] += int(row["units"])
        self.assertEqual(
            {row["record"]: [int(row["lines"]), int(row["units"])] for row in table[-2:]}, totals)
        for entry, row in zip(self.entries, table, strict=False):
            with self.subTest(entry=entry["entry"]):
                self.check_row(entry, row)
        print(f"csv: {len(table) - 2} rows, totals {dict(totals)}")

    def check_row(self, entry, row):
        def text(value):
            guarded = value and value[0] in "=+-@\t\r\n＝＋－＠'"
            return ("'" if guarded else "") + (value or "")
        columns = {"account": "account", "encounter": "encounter", "patient": "patient",
                   "department": "department", "room": "room", "operator": "operator",
                   "payer": "payer", "npi": "performing_npi", "entry": "entry", "case": "case",
                   "credits": "credits", "serviceDate": "service_date", "postedAt": "posted_at",
                   "code": "code", "setting": "setting", "ruleBook": "rule_book",
                   "recordedAt": "recorded_at"}
        for member, column in columns.items():
            self.assertEqual(row[column], text(entry[member]), column)
        self.assertEqual(row["record"], "CD" if entry["credits"] else "CG")
        self.assertEqual((row["lines"], row["units"]), ("1", str(entry["units"])))
        self.assertEqual(row["modifiers"], ";".join(entry["modifiers"]))
        self.assertEqual([row["dx1"], row["dx2"], row["dx3"]], ["I87.1", "I82421", ""])
        self.assertEqual(row["place_of_service"], {
            "hospital-outpatient": "22", "hospital-inpatient": "21", "asc": "24", "office": "11",
        }[entry["setting"]])
        events = [name for unit in entry["counted"] for name in unit["entries"]]
        self.assertEqual(row["events"], ";".join(dict.fromkeys(events)))


if __name__ == "__main__":
    unittest.main()
