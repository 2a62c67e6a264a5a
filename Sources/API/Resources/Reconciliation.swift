internal import Charges
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Procedures
internal import Projectors
internal import Store

/// What was charged held against what was done, for billing and its auditors.
struct ReconciliationReports {
  let reconciler: Reconciler
  let access: AccessRecorder

  func addRoutes(to reports: RouterGroup<CallerContext>) {
    reports
      .get(use: read)
      .refuseMethods(but: .get)
  }

  @Sendable func read(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.reconcile)
    var query = try Query(request)
    let first = try query.date("from")
    let last = try query.date("to")
    let limit = try query.limit(0...Reconciler.listLimit, default: 100)
    try query.finish()
    let form = ReportForm(accepting: request.headers[values: .accept])
    let report: Charges.Reconciliation
    do throws(ReconciliationError) {
      report = try await reconciler.report(
        on: caller.facility, from: first, to: last, at: try await reconciler.now(),
        listing: limit)
    } catch {
      throw Problem(error)
    }
    try await access.record(.reconciliationRead, of: report.namedCases, by: caller)
    switch form {
    case .json: return Response(json: report.json, headers: [.vary: "Accept"])
    case .csv:
      return Response(
        json: report.csv,
        headers: [
          .vary: "Accept",
          .contentDisposition: "attachment; filename=\"\(report.fileName)\"",
        ], mediaType: form.mediaType)
    }
  }
}

/// The forms in which a report is had over HTTP.
private enum ReportForm: CaseIterable {
  case json
  case csv

  var mediaType: String {
    switch self {
    case .json: "application/json"
    case .csv: "text/csv; charset=utf-8; header=present"
    }
  }

  /// The form that is wanted most, of those wanted alike the one named first; JSON where neither is
  /// named, since an answer of another kind than was asked for is better than none.
  init(accepting values: [String]) {
    var best: (form: ReportForm, quality: Double)?
    for range in values.flatMap({ $0.split(separator: ",") }) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
      guard let form = parts.first.flatMap({ Self(range: $0.lowercased()) }) else { continue }
      let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
      let quality = weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      if quality > best?.quality ?? 0 { best = (form, quality) }
    }
    self = best?.form ?? .json
  }

  private init?(range: String) {
    switch range {
    case "text/csv", "text/*": self = .csv
    case "application/json", "application/*", "*/*": self = .json
    default: return nil
    }
  }
}

extension Charges.Reconciliation {
  fileprivate var fileName: String {
    "reconciliation-\(period.first)"
      + (period.dayCount == 1 ? "" : "-to-\(period.last)") + ".csv"
  }
}

extension Problem {
  fileprivate init(_ error: ReconciliationError) {
    switch error {
    case .period(.endsBeforeItBegins):
      self = .invalidParameter("to", "not lie before from")
    case .period(.tooLong):
      self = .invalidParameter(
        "to", "lie at most \(ServicePeriod.dayLimit) days from from, that day among them")
    case .projection(let error): self.init(error)
    }
  }
}
