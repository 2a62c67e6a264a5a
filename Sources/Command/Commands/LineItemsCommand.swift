import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog line-items`: current lines with their holds.
struct LineItemsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "line-items",
    abstract: "Lists current line items with their holds.",
    discussion: "As JSON: one line item a line, with its case. The look is recorded.")

  @Option(name: .customLong("case"), help: "One case only.")
  var caseID: CaseArgument?

  @Option(help: "planned, billable or not-billable.")
  var status: LineStatus?

  @Option(help: "Only lines with this hold, such as interpretation-missing.")
  var hold: HoldCode?

  @Option(help: "table or json.")
  var format: OutputFormat = .table

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      try await parts.record(.lineItemsRead, caseID?.caseID, in: code)
      try await parts.bringUpToDate(code)
      var table = TextTable(["CASE", "CODE", "UNITS", "STATUS", "HOLDS"], rightAligned: [2])
      var cursor: PageCursor?
      repeat {
        let page = try await parts.charges.lineItems(
          in: code,
          filter: LineFilter(caseID: caseID?.caseID, status: status, hold: hold),
          after: cursor, limit: CurrentCharges.pageLimit)
        for line in page.elements {
          switch format {
          case .json: Terminal.write(line.json)
          case .table: table.add(line.cells)
          }
        }
        cursor = page.next
      } while cursor != nil
      if format == .table { Terminal.write(table.text) }
    }
  }
}

extension Parts {
  /// Projects what no running service has projected yet, so that a command sees the whole log.
  func bringUpToDate(_ facility: FacilityCode) async throws {
    guard let end = try await store.head(of: facility) else { return }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await runner.run() }
      try await runner.waitUntilApplied(
        position: end.position, in: facility, timeout: .seconds(600))
      group.cancelAll()
    }
  }
}

extension CurrentLine {
  fileprivate var json: [UInt8] {
    Array("{\"case\":\"\(caseID)\",\"line\":".utf8) + document + Array("}\n".utf8)
  }

  fileprivate var cells: [String] {
    let holds = (try? JSON.read(document))?["holds"]?.elements ?? []
    return [
      caseID.description, code.text, String(units), status.rawValue,
      holds.compactMap { $0["code"]?.text }.joined(separator: ", "),
    ]
  }
}
