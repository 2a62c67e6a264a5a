internal import Charges
internal import Postgres
internal import Procedures
internal import Store

/// A walk through the rows of a batch, event by event.
///
/// The ledger posts at each event, so that how a log was cut into batches changes no entry. A case
/// is derived at an event only where it may be posted, or else once, at the end.
struct BatchWalk {
  private let batch: Batch
  /// The facility after the last event taken.
  private(set) var facility: FacilityFold
  /// What the ledger is to enter; nil where the batch is posted already.
  private(set) var draft: LedgerDraft?
  /// The cases of the rows, grown by those taken.
  private(set) var folds: [CaseID: CaseFold]
  /// The sessions on the days that were looked at.
  private var sessions: DaySessions
  /// The cases that no row touches and whose other sessions have changed.
  private var affected: Set<CaseID> = []
  /// Those of them that were read.
  private var neighbours: [CaseID: CaseFold] = [:]
  /// Cases as they stand after the last event taken.
  private var derived: [CaseID: DerivedCase] = [:]

  init(_ batch: Batch, _ facility: FacilityFold, _ draft: LedgerDraft?) throws(PostgresError) {
    self.batch = batch
    self.facility = facility
    self.draft = draft
    var firstVersions: [CaseID: Int64] = [:]
    for row in batch.rows where row.caseID != .zero && firstVersions[row.caseID] == nil {
      firstVersions[row.caseID] = row.version
    }
    folds = try batch.projector.folds(
      of: firstVersions.filter { $0.value > 1 }.map(\.key), in: batch.stored.facility,
      through: batch.start,
      isKnownWhole: { firstVersions[$0.state.id] == $0.version + 1 }, batch.stored.session)
    let touched = Set(firstVersions.keys)
    sessions = DaySessions(
      of: touched, as: try batch.stored.sessions(of: Array(touched)), batch.stored)
    try sessions.load(sessions.currentDays)
    let signings = batch.rows.lazy.filter { $0.entry.type == EventType.caseSigned.rawValue }
    let signed = Set(signings.map(\.caseID))
      .union(folds.values.lazy.filter(\.state.wasEverSigned).map(\.state.id))
    try self.draft?.look(up: signed, batch.stored.session)
  }

  /// Grows what the row touches, and posts what that makes of charges.
  mutating func take(_ row: LogRow) throws(PostgresError) {
    guard row.caseID != .zero else {
      facility.add(row)
      return
    }
    folds[row.caseID, default: CaseFold(row.caseID)].add(row)
    derived[row.caseID] = nil
    let others = try moveSession(after: row)
    for caseID in others {
      derived[caseID] = nil
      if folds[caseID] == nil { affected.insert(caseID) }
    }
    try post(row.caseID, at: row.position)
    for caseID in others { try post(caseID, at: row.position) }
    try draft?.flush(batch.stored.session)
  }

  /// The cases that the rows touch or affect as they stand at the end.
  mutating func derivedCases() throws(PostgresError) -> [DerivedCase] {
    try read(affected)
    let rest = folds.values.filter { derived[$0.state.id] == nil }
    try sessions.load(rest.compactMap { sessions[$0.state.id]?.day })
    var cases: [DerivedCase] = []
    for caseID in affected.union(folds.keys).sorted() {
      if let derived = try derive(caseID) { cases.append(derived) }
    }
    return cases
  }
}

extension BatchWalk {
  /// Notes what the row's case means to other sessions now.
  ///
  /// - Returns: the cases to which it now means something else, in order.
  private mutating func moveSession(after row: LogRow) throws(PostgresError) -> [CaseID] {
    guard row.mayMoveSession, let state = folds[row.caseID]?.state else {
      return []
    }
    let before = sessions[row.caseID]
    let after = try batch.rules.session(of: state)
    guard before != after else { return [] }
    let days = Set([before, after].compactMap { $0?.day })
    try sessions.load(days)
    sessions[row.caseID] = after
    return Set(days.flatMap(sessions.on).map(\.caseID)).subtracting([row.caseID]).sorted()
  }

  private mutating func post(_ caseID: CaseID, at position: Int64) throws(PostgresError) {
    guard draft != nil else { return }
    if folds[caseID] == nil { try read([caseID]) }
    guard let state = (folds[caseID] ?? neighbours[caseID])?.state,
      draft?.concerns(state) == true, let derived = try derive(caseID)
    else { return }
    draft?.post(derived, at: position, people: facility.state.people)
  }

  /// Reads cases that no row touches, unless they were read, and what stands of them.
  ///
  /// No row of the batch is of such a case, so that it stands at the end as at the start.
  private mutating func read(_ cases: Set<CaseID>) throws(PostgresError) {
    let unknown = cases.filter { neighbours[$0] == nil }
    guard !unknown.isEmpty else { return }
    let read = try batch.projector.folds(
      of: Array(unknown), in: batch.stored.facility, through: batch.end, batch.stored.session)
    neighbours.merge(read) { $1 }
    try draft?.look(up: unknown, batch.stored.session)
  }

  private mutating func derive(_ caseID: CaseID) throws(PostgresError) -> DerivedCase? {
    if let known = derived[caseID] { return known }
    guard let fold = folds[caseID] ?? neighbours[caseID] else { return nil }
    let result = try batch.derive(fold, &sessions)
    derived[caseID] = result
    return result
  }
}

extension CaseState {
  /// Whether any signature was ever recorded: before the first, no charge can stand.
  fileprivate var wasEverSigned: Bool {
    entries.contains { $0.original.type == .caseSigned }
  }
}

/// The sessions of patients' days as they stand between two events of a batch.
struct DaySessions {
  private let touched: Set<CaseID>
  private let stored: GenerationRows
  /// Of the cases that the batch touches.
  private var current: [CaseID: LabSession]
  /// The same, by their days.
  private var currentByDay: [PatientDay: [CaseID: LabSession]] = [:]
  /// Of the others, on the days that were looked at; they do not change within the batch.
  private var others: [PatientDay: [LabSession]] = [:]

  init(of touched: Set<CaseID>, as current: [CaseID: LabSession], _ stored: GenerationRows) {
    self.touched = touched
    self.current = current
    self.stored = stored
    for (caseID, session) in current { currentByDay[session.day, default: [:]][caseID] = session }
  }

  /// The days of the cases that the batch touches.
  var currentDays: some Sequence<PatientDay> { currentByDay.keys }

  /// What a case that the batch touches means to other sessions now.
  subscript(caseID: CaseID) -> LabSession? {
    get { current[caseID] }
    set {
      if let day = current[caseID]?.day { currentByDay[day]?[caseID] = nil }
      current[caseID] = newValue
      if let newValue { currentByDay[newValue.day, default: [:]][caseID] = newValue }
    }
  }

  /// Reads what is stored of these days, unless it was read.
  mutating func load(_ days: some Sequence<PatientDay>) throws(PostgresError) {
    let unknown = Set(days).filter { others[$0] == nil }
    guard !unknown.isEmpty else { return }
    for day in unknown { others[day] = [] }
    for session in try stored.sessions(on: unknown) where !touched.contains(session.caseID) {
      others[session.day, default: []].append(session)
    }
  }

  /// The sessions of a day that was loaded.
  func on(_ day: PatientDay) -> [LabSession] {
    (others[day] ?? []) + (currentByDay[day] ?? [:]).values
  }
}
