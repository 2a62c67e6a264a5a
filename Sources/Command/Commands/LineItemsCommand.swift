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
    discussion: """
      As JSON: one line item a line, with its case. With --price, each has its price, and the sums \
      stand below the table. The look is recorded.
      """)

  @Option(name: .customLong("case"), help: "One case only.")
  var caseID: CaseArgument?

  @Option(help: "planned, billable or not-billable.")
  var status: LineStatus?

  @Option(help: "Only lines with this hold, such as interpretation-missing.")
  var hold: HoldCode?

  @Flag(help: PriceColumn.help)
  var price = false

  @Option(help: "table or json.")
  var format: OutputFormat = .table

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      try await parts.record(.lineItemsRead, caseID?.caseID, in: code)
      try await parts.bringUpToDate(code)
      var report = LineItemReport(showsPrices: price)
      var cursor: PageCursor?
      // The lines of a case follow each other, so that it is read once.
      var priced: PricedCase?
      repeat {
        let page = try await parts.charges.lineItems(
          in: code,
          filter: LineFilter(caseID: caseID?.caseID, status: status, hold: hold),
          after: cursor, limit: CurrentCharges.pageLimit)
        for line in page.elements {
          if price, priced?.caseID != line.caseID {
            priced = try await parts.pricedCase(line.caseID, in: code)
          }
          let price = priced?.price(of: line)
          switch format {
          case .json: Terminal.write(line.json(price))
          case .table: report.add(line, price)
          }
        }
        cursor = page.next
      } while cursor != nil
      if format == .table { Terminal.write(report.text) }
    }
  }
}

/// The table of current lines, with prices where they are asked for.
private struct LineItemReport {
  private let showsPrices: Bool
  private var table: TextTable
  private var billable: PriceTotal?
  private var planned: PriceTotal?

  init(showsPrices: Bool) {
    self.showsPrices = showsPrices
    table = TextTable(
      ["CASE", "CODE", "UNITS", "STATUS"] + (showsPrices ? ["PRICE"] : []) + ["HOLDS"],
      rightAligned: [2])
  }

  mutating func add(_ line: CurrentLine, _ price: Price?) {
    let holds = (try? JSON.read(line.document))?["holds"]?.elements ?? []
    table.add(
      [line.caseID.description, line.code.text, String(line.units), line.status.rawValue]
        + (showsPrices ? [price.map(PriceColumn.cell) ?? "-"] : [])
        + [holds.compactMap { $0["code"]?.text }.joined(separator: ", ")])
    guard let price else { return }
    let total = PriceTotal(of: price)
    switch line.status {
    case .billable: billable = PriceColumn.sum(billable, total)
    case .planned: planned = PriceColumn.sum(planned, total)
    case .notBillable: break
    }
  }

  var text: String {
    let none = PriceTotal()
    return table.text
      + (showsPrices
        ? PriceColumn.totals(billable: billable ?? none, planned: planned ?? none) : "")
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

/// What of a case its lines are priced by.
private struct PricedCase {
  let caseID: CaseID
  let opening: CaseOpened
  /// The book that made its lines.
  let book: RuleBook

  func price(of line: CurrentLine) -> Price? {
    guard let document = try? JSON.read(line.document) else { return nil }
    let claims = (document["claims"]?.elements ?? []).compactMap { $0.text.flatMap(Claim.init) }
    return book.price(
      of: line.code, units: line.units, status: line.status, claims: claims,
      on: opening.serviceDate, setting: opening.setting)
  }
}

extension Parts {
  /// A case by which its lines are priced; nil where it has no opening that can be read, or its book
  /// is not at hand any more.
  fileprivate func pricedCase(
    _ caseID: CaseID, in facility: FacilityCode
  ) async throws -> PricedCase? {
    // A case begins with its opening, which nothing corrects.
    let first = try await reader.events(
      of: caseID, in: facility, limit: 1, disclosure: .sealed
    ).first
    guard case .caseOpened(let opening)? = first?.event.body,
      let charges = try await charges.currentCase(caseID, in: facility),
      let digest = (try? JSON.read(charges.document))?["ruleBookDigest"]?.text,
      case .success(let book) = try await ruleBooks.book(named: .digest(digest), in: facility)
    else { return nil }
    return PricedCase(caseID: caseID, opening: opening, book: book)
  }
}

extension CurrentLine {
  /// The line with its case; its own document goes in byte for byte.
  fileprivate func json(_ price: Price?) -> [UInt8] {
    var line = document
    if let price, line.last == UInt8(ascii: "}") {
      line.removeLast()
      line += Array(",\"price\":".utf8) + price.json.bytes + Array("}".utf8)
    }
    return Array("{\"case\":\"\(caseID)\",\"line\":".utf8) + line + Array("}\n".utf8)
  }
}
