public import Procedures

/// A stretch of dates of service, the first and the last among them.
public struct ServicePeriod: Hashable, Sendable {
  /// The most days that one report speaks of: a leap year.
  public static let dayLimit = 366

  /// Its first date.
  public let first: CalendarDate
  /// Its last date; never before the first.
  public let last: CalendarDate

  /// Why two dates make no period.
  public enum Fault: Error, Hashable, Sendable {
    /// The last lies before the first.
    case endsBeforeItBegins
    /// It has more than ``ServicePeriod/dayLimit`` days.
    case tooLong
  }

  /// The period of these dates.
  ///
  /// - Throws: why they make none.
  public init(from first: CalendarDate, through last: CalendarDate) throws(Fault) {
    guard first <= last else { throw .endsBeforeItBegins }
    guard last.daysSince1970 - first.daysSince1970 < Self.dayLimit else { throw .tooLong }
    self.first = first
    self.last = last
  }

  /// What somebody means who gives one date, both or none.
  ///
  /// Without any it is the day before today, whose cases the morning asks about. A first date alone
  /// goes on to that day, or is itself the one day where it lies later; a last date alone is that
  /// one day.
  ///
  /// - Parameters:
  ///   - first: the first date; nil where none was given.
  ///   - last: the last date, likewise.
  ///   - today: the date at the facility.
  /// - Throws: why they make no period.
  public init(
    from first: CalendarDate?, to last: CalendarDate?, today: CalendarDate
  ) throws(Fault) {
    let yesterday = CalendarDate(daysSince1970: today.daysSince1970 - 1)
    let end = last ?? max(first ?? yesterday, yesterday)
    try self.init(from: first ?? end, through: end)
  }

  /// How many dates it has.
  public var dayCount: Int { last.daysSince1970 - first.daysSince1970 + 1 }
}
