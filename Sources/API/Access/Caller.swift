internal import Procedures
internal import Store

/// Who asks: a person in a facility, let in by a token.
struct Caller: Sendable {
  let facility: FacilityCode
  let person: PersonCode
  let roles: Set<StaffRole>
  let tokenID: TokenID
  /// The address from which it asks; nil on a Unix socket.
  let origin: String?
  /// What it showed, to ask again whether that still lets in while a stream runs.
  let presented: PresentedToken

  init(_ token: AccessToken, presented: PresentedToken, origin: String?) {
    facility = token.facility
    person = token.person
    roles = token.roles
    tokenID = token.id
    self.origin = origin
    self.presented = presented
  }

  /// Throws `forbidden` unless one of the caller's roles has the right.
  func require(_ right: Right) throws(Problem) {
    guard roles.contains(where: { right.belongs(to: $0) }) else { throw .forbidden(right) }
  }

  /// The entry for the record of access.
  func entry(_ action: AccessEntry.Action, _ caseID: CaseID? = nil) -> AccessEntry {
    AccessEntry(
      person: person, tokenID: tokenID, action: action, caseID: caseID, origin: origin)
  }
}

extension Problem {
  static func forbidden(_ right: Right) -> Problem {
    Problem(.forbidden, "This token's roles do not allow to \(right.phrase).")
  }
}
