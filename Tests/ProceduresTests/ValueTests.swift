import Procedures
import Testing

@Suite struct `A decimal` {
  private func read(_ text: String) -> Decimal? { Decimal(jsonNumber: Array(text.utf8)) }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("0.000", "0"), ("1", "1"), ("-1.50", "-1.5"), ("100", "100"),
    ("0.25", "0.25"), ("1e2", "100"), ("1E-2", "0.01"), ("1.5e+1", "15"), ("120e-1", "12"),
    ("999999999999999999", "999999999999999999"),
    ("-0.000000000000000001", "-0.000000000000000001"),
    ("1e30", "1000000000000000000000000000000"),
    ("1000000000000000000000", "1000000000000000000000"),
    ("1e-30", "0.000000000000000000000000000001"),
  ])
  func `is read and written in its normal form`(_ text: String, _ normal: String) throws {
    let number = try #require(read(text))
    #expect(number.description == normal)
    #expect(read(normal) == number)
  }

  @Test(arguments: [
    "", "-", "+1", "01", "00", "1.", ".1", "1.e2", "1e", "1e1.5", "1e0001", "NaN", "Infinity", "1 ",
    " 1", "1,5", "0x1", "1_000", "1234567890123456789", "0.1234567890123456789", "1e31", "1e-31",
    "1e999", "--1", "١",
  ])
  func `is nothing else`(_ text: String) { #expect(read(text) == nil) }

  @Test func `is ordered by value`() throws {
    let ordered = [
      "-1e30", "-100", "-99.9", "-1", "-0.5", "-1e-30", "0", "1e-30", "0.05", "0.5", "0.50001", "1",
      "9", "10", "99.9", "100", "999999999999999999", "1e30",
    ].compactMap(read)
    #expect(ordered.count == 18)
    for (index, number) in ordered.enumerated() {
      for (other, otherNumber) in ordered.enumerated() {
        #expect((number < otherNumber) == (index < other))
        #expect((number == otherNumber) == (index == other))
      }
    }
  }

  @Test(
    arguments: [
      ("5", 5), ("1e3", 1000), ("-7", -7), ("0", 0), ("0.5", nil), ("1e19", nil), ("1e30", nil),
      ("9e18", 9_000_000_000_000_000_000),
    ] as [(String, Int?)])
  func `is a whole number where it has no fraction and fits`(_ text: String, _ whole: Int?) {
    #expect(read(text)?.integer == whole)
  }
}

@Suite struct `A moment` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:00z", 0), ("1969-12-31T23:59:59.5Z", -500_000),
    ("2026-03-02T08:31:00-05:00", 1_772_458_260_000_000),
    ("2026-03-02T19:01:00+05:30", 1_772_458_260_000_000),
    ("2026-03-02T13:31:00.25-00:00", 1_772_458_260_250_000),
    ("2026-03-02T13:31:00.123456789Z", 1_772_458_260_123_456),
    ("2024-02-29T23:59:59.999999+00:00", 1_709_251_199_999_999),
    ("1900-01-01T00:00:00Z", -2_208_988_800_000_000),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
  ])
  func `is read with any offset and written in UTC`(_ text: String, _ microseconds: Int64) throws {
    let moment = try #require(Instant(text))
    #expect(moment.microseconds == microseconds)
    #expect(Instant(moment.description) == moment)
    #expect(moment.description.hasSuffix("Z"))
  }

  @Test(arguments: [
    "", "2026-03-02", "2026-03-02T13:31:00", "2026-03-02 13:31:00Z", "2026-03-02T13:31Z",
    "2026-3-2T13:31:00Z", "2026-03-02T24:00:00Z", "2026-03-02T23:60:00Z", "2026-06-30T23:59:60Z",
    "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-03-02T13:31:00.Z", "2026-03-02T13:31:00.1234567890123Z",
    "2026-03-02T13:31:00+5:00", "2026-03-02T13:31:00+05", "2026-03-02T13:31:00+24:00",
    "2026-03-02T13:31:00+05:60", "2026-03-02T13:31:00ZZ", " 2026-03-02T13:31:00Z",
    "1899-12-31T23:59:59Z", "1900-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z", "2026-03-02T13:31:00,5Z", "２026-03-02T13:31:00Z",
  ])
  func `is nothing else`(_ text: String) { #expect(Instant(text) == nil) }

  @Test func `is written as it is read, whenever it is`() throws {
    var random = SeededGenerator()
    for _ in 0..<2_000 {
      let moment = Instant(
        microseconds: Int64.random(
          in: Instant.earliest.microseconds...Instant.latest.microseconds, using: &random))
      #expect(Instant(moment.description) == moment, "CATHLOG_SEED=\(random.seed)")
      let later = moment.adding(seconds: 1)
      #expect(moment < later && later.secondsSince1970 == moment.secondsSince1970 + 1)
    }
  }
}

@Suite struct `A day` {
  @Test func `follows the one before, each day from 1900 to 2200, and is written as it is read`()
    throws
  {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var expected = -25_567
    for year in 1900...2200 {
      let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
      for month in 1...12 {
        let length = month == 2 && isLeap ? 29 : lengths[month - 1]
        for day in 1...length {
          let date = CalendarDate(year: year, month: month, day: day)
          guard let date, date.daysSince1970 == expected, CalendarDate(date.description) == date
          else {
            Issue.record("\(year)-\(month)-\(day) is \(date?.description ?? "none")")
            return
          }
          expected += 1
        }
        #expect(CalendarDate(year: year, month: month, day: length + 1) == nil)
      }
    }
    #expect(expected == 84_371)
  }

