internal import Charges
internal import Procedures

/// Bytes of a document, written at its end.
extension [UInt8] {
  mutating func put(_ text: String) {
    // Without the copy that a mutable text costs; every text here is contiguous.
    if text.utf8.withContiguousStorageIfAvailable({ append(contentsOf: $0) }) == nil {
      append(contentsOf: text.utf8)
    }
  }

  mutating func put(_ bytes: [UInt8]) { append(contentsOf: bytes) }

  /// In decimal.
  mutating func put(_ number: Int64) {
    var text = ShortText()
    text.put(number)
    text.append(to: &self)
  }

  /// In decimal.
  mutating func put(_ number: Int) { put(Int64(number)) }

  /// `k7q3-1042`.
  mutating func put(_ id: EntryID) {
    put(id.epoch.text)
    append(UInt8(ascii: "-"))
    put(id.number)
  }

  /// The 36 characters of a UUID, in lower case.
  mutating func put<Subject>(_ id: Identifier<Subject>) {
    var text = ShortText()
    text.put(id)
    text.append(to: &self)
  }

  /// `2026-03-02`.
  mutating func put(_ date: CalendarDate) {
    var text = ShortText()
    text.put(date, separator: "-")
    text.append(to: &self)
  }

  /// `20260302`.
  mutating func putCompact(_ date: CalendarDate) {
    var text = ShortText()
    text.put(date, separator: nil)
    text.append(to: &self)
  }

  /// RFC 3339 in UTC, with as many digits of a second as are needed.
  mutating func put(_ instant: Instant) {
    let parts = InstantParts(instant)
    var text = ShortText()
    text.put(parts.date, separator: "-")
    text.put("T")
    text.put(parts.hour, digits: 2)
    text.put(":")
    text.put(parts.minute, digits: 2)
    text.put(":")
    text.put(parts.second, digits: 2)
    if parts.microsecond > 0 {
      text.put(".")
      text.put(parts.microsecond, digits: 6)
      text.dropZeros()
    }
    text.put("Z")
    text.append(to: &self)
  }

  /// `20260302093100.2504+0000`: UTC, with the four digits of a second that HL7 v2 allows.
  mutating func putHL7(_ instant: Instant) {
    let parts = InstantParts(instant)
    var text = ShortText()
    text.put(parts.date, separator: nil)
    text.put(parts.hour, digits: 2)
    text.put(parts.minute, digits: 2)
    text.put(parts.second, digits: 2)
    text.put(".")
    text.put(parts.microsecond / 100, digits: 4)
    text.append(to: &self)
    put("+0000")
  }

  /// Each element by the closure, with a separator between two.
  mutating func putList<Elements: Sequence>(
    _ elements: Elements, separator: Unicode.Scalar = ",",
    _ write: (inout [UInt8], Elements.Element) -> Void
  ) {
    var isFirst = true
    for element in elements {
      if !isFirst { append(UInt8(ascii: separator)) }
      isFirst = false
      write(&self, element)
    }
  }
}

/// A moment as a clock in UTC shows it.
private struct InstantParts {
  let date: CalendarDate
  let hour: Int
  let minute: Int
  let second: Int
  let microsecond: Int

  init(_ instant: Instant) {
    let seconds = instant.secondsSince1970
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let ofDay = Int(seconds - days * 86_400)
    date = CalendarDate(daysSince1970: Int(days))
    hour = ofDay / 3600
    minute = ofDay / 60 % 60
    second = ofDay % 60
    microsecond = Int(instant.microseconds - seconds * 1_000_000)
  }
}
