import ArgumentParser
import Charges
import Exchange
import Procedures
import Projectors
import Settings
import Store

/// `cathlog charges [pull]`: entries of the ledger from a cursor on.
struct ChargesPullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Writes the entries of the ledger after one, the oldest first.",
    discussion: """
      The last entry that is written is the cursor of the next pull. The same pull gives the same \
      bytes. An entry that the ledger has not is refused with status 65 and what to do. A file is \
      written beside the one that is named and put in its place when it is whole. The pull is \
      recorded.
      """)

  @Option(help: "Begin after this entry, such as k7q3-1042; else at the beginning.")
  var after: EntryArgument?

  @Option(help: "Write at most so many entries; else all that there are.")
  var limit: Int?

  @Option(help: "Only dates of service from this one, such as 2026-03-02.")
  var from: DateArgument?

  @Option(help: "Only dates of service up to this one.")
  var to: DateArgument?

  @Option(help: "Only this code.")
  var code: CodeArgument?

  @Option(name: .customLong("case"), help: "Only this case.")
  var caseID: CaseArgument?

  @Option(help: "billable (not acknowledged yet) or billed.")
  var status: LedgerSelection.Status?

  @Option(help: "\(ChargeFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: ChargeFormat = .json

  @Option(help: "Write to this file.", completion: .file())
  var output: String?

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
  }

  func run() async throws {
    let settings = try database.settings
    let selection = LedgerSelection(
      from: from?.date, through: to?.date, code: code?.code, caseID: caseID?.caseID,
      status: status)
    try await Wiring.withParts(settings) { parts in
      let facility = try await facility.resolve(in: parts.store)
      try await parts.bringUpToDate(facility)
      let pull: LedgerPull
      do throws(LedgerError) {
        pull = try await parts.ledger.pull(
          selection, after: after?.id, limit: limit, in: facility)
      } catch {
        throw CommandFailure(error)
      }
      let encoder = format.encoder(
        ChargePull(facility: facility, creditCode: settings.creditCode, after: after?.id))
      var file = try OutputFile(path: output ?? "-")
      do {
        try await Self.write(parts.ledger.pages(of: pull), encoder, to: &file, parts, facility)
        try file.finish()
      } catch {
        file.discard()
        throw error
      }
    }
  }

  /// Writes the pages, each once it is recorded, while the next one is read.
  private static func write(
    _ pages: LedgerPages, _ encoder: any ChargeEncoder, to file: inout OutputFile, _ parts: Parts,
    _ facility: FacilityCode
  ) async throws {
    var encoder = encoder
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    var (pages, page) = try await read(pages)
    try await parts.record(page ?? [], in: facility)
    while let entries = page {
      let rest = pages
      async let following = read(rest)
      for entry in entries { encoder.write(entry, into: &bytes) }
      try file.write(bytes)
      bytes.removeAll(keepingCapacity: true)
      (pages, page) = try await following
      if let page { try await parts.record(page, in: facility) }
    }
    encoder.finish(next: nil, into: &bytes)
    try file.write(bytes)
  }

  @concurrent private static func read(
    _ pages: LedgerPages
  ) async throws -> (rest: LedgerPages, page: [PulledEntry]?) {
    var rest = pages
    let page = try await rest.next()
    return (rest, page)
  }
}

extension Parts {
  /// Records that the operator pulled these entries, or found none.
  fileprivate func record(_ page: [PulledEntry], in facility: FacilityCode) async throws {
    let cases = Set(page.map(\.entry.caseID)).sorted()
    try await record(.chargesRead, cases.isEmpty ? [nil] : cases, in: facility)
  }
}

/// A code as an argument.
struct CodeArgument: ExpressibleByArgument {
  let code: BillingCode

  init?(argument: String) {
    guard let code = BillingCode(argument) else { return nil }
    self.code = code
  }
}
