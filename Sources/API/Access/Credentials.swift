internal import HTTPTypes
internal import Procedures
internal import Store

/// What a request shows of its caller in `Authorization`.
struct Credentials: Sendable {
  /// How the token came.
  enum Scheme: Hashable, Sendable {
    /// By a program that was given it (RFC 6750).
    case bearer
    /// As the password of a link or of a browser's own question (RFC 7617).
    case basic
  }

  /// The most bytes of a header that are looked at: far more than a token, and room for any name.
  static let byteLimit = 1024

  let scheme: Scheme
  let presented: PresentedToken

  /// Reads the header; nil where that cannot hold a token.
  init?(_ header: String) {
    guard header.utf8.count <= Self.byteLimit, let space = header.firstIndex(of: " ") else {
      return nil
    }
    let rest = header[space...].drop { $0 == " " }
    switch header[..<space].lowercased() {
    case "bearer":
      scheme = .bearer
      guard let token = PresentedToken(rest) else { return nil }
      presented = token
    case "basic":
      scheme = .basic
      guard let password = Self.password(of: String(rest)), let token = PresentedToken(password)
      else { return nil }
      presented = token
    default:
      return nil
    }
  }

  /// What stands after the first colon; the user name before it may be anything that has no control
  /// character, and is not looked at: the token says who asks.
  private static func password(of encoded: String) -> String? {
    guard let pair = Base64.decode(encoded), !pair.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      let colon = pair.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    return String(validating: pair[(colon + 1)...], as: UTF8.self)
  }

  /// Whether a request of this method may be made with it.
  ///
  /// A browser sends Basic credentials that it remembers by itself, also when a page of somebody
  /// else's makes it ask. Such a page cannot see what is answered to a reading; but what it writes
  /// would stand in the log under the person's name. So Basic reads and never writes.
  func allow(_ method: HTTPRequest.Method) -> Bool {
    switch scheme {
    case .bearer: true
    case .basic: method.isReading
    }
  }
}

extension HTTPRequest.Method {
  /// Whether the method only reads.
  var isReading: Bool { self == .get || self == .head }
}

extension Problem {
  /// Nothing was shown that lets in.
  static let unauthenticated = Problem(.unauthenticated, "A valid access token is needed.")

  /// Nothing was shown that lets in; says what would.
  ///
  /// A browser that is told of Basic asks its user for a name and a password, so it is told where that
  /// helps.
  static func unauthenticated(for method: HTTPRequest.Method, isInvalid: Bool = false) -> Problem {
    var problem = Problem.unauthenticated
    let bearer = #"Bearer realm="cathlog""#
    problem.headers.append(
      HTTPField(
        name: .wwwAuthenticate,
        // RFC 6750, 3.1: a token that was shown and is not good.
        value: isInvalid ? bearer + #", error="invalid_token""# : bearer))
    if method.isReading {
      problem.headers.append(
        HTTPField(name: .wwwAuthenticate, value: #"Basic realm="cathlog", charset="UTF-8""#))
    }
    return problem
  }

  /// A token that may be good, in a way in which nothing is written.
  static let basicOnlyReads = Problem(
    .forbidden,
    "Basic credentials are for reading alone; to write, send the token with Authorization: Bearer.",
    field: "Authorization")
}
