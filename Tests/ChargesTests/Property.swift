import Procedures
import Testing

/// Something that holds whatever the history.
struct Property: Sendable, CustomTestStringConvertible {
  let sentence: String
  /// What is wrong with a history; nil where the property holds.
  let fault: @Sendable (History) throws -> String?

  init(_ sentence: String, _ fault: @Sendable @escaping (History) throws -> String?) {
    self.sentence = sentence
    self.fault = fault
  }

  var testDescription: String { sentence }

  /// Tries it on every history and prints how many; records the smallest ones that break it.
  func check() {
    let seeds = Histories.seeds
    let result = result(seeds)
    for failure in result.failures { Issue.record("\(failure)") }
    print(
      "\(result.failures.isEmpty ? "held" : "BROKEN"): \(sentence): \(seeds.count) histories of "
        + "\(result.entryCount) entries, seeds \(seeds.lowerBound) to \(seeds.upperBound - 1)")
  }

  struct Result {
    var entryCount = 0
    var failures: [Failure] = []
  }

  /// A history that breaks the property, and the smallest one made of it.
  struct Failure: CustomStringConvertible {
    let property: String
    let smallest: History
    let fault: String

    var description: String {
      """
      \(property): \(fault)
      CATHLOG_SEED=\(smallest.seed) repeats it. At its smallest:
      \(smallest.script.map(\.compactText).joined(separator: "\n"))
      """
    }
  }

  /// What became of it; no more than three failures.
  func result(_ seeds: Range<UInt64>) -> Result {
    var result = Result()
    for seed in seeds where result.failures.count < 3 {
      let history = History(seed: seed)
      result.entryCount += history.events.count
      guard faultOrError(history) != nil else { continue }
      let smallest = shrunk(history)
      result.failures.append(
        Failure(property: sentence, smallest: smallest, fault: faultOrError(smallest) ?? ""))
    }
    return result
  }

  private func faultOrError(_ history: History) -> String? {
    do { return try fault(history) } catch { return "\(error)" }
  }

  /// The history without every event that the fault does not need.
  private func shrunk(_ history: History) -> History {
    var smallest = history
    // Each pass drops an event at least, or is the last.
    for _ in history.events {
      let before = smallest.events.count
      for place in smallest.events.indices.dropFirst().reversed() {
        var candidate = smallest
        candidate.events.remove(at: place)
        if candidate.isAccepted, faultOrError(candidate) != nil { smallest = candidate }
      }
      if smallest.events.count == before { break }
    }
    return smallest
  }
}
