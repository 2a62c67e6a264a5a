import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog charges`: the ledger that billing pulls.
struct ChargesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charges",
    abstract: "Pulls, shows and acknowledges the entries of the charge ledger.",
    discussion: """
      An entry is a charge, or the credit of one, and never changes. It is named EPOCH-NUMBER, such as \
      k7q3-1042, and a pull goes on after the entry that was the last of the one before. A ledger \
      that was restored from a backup begins a new epoch, so that an entry of the lost part is \
      refused and nothing is posted twice or missed in silence.

      Without a subcommand it pulls: cathlog help charges pull shows the options of that.
      """,
    subcommands: [
      ChargesPullCommand.self, Show.self, Acknowledge.self, Status.self, Restart.self,
    ], defaultSubcommand: ChargesPullCommand.self)

  /// `cathlog charges show`.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one entry, its pair, and the events that it rests on.",
      discussion: """
        The output is JSON: the events are those that the units rest on, as recorded, and every \
        amendment of them; nothing else of the case. The look is recorded.
        """)

    @Argument(help: "The entry, such as k7q3-1042.")
    var entry: EntryArgument

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let id = entry.id
      let document = try await Wiring.withParts(database.settings) { parts in
        let code = try await facility.resolve(in: parts.store)
        try await parts.bringUpToDate(code)
        guard let found = try await parts.ledger.entry(id, in: code) else {
          throw CommandFailure(try await parts.ledger.absence(of: id, in: code))
        }
        try await parts.record(.chargeRead, found.entry.entry.caseID, in: code)
        return found.json
      }
      Terminal.write(document.compactText + "\n")
    }
  }

  /// `cathlog charges acknowledge`.
  struct Acknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes down that billing has posted every entry up to this one.",
      discussion: """
        Said again it changes nothing. An entry before the one acknowledged last is refused, with \
        status 65, and so is one that the ledger has not.
        """)

    @Argument(help: "The last entry that was posted, such as k7q3-1042.")
    var entry: EntryArgument

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let id = entry.id
      let sentence = try await Wiring.withParts(database.settings) { parts in
        let code = try await facility.resolve(in: parts.store)
        try await parts.record(.chargesAcknowledged, nil, in: code)
        let outcome: LedgerOrders.Outcome
        do throws(LedgerError) {
          outcome = try await parts.ledgerOrders.acknowledge(
            through: id, in: code, by: Operator.person)
        } catch {
          throw CommandFailure(error)
        }
        switch outcome {
        case .acknowledged(let said):
          return "acknowledged through \(said.through) at \(said.acknowledgedAt)"
        case .repeated(let said):
          return "acknowledged through \(said.through) before, at \(said.acknowledgedAt) "
            + "by \(said.person)"
        case .backwards(let said):
          throw CommandFailure(
            "acknowledgement-backwards",
            "Billing has acknowledged up to \(said.through) already, which is further.", .data)
        }
      }
      Terminal.write(sentence + "\n")
    }
  }

  /// `cathlog charges status`.
  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows where the ledger stands, its epochs, and how far billing is.")

    @Option(help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let standing = try await Wiring.withParts(database.settings) { parts in
        let code = try await facility.resolve(in: parts.store)
        try await parts.bringUpToDate(code)
        return try await parts.ledger.standing(of: code)
      }
      switch format {
      case .json: Terminal.write(standing.json.compactText + "\n")
      case .table: Terminal.write(standing.text)
      }
    }
  }

  /// `cathlog charges restart`.
  struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Begins a new epoch of the ledger after a restore that nothing else can tell.",
      discussion: """
        A restore from a dump or to a point in time is seen by itself. A cold copy of the database's \
        files, put back where it came from, is not: run this once before the service starts again, \
        so that an entry that was pulled and then lost is refused as a cursor. It enters no charge \
        and takes none back. It asks first, or needs --yes.
        """)

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var facility: FacilityOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
      let isSure = yes
      let sentence = try await Wiring.withParts(database.settings) { parts in
        let code = try await facility.resolve(in: parts.store)
        let standing = try await parts.ledger.standing(of: code)
        let last = standing.last.map { " after its last entry, \($0)" } ?? ""
        if !isSure {
          try Confirmation.require("The ledger of \(code) is to begin a new epoch\(last).")
        }
        guard let epoch = try await parts.ledgerOrders.restart(code, by: Operator.person) else {
          throw CommandFailure(
            "ledger-empty", "This facility has no ledger yet: there is nothing to restart.", .data)
        }
        return "the ledger of \(code) is in epoch \(epoch)\(last)"
      }
      Terminal.write(sentence + "\n")
    }
  }
}

/// An entry of a ledger as an argument.
struct EntryArgument: ExpressibleByArgument {
  let id: EntryID

  init?(argument: String) {
    guard let id = EntryID(argument) else { return nil }
    self.id = id
  }
}

extension Projectors.LedgerStanding {
  /// Where it stands, for programs.
  fileprivate var json: JSON {
    [
      "last": .text(last?.description), "through": .text(acknowledgement?.through.description),
      "acknowledgedAt": .text(acknowledgement?.acknowledgedAt.description),
      "acknowledgedBy": .text(acknowledgement?.person.text), "outstanding": .integer(outstanding),
      "epochs": .array(
        epochs.map { record in
          [
            "epoch": .string(record.epoch.text), "firstNumber": .integer(record.firstNumber),
            "beganAt": .string(record.beganAt.description), "person": .text(record.person?.text),
          ]
        }),
    ]
  }

  /// The same for people.
  fileprivate var text: String {
    var table = TextTable(["EPOCH", "FIRST", "BEGAN", "BY"], rightAligned: [1])
    for record in epochs {
      table.add([
        record.epoch.text, String(record.firstNumber), record.beganAt.description,
        record.person?.text ?? "-",
      ])
    }
    let billed = acknowledgement.map { said in
      "acknowledged through \(said.through) at \(said.acknowledgedAt) by \(said.person)"
    }
    return """
      last entry \(last?.description ?? "-")
      \(billed ?? "nothing acknowledged"), \(outstanding) outstanding

      \(table.text)
      """
  }
}

extension CommandFailure {
  /// A ledger that could not be read, or has not the entry that was named.
  init(_ error: LedgerError) {
    switch error {
    case .stale(let stale): self.init(stale)
    case .projector(let error): self.init(error)
    }
  }

  /// An entry that the ledger has not.
  init(_ stale: StaleCursor) { self.init("cursor-stale", stale.sentence, .data) }
}
