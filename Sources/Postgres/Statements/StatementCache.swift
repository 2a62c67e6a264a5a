/// The statements that are prepared on one connection, the least recently used of which go first.
struct StatementCache {
  /// What makes two statements the same to the server: the text and the types of its values.
  struct Key: Hashable {
    let text: String
    let types: [UInt32]
  }

  private struct Entry {
    let name: String
    var lastUse: UInt64
  }

  let capacity: Int
  private var entries: [Key: Entry] = [:]
  private var clock: UInt64 = 0
  private var created: UInt64 = 0
  /// Names that the server still holds and nobody will use again.
  private(set) var discarded: [String] = []

  init(capacity: Int) {
    precondition(capacity > 0, "a statement cache holds at least one statement")
    self.capacity = capacity
  }

  var count: Int { entries.count }

  /// The name under which the statement is prepared, or nil.
  mutating func name(for key: Key) -> String? {
    guard let index = entries.index(forKey: key) else { return nil }
    clock += 1
    entries.values[index].lastUse = clock
    return entries.values[index].name
  }

  /// A name that no statement of the connection has had.
  mutating func freshName() -> String {
    created += 1
    return "s\(created)"
  }

  /// Remembers a prepared statement, and discards the one that has not been used for longest.
  mutating func insert(_ key: Key, name: String) {
    clock += 1
    entries[key] = Entry(name: name, lastUse: clock)
    guard entries.count > capacity else { return }
    guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    discard(oldest.key)
  }

  /// Forgets a statement; its name waits in `discarded`.
  mutating func discard(_ key: Key) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    discarded.append(entry.name)
  }

  /// Hands over the names to deallocate.
  mutating func takeDiscarded() -> [String] {
    defer { discarded.removeAll() }
    return discarded
  }
}