  @Test(arguments: [
    "", "2026-3-2", "2026-03-02 ", "20260302", "1899-12-31", "2026-02-30", "0000-01-01",
  ])
  func `is nothing else`(_ text: String) { #expect(CalendarDate(text) == nil) }
}

@Suite struct `An identifier` {
  @Test func `is read in either case and written in lower case`() throws {
    let text = "3C3B886B-12EE-5233-AA0D-6B0F5775C124"
    let id = try #require(CaseID(text))
    #expect(id.description == text.lowercased())
    #expect(id.high == 0x3C3B_886B_12EE_5233 && id.low == 0xAA0D_6B0F_5775_C124)
    #expect(CaseID.zero.description == "00000000-0000-0000-0000-000000000000")
    var random = SeededGenerator()
    for _ in 0..<500 {
      let one = EventID(high: random.next(), low: random.next())
      let other = EventID(high: random.next(), low: random.next())
      #expect(EventID(one.description) == one, "CATHLOG_SEED=\(random.seed)")
      #expect((one < other) == (one.description < other.description))
    }
  }

  @Test(arguments: [
    "", "3c3b886b12ee5233aa0d6b0f5775c124", "{3c3b886b-12ee-5233-aa0d-6b0f5775c124}",
    "3c3b886b-12ee-5233-aa0d-6b0f5775c12", "3c3b886b-12ee-5233-aa0d-6b0f5775c12g",
    "3c3b886b-12ee-5233-aa0d-6b0f5775c1244", "3c3b886-b12ee-5233-aa0d-6b0f5775c124",
    "urn:uuid:3c3b886b-12ee-5233-aa0d-6b0f", "3c3b886b-12ee-5233-aa0d-6b0f5775c1é",
  ])
  func `is nothing else`(_ text: String) { #expect(CaseID(text) == nil) }
}

@Suite struct `A term` {
  @Test(
    arguments: [
      ("Lab 2", true), ("é", true), (String(repeating: "x", count: 128), true),
      (String(repeating: "\u{1FAC0}", count: 128), true), ("", false), ("a\nb", false),
      ("a\u{7F}", false), ("a\u{85}", false), (String(repeating: "x", count: 129), false),
      ("e" + String(repeating: "\u{301}", count: 300), false),
      (String(repeating: "x", count: 1 << 20), false),
    ])
  func `is short and holds no control character`(_ text: String, _ isTerm: Bool) {
    #expect((Words(text) != nil) == isTerm)
  }

  @Test func `is compared by its bytes`() throws {
    #expect(Words("\u{E9}") != Words("e\u{301}"))
    #expect(Set([Words("\u{E9}"), Words("e\u{301}"), Words("\u{E9}")]).count == 2)
    #expect(try #require(Words("Z")) < #require(Words("a")))
  }

  @Test(
    arguments: [
      ("general", true), ("st-mary-2", true), ("2nd", true),
      (String(repeating: "a", count: 63), true),
      (String(repeating: "a", count: 64), false), ("-a", false), ("General", false), ("a b", false),
      ("a/b", false), ("é", false),
    ])
  func `names a facility when it can stand in an address`(_ text: String, _ fits: Bool) {
    #expect(FacilityCode(text)?.isWellFormed == fits)
  }

  @Test(
    arguments: [
      ("37253", true), ("0075T", true), ("C1753", true), ("A000A", false), ("3725", false),
      ("372533", false), ("37 53", false), ("c1753", false), ("\u{212A}1234", false),
      ("3A253", false),
    ])
  func `is a billing code only in the shape of one`(_ text: String, _ fits: Bool) {
    #expect((BillingCode(text) != nil) == fits)
  }

  @Test(
    arguments: [
      ("I87.1", true), ("I82421", true), ("C7A.092", true), ("E11", true), ("I8", false),
      ("i87.1", false), ("I87.", false), ("I8.71", false), ("187.1", false), ("I87.12345", false),
    ])
  func `is a diagnosis only in the shape of one`(_ text: String, _ fits: Bool) {
    #expect((DiagnosisCode(text) != nil) == fits)
  }
}

@Suite struct `A time zone` {
  @Test(
    arguments: [
      ("America/New_York", true), ("UTC", true), ("Europe/Zurich", true), ("Mars/Olympus", false),
      ("EST", false), ("", false), ("../../etc/passwd", false), ("America/", false), ("/", false),
      ("America/new_york", false), ("/usr/share/zoneinfo/UTC", false), ("GMT+5", false),
    ])
  func `is one of the IANA database`(_ name: String, _ isZone: Bool) {
    #expect((TimeZoneName(name) != nil) == isZone)
  }

  @Test(arguments: [
    ("America/New_York", "2026-03-02T04:59:59Z", "2026-03-01"),
    ("America/New_York", "2026-03-02T05:00:00Z", "2026-03-02"),
    ("America/New_York", "2026-07-01T03:59:59.9Z", "2026-06-30"),
    ("America/New_York", "2026-07-01T04:00:00Z", "2026-07-01"),
    ("Asia/Tokyo", "2025-12-31T15:00:00Z", "2026-01-01"),
    ("UTC", "1969-12-31T23:59:59Z", "1969-12-31"),
  ])
  func `says which day it is at a moment`(_ zone: String, _ time: String, _ day: String) throws {
    let zone = try #require(TimeZoneName(zone))
    #expect(zone.date(of: try #require(Instant(time))).description == day)
  }
}
