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

  init(from reader: inout FieldReader) throws(Refusal) {
    ruleBook = try reader.required("ruleBook", .term())
    digest = try reader.required(
      "digest",
      .code("sha256: and 64 hexadecimal digits in lower case") { bytes in
        bytes.starts(with: "sha256:".utf8) && bytes.count == 71
          && bytes.dropFirst(7).allSatisfy { "0123456789abcdef".utf8.contains($0) }
      })
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

  init(from reader: inout FieldReader) throws(Refusal) {
    person = try reader.required("person", .term())
    name = try reader.required("name", .term())
    roles = try reader.required("roles", FieldForm<StaffRole>.choice().list(1...6))
    npi = try reader.optional(
      "npi",
      .code("ten digits") {
        $0.count == 10 && $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      })
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
