/// Keeps up to a number of values, and lets go of those that were not used lately.
///
/// The second-chance rule: a hand goes round the places, spares what was used since it last came by,
/// and takes the first that was not. Every operation costs a constant, in the long run.
package struct BoundedCache<Key: Hashable, Value> {
  private struct Place {
    let key: Key
    var value: Value
    var wasUsed: Bool
  }

  private let limit: Int
  private var places: [Place] = []
  private var indexes: [Key: Int] = [:]
  private var hand = 0

  /// An empty cache for at least one value.
  package init(limit: Int) { self.limit = max(1, limit) }

  package var count: Int { places.count }

  package subscript(key: Key) -> Value? {
    mutating get {
      guard let index = indexes[key] else { return nil }
      places[index].wasUsed = true
      return places[index].value
    }
    set {
      guard let newValue else { return remove(key) }
      if let index = indexes[key] {
        places[index].value = newValue
        places[index].wasUsed = true
      } else if places.count < limit {
        indexes[key] = places.count
        places.append(Place(key: key, value: newValue, wasUsed: false))
      } else {
        replaceUnused(by: Place(key: key, value: newValue, wasUsed: false))
      }
    }
  }

  private mutating func remove(_ key: Key) {
    guard let index = indexes.removeValue(forKey: key) else { return }
    let last = places.removeLast()
    if index < places.count {
      places[index] = last
      indexes[last.key] = index
    }
    if hand >= places.count { hand = 0 }
  }

  /// Ends within one round, since the hand leaves nothing marked behind it.
  private mutating func replaceUnused(by place: Place) {
    while places[hand].wasUsed {
      places[hand].wasUsed = false
      hand = (hand + 1) % places.count
    }
    indexes[places[hand].key] = nil
    indexes[place.key] = hand
    places[hand] = place
    hand = (hand + 1) % places.count
  }
}
