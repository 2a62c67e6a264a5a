import Charges
import Foundation
import Procedures
import Testing

/// A case file and what it must derive to; `Tests/Cases/README.md` of the design says what stands
/// in each.
struct AcceptanceCase: Sendable, CustomTestStringConvertible {
  struct Line: Hashable, Comparable {
    let code: String
    let units: Int
    let status: String

    static func < (left: Self, right: Self) -> Bool {
      (left.code, left.status, left.units) < (right.code, right.status, right.units)
    }
  }

  let name: String
  let policy: String
  let lines: [Line]
  let absent: Set<String>
  let holds: Set<String>
  let edits: Set<String>
  let events: [UInt8]
  /// The professional amounts of its lines, where the file gives them.
  let prices: [String]
  /// The sum of what can be billed, where the file gives it.
  let billable: String?

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases")

  /// Every case of the folder, by name.
  static let all: [AcceptanceCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { $0.hasSuffix(".ndjson") }.sorted().compactMap {
      AcceptanceCase(name: String($0.dropLast(".ndjson".count)))
    }
  }()

  init?(name: String) {
    guard let events = try? Data(contentsOf: Self.folder.appending(path: name + ".ndjson")),
      let text = try? Data(contentsOf: Self.folder.appending(path: name + ".expected.json")),
      let expected = try? JSON.read([UInt8](text)),
      let policy = expected["policy"]?.text, let lines = expected["lines"]?.elements
    else { return nil }
    self.name = name
    self.policy = policy
    self.events = [UInt8](events)
    self.lines = lines.compactMap { line in
      guard let code = line["code"]?.text, let units = line["units"]?.number?.integer,
        let status = line["status"]?.text
      else { return nil }
      return Line(code: code, units: units, status: status)
    }.sorted()
    prices = lines.compactMap { $0["price"]?.text }
    billable = expected["billable"]?.text
    guard self.lines.count == lines.count else { return nil }
    func set(_ member: String) -> Set<String> {
      Set(expected[member]?.elements?.compactMap(\.text) ?? [])
    }
    absent = set("absent")
    holds = set("holds")
    edits = set("edits")
  }
}

extension CaseCollection {
  /// The collection of a file's text.
  init(reading bytes: [UInt8], ruleBook: RuleBook = .standard) throws {
    self.init(ruleBook: ruleBook)
    var file = EventFile()
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if let line = try file.next(line) { try add(line) }
    }
  }
}
