/// A form in which billing can have the entries of a ledger.
public enum ChargeFormat: String, CaseIterable, Sendable {
  /// One JSON object: the entries, and the cursor of the next pull.
  case json
  /// One JSON object a line, each an entry.
  case ndjson
  /// A table for a spreadsheet or a loader (RFC 4180), with control totals.
  case csv
  /// A FHIR R4 Bundle of ChargeItems, with the address of the next page.
  case fhir
  /// One FHIR R4 ChargeItem a line.
  case fhirNDJSON = "fhir-ndjson"
  /// A batch of HL7 v2.5.1 messages `DFT^P03`.
  case hl7
}

extension ChargeFormat {
  /// The media type that an answer in this form carries.
  ///
  /// HL7 v2 has no registered one; this is HAPI's "HL7 over HTTP", whose older spellings are taken
  /// too.
  public var mediaType: String {
    switch self {
    case .json: "application/json"
    case .ndjson: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8; header=present"
    case .fhir: "application/fhir+json; fhirVersion=4.0"
    case .fhirNDJSON: "application/fhir+ndjson; fhirVersion=4.0"
    case .hl7: "application/hl7-v2+er7; charset=utf-8"
    }
  }

  /// The types by which a caller may ask for this form; the first is the one of ``mediaType``.
  var knownTypes: [(type: String, subtype: String)] {
    switch self {
    case .json: [("application", "json")]
    case .ndjson:
      [("application", "x-ndjson"), ("application", "ndjson"), ("application", "jsonl")]
    case .csv: [("text", "csv")]
    case .fhir: [("application", "fhir+json")]
    case .fhirNDJSON: [("application", "fhir+ndjson")]
    case .hl7:
      [
        ("application", "hl7-v2+er7"), ("x-application", "hl7-v2+er7"), ("application", "hl7-v2"),
      ]
    }
  }

  /// Whether the form is one of FHIR.
  var isFHIR: Bool { self == .fhir || self == .fhirNDJSON }

  /// How the name of a file in this form ends, without the point.
  public var fileExtension: String {
    switch self {
    case .json: "json"
    case .ndjson: "ndjson"
    case .csv: "csv"
    case .fhir: "fhir.json"
    case .fhirNDJSON: "fhir.ndjson"
    case .hl7: "hl7"
    }
  }

  /// Writes entries in this form.
  public func encoder(_ pull: ChargePull) -> any ChargeEncoder {
    switch self {
    case .json: JSONEncoder(pull)
    case .ndjson: NDJSONEncoder()
    case .csv: CSVEncoder(pull)
    case .fhir: FHIRBundleEncoder(pull)
    case .fhirNDJSON: FHIRNDJSONEncoder(pull)
    case .hl7: HL7Encoder(pull)
    }
  }
}
