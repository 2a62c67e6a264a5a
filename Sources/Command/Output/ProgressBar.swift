import Synchronization

/// A bar on the terminal that says how far a long command is; silent where nobody looks.
final class ProgressBar: Sendable {
  private struct State {
    var done: Int64 = 0
    var shownPermille: Int64 = -1
  }

  private let label: String
  private let total: Int64
  private let state = Mutex(State())

  init(_ label: String, total: Int64) {
    self.label = label
    self.total = total
  }

  /// So many more are done.
  func advance(by count: Int64 = 1) {
    state.withLock { state in
      state.done += count
      draw(&state)
    }
  }

  /// So many are done in all.
  func reach(_ done: Int64) {
    state.withLock { state in
      state.done = done
      draw(&state)
    }
  }

  /// Ends the line.
  func finish() {
    state.withLock { state in
      guard Terminal.showsProgress, state.shownPermille >= 0 else { return }
      Terminal.say("")
    }
  }

  private func draw(_ state: inout State) {
    guard Terminal.showsProgress, total > 0 else { return }
    let permille = min(1000, state.done * 1000 / total)
    guard permille != state.shownPermille else { return }
    state.shownPermille = permille
    let filled = Int(permille / 40)
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 25 - filled)
    Terminal.sayInPlace("\(label) \(bar) \(permille / 10) % (\(state.done) of \(total))")
  }
}
