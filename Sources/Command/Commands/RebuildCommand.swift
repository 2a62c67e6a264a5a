import ArgumentParser
import Projectors
import Store

/// `cathlog rebuild`: a read model anew beside the old one, then swapped.
struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Builds the current lines and the worklist anew, then swaps them in.",
    discussion: """
      Readers and a running service go on with the old rows until the new ones are complete. Stopped \
      at any time, it goes on where it was when it is called again.
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
      try await parts.bringUpToDate(code)
      let end = try await parts.store.head(of: code)
      let progress = ProgressBar("rebuilding", total: end?.position ?? 0)
      defer { progress.finish() }
      try await parts.runner.rebuild(facility: code) { progress.reach($0.eventCount) }
      return try await parts.runner.digest(of: code)
    }
    let bytes = digest.bytes.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    Terminal.write("rebuilt through position \(digest.position), sha256:\(bytes.joined())\n")
  }
}
