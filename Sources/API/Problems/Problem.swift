public import HTTPTypes
public import Procedures

/// Why a request is not answered as it was asked (RFC 9457).
///
/// Nothing in it repeats what was sent, but for names of fields and codes of the catalogue: a
/// request may hold a patient's data.
public struct Problem: Error, Equatable, Sendable {
  /// What kind of problem it is.
  public var code: Code
  /// The status of the answer.
  public var status: HTTPResponse.Status
  /// One sentence that says what is wrong and, where it can, what to do.
  public var detail: String
  /// The path of the field at fault, the parameter or the header.
  public var field: String?
  /// In a list of events, the place of the one at fault, from 0.
  public var index: Int?
  /// For an unknown vessel, the codes nearest to what was given.
  public var nearest: [String] = []
  /// For a version conflict, the version that the caller expected.
  public var expected: Int64?
  /// For a version conflict, the version that the case has.
  public var current: Int64?
  /// For a rule book, what is wrong with it: a sentence each, with line, table and row.
  ///
  /// They may repeat what the book says, which holds no patient's data.
  public var faults: [JSON] = []
  /// Of a cursor or an acknowledgement, how the ledger stands; further members of the problem.
  var details: JSON = .object([])
  /// Headers that belong to the answer.
  public var headers: HTTPFields = [:]

  /// A problem of this code; the status is the code's own where none is given.
  public init(
    _ code: Code, _ detail: String, field: String? = nil, status: HTTPResponse.Status? = nil
  ) {
    self.code = code
    self.status = status ?? code.status
    self.detail = detail
    self.field = field
  }

  /// What goes over the wire.
  public var json: JSON {
    var members: [JSON.Member] = [
      JSON.Member("type", .string("urn:cathlog:problem:\(code.text)")),
      JSON.Member("title", .string(status.reasonPhrase)),
      JSON.Member("status", .integer(status.code)),
      JSON.Member("detail", .string(detail)),
      JSON.Member("code", .string(code.text)),
    ]
    if let field { members.append(JSON.Member("field", .string(field))) }
    if let index { members.append(JSON.Member("index", .integer(index))) }
    if !nearest.isEmpty { members.append(JSON.Member("nearest", .texts(nearest))) }
    if let expected { members.append(JSON.Member("expected", .integer(expected))) }
    if let current { members.append(JSON.Member("current", .integer(current))) }
    if !faults.isEmpty { members.append(JSON.Member("faults", .array(faults))) }
    return .object(members + (details.members ?? []))
  }

  /// The media type of a problem.
  public static let mediaType = "application/problem+json"

  /// The same with a header that asks the caller to come back later.
  func retryAfter(seconds: Int) -> Problem {
    var problem = self
    problem.headers[.retryAfter] = String(seconds)
    return problem
  }
}

extension Problem: CustomStringConvertible {
  /// `code: sentence`.
  public var description: String { "\(code.text): \(detail)" }
}
