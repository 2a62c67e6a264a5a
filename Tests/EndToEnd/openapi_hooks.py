"""What schemathesis is told about Cathlog beside its document: see test_openapi.py.

It loads this file itself (SCHEMATHESIS_HOOKS).
"""

import os
import re
from datetime import date, datetime, timedelta, timezone

import schemathesis
from hypothesis import strategies
from schemathesis.openapi import format as string_format
from schemathesis.openapi.checks import RejectedPositiveData

# Formats that a generator must know something of the world for: the log begins in 1900, what is
# recorded happened not long ago, and a name of a time zone cannot be made up.
START = datetime.fromisoformat(os.environ["CATHLOG_TEST_START"])
string_format("date", strategies.dates(date(1900, 1, 1), date(9999, 12, 30)).map(str))
string_format("date-time", strategies.integers(0, 3600).map(
    lambda seconds: (START - timedelta(seconds=seconds)).isoformat()))
string_format("time-zone", strategies.sampled_from(
    ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "UTC"]))

# Requests that the document allows and the service may still refuse, since what decides is not in
# the request: by the problem's code and field. Anything else that is valid must be taken.
UNDECIDABLE = {
    ("version-conflict", None): "which version a case has, the log knows",
    ("lesion-unknown", "data.lesion"): "which lesions a case has, the log knows",
    ("entry-unknown", "data.entry"): "which entries a case has, the log knows",
    ("entry-already-retracted", "data.entry"): "whether an entry stands, the log knows",
    ("occurred-in-future", "occurredAt"): "what time it is, the database knows",
    ("occurred-in-future", "data.occurredAt"): "what time it is, the database knows",
    ("occurred-before-case", "occurredAt"): "when a case began, the log knows",
    ("occurred-before-case", "data.occurredAt"): "when a case began, the log knows",
    ("field-missing", "reason"): "whether a case counts as signed, the log knows",
    ("field-invalid", "case"): "it must be the case of the address",
    ("field-invalid", "data.facility"): "it must be the facility of the token",
    ("field-invalid", "data.signer"): "it must be the person of the token",
    ("field-invalid", "data.timeZone"): "which names there are, the IANA database knows",
    ("field-invalid", "data.code"): "which codes are counted from images, the rule book knows",
    ("field-invalid", "data.entry"): "which kind of entry is amended, the log knows",
    ("field-invalid", "data.digest"): "which books a facility keeps, the database knows",
    ("field-invalid", "data.ruleBook"): "which books a facility keeps, the database knows",
    ("field-invalid", "cursor"): "it must be what a link of this list said",
    ("field-invalid", "basis"): "it goes with a time in `at`, and parameters know nothing of others",
    ("field-invalid", "ruleBook"): "which books a facility keeps, the database knows",
    ("field-invalid", "policy"): "which policies there are, the rule book knows",
}


def is_undecidable(problem, body):
    """Whether a refusal of a valid request rests on what is not in the request."""
    code, field = problem.get("code"), problem.get("field")
    if (code, field) in UNDECIDABLE:
        return True
    if code == "field-invalid" and problem.get("faults"):
        # A rule book: the manual has the fields of its tables, and how they must agree.
        return True
    if code == "field-invalid" and field is None and "18 digits" in problem["detail"]:
        # JSON Schema cannot say how many digits a number has.
        return True
    # A correction's data has the form of the entry's type, which the log knows.
    return (field or "").startswith("data.data")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if not isinstance(failure, RejectedPositiveData):
        return True
    version = case.headers.get("If-Match")
    if version is not None and not re.fullmatch('"[0-9]{1,18}"', version):
        # The coverage phase puts a header that breaks its pattern into what it calls valid.
        return False
    if "problem+json" not in response.headers.get("content-type", [""])[0]:
        return True
    return not is_undecidable(response.json(), case.body)
