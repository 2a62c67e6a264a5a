public import Procedures

/// Lets a person into one facility, in certain roles.
public struct AccessToken: Hashable, Sendable {
  /// Its name, which is no secret: logs and the record of access carry it.
  public var id: TokenID
  /// The one facility that it opens.
  public var facility: FacilityCode
  /// Whom it lets in: the recorder of what is recorded with it.
  public var person: PersonCode
  /// In which roles.
  public var roles: Set<StaffRole>
  /// When it was made.
  public var createdAt: Instant
  /// From when on it is refused; nil where it does not end by itself.
  public var expiresAt: Instant?
  /// Since when it is refused; nil where it was not revoked.
  public var revokedAt: Instant?

  /// A token of these parts.
  public init(
    id: TokenID, facility: FacilityCode, person: PersonCode, roles: Set<StaffRole>,
    createdAt: Instant, expiresAt: Instant? = nil, revokedAt: Instant? = nil
  ) {
    self.id = id
    self.facility = facility
    self.person = person
    self.roles = roles
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
  }
}

/// Names an access token.
public typealias TokenID = Identifier<AccessToken>
