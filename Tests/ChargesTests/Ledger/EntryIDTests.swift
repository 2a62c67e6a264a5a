import Charges
import Testing

@Suite
struct `An entry's id` {
  @Test(arguments: [
    ("k7q3", true), ("bcdf", true), ("z999", true), ("b222", true), ("vwxy", true),
    ("", false), ("k7q", false), ("k7q33", false), ("7kq3", false), ("a7q3", false),
    ("k7e3", false), ("k7l3", false), ("k703", false), ("k713", false), ("K7q3", false),
    ("k7-3", false), ("k7q ", false), ("k7é", false), ("\u{212A}7q3", false),
  ])
  func `has an epoch of four characters that are no word and no number`(
    _ text: String, _ isEpoch: Bool
  ) {
    #expect(LedgerEpoch(text)?.text == (isEpoch ? text : nil), "\(text)")
  }

  @Test(arguments: [
    ("k7q3-1", 1), ("k7q3-1042", 1042), ("b222-9999999", 9_999_999),
    ("k7q3-9223372036854775807", Int64.max),
  ])
  func `is read and written`(_ text: String, _ number: Int64) throws {
    let id = try #require(EntryID(text))
    #expect(id.number == number)
    #expect(id.description == text)
    #expect(id == EntryID(epoch: id.epoch, number: number))
  }

  @Test(arguments: [
    "", "-", "k7q3", "k7q3-", "-1", "k7q3-0", "k7q3--1", "k7q3-01", "k7q3-+1", "k7q3-1-2",
    "k7q3-1 ", " k7q3-1", "k7q3-1.0", "k7q3-1e3", "k7q3-9223372036854775808", "K7Q3-1", "a7q3-1",
    "k7q3-١", "k7q3\u{2010}1", "k7q3-1\n",
  ])
  func `is nothing else`(_ text: String) { #expect(EntryID(text) == nil) }

  @Test
  func `has room in FT1-2 up to the ten millionth entry`() throws {
    #expect(try #require(EntryID("k7q3-9999999")).description.count == 12)
  }

  @Test
  func `tells a number of one epoch from the same of another`() {
    #expect(EntryID("k7q3-1") != EntryID("k7q4-1"))
  }
}
