import ArgumentParser
import Charges
import Procedures
import Projectors
import Store
import Synchronization

/// `cathlog verify`: the log proven whole, and the read model held against it.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks a facility's log, what was projected from it, and its ledger.",
    discussion: """
      Positions and versions without a gap, the clock, every row's leaf hash, and the columns beside \
      the payload; the rule books that the facility keeps; then each case's lines against what its \
      log derives to, and its entries in the ledger against what its log makes the ledger enter. \
      Names the first position that is wrong. Status 0 when nothing is, else 65.
      """)

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let sentence = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      let check = try await Self.checkLog(code, parts)
      if let digest = try await parts.ruleBooks.firstBroken(in: code) {
        throw CommandFailure(
          "rule-book-broken", "The rule book stored as \(digest) in \(code) is another.", .data)
      }
      let report = try await Self.checkProjection(code, parts)
      let ledger = try await Self.checkLedger(code, parts)
      return "verified \(check.position) events of \(check.caseCount) cases in the log of \(code); "
        + "the lines of \(report.caseCount) cases at position \(report.position) are what it derives "
        + "to; the \(ledger.entryCount) entries of its ledger are what it makes"
    }
    Terminal.write(sentence + "\n")
  }

  private static func checkLog(_ facility: FacilityCode, _ parts: Parts) async throws -> LogCheck {
    let end = try await parts.store.head(of: facility)
    let progress = ProgressBar("verifying", total: end?.position ?? 0)
    defer { progress.finish() }
    switch try await parts.store.verify(facility, progress: { progress.reach($0) }) {
    case .success(let check): return check
    case .failure(let fault):
      throw CommandFailure(
        "log-broken", "Position \(fault.position) of \(facility): \(fault.sentence).", .data)
    }
  }

  private static func checkProjection(
    _ facility: FacilityCode, _ parts: Parts
  ) async throws -> ProjectionCheck.Report {
    try await parts.bringUpToDate(facility)
    let faults = Mutex<[String]>([])
    let report = try await ProjectionCheck(pool: parts.pool, ruleBook: .standard).run(facility) {
      fault in
      faults.withLock { faults in
        if faults.count < 20 { faults.append("case \(fault.caseID): \(fault.sentence)") }
      }
    }
    guard report.faultCount == 0 else {
      for fault in faults.withLock({ $0 }) { Terminal.say(fault) }
      throw CommandFailure(
        "projection-differs",
        "\(report.faultCount) cases are not projected as the log derives; cathlog rebuild mends them.",
        .data)
    }
    return report
  }

  private static func checkLedger(
    _ facility: FacilityCode, _ parts: Parts
  ) async throws -> LedgerCheck.Report {
    let report = try await parts.checkLedger(facility)
    guard report.faultCount == 0 else {
      throw CommandFailure(
        "ledger-differs", "The ledger of \(facility) has \(report.faultCount) faults.", .data)
    }
    return report
  }
}

extension Parts {
  /// Holds a ledger against its log, and says the first faults and what another edition posted.
  func checkLedger(_ facility: FacilityCode) async throws -> LedgerCheck.Report {
    let faults = Mutex<[String]>([])
    let report = try await LedgerCheck(pool: pool, ruleBook: .standard).run(facility) { fault in
      let place = [
        fault.number.map { "entry \($0)" }, fault.caseID.map { "case \($0)" },
      ].compactMap(\.self).joined(separator: ", ")
      faults.withLock { faults in
        if faults.count < 20 {
          faults.append(place.isEmpty ? fault.sentence : "\(place): \(fault.sentence)")
        }
      }
    }
    for fault in faults.withLock({ $0 }) { Terminal.say(fault) }
    if report.otherEditionCount > 0 {
      Terminal.say(
        "cases whose entries another edition made, and this one would make otherwise: "
          + "\(report.otherEditionCount); they stay as they were entered")
    }
    return report
  }
}
