import ArgumentParser
import Charges
import Postgres
import Procedures
import Projectors
import Store

/// `benchmark replay`: a whole log into the charges of its cases, nothing stored.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "replay")

  @OptionGroup var bench: Bench

  func run() async throws {
    let (replayed, duration) = try await bench.run { live in
      let begin = ContinuousClock.now
      let history = History(facility: live.facility, ruleBook: .standard)
      let replayed = try await live.pool.transaction(history.mode) {
        session throws(PostgresError) in try history.replay(session)
      }
      return (replayed, ContinuousClock.now - begin)
    }
    try report([
      "events": replayed.eventCount, "cases": replayed.caseCount, "lines": replayed.lineCount,
      "held": replayed.heldCount, "microseconds": duration.microseconds,
    ])
  }
}

/// What a replay came to.
private struct Replayed: Sendable {
  var eventCount: Int64 = 0
  var caseCount: Int64 = 0
  var lineCount: Int64 = 0
  /// Cases that cannot be derived.
  var heldCount: Int64 = 0
}

/// The cases of a log, folded and derived one after the other, as a rebuild does.
private struct History: Sendable {
  let facility: FacilityCode
  let ruleBook: RuleBook

  /// Along the index of cases, whatever the planner thinks of a table that just grew.
  var mode: TransactionMode {
    .readOnlyRepeatable.setting("cathlog.facility", to: facility.text)
      .setting("enable_seqscan", to: "off").setting("enable_sort", to: "off")
  }

  /// Derives every case alone, then those again that share their patient and day with others.
  func replay(_ session: Postgres.Session) throws(PostgresError) -> Replayed {
    var replayed = Replayed()
    var days: [Day: [LabSession]] = [:]
    try forEachCase(of: nil, session) { state, fault in
      replayed.caseCount += 1
      replayed.eventCount += state.version
      derive(state, fault, [], &replayed)
      if let own = LabSession(state, ruleBook: ruleBook) { days[Day(own), default: []].append(own) }
    }
    days = days.filter { $0.value.count > 1 }
    let shared = days.values.joined().map(\.caseID)
    try forEachCase(of: shared, session) { state, fault in
      guard let own = LabSession(state, ruleBook: ruleBook) else { return }
      // It was counted before; only its lines may differ.
      var again = Replayed()
      derive(state, fault, (days[Day(own)] ?? []).filter { $0 != own }, &again)
    }
    return replayed
  }

  private func derive(
    _ state: CaseState, _ isFaulty: Bool, _ others: [LabSession], _ replayed: inout Replayed
  ) {
    let opening = state.opening
    let context = DerivationContext(
      ruleBook: ruleBook,
      policy: opening.map { ruleBook.policy(for: $0.payer, on: $0.serviceDate, assignments: []) }
        ?? RuleBook.defaultPolicy,
      otherSessions: others)
    guard !isFaulty, let derivation = try? Derivation(of: state, in: context) else {
      replayed.heldCount += 1
      return
    }
    replayed.lineCount += Int64(derivation.lines.count)
  }

  private func forEachCase(
    of cases: [CaseID]?, _ session: Postgres.Session, _ body: (CaseState, Bool) -> Void
  ) throws(PostgresError) {
    var state: CaseState?
    var isFaulty = false
    try session.copyRowsOut(copy(of: cases)) { row throws(PostgresError) in
      let row = try LogRow(&row, facility: facility)
      if let whole = state, whole.id != row.caseID {
        body(whole, isFaulty)
        state = nil
        isFaulty = false
      }
      do throws(StoreError) {
        let event = try RecordedEvent(sealed: row).event
        if state == nil { state = CaseState(row.caseID) }
        state?.evolve(event, version: row.version)
      } catch {
        isFaulty = true
      }
    }
    if let state { body(state, isFaulty) }
  }

  private func copy(of cases: [CaseID]?) -> String {
    let ids = cases.map { $0.map(\.description).joined(separator: ",") }
    let wanted = ids.map { "case_id = ANY ('{\($0)}'::uuid[])" } ?? "case_id > '\(CaseID.zero)'"
    return """
      COPY (
        SELECT \(LogRow.columns) FROM log.event
        WHERE facility = '\(facility.text)' AND \(wanted) ORDER BY case_id, version
      ) TO STDOUT (FORMAT binary)
      """
  }
}

/// A patient and a date.
private struct Day: Hashable {
  let patient: PatientReference
  let date: CalendarDate

  init(_ session: LabSession) {
    patient = session.patient
    date = session.serviceDate
  }
}

/// A session of a patient; a connection's session has the same name.
private typealias LabSession = Charges.Session
