import ArgumentParser
import Charges
import Projectors
import Store

/// `benchmark verify`: the log held to its promises, as `cathlog verify` does before it looks at
/// what was projected.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "verify")

  @OptionGroup var bench: Bench

  func run() async throws {
    let (count, duration) = try await bench.run { live in
      let begin = ContinuousClock.now
      let check = try await live.store.verify(live.facility).get()
      return (check.position, ContinuousClock.now - begin)
    }
    try report(["events": count, "microseconds": duration.microseconds])
  }
}

/// `benchmark rebuild`: the read model anew, from nothing or beside one that is there.
struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rebuild")

  @OptionGroup var bench: Bench

  func run() async throws {
    let (count, duration) = try await bench.run { live in
      let runner = ProjectorRunner(
        pool: live.pool, store: live.store, ticks: live.ticks, ruleBook: .standard, logger: quiet)
      let begin = ContinuousClock.now
      try await runner.rebuild(facility: live.facility) { _ in }
      return (try await runner.digest(of: live.facility).position, ContinuousClock.now - begin)
    }
    try report(["events": count, "microseconds": duration.microseconds])
  }
}
