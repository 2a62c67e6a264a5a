/// A form in which billing can have the entries of a ledger.
public enum ChargeFormat: String, CaseIterable, Sendable {
  /// One JSON object: the entries, and the cursor of the next pull.
  case json
  /// One JSON object a line, each an entry.
  case ndjson
}

extension ChargeFormat {
  /// The media type that an answer in this form carries.
  public var mediaType: String {
    switch self {
    case .json: "application/json"
    case .ndjson: "application/x-ndjson"
    }
  }

  /// The types by which a caller may ask for this form; the first is the one of ``mediaType``.
  var knownTypes: [(type: String, subtype: String)] {
    switch self {
    case .json: [("application", "json")]
    case .ndjson:
      [("application", "x-ndjson"), ("application", "ndjson"), ("application", "jsonl")]
    }
  }

  /// Whether the form is one of FHIR.
  var isFHIR: Bool { false }

  /// How the name of a file in this form ends, without the point.
  public var fileExtension: String {
    switch self {
    case .json: "json"
    case .ndjson: "ndjson"
    }
  }

  /// Writes entries in this form.
  public func encoder(_ pull: ChargePull) -> any ChargeEncoder {
    switch self {
    case .json: JSONEncoder(pull)
    case .ndjson: NDJSONEncoder()
    }
  }
}
