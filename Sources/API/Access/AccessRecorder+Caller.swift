internal import Procedures
internal import Store

extension AccessRecorder {
  /// Records that a caller read these cases; returns after the commit, before which no answer goes out.
  func record(
    _ action: AccessEntry.Action, of cases: some Sequence<CaseID>, by caller: Caller
  ) async throws(Problem) {
    var entries = cases.map { caller.entry(action, $0) }
    // A list that showed no case was asked for all the same.
    if entries.isEmpty { entries = [caller.entry(action)] }
    do throws(AccessRecordError) {
      try await record(entries, in: caller.facility)
    } catch {
      throw Problem(error)
    }
  }
}
