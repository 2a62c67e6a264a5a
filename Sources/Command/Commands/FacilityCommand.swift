import ArgumentParser
import Foundation
import Procedures
import Store

/// `cathlog facility`: the logs that there are.
struct FacilityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facility", abstract: "Makes and lists facilities' logs.",
    subcommands: [Create.self, List.self])

  /// `cathlog facility create NAME`.
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Opens a facility's log.",
      discussion: "The code is what events, files and addresses call it: 1 to 63 of a-z, 0-9 and -."
    )

    @Argument(help: "The facility's code, such as general.")
    var code: String

    @Option(help: "The facility's name; else its code.")
    var name: String?

    @Option(help: "The facility's IANA time zone.")
    var timeZone: String = "America/New_York"

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let event = try facilityOpened()
      try await Wiring.withParts(database.settings) { parts in
        try await parts.openFacility(event)
      }
      Terminal.write("opened the log of \(code)\n")
    }

    private func facilityOpened() throws -> Event {
      let data: JSON = [
        "facility": .string(code), "name": .string(name ?? code), "timeZone": .string(timeZone),
      ]
      do throws(Refusal) {
        return Event(
          id: .random(), caseID: .zero, occurredAt: .now,
          body: try EventBody(.facilityOpened, data: data))
      } catch {
        throw CommandFailure(error)
      }
    }
  }

  /// `cathlog facility list`.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the facilities.")

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let facilities = try await Wiring.withParts(database.settings) { parts in
        try await parts.store.facilities()
      }
      for facility in facilities { Terminal.write(facility.text + "\n") }
    }
  }
}

extension Instant {
  /// The present moment, by this machine's clock.
  static var now: Instant {
    Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }
}
