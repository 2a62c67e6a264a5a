import Exchange
import Testing

@Suite
struct `An Accept header` {
  static let rows: [(String?, ChargeFormat?)] = [
    (nil, .json), ("", .json), (" , ", .json), ("*/*", .json), ("application/*", .json),
    ("application/json", .json), ("APPLICATION/JSON", .json),
    ("application/x-ndjson", .ndjson), ("application/ndjson", .ndjson),
    ("image/png", nil), ("text/html;q=0.9, image/*", nil),
    ("application/json;q=0", nil), ("application/json;q=0, */*", .ndjson),
    ("*/*;q=0", nil), ("application/json; charset=utf-8", .json),
    ("application/json; charset=\"UTF-8\"", .json), ("application/json; charset=latin1", nil),
    ("application/json;q=0.2, application/x-ndjson;q=0.3", .ndjson),
    ("application/json;q=0.299, application/x-ndjson;q=0.3", .ndjson),
    ("application/x-ndjson, application/json", .ndjson),
    ("application/json, application/x-ndjson", .json),
    ("*/*, application/x-ndjson", .ndjson), ("application/x-ndjson;q=0.1, */*;q=0.2", .json),
    ("text/csv", .csv), ("text/*", .csv), ("text/csv; header=present; charset=utf-8", .csv),
    ("text/csv;header=absent", .csv), ("text/csv; charset=utf-16", nil),
    ("application/fhir+json", .fhir), ("application/fhir+json; fhirVersion=4.0", .fhir),
    ("application/fhir+json; fhirVersion=5.0", nil),
    ("application/fhir+json; fhirVersion=5.0, application/fhir+json;q=0.1", .fhir),
    ("application/fhir+ndjson", .fhirNDJSON), ("application/hl7-v2+er7", .hl7),
    ("x-application/hl7-v2+er7", .hl7), ("application/hl7-v2;charset=utf-8", .hl7),
    ("application/hl7-v2+er7, */*;q=0.1", .hl7), ("application/fhir+xml", nil),
    ("text/csv;q=0.5, application/*;q=0.5", .csv),
    ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", .json),
    // What is malformed is passed over, and says nothing of the rest.
    ("json", nil), ("application/json;q=2, application/x-ndjson;q=0.1", .ndjson),
    ("application/json;q=-1", nil), ("application/json;q=0.1234", nil), ("*/json", nil),
    ("application/json;q=abc, application/ndjson", .ndjson), ("/, ;;, application/json", .json),
    ("application/json;profile=\"a,b;q=0\"", .json),
    ("application/json;;q=1", .json), ("application/json ; q=1", .json),
  ]

  @Test(arguments: rows)
  func `chooses`(_ header: String?, _ format: ChargeFormat?) {
    #expect(ChargeFormat.accepted(by: header) == format, "\(header ?? "none")")
  }
}

@Suite
struct `A format` {
  @Test
  func `is known by its name and by the type that it answers with`() {
    #expect(
      ChargeFormat.allCases.map(\.rawValue)
        == ["json", "ndjson", "csv", "fhir", "fhir-ndjson", "hl7"])
    for format in ChargeFormat.allCases {
      #expect(ChargeFormat(rawValue: format.rawValue) == format)
      #expect(ChargeFormat.accepted(by: format.mediaType) == format)
    }
    #expect(Set(ChargeFormat.allCases.map(\.fileExtension)).count == ChargeFormat.allCases.count)
  }

  @Test(arguments: [
    ("CD", true), ("CR", true), ("C", true), ("X1234567", true), ("", false), ("CG", false),
    ("cd", false), ("C D", false), ("C|D", false), ("X12345678", false), ("Ä", false),
  ])
  func `calls a credit by a code that is one`(_ text: String, _ isCode: Bool) {
    #expect((CreditCode(text) != nil) == isCode)
    #expect(CreditCode.credit.text == "CD")
  }
}
