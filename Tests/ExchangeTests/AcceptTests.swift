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
