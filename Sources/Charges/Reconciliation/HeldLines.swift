public import Procedures

/// What waits for one hold, by how long ago it was done.
public struct HeldLines: Hashable, Sendable {
  /// How many lines, cases and units.
  public struct Count: Hashable, Sendable {
    /// The lines; none of cases that cannot be derived.
    public var lines: Int
    /// The cases.
    public var cases: Int
    /// The units.
    public var units: Int

    /// So many.
    public init(lines: Int = 0, cases: Int = 0, units: Int = 0) {
      self.lines = lines
      self.cases = cases
      self.units = units
    }

    static func += (left: inout Count, right: Count) {
      left.lines += right.lines
      left.cases += right.cases
      left.units += right.units
    }
  }

  /// Days since the date of service.
  public enum Age: String, CaseIterable, Sendable {
    case toOneDay = "0-1"
    case toThreeDays = "2-3"
    case toAWeek = "4-7"
    case toTwoWeeks = "8-14"
    case toAMonth = "15-30"
    case older = "over-30"

    /// The class of so many days.
    public init(days: Int) {
      switch days {
      case ...1: self = .toOneDay
      case ...3: self = .toThreeDays
      case ...7: self = .toAWeek
      case ...14: self = .toTwoWeeks
      case ...30: self = .toAMonth
      default: self = .older
      }
    }
  }

  /// The hold.
  public let hold: HoldCode
  /// All that waits.
  public private(set) var total = Count()
  /// By age; a class without an element has nothing.
  public private(set) var byAge: [Age: Count] = [:]
  /// The case of the earliest date of service, and how many days ago that was.
  public var oldest: (case: ReconciledCase, days: Int)? {
    oldestCase.map { ($0, oldestDays) }
  }
  private var oldestCase: ReconciledCase?
  private var oldestDays = 0

  /// What waits for a hold, nothing yet.
  public init(_ hold: HoldCode) { self.hold = hold }

  /// Adds what waits of one date of service; a case has one date, so none is added twice.
  public mutating func add(_ count: Count, of date: CalendarDate, at moment: ReconciledMoment) {
    total += count
    byAge[Age(days: moment.age(of: date)), default: Count()] += count
  }

  /// Notes the oldest case.
  public mutating func note(oldest subject: ReconciledCase, at moment: ReconciledMoment) {
    oldestCase = subject
    oldestDays = subject.serviceDate.map(moment.age) ?? 0
  }
}

extension HoldCode {
  /// What clears it, in the words in which guidance says it of a case, without the case's own
  /// vessels and codes.
  public var clearedBy: String {
    switch self {
    case .caseNotSigned: "A physician signs the case."
    case .addOnWithoutPrimary:
      "A procedure that the add-on can go with is stated, or the hold is released with a reason."
    case .interpretationMissing:
      "A physician records a reading of the images, or the hold is released with a reason."
    case .imagesNotStored:
      "An image of the vessel that is stored is recorded (where it was stored all along, its entry "
        + "is corrected), or the hold is released with a reason."
    case .mueExceeded:
      "Someone has seen that the units are right and releases the hold with a reason; where the "
        + "limit is absolute, a wrong entry is retracted or corrected."
    case .sameDaySession:
      "Someone has looked at both sessions and releases the hold with a reason."
    case .payerPreauthorization:
      "The hold is released, with the payer's authorization as the reason."
    case .derivationFailed: "The cause is mended; whoever runs the service is told."
    }
  }
}
