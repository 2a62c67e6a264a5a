import Charges
import Postgres
import Procedures
import Testing

@testable import Projectors

/// An entry as the ledger's table has it.
struct LedgerRow: Hashable, CustomStringConvertible {
  let number: Int64
  let creditOf: Int64?
  let caseID: CaseID
  let position: Int64
  let code: String
  let units: Int
  let document: String

  /// `+37253×2` of a charge, `-37253×2` of a credit.
  var description: String { "\(creditOf == nil ? "+" : "-")\(code)×\(units)" }
}

extension Lab {
  /// The entries in the order of their numbers, of one case or of all.
  func ledger(of caseID: CaseID? = nil) async throws -> [LedgerRow] {
    let facility = facility
    return try await pool.transaction(TransactionMode.readOnly.projecting(facility)) {
      session throws(PostgresError) in
      try session.query(
        """
        SELECT number, credit_of, case_id, position, code, units, document FROM ledger.entry
        WHERE facility = \(facility.text) AND (\(caseID) IS NULL OR case_id = \(caseID))
        ORDER BY number
        """
      ).map { row throws(PostgresError) in
        LedgerRow(
          number: try row[0], creditOf: try row[1], caseID: try row[2], position: try row[3],
          code: try row[4], units: Int(try row[5, as: Int32.self]), document: try row[6])
      }
    }
  }

  /// Expects that numbers run on without a gap, and that the ledger is what the log makes of it.
  func expectWholeLedger(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let numbers = try await ledger().map(\.number)
    let gapless = numbers.indices.map { Int64($0) + 1 }
    #expect(numbers == gapless, comment, sourceLocation: sourceLocation)
    let report = try await LedgerCheck(pool: pool, ruleBook: .standard).run(facility) { fault in
      let place = fault.caseID?.description ?? "-"
      let words = comment?.rawValue ?? ""
      Issue.record("\(place): \(fault.sentence); \(words)", sourceLocation: sourceLocation)
    }
    #expect(report.faultCount == 0, comment, sourceLocation: sourceLocation)
    #expect(report.otherEditionCount == 0, comment, sourceLocation: sourceLocation)
    #expect(report.entryCount == Int64(numbers.count), comment, sourceLocation: sourceLocation)
  }

  /// Expects that at each event of a case the entries up to it sum up to the lines that are billable
  /// there, as the case's replay says.
  func expectSums(
    of caseID: CaseID, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let entries = try await ledger(of: caseID)
    var lines: [LineItem] = []
    let steps = try await replay.replay(caseID, in: facility).steps
    for (index, step) in steps.enumerated() {
      for line in step.removed { lines.remove(at: try #require(lines.firstIndex(of: line))) }
      lines += step.added
      // Events of others between two steps change no line, so that the sum holds up to the next.
      let next = index + 1 < steps.count ? steps[index + 1].position : .max
      var sum: [String: Int] = [:]
      for entry in entries where entry.position < next {
        let charge = try #require(Charge(try JSON.read(Array(entry.document.utf8))))
        let key = Self.key(charge.code, charge.modifiers, charge.claims)
        let units = entry.creditOf == nil ? entry.units : 0 - entry.units
        sum[key, default: 0] += units
      }
      var billable: [String: Int] = [:]
      for line in lines where line.status == .billable {
        billable[Self.key(line.code, line.modifiers, line.claims), default: 0] += line.units
      }
      let standing = sum.filter { $0.value != 0 }
      #expect(standing == billable, comment, sourceLocation: sourceLocation)
    }
  }

  private static func key(
    _ code: BillingCode, _ modifiers: [Modifier], _ claims: [Claim]
  ) -> String {
    let words: [String] = [code.text] + modifiers.map(\.text) + claims.map(\.rawValue)
    return words.joined(separator: " ")
  }
}
