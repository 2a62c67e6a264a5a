import Procedures

/// The entries of the open cases, each case's in its order, the earliest first: a binary heap with
/// one element a case.
struct EntryQueue {
  /// A case and how far it is.
  struct Waiting {
    let number: UInt64
    let entries: [LabEntry]
    var next = 0

    fileprivate var enteredAt: Instant { entries[next].enteredAt }

    fileprivate func precedes(_ other: Waiting) -> Bool {
      (enteredAt, number) < (other.enteredAt, other.number)
    }
  }

  private var heap: [Waiting] = []

  /// How many cases wait.
  var caseCount: Int { heap.count }

  /// When the earliest entry is made; nil when none waits.
  var earliest: Instant? { heap.first?.enteredAt }

  /// Adds a case that has entries.
  mutating func add(_ entries: [LabEntry], number: UInt64) {
    guard !entries.isEmpty else { return }
    heap.append(Waiting(number: number, entries: entries))
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the earliest entry; of two at one time, that of the case with the smaller number.
  mutating func take() -> LabEntry? {
    guard let first = heap.first else { return nil }
    let entry = first.entries[first.next]
    if first.next + 1 < first.entries.count {
      heap[0].next += 1
    } else {
      heap.swapAt(0, heap.count - 1)
      heap.removeLast()
    }
    sink()
    return entry
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].precedes(heap[smallest]) {
        smallest = child
      }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
