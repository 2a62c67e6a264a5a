internal import Procedures

/// How long the first charge of each case took.
public struct ChargeLag: Hashable, Sendable {
  /// Days from the date of service to the first charge.
  public enum Class: String, CaseIterable, Sendable {
    case before
    case sameDay = "0"
    case oneDay = "1"
    case twoDays = "2"
    case threeDays = "3"
    case toAWeek = "4-7"
    case toTwoWeeks = "8-14"
    case toAMonth = "15-30"
    case longer = "over-30"

    /// The class of so many days; fewer than none where a date of service lies in the future.
    public init(days: Int) {
      switch days {
      case ..<0: self = .before
      case 0: self = .sameDay
      case 1: self = .oneDay
      case 2: self = .twoDays
      case 3: self = .threeDays
      case ...7: self = .toAWeek
      case ...14: self = .toTwoWeeks
      case ...30: self = .toAMonth
      default: self = .longer
      }
    }
  }

  /// From the signature that a case's first charge waited for to its posting.
  public struct Signing: Hashable, Sendable {
    /// How many cases were signed before their first charge: all that were ever charged.
    public let caseCount: Int
    /// Half of the cases took no longer, in seconds.
    public let medianSeconds: Int
    /// Nine of ten took no longer, in seconds.
    public let ninetiethPercentileSeconds: Int
    /// The longest, in seconds.
    public let longestSeconds: Int

    /// Times of these figures.
    public init(
      caseCount: Int, medianSeconds: Int, ninetiethPercentileSeconds: Int, longestSeconds: Int
    ) {
      self.caseCount = caseCount
      self.medianSeconds = medianSeconds
      self.ninetiethPercentileSeconds = ninetiethPercentileSeconds
      self.longestSeconds = longestSeconds
    }
  }

  /// How many cases were ever charged.
  public private(set) var caseCount = 0
  /// The cases by how many days they took.
  private var casesByDays: [Int: Int] = [:]
  /// The case that took longest.
  public private(set) var slowest: ReconciledCase?
  /// From signing to posting; nil where nothing was charged.
  public var signing: Signing?

  /// Of no case yet.
  public init() {}

  /// Adds a case, charged so many days after its date of service.
  public mutating func add(_ subject: ReconciledCase, days: Int) {
    if longestDays.map({ $0 < days }) ?? true { slowest = subject }
    caseCount += 1
    casesByDays[days, default: 0] += 1
  }

  /// The longest, in days; nil where nothing was charged.
  public var longestDays: Int? { casesByDays.keys.max() }

  /// The days that so many of a hundred cases took no longer than; nil where nothing was charged.
  ///
  /// By the nearest rank, so that it is a number that some case took.
  public func percentileDays(_ percent: Int) -> Int? {
    var rest = max(1, (caseCount * percent + 99) / 100)
    for days in casesByDays.keys.sorted() {
      rest -= casesByDays[days] ?? 0
      if rest <= 0 { return days }
    }
    return nil
  }

  /// How many cases there are of each class, in their order.
  public var histogram: [(class: Class, cases: Int)] {
    var counts: [Class: Int] = [:]
    for (days, cases) in casesByDays { counts[Class(days: days), default: 0] += cases }
    return Class.allCases.map { ($0, counts[$0] ?? 0) }
  }
}
