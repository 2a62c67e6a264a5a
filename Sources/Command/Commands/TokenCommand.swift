import ArgumentParser
import Procedures
import Store

/// `cathlog token`: who may come in.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Makes, lists and revokes access tokens.",
    subcommands: [Create.self, List.self, Revoke.self])

  /// `cathlog token create`.
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a token and shows it once.",
      discussion: """
        The token is a bearer secret for one facility and one person, in one or more roles: recorder, \
        physician, coder, billing, auditor, admin. Only its hash is stored.
        """)

    @Option(help: "A role; may be given several times.")
    var role: [StaffRole]

    @Option(help: "The person's code, as the log will name it.")
    var person: String

    @Option(help: "After how many days the token ends; else it does not end by itself.")
    var days: Int?

    @Option(help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
      guard !role.isEmpty else { throw ValidationError("A token needs a --role.") }
      guard PersonCode(person) != nil else {
        throw ValidationError("--person takes 1 to 128 characters.")
      }
      if let days, !(1...3650).contains(days) {
        throw ValidationError("--days takes 1 to 3650.")
      }
    }

    func run() async throws {
      guard let person = PersonCode(person) else { return }
      let (token, presented) = try await Wiring.withParts(database.settings) { parts in
        let code = try await facility.resolve(in: parts.store)
        return try await parts.tokens.create(
          for: person, roles: Set(role), in: code,
          lifetime: days.map { .seconds(Int64($0) * 86_400) })
      }
      switch format {
      case .json:
        let document: JSON = [
          "token": .string(presented.revealed), "id": .string(token.id.description),
          "person": .string(person.text), "roles": .texts(token.roles.map(\.rawValue).sorted()),
        ]
        Terminal.write(document.compactText + "\n")
      case .table:
        Terminal.say("This is shown once; keep it as you would a password:")
        Terminal.write(presented.revealed + "\n")
      }
    }
  }

  /// `cathlog token list`.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists a facility's tokens.")

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let tokens = try await Wiring.withParts(database.settings) { parts in
        try await parts.tokens.tokens(of: try await facility.resolve(in: parts.store))
      }
      var table = TextTable(["ID", "PERSON", "ROLES", "MADE", "ENDS", "REVOKED"])
      for token in tokens {
        table.add([
          token.id.description, token.person.text,
          token.roles.map(\.rawValue).sorted().joined(separator: ", "),
          token.createdAt.description, token.expiresAt?.description ?? "-",
          token.revokedAt?.description ?? "-",
        ])
      }
      Terminal.write(table.text)
    }
  }

  /// `cathlog token revoke ID`.
  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends a token; running services refuse it within seconds.")

    @Argument(help: "The token's id: the middle part of the token.")
    var id: String

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      guard let id = TokenID(id) else { throw ValidationError("The id is a UUID.") }
      let isKnown = try await Wiring.withParts(database.settings) { parts in
        try await parts.tokens.revoke(id, in: try await facility.resolve(in: parts.store))
      }
      guard isKnown else {
        throw CommandFailure("token-unknown", "There is no token of this id.", .data)
      }
      Terminal.write("revoked \(id)\n")
    }
  }
}
