import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog reconcile`: what was charged held against what was done.
struct ReconcileCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Holds what was charged against what was done, for some dates of service.",
    discussion: """
      Cases without charges and why, charges without documentation, holds by age, charge lag, units \
      by code, and entries against acknowledgements; above them whether the ledger and the lines \
      agree to the unit. Without dates it is of the day before today, by the facility's calendar. \
      Cases are named by their ids, never a patient. The look is recorded.

      Status 0 when it balances, 70 when it does not, which is a fault of Cathlog's own, and 75 \
      when the ledger is still being brought to where the lines are.
      """)

  @Option(help: "The first date of service; alone, through the day before today.")
  var from: DateArgument?

  @Option(help: "The last date of service; alone, that one day.")
  var to: DateArgument?

  @Option(help: "How many elements each list has at most.")
  var limit = 100

  @Option(help: "table, csv with one fact a row, or json.")
  var format: ReportFormat = .table

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  /// How the report is written.
  enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case table
    case csv
    case json
  }

  func validate() throws {
    guard (0...Reconciler.listLimit).contains(limit) else {
      throw ValidationError("--limit goes from 0 to \(Reconciler.listLimit).")
    }
    if let from, let to, to.date < from.date {
      throw ValidationError("--to lies before --from.")
    }
  }

  func run() async throws {
    let report = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      try await parts.record(.reconciliationRead, nil, in: code)
      try await parts.bringUpToDate(code)
      let reconciler = Reconciler(pool: parts.pool, ruleBooks: parts.ruleBooks)
      do {
        return try await reconciler.report(
          on: code, from: from?.date, to: to?.date, at: try await reconciler.now(),
          listing: limit)
      } catch let error as ReconciliationError {
        throw CommandFailure(error)
      }
    }
    switch format {
    case .table: Terminal.write(report.text(head: Style.bold))
    case .csv: Terminal.write(report.csv)
    case .json: Terminal.write(report.json.compactText + "\n")
    }
    if let failure = CommandFailure(report.verdict) { throw failure }
  }
}

extension CommandFailure {
  fileprivate init(_ error: ReconciliationError) {
    switch error {
    case .period(.endsBeforeItBegins):
      self.init("period-invalid", "The last date lies before the first.", .usage)
    case .period(.tooLong):
      self.init(
        "period-invalid", "A report is of at most \(ServicePeriod.dayLimit) days.", .usage)
    case .projection(let error): self.init(error)
    }
  }

  /// What a report's end says to whatever started the command; nil where it balances.
  fileprivate init?(_ verdict: Reconciliation.Verdict) {
    switch verdict {
    case .balanced: return nil
    case .unbalanced:
      self.init(
        "not-balanced",
        "The ledger is not what the lines say; cathlog verify says which case is at fault.",
        .software)
    case .unsettled:
      self.init(
        "not-settled", "The ledger is not yet where the lines are; try again.", .temporary)
    }
  }
}
