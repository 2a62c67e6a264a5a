internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// The rows that bear on a case up to a position, in the order in which they count.
struct Timeline {
  let caseID: CaseID
  let position: Int64
  let rows: [LogRow]
  /// Whether rows are left out that had not happened by then.
  let isByOccurrence: Bool

  /// Reads the rows of the case, of the facility, and of the other cases of the patient's day.
  static func read(
    _ caseID: CaseID, in facility: FacilityCode, at moment: Moment, _ session: DatabaseSession
  ) throws(PostgresError) -> Result<Timeline, ReplayError> {
    guard
      let position = try session.position(of: moment, for: caseID, in: facility), caseID != .zero
    else { return .failure(.caseUnknown) }
    var own: [LogRow] = []
    var fold = CaseFold(caseID)
    try session.forEachLogRow(of: caseID, in: facility, after: 0, through: position) { row in
      own.append(row)
      fold.add(row)
    }
    var others: [CaseID] = []
    if let date = fold.state.opening?.serviceDate, !fold.namedPatients.isEmpty {
      switch try session.cases(
        naming: fold.namedPatients, on: date, in: facility, through: position)
      {
      case .success(let found): others = found.filter { $0 != caseID && $0 != .zero }
      case .failure(let error): return .failure(error)
      }
    }
    var rest: [LogRow] = []
    try session.forEachLogRow(of: others + [.zero], in: facility, through: position) {
      rest.append($0)
    }
    guard case .occurred(let time) = moment else {
      let rows = (own + rest).sorted { $0.position < $1.position }
      return own.isEmpty
        ? .failure(.caseUnknown)
        : .success(
          Timeline(caseID: caseID, position: position, rows: rows, isByOccurrence: false))
    }
    own = occurred(own, by: time)
    rest = Dictionary(grouping: rest, by: \.caseID).values.flatMap { rows in
      rows.first?.caseID == .zero ? rows : occurred(rows, by: time)
    }.sorted { $0.position < $1.position }
    // The others count as they are known today, so they come first.
    return own.isEmpty
      ? .failure(.caseUnknown)
      : .success(
        Timeline(caseID: caseID, position: position, rows: rest + own, isByOccurrence: true))
  }

  /// The rows of a case whose entries had happened by then, as far as is known today; a row that
  /// cannot be read stays, so that the case is held.
  private static func occurred(_ rows: [LogRow], by time: Instant) -> [LogRow] {
    guard let caseID = rows.first?.caseID else { return [] }
    var events: [RecordedEvent] = []
    var unreadable: Set<EventID> = []
    for row in rows {
      do throws(StoreError) {
        events.append(try RecordedEvent(sealed: row))
      } catch {
        unreadable.insert(row.entry.eventID)
      }
    }
    let admitted = Set(LogReader.occurred(events, by: time, in: caseID).map(\.event.id))
    return rows.filter {
      admitted.contains($0.entry.eventID) || unreadable.contains($0.entry.eventID)
    }
  }

  /// Walks from row to row, and notes what each one changed.
  func walk(_ rules: RulesInForce) throws(PostgresError) -> ReplayedCase {
    var walk = Walk(context: CaseInContext(caseID, rules, isPartial: isByOccurrence))
    for row in rows { try walk.take(row) }
    let derived = if let last = walk.derived { last } else { try walk.context.derive() }
    return ReplayedCase(
      position: position, state: derived.fold.state, context: derived.context,
      derivation: derived.derivation,
      heldBecause: derived.heldBecause, steps: walk.steps)
  }
}

/// A walk from row to row that notes what each one changed.
private struct Walk {
  var context: CaseInContext
  /// The case as it was derived last; nil before its first event.
  var derived: DerivedCase?
  var steps: [ReplayStep] = []

  mutating func take(_ row: LogRow) throws(PostgresError) {
    let phase = context.own.state.phase
    // Every event of the case is a step, whatever it changed.
    let isOwn = row.caseID == context.own.state.id
    guard let origin = try context.take(row), isOwn || derived != nil else { return }
    let before = derived
    let after = try context.derive()
    derived = after
    guard isOwn || before?.derivation.lines != after.derivation.lines else { return }
    append(row, origin, from: phase, before, after)
  }

  private mutating func append(
    _ row: LogRow, _ origin: ReplayStep.Origin, from phase: CaseState.Phase,
    _ before: DerivedCase?, _ after: DerivedCase
  ) {
    var removed = before?.derivation.lines ?? []
    var added: [LineItem] = []
    for line in after.derivation.lines {
      if let same = removed.firstIndex(of: line) {
        removed.remove(at: same)
      } else {
        added.append(line)
      }
    }
    steps.append(
      ReplayStep(
        origin: origin, eventID: row.entry.eventID, type: row.entry.type, position: row.position,
        occurredAt: row.entry.occurredAt, recordedAt: row.recordedAt, phaseBefore: phase,
        phaseAfter: after.fold.state.phase, removed: removed, added: added))
  }
}
