internal import Procedures

/// Remembers for seconds what the database said of a token, so that an append costs no second query.
///
/// Pure: the time is an argument. A token is looked up again when its answer is no longer fresh, by
/// one caller while the others go on with the answer that they have; what is older than
/// `usableFor` is not used, so that a revocation by another process takes effect by then.
struct TokenCache: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// What the database said of a token.
  struct Entry: Sendable {
    let token: AccessToken
    let secretHash: [UInt8]
    /// From when on it is refused, by this process's steady clock.
    let endsAt: Instant?
    let lookedUpAt: Instant
  }

  enum Answer {
    /// Good enough.
    case known(Entry)
    /// Look it up; an entry that can still be used should that fail.
    case lookUp(stale: Entry?)
  }

  private struct Key: Hashable {
    let facility: FacilityCode
    let id: TokenID

    init(_ presented: PresentedToken) {
      facility = presented.facility
      id = presented.id
    }
  }

  private var entries: [Key: Entry] = [:]
  private var beingLookedUp: Set<Key> = []
  private let limit: Int
  private let freshFor: Duration
  private let usableFor: Duration

  init(limit: Int, freshFor: Duration, usableFor: Duration) {
    self.limit = limit
    self.freshFor = freshFor
    self.usableFor = usableFor
  }

  var count: Int { entries.count }

  mutating func ask(_ presented: PresentedToken, now: Instant) -> Answer {
    let key = Key(presented)
    guard let entry = entries[key], now < entry.lookedUpAt + usableFor else {
      return .lookUp(stale: nil)
    }
    guard now >= entry.lookedUpAt + freshFor, beingLookedUp.insert(key).inserted else {
      return .known(entry)
    }
    return .lookUp(stale: entry)
  }

  /// Takes the answer to a look-up; nil where there is no such token.
  mutating func settle(_ presented: PresentedToken, _ entry: Entry?, now: Instant) {
    let key = Key(presented)
    beingLookedUp.remove(key)
    entries[key] = entry
    guard entries.count > limit else { return }
    entries = entries.filter { now < $0.value.lookedUpAt + usableFor }
    while entries.count > limit, let other = entries.keys.first(where: { $0 != key }) {
      entries[other] = nil
    }
  }

  /// A look-up had no answer.
  mutating func giveUp(_ presented: PresentedToken) { beingLookedUp.remove(Key(presented)) }

  mutating func forget(_ id: TokenID, in facility: FacilityCode) {
    entries = entries.filter { $0.key.id != id || $0.key.facility != facility }
  }
}
