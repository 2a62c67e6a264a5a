/// A facility's log begins.
public struct FacilityOpened: Payload {
  /// Its code.
  public let facility: FacilityCode
  /// Its name.
  public let name: Words
  /// Its IANA time zone.
  public let timeZone: TimeZoneName

  /// A facility of this code, name and zone.
  public init(facility: FacilityCode, name: Words, timeZone: TimeZoneName) {
    self.facility = facility
    self.name = name
    self.timeZone = timeZone
  }

  init(from reader: inout FieldReader) throws(Refusal) {
    facility = try reader.required("facility", .term())
    name = try reader.required("name", .term())
    timeZone = try reader.required("timeZone", .timeZone)
    guard facility.isWellFormed else {
      throw reader.invalid("facility", "1 to 63 of a-z, 0-9 and -")
    }
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("facility", facility)
    fields.set("name", name)
    fields.set("timeZone", timeZone.text)
    return fields
  }
}

/// A rule book comes into force.
public struct RuleBookAdopted: Payload {
  /// The book's edition.
  public let ruleBook: RuleBookEdition
  /// `sha256:` and the hexadecimal digest of its bytes.
  public let digest: String
  /// The first date of service that it governs.
  public let from: CalendarDate

  private static let digestForm = FieldForm.code("sha256: and 64 hexadecimal digits in lower case")
  {
    bytes in
    bytes.starts(with: "sha256:".utf8) && bytes.count == 71
      && bytes.dropFirst(7).allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// Whether a text has the form of a book's digest.
  public static func isDigest(_ text: String) -> Bool { digestForm.parse(.string(text)) != nil }

  /// The adoption of a book; nil where the digest has not its form.
  public init?(ruleBook: RuleBookEdition, digest: String, from: CalendarDate) {
    guard Self.isDigest(digest) else { return nil }
    self.ruleBook = ruleBook
    self.digest = digest
    self.from = from
  }

  init(from reader: inout FieldReader) throws(Refusal) {
    ruleBook = try reader.required("ruleBook", .term())
    digest = try reader.required("digest", Self.digestForm)
    from = try reader.required("from", .date)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("ruleBook", ruleBook)
    fields.set("digest", digest)
    fields.set("from", from.description)
    return fields
  }
}

/// A payer's cases are grouped by a policy from a date of service on.
public struct PayerPolicyAssigned: Payload {
  /// Who pays.
  public let payer: PayerCode
  /// The policy of grouping vessels.
  public let policy: GroupingPolicyName
  /// The first date of service that it governs.
  public let from: CalendarDate

  /// The assignment of a policy to a payer from a date of service on.
  public init(payer: PayerCode, policy: GroupingPolicyName, from: CalendarDate) {
    self.payer = payer
    self.policy = policy
    self.from = from
  }

  init(from reader: inout FieldReader) throws(Refusal) {
    payer = try reader.required("payer", .term())
    policy = try reader.required("policy", .term())
    from = try reader.required("from", .date)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("payer", payer)
    fields.set("policy", policy)
    fields.set("from", from.description)
    return fields
  }
}

/// What a person may do.
public enum StaffRole: String, CaseIterable, Sendable {
  case recorder
  case physician
  case coder
  case billing
  case auditor
  case admin
}

/// A person of the staff becomes known to the facility.
public struct PersonRegistered: Payload {
  /// The person's code.
  public let person: PersonCode
  /// The person's name.
  public let name: Words
  /// What the person may do.
  public let roles: [StaffRole]
  /// National Provider Identifier: ten digits.
  public let npi: String?

  private static let npiForm = FieldForm.code("ten digits") {
    $0.count == 10 && $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// A person of these roles, one or more without repeats; nil where they or the `npi` are not of
  /// their form.
  public init?(person: PersonCode, name: Words, roles: [StaffRole], npi: String? = nil) {
    guard !roles.isEmpty, Set(roles).count == roles.count,
      npi.map({ Self.npiForm.parse(.string($0)) != nil }) ?? true
    else { return nil }
    self.person = person
    self.name = name
    self.roles = roles
    self.npi = npi
  }

  init(from reader: inout FieldReader) throws(Refusal) {
    person = try reader.required("person", .term())
    name = try reader.required("name", .term())
    roles = try reader.required("roles", FieldForm<StaffRole>.choice().list(1...6))
    guard Set(roles).count == roles.count else {
      throw reader.invalid("roles", "a list without repeats")
    }
    npi = try reader.optional("npi", Self.npiForm)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("person", person)
    fields.set("name", name)
    fields.set("roles", .texts(roles.map(\.rawValue)))
    fields.set("npi", npi)
    return fields
  }
}
