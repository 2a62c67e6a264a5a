internal import Charges
internal import Postgres
internal import Procedures

/// What a stretch of the log makes a ledger enter, event by event, on its way into the ledger.
///
/// An entry gets its number here: the ledger takes it only if nothing was entered meanwhile.
struct LedgerDraft {
  /// The most entries that are held before they are written.
  static let entryLimit = 2_000

  /// An entry that is not written yet.
  struct Entry {
    let posting: Posting
    let position: Int64
    let derived: DerivedCase
  }

  let facility: FacilityCode
  /// Where the stretch begins and ends.
  let start: Int64
  let end: Int64
  /// The number of the last entry that is written.
  private(set) var lastNumber: Int64
  private(set) var entries: [Entry] = []
  /// The charges that stand, of the cases that were looked up.
  private var standing: [CaseID: [StandingCharge]] = [:]
  private var withheld: Set<CaseID> = []

  init(_ facility: FacilityCode, from head: LedgerHead, through end: Int64) {
    self.facility = facility
    start = head.position
    lastNumber = head.lastNumber
    self.end = end
  }
}

extension LedgerDraft {
  /// Looks up what stands of these cases, unless that is known.
  mutating func look(
    up cases: some Sequence<CaseID>, _ session: DatabaseSession
  ) throws(PostgresError) {
    let unknown = cases.filter { standing[$0] == nil }
    guard !unknown.isEmpty else { return }
    for caseID in unknown { standing[caseID] = [] }
    let charges = try session.query(
      """
      SELECT e.case_id, e.number, e.document FROM ledger.entry e
      WHERE e.facility = \(facility.text) AND e.case_id = ANY (\(unknown))
        AND \(unescaped: LedgerEntry.stands)
      UNION ALL
      SELECT w.case_id, NULL, NULL FROM ledger.withheld_case w
      WHERE w.facility = \(facility.text) AND w.case_id = ANY (\(unknown))
      """)
    for row in charges {
      let caseID: CaseID = try row[0]
      guard let number: Int64 = try row[1] else {
        withheld.insert(caseID)
        continue
      }
      standing[caseID]?.append(
        StandingCharge(number: number, charge: try Charge(storedAs: try row[2], number)))
    }
  }

  /// Whether a case may have to be posted: it is signed, or charges of it stand.
  ///
  /// It must have been looked up.
  func concerns(_ state: CaseState) -> Bool {
    !withheld.contains(state.id)
      && (state.countsAsSigned || standing[state.id]?.isEmpty == false)
  }

  /// Enters what makes the charges of a case that stand those of its lines.
  mutating func post(
    _ derived: DerivedCase, at position: Int64, people: [PersonCode: PersonRegistered]
  ) {
    let state = derived.fold.state
    let postings = Posting.postings(
      from: standing[state.id] ?? [],
      to: Charge.all(of: derived.derivation, state, people: people))
    for posting in postings {
      entries.append(Entry(posting: posting, position: position, derived: derived))
      switch posting {
      case .credit(let number, _):
        standing[state.id]?.removeAll { $0.number == number }
      case .charge(let charge):
        let number = lastNumber + Int64(entries.count)
        standing[state.id, default: []].append(StandingCharge(number: number, charge: charge))
      }
    }
  }

  /// Forgets what stands of these cases, whose postings are made.
  mutating func forget(_ cases: some Sequence<CaseID>) {
    for caseID in cases { standing[caseID] = nil }
  }
}

// MARK: - Writing

extension LedgerDraft {
  /// Writes what has gathered, if that is much.
  mutating func flush(_ session: DatabaseSession) throws(PostgresError) {
    if entries.count >= Self.entryLimit { try write(isLast: false, session) }
  }

  /// Writes the rest and moves the ledger to the end of the stretch.
  mutating func finish(_ session: DatabaseSession) throws(PostgresError) {
    try write(isLast: true, session)
  }

  private mutating func write(
    isLast: Bool, _ session: DatabaseSession
  ) throws(PostgresError) {
    let derivations = entries.map(\.derived.derivation)
    let charges = entries.map(\.posting.charge)
    try session.execute(
      """
      SELECT ledger.post(\(facility.text), \(start), \(end), \(lastNumber), \(isLast),
        \(entries.map(\.posting.credited)), \(derivations.map(\.caseID)),
        \(entries.map(\.derived.fold.version)), \(entries.map(\.position)),
        \(charges.map { Int32($0.serviceDate.daysSince1970) }), \(charges.map(\.code.text)),
        \(charges.map { Int32(clamping: $0.units) }), \(derivations.map(\.ruleBook.text)),
        \(derivations.map(\.ruleBookDigest)), \(derivations.map(\.groupingPolicy.text)),
        \(charges.map(\.json.compactText)))
      """)
    lastNumber += Int64(entries.count)
    entries.removeAll(keepingCapacity: true)
  }
}

extension Posting {
  /// Of a credit, the number of the charge.
  fileprivate var credited: Int64? {
    if case .credit(let number, _) = self { number } else { nil }
  }
}

extension Charge {
  /// Reads what is stored of an entry; a ledger that cannot be read is not gone on with.
  init(storedAs document: String, _ number: Int64) throws(PostgresError) {
    let json = try? JSON.read(Array(document.utf8))
    guard let charge = json.flatMap({ Charge($0) }) else {
      throw .unreadable("the charge of ledger entry \(number) cannot be read")
    }
    self = charge
  }
}
