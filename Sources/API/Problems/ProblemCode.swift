public import HTTPTypes
public import Procedures

extension Problem {
  /// What kind of problem it is, for programs.
  public enum Code: Hashable, Sendable {
    /// The log will not take an event; the contract's own codes.
    case refusal(Refusal.Code)
    /// No token, or one that does not let in.
    case unauthenticated
    /// A token without the right to this.
    case forbidden
    /// There is nothing at this address.
    case notFound
    /// What is asked for is to be had in none of the forms that are taken.
    case notAcceptable
    /// The ledger has not the entry that a cursor names: it was restored to an earlier state.
    case cursorStale
    /// Billing had acknowledged more already.
    case acknowledgementBackwards
    /// The address does not know the method.
    case methodNotAllowed
    /// No address knows the method.
    case methodUnknown
    /// The bytes are not the HTTP that is served here.
    case requestMalformed
    /// The request did not arrive in time.
    case requestTimeout
    /// The body is larger than is taken.
    case bodyTooLarge
    /// The address is longer than is taken.
    case addressTooLong
    /// The body is of a kind that is not taken.
    case mediaTypeUnsupported
    /// The headers are larger than is taken.
    case headersTooLarge
    /// One caller asks more than it may in this time.
    case tooManyRequests
    /// Too much is under way.
    case overloaded
    /// The database does not answer.
    case databaseUnavailable
    /// Whether an append took effect is not known; sent again it has no second effect.
    case outcomeUnknown
    /// A mistake of the service.
    case internalError
  }
}

extension Problem.Code: CaseIterable {
  /// Every code: those of the log's refusals, then those of HTTP.
  public static var allCases: [Problem.Code] {
    Refusal.Code.allCases.map { .refusal($0) } + [
      .unauthenticated, .forbidden, .notFound, .notAcceptable, .cursorStale,
      .acknowledgementBackwards, .methodNotAllowed, .methodUnknown,
      .requestMalformed, .requestTimeout, .bodyTooLarge, .addressTooLong, .mediaTypeUnsupported,
      .headersTooLarge, .tooManyRequests, .overloaded, .databaseUnavailable, .outcomeUnknown,
      .internalError,
    ]
  }

  /// The code's spelling.
  public var text: String {
    switch self {
    case .refusal(let code): code.rawValue
    case .unauthenticated: "unauthenticated"
    case .forbidden: "forbidden"
    case .notFound: "not-found"
    case .notAcceptable: "not-acceptable"
    case .cursorStale: "cursor-stale"
    case .acknowledgementBackwards: "acknowledgement-backwards"
    case .methodNotAllowed: "method-not-allowed"
    case .methodUnknown: "method-unknown"
    case .requestMalformed: "request-malformed"
    case .requestTimeout: "request-timeout"
    case .bodyTooLarge: "body-too-large"
    case .addressTooLong: "uri-too-long"
    case .mediaTypeUnsupported: "media-type-unsupported"
    case .headersTooLarge: "headers-too-large"
    case .tooManyRequests: "too-many-requests"
    case .overloaded: "overloaded"
    case .databaseUnavailable: "database-unavailable"
    case .outcomeUnknown: "outcome-unknown"
    case .internalError: "internal-error"
    }
  }

  /// The status that goes with it, where the place says no other.
  public var status: HTTPResponse.Status {
    switch self {
    case .refusal(let code): Self.status(of: code)
    case .unauthenticated: .unauthorized
    case .forbidden: .forbidden
    case .notFound: .notFound
    case .notAcceptable: .notAcceptable
    case .cursorStale, .acknowledgementBackwards: .conflict
    case .methodNotAllowed: .methodNotAllowed
    case .methodUnknown: .notImplemented
    case .requestMalformed: .badRequest
    case .requestTimeout: .requestTimeout
    case .bodyTooLarge: .contentTooLarge
    case .addressTooLong: .uriTooLong
    case .mediaTypeUnsupported: .unsupportedMediaType
    case .headersTooLarge: .requestHeaderFieldsTooLarge
    case .tooManyRequests: .tooManyRequests
    case .overloaded, .databaseUnavailable, .outcomeUnknown: .serviceUnavailable
    case .internalError: .internalServerError
    }
  }

  private static func status(of code: Refusal.Code) -> HTTPResponse.Status {
    switch code {
    case .caseUnknown: .notFound
    case .caseAlreadyOpen, .caseCancelled, .caseNotOpen, .eventIDReused: .conflict
    case .versionConflict: .preconditionFailed
    case .vesselUnknown, .sideRequired, .sideNotApplicable, .lesionUnknown, .entryUnknown,
      .entryAlreadyRetracted, .occurredInFuture, .occurredBeforeCase, .fieldMissing,
      .fieldUnknown, .fieldInvalid:
      .unprocessableContent
    }
  }
}
