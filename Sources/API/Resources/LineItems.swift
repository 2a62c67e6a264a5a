internal import Charges
internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Projectors
internal import Store

/// Current lines with their holds, each naming the entries that support it.
struct LineItems {
  let charges: CurrentCharges
  let access: AccessRecorder

  func addRoutes(to lines: RouterGroup<CallerContext>) {
    lines
      .get(use: list)
      .refuseMethods(but: .get)
  }

  @Sendable func list(_ request: Request, context: CallerContext) async throws -> Response {
    let caller = context.caller
    try caller.require(.readLineItems)
    var query = try Query(request)
    let filter = LineFilter(
      caseID: try query.caseID(), status: try query.choice("status"), hold: try query.choice("hold"))
    let cursor = try query.cursor()
    let limit = try query.limit(1...CurrentCharges.pageLimit, default: 100)
    try query.finish()
    let page = try await charges.lineItems(
      in: caller.facility, filter: filter, after: cursor, limit: limit)
    var cases = page.elements.map(\.caseID)
    if cases.isEmpty, let asked = filter.caseID { cases = [asked] }
    try await access.record(.lineItemsRead, of: Set(cases).sorted(), by: caller)
    var headers = HTTPFields()
    if let next = page.next { headers.setNextPage(query.address("/v1/line-items", at: next)) }
    return Response(json: Self.bytes(page.elements), headers: headers)
  }

  private static func bytes(_ lines: [CurrentLine]) -> [UInt8] {
    var bytes = Array(#"{"lineItems":["#.utf8)
    for (index, line) in lines.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      line.write(into: &bytes)
    }
    bytes.append(contentsOf: "]}".utf8)
    return bytes
  }
}
