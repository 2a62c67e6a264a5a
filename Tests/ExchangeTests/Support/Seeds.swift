import Foundation

/// The seed from which entries are drawn: `CATHLOG_SEED` to repeat a failure, else 1.
enum Seeds {
  static let first = ProcessInfo.processInfo.environment["CATHLOG_SEED"].flatMap(UInt64.init) ?? 1
}
