internal import Synchronization

/// How often wrong credentials came from an address lately, in constant memory.
///
/// A good token is let in wherever it comes from, also beside a device that shows an old one again
/// and again behind the same proxy: a lab is not locked out. What the bound ends is what wrong ones
/// cost: a row of the access record each.
final class WrongCredentials: Sendable {
  /// Addresses share so many places by their hash, which nobody outside can foresee.
  private static let placeCount = 1024

  private let allowance: Allowance?
  private let usedUntil: Mutex<[Allowance.Instant]>

  /// - Parameters:
  ///   - allowance: how often they are answered one by one; nil for no bound.
  ///   - start: a moment that is past.
  init(_ allowance: Allowance?, start: Allowance.Instant) {
    self.allowance = allowance
    usedUntil = Mutex(Array(repeating: start, count: allowance == nil ? 0 : Self.placeCount))
  }

  /// Counts wrong credentials from an address.
  ///
  /// - Throws: `too-many-requests` where there were too many.
  func count(from origin: String?, now: Allowance.Instant) throws(Problem) {
    guard let allowance else { return }
    let place = Int(UInt(bitPattern: origin.hashValue) % UInt(Self.placeCount))
    let wait = usedUntil.withLock { places in allowance.take(&places[place], now: now) }
    guard let wait else { return }
    throw .tooManyRequests(
      "Too many wrong access tokens came from this address; come back later.", wait: wait)
  }
}
