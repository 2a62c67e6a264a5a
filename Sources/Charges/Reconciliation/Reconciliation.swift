public import Procedures

/// What a period's cases came to in charges, why others came to none, and whether the ledger and the
/// lines agree to the unit.
///
/// All of it is of one moment. It names cases, people and rooms, and never a patient.
public struct Reconciliation: Hashable, Sendable {
  /// Whose cases.
  public let facility: FacilityCode
  /// The dates of service.
  public let period: ServicePeriod
  /// When it was read, and how far everything had come.
  public let moment: ReconciledMoment
  /// The totals, each from two sides.
  public let balance: ReconciledBalance
  /// The cases without a standing charge: one element a reason, in the order of reasons.
  public let uncharged: [UnchargedCases]
  /// The charges that stand without documentation: one element a kind, in the order of kinds.
  public let undocumented: [UndocumentedCharges]
  /// The charges that are not what the lines say; a fault where there is any.
  public let differing: Listing<DifferingCharge>
  /// What waits, of all dates of service up to the period's last: one element a hold that stands.
  public let holds: [HeldLines]
  /// How long charges took.
  public let lag: ChargeLag
  /// What was charged and credited: one element a code, in their order.
  public let codes: [CodeUnits]
  /// How far billing says to be, over the whole ledger.
  public let ledger: ReconciledLedger

  /// A report of these parts.
  public init(
    facility: FacilityCode, period: ServicePeriod, moment: ReconciledMoment,
    balance: ReconciledBalance, uncharged: [UnchargedCases],
    undocumented: [UndocumentedCharges], differing: Listing<DifferingCharge>,
    holds: [HeldLines], lag: ChargeLag, codes: [CodeUnits], ledger: ReconciledLedger
  ) {
    self.facility = facility
    self.period = period
    self.moment = moment
    self.balance = balance
    self.uncharged = uncharged
    self.undocumented = undocumented
    self.differing = differing
    self.holds = holds
    self.lag = lag
    self.codes = codes
    self.ledger = ledger
  }

  /// How many cases have no charge, over all reasons.
  public var unchargedCaseCount: Int { uncharged.reduce(0) { $0 + $1.cases.count } }

  /// The cases that it names, each once, in the order of their ids.
  public var namedCases: [CaseID] {
    var cases = Set(uncharged.flatMap { $0.cases.elements.map(\.subject.caseID) })
    cases.formUnion(undocumented.flatMap { $0.charges.elements.map(\.subject.caseID) })
    cases.formUnion(differing.elements.map(\.subject.caseID))
    cases.formUnion(holds.compactMap { $0.oldest?.case.caseID })
    if let slowest = lag.slowest { cases.insert(slowest.caseID) }
    return cases.sorted()
  }

  /// Whether its two sides agree.
  public var verdict: Verdict {
    if !moment.isSettled { return .unsettled }
    let areCasesWhole = balance.caseCount == balance.chargedCaseCount + unchargedCaseCount
    let areUnitsWhole = balance.ledgerUnits == balance.lineUnits && differing.count == 0
    let isAllPosted = uncharged.allSatisfy { $0.reason != .notPosted || $0.cases.count == 0 }
    return areCasesWhole && areUnitsWhole && isAllPosted ? .balanced : .unbalanced
  }

  /// Whether the two sides of a report agree.
  public enum Verdict: String, CaseIterable, Sendable {
    /// Every case is charged or has its reason, and the ledger is what the lines say, to the unit.
    case balanced
    /// Something is missing on one side: a fault of Cathlog's own.
    case unbalanced
    /// The ledger and the lines are of different positions of the log, so they cannot be held
    /// against each other: the one is being brought to where the other is.
    case unsettled
  }
}

/// When a report was read, and how far everything had come.
public struct ReconciledMoment: Hashable, Sendable {
  /// When.
  public let time: Instant
  /// The facility's time zone, whose calendar counts the days.
  public let timeZone: TimeZoneName
  /// Where the log ends.
  public let logPosition: Int64
  /// Up to where it was projected into lines.
  public let linePosition: Int64
  /// Up to where it was posted into the ledger.
  public let ledgerPosition: Int64

  /// A moment of these parts.
  public init(
    time: Instant, timeZone: TimeZoneName, logPosition: Int64, linePosition: Int64,
    ledgerPosition: Int64
  ) {
    self.time = time
    self.timeZone = timeZone
    self.logPosition = logPosition
    self.linePosition = linePosition
    self.ledgerPosition = ledgerPosition
  }

  /// The date at the facility.
  public var today: CalendarDate { timeZone.date(of: time) }

  /// Whether the ledger and the lines are of one position.
  public var isSettled: Bool { linePosition == ledgerPosition }

  /// The days from a date until today, at least 0.
  func age(of date: CalendarDate) -> Int { max(0, today.daysSince1970 - date.daysSince1970) }

  /// A time by the facility's clock, to the minute: `2026-03-09 07:00`.
  func local(_ time: Instant) -> String {
    let shifted = time.adding(seconds: timeZone.secondsFromUTC(at: time)).description
    return "\(shifted.prefix(10)) \(shifted.dropFirst(11).prefix(5))"
  }
}

/// The totals that must agree.
public struct ReconciledBalance: Hashable, Sendable {
  /// The cases of the period, as they are projected or not projected yet.
  public let caseCount: Int
  /// The cases of which a charge stands, as the ledger has them.
  public let chargedCaseCount: Int
  /// Of those, the cases of which more lines wait.
  public let partlyHeldCaseCount: Int
  /// The units charged less those credited, as the ledger has them.
  public let ledgerUnits: Int
  /// The units of the lines that are billable now, but for cases withheld from the ledger.
  public let lineUnits: Int
  /// The cases whose date of service cannot be read, so that they are of no period: they are in no
  /// other figure.
  public let undatedCaseCount: Int

  /// A balance of these parts.
  public init(
    caseCount: Int, chargedCaseCount: Int, partlyHeldCaseCount: Int, ledgerUnits: Int,
    lineUnits: Int, undatedCaseCount: Int
  ) {
    self.caseCount = caseCount
    self.chargedCaseCount = chargedCaseCount
    self.partlyHeldCaseCount = partlyHeldCaseCount
    self.ledgerUnits = ledgerUnits
    self.lineUnits = lineUnits
    self.undatedCaseCount = undatedCaseCount
  }
}

/// The beginning of a list, and how long all of it is.
public struct Listing<Element: Hashable & Sendable>: Hashable, Sendable {
  /// How many there are.
  public let count: Int
  /// The first of them.
  public let elements: [Element]

  /// The first of so many.
  public init(count: Int, _ elements: [Element]) {
    self.count = count
    self.elements = elements
  }

  /// How many are not listed.
  public var leftOutCount: Int { max(0, count - elements.count) }
}

/// A case as a report names it: by nothing that identifies a patient.
public struct ReconciledCase: Hashable, Sendable {
  /// The case.
  public let caseID: CaseID
  /// Its date of service; nil where that cannot be read.
  public let serviceDate: CalendarDate?
  /// The physician who performed the procedure.
  public let operatingPhysician: PersonCode?
  /// The room in which the case was.
  public let room: RoomName?
  /// Who pays.
  public let payer: PayerCode?

  /// A case of these parts.
  public init(
    caseID: CaseID, serviceDate: CalendarDate?, operatingPhysician: PersonCode?, room: RoomName?,
    payer: PayerCode?
  ) {
    self.caseID = caseID
    self.serviceDate = serviceDate
    self.operatingPhysician = operatingPhysician
    self.room = room
    self.payer = payer
  }
}
