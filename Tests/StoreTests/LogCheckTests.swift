import Evidence
import Procedures
import Store
import Testing

/// A log of three rows of two cases, each way in which a row can be wrong, and what is said then.
@Suite struct `The check of a log` {
  private static func row(
    _ position: Int64, case caseNumber: UInt64, version: Int64
  ) throws -> LogRow {
    let data: JSON = [
      "imagesStored": true, "modality": "IVUS", "phase": "diagnostic", "side": "left",
      "vessel": "common-iliac-vein",
    ]
    var row = LogRow(
      facility: try #require(FacilityCode("general")), position: position,
      caseID: CaseID(high: 1, low: caseNumber), version: version,
      recordedAt: Instant(microseconds: 1_772_460_000_000_000 + position),
      entry: LogEntry(
        eventID: EventID(high: 2, low: UInt64(position)), type: "image-acquired", form: 1,
        occurredAt: Instant(microseconds: 1_772_460_000_000_000), performer: "dr-114",
        payload: data.canonicalBytes, digest: Array(repeating: 7, count: 32), recorder: "rn-204",
        hot: LogEntry.HotFields(data)),
      leafHash: [])
    row.leafHash = row.computedLeafHash.bytes
    return row
  }

  private static func rows() throws -> [LogRow] {
    [
      try row(1, case: 1, version: 1), try row(2, case: 2, version: 1),
      try row(3, case: 1, version: 2),
    ]
  }

  private static func check(_ rows: [LogRow]) throws(LogFault) {
    guard let facility = FacilityCode("general") else { return }
    var check = LogCheck(facility: facility)
    for row in rows { try check.add(row) }
    try check.finish(
      at: LogEnd(position: 3, recordedAt: Instant(microseconds: 1_772_460_000_000_003)))
  }

  @Test func `finds nothing wrong with a whole log`() throws {
    try Self.check(try Self.rows())
  }

  /// Changes one row of the three and, where a forger would, computes its leaf anew.
  struct Forgery: CustomTestStringConvertible, Sendable {
    let name: String
    let position: Int64
    let isHashed: Bool
    let change: @Sendable (inout [LogRow]) -> Void
    var testDescription: String { name }

    init(
      _ name: String, at position: Int64, isHashed: Bool = true,
      _ change: @escaping @Sendable (inout [LogRow]) -> Void
    ) {
      self.name = name
      self.position = position
      self.isHashed = isHashed
      self.change = change
    }
  }

  static let forgeries = [
    Forgery("a row is missing", at: 2) { $0.remove(at: 1) },
    Forgery("the last row is missing", at: 3) { $0.removeLast() },
    Forgery("two rows are exchanged", at: 2) { $0.swapAt(1, 2) },
    Forgery("a version is skipped", at: 3) { $0[2].version = 3 },
    Forgery("a version stands twice", at: 3) { $0[2].version = 1 },
    Forgery("a row is of another case", at: 3) { $0[2].caseID = CaseID(high: 1, low: 9) },
    Forgery("the clock ran backwards", at: 2) { $0[1].recordedAt = Instant(microseconds: 0) },
    Forgery("a recorder is changed", at: 2, isHashed: false) { $0[1].entry.recorder = "rn-205" },
    Forgery("a performer is removed", at: 2, isHashed: false) { $0[1].entry.performer = nil },
    Forgery("a time is changed", at: 2, isHashed: false) {
      $0[1].entry.occurredAt = Instant(microseconds: 0)
    },
    Forgery("a digest is changed", at: 2, isHashed: false) { $0[1].entry.digest[0] = 8 },
    Forgery("a payload is changed", at: 2, isHashed: false) { $0[1].entry.payload[3] ^= 1 },
    Forgery("a column says another vessel", at: 2) { $0[1].entry.hot.vessel = "renal-artery" },
    Forgery("a column is empty", at: 2) { $0[1].entry.hot.imagesStored = nil },
    Forgery("a payload is not canonical", at: 2) {
      $0[1].entry.payload.insert(UInt8(ascii: " "), at: 1)
    },
    Forgery("a payload is no JSON", at: 2) { $0[1].entry.payload.removeLast() },
  ]

