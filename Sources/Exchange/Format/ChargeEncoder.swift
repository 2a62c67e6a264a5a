public import Charges

/// Writes a pull of entries, one after another, in memory that does not grow with their number.
///
/// The bytes of an entry are the same in every pull: they depend on nothing but the entry, the
/// facility and the credit code, so neither on where a page begins or ends, nor on a clock, nor on
/// whether billing has acknowledged it. What depends on the page stands before the first entry,
/// between two, or after the last.
///
/// Call ``begin(into:)`` once, then ``write(_:into:)`` for each entry, then ``finish(next:into:)``
/// once. Each appends, so the caller may send what is there and empty the buffer in between.
public protocol ChargeEncoder: Sendable {
  /// Appends what stands before the first entry.
  mutating func begin(into bytes: inout [UInt8])

  /// Appends one entry.
  mutating func write(_ entry: PulledEntry, into bytes: inout [UInt8])

  /// Appends what stands after the last entry.
  ///
  /// - Parameters:
  ///   - next: the address of the next page; nil where none follows, or where a form has no place
  ///     for one.
  ///   - bytes: to which it is appended.
  mutating func finish(next: String?, into bytes: inout [UInt8])
}
