internal import Procedures

/// The days from a first to a last, both included; nil means without end on that side.
struct DateSpan: Hashable, Sendable {
  let first: CalendarDate?
  let last: CalendarDate?

  /// 1900-01-01, before which no day can be written.
  private static let earliest = CalendarDate(daysSince1970: -25_567)
  /// 9999-12-31, after which none can.
  private static let latest = CalendarDate(daysSince1970: 2_932_896)

  func contains(_ date: CalendarDate) -> Bool {
    if let first, date < first { return false }
    if let last, last < date { return false }
    return true
  }

  /// Whether some day lies in both.
  func overlaps(_ other: DateSpan) -> Bool {
    if let last, let first = other.first, last < first { return false }
    if let last = other.last, let first, last < first { return false }
    return true
  }

  /// What is left without the days of another: nothing, one span or two.
  func without(_ other: DateSpan) -> [DateSpan] {
    guard overlaps(other) else { return [self] }
    var rest: [DateSpan] = []
    if let start = other.first, Self.earliest < start, first.map({ $0 < start }) ?? true {
      rest.append(DateSpan(first: first, last: start.dayBefore))
    }
    if let end = other.last, end < Self.latest, last.map({ end < $0 }) ?? true {
      rest.append(DateSpan(first: end.dayAfter, last: last))
    }
    return rest
  }

  /// The span cut on the days on which one of others begins or has ended.
  func parts(at others: [DateSpan]) -> [DateSpan] {
    let starts = others.flatMap { [$0.first, $0.last?.dayAfter] }.compactMap { $0 }
    var parts: [DateSpan] = []
    var rest = self
    for start in Set(starts).sorted() where rest.contains(start) && rest.contains(start.dayBefore) {
      parts.append(DateSpan(first: rest.first, last: start.dayBefore))
      rest = DateSpan(first: start, last: rest.last)
    }
    return parts + [rest]
  }

  /// Whether it begins earlier; one without a first day begins before all.
  static func beginsEarlier(_ left: DateSpan, _ right: DateSpan) -> Bool {
    guard let start = right.first else { return false }
    return left.first.map { $0 < start } ?? true
  }

  /// Whether it ends later; one without a last day ends after all.
  func endsLater(than other: DateSpan) -> Bool {
    guard let end = other.last else { return false }
    return last.map { end < $0 } ?? true
  }

  /// The days between spans that follow each other, none overlapping another.
  static func holes(between spans: [DateSpan]) -> [DateSpan] {
    zip(spans, spans.dropFirst()).compactMap { before, after in
      guard let last = before.last, let first = after.first, last.dayAfter < first else {
        return nil
      }
      return DateSpan(first: last.dayAfter, last: first.dayBefore)
    }
  }
}

extension DateSpan: CustomStringConvertible {
  /// The days in words.
  var description: String {
    switch (first, last) {
    case (nil, nil): "all days"
    case (nil, let last?): "until \(last)"
    case (let first?, nil): "from \(first) on"
    case (let first?, let last?): first == last ? "\(first)" : "\(first) to \(last)"
    }
  }
}

extension CalendarDate {
  var dayBefore: CalendarDate { CalendarDate(daysSince1970: daysSince1970 - 1) }
  var dayAfter: CalendarDate { CalendarDate(daysSince1970: daysSince1970 + 1) }
}
