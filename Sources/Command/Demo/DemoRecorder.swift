import Logging
import Procedures
import Simulation
import Store

/// Enters what the simulated people enter, and never gives up the service for it.
struct DemoRecorder: Sendable {
  private static let firstPause = Duration.milliseconds(50)
  private static let longestPause = Duration.seconds(5)

  let appender: Appender
  let facility: FacilityCode
  let logger: Logger

  /// Enters an entry; tried again for as long as the log cannot take it, left out where it says no.
  ///
  /// - Returns: whether it is in the log.
  /// - Throws: `CancellationError` when the demo ends.
  @discardableResult
  func record(_ entry: LabEntry) async throws -> Bool {
    let submission = Submission(
      caseID: entry.caseID, events: [try entry.event()], recorder: entry.recorder)
    var pause = Self.firstPause
    while true {
      try Task.checkCancellation()
      do throws(AppendFailure) {
        _ = try await appender.append(submission, to: facility)
        return true
      } catch {
        switch error {
        case .refused(let refusal, _):
          logger.warning(
            "a simulated entry was refused",
            metadata: [
              "case": "\(entry.caseID)", "type": "\(entry.type.rawValue)",
              "code": "\(refusal.code.rawValue)",
            ])
          return false
        case .overloaded, .store, .commitUnknown:
          // Sent again, an entry is stored once all the same.
          logger.notice(
            "a simulated entry waits", metadata: ["reason": "\(CommandFailure(error).code)"])
        }
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, Self.longestPause)
    }
  }
}
