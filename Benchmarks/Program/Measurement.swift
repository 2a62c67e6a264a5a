import Foundation
import Procedures

/// Prints what was measured, and the process's highest resident memory, as one line of JSON; times
/// are whole microseconds.
func report(_ members: KeyValuePairs<String, Int64>) throws {
  var document = members.map { JSON.Member($0.key, .integer($0.value)) }
  document.append(JSON.Member("residentKilobytes", .integer(try residentKilobytes())))
  try FileHandle.standardOutput.write(
    contentsOf: Data((JSON.object(document).compactText + "\n").utf8))
}

/// VmHWM of `/proc/self/status`.
private func residentKilobytes() throws -> Int64 {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try known(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
  return try known(line.split(separator: " ").dropLast().last.flatMap { Int64($0) })
}

extension Duration {
  /// Whole microseconds.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}

/// How long each of many things took.
struct Latencies: Sendable {
  private var microseconds: [Int64] = []

  var count: Int { microseconds.count }

  mutating func add(_ duration: Duration) { microseconds.append(duration.microseconds) }

  /// Joins those of several callers.
  static func joined(_ parts: [Latencies]) -> Latencies {
    var all = Latencies()
    all.microseconds = parts.flatMap(\.microseconds)
    return all
  }

  /// The values below which these shares of all lie, by the nearest rank; zeros where there is none.
  func percentiles(_ shares: [Double]) -> [Int64] {
    let sorted = microseconds.sorted()
    return shares.map { share in
      guard !sorted.isEmpty else { return 0 }
      let rank = Int((Double(sorted.count) * share).rounded(.up))
      return sorted[min(max(rank, 1), sorted.count) - 1]
    }
  }
}
