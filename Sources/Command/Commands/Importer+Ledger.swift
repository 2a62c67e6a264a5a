import Procedures
import Projectors
import Store

// What an import means to the ledger. It is settled before the first event is stored: a service that
// runs meanwhile would post it at once.
extension Importer {
  /// How many cases are asked for at once.
  private static let caseLimit = 1_000

  /// Keeps the cases of these lines out of the ledger.
  ///
  /// Refuses a line that is new to a case whose charges are posted already: it could change them.
  func withhold(_ lines: [PlacedLine]) async throws {
    let withheld = WithheldCases(pool: parts.pool)
    for part in Self.cases(of: lines) {
      let posted = try await withheld.withhold(part, in: facility, by: Operator.person)
      for caseID in posted { try await refuseNewLines(lines, of: caseID) }
    }
  }

  private func refuseNewLines(_ lines: [PlacedLine], of caseID: CaseID) async throws {
    var known: Set<EventID> = []
    var last: Int64 = 0
    while true {
      let page = try await parts.reader.events(
        of: caseID, in: facility, after: last, limit: Self.caseLimit, disclosure: .sealed)
      guard let end = page.last else { break }
      known.formUnion(page.map(\.event.id))
      last = end.version
    }
    let new = lines.first { line in
      line.line.submitted.event.caseID == caseID && !known.contains(line.line.submitted.event.id)
    }
    guard let new else { return }
    throw CommandFailure(
      "case-posted",
      "The case is in the log already and its charges are in the ledger, where this event could "
        + "change them; nothing was imported. Import with --post.", .data, at: new.place)
  }

  /// Says of how many cases an earlier import has kept the charges out of the ledger.
  func sayWithheld(_ lines: [PlacedLine]) async throws {
    let withheld = WithheldCases(pool: parts.pool)
    var count = 0
    for part in Self.cases(of: lines) {
      count += try await withheld.withheld(among: part, in: facility).count
    }
    guard count > 0 else { return }
    Terminal.say(
      "cases imported before without --post, whose charges stay out of the ledger: \(count)")
  }

  private static func cases(of lines: [PlacedLine]) -> [[CaseID]] {
    let cases = Set(lines.map(\.line.submitted.event.caseID)).subtracting([.zero]).sorted()
    return stride(from: 0, to: cases.count, by: caseLimit).map {
      Array(cases[$0..<min($0 + caseLimit, cases.count)])
    }
  }
}