  @Test(arguments: forgeries)
  func `names the first position that is wrong`(forgery: Forgery) throws {
    var rows = try Self.rows()
    forgery.change(&rows)
    if forgery.isHashed {
      for index in rows.indices { rows[index].leafHash = rows[index].computedLeafHash.bytes }
    }
    let fault = #expect(throws: LogFault.self) { try Self.check(rows) }
    #expect(fault?.position == forgery.position)
    #expect(fault?.sentence.isEmpty == false)
  }

  /// Payloads, and whether they are canonical: the reader that makes no value must say of none what
  /// the full reader would not.
  static let payloads: [(text: String, isCanonical: Bool)] = [
    (#"{}"#, true), (#"{"a":1,"b":[true,null,{"c":"d"}]}"#, true), (#"{"a":"é"}"#, true),
    (#"{"a":"x\ny"}"#, true), (#"{"a":1.5}"#, true), (#"{"a":-3}"#, true),
    (#"{"a":"\u0001"}"#, true),
    (#"{"entry":"x"}"#, true), (#"{"vessel":1}"#, true), (#"{"imagesStored":"true"}"#, true),
    (#"{"side":null}"#, true), (#"{"a":{"vessel":"aorta"}}"#, true),
    (#"{"a":["vessel","x"]}"#, true),
    (#"{"a":1,"a":2}"#, false), (#"{"b":1,"a":2}"#, false), (#"{"aa":1,"a":2}"#, false),
    (#"{ "a":1}"#, false), (#"{"a":1} "#, false), (#"{"a":01}"#, false), (#"{"a":-0}"#, false),
    (#"{"a":1.0}"#, false), (#"{"a":1e2}"#, false), (#"{"a":"\u0041"}"#, false),
    (#"{"a":"\/"}"#, false), (#"{"a":tru}"#, false), (#"{"a":}"#, false), (#"{"a":1,}"#, false),
    (#"{"a":[1,]}"#, false), (#"{"a" 1}"#, false), (#"{"a":"x"#, false), (#"{}{}"#, false),
    ("", false),
  ]

  @Test(arguments: payloads)
  func `takes a payload in canonical form alone`(payload: (text: String, isCanonical: Bool)) throws
  {
    var rows = try Self.rows()
    rows[1].entry.payload = Array(payload.text.utf8)
    rows[1].entry.hot =
      (try? JSON.read(rows[1].entry.payload)).map { LogEntry.HotFields($0) } ?? .init()
    rows[1].leafHash = rows[1].computedLeafHash.bytes
    if payload.isCanonical {
      try Self.check(rows)
    } else {
      #expect(throws: LogFault.self) { try Self.check(rows) }
    }
  }

  /// For each hot column, a value other than the payload's, and none where the payload has one.
  @Test(arguments: [
    #"{"vessel":"aorta"}"#, #"{"side":"left"}"#, #"{"modality":"XA"}"#, #"{"imagesStored":false}"#,
    #"{"lesion":"L1"}"#, #"{"entry":"00000000-0000-4000-8000-000000000001"}"#,
  ])
  func `holds each hot column against the payload`(payload: String) throws {
    var rows = try Self.rows()
    rows[1].entry.payload = Array(payload.utf8)
    let right = LogEntry.HotFields(try JSON.read(rows[1].entry.payload))
    var wrong = [LogEntry.HotFields()]
    for keyPath in [\LogEntry.HotFields.vessel, \.side, \.modality, \.lesion] {
      var fields = right
      fields[keyPath: keyPath] = (fields[keyPath: keyPath] ?? "") + "x"
      wrong.append(fields)
    }
    var fields = right
    fields.imagesStored = !(right.imagesStored ?? true)
    wrong.append(fields)
    fields = right
    fields.entryID = EventID(high: 5, low: 5)
    wrong.append(fields)
    for (hot, isRight) in [(right, true)] + wrong.map({ ($0, false) }) {
      rows[1].entry.hot = hot
      rows[1].leafHash = rows[1].computedLeafHash.bytes
      if isRight {
        try Self.check(rows)
      } else {
        #expect(throws: LogFault.self) { try Self.check(rows) }
      }
    }
  }
}
