internal import Foundation

/// The name of a time zone in the IANA database, such as `America/New_York`.
public struct TimeZoneName: Hashable, Sendable {
  /// The name.
  public let text: String

  /// The zone of this name; nil when the database has none.
  public init?(_ text: String) {
    guard text.utf8.count <= 64, text == "UTC" || text.contains("/"),
      TimeZone(identifier: text) != nil
    else { return nil }
    self.text = text
  }

  /// How far the zone's clock is ahead of UTC at a moment, in seconds; negative where it is behind.
  public func secondsFromUTC(at instant: Instant) -> Int64 {
    let date = Date(timeIntervalSince1970: Double(instant.secondsSince1970))
    // The name was checked when it was read; the database does not lose names.
    return Int64(TimeZone(identifier: text)?.secondsFromGMT(for: date) ?? 0)
  }

  /// The calendar's date in this zone at a moment.
  public func date(of instant: Instant) -> CalendarDate {
    let local = instant.adding(seconds: secondsFromUTC(at: instant)).secondsSince1970
    return CalendarDate(
      daysSince1970: Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400))
  }
}

extension FieldForm where Value == TimeZoneName {
  static let timeZone = FieldForm("a time zone of the IANA database such as America/New_York") {
    $0.text.flatMap(TimeZoneName.init)
  }
}
