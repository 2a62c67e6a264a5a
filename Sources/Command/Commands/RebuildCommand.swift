import ArgumentParser
import Procedures
import Projectors
import Store

/// `cathlog rebuild`: a read model anew beside the old one, then swapped.
struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Builds the current lines and the worklist anew, then swaps them in.",
    discussion: """
      Readers and a running service go on with the old rows until the new ones are complete. Stopped \
      at any time, it goes on where it was when it is called again. The ledger is not rebuilt: its \
      entries stay, and it is said where this edition would make others.
      """)

  @Argument(help: "The projector: current-lines.")
  var projector: Projector = .currentLines

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  /// What can be rebuilt.
  enum Projector: String, CaseIterable, ExpressibleByArgument {
    case currentLines = "current-lines"
  }

  func run() async throws {
    let digest = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      let digest = try await Self.rebuild(code, parts)
      let ledger = try await parts.checkLedger(code)
      if ledger.faultCount > 0 {
        Terminal.say("faults in the ledger: \(ledger.faultCount); cathlog verify says more")
      }
      return digest
    }
    let bytes = digest.bytes.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    Terminal.write("rebuilt through position \(digest.position), sha256:\(bytes.joined())\n")
  }

  private static func rebuild(
    _ facility: FacilityCode, _ parts: Parts
  ) async throws -> ProjectionDigest {
    try await parts.bringUpToDate(facility)
    let end = try await parts.store.head(of: facility)
    let progress = ProgressBar("rebuilding", total: end?.position ?? 0)
    defer { progress.finish() }
    try await parts.runner.rebuild(facility: facility) { progress.reach($0.eventCount) }
    return try await parts.runner.digest(of: facility)
  }
}
