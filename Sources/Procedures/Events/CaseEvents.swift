/// Where the service was rendered; it selects dated tables and the claims that a line goes on.
public enum CareSetting: String, CaseIterable, Sendable {
  case hospitalOutpatient = "hospital-outpatient"
  case hospitalInpatient = "hospital-inpatient"
  case ambulatorySurgeryCenter = "asc"
  case office
}

/// A case begins.
public struct CaseOpened: Payload {
  /// The facility whose log this is.
  public let facility: FacilityCode
  /// The room in which the case begins.
  public let room: RoomName
  /// The local date that selects every dated rule.
  public let serviceDate: CalendarDate
  /// The IANA time zone of the room.
  public let timeZone: TimeZoneName
  /// Where the service is rendered.
  public let setting: CareSetting
  /// The physician who performs the procedure.
  public let operatingPhysician: PersonCode
  /// The patient; an emergency can begin unknown.
  public let patient: PatientReference?
  /// The hospital's encounter number.
  public let encounter: Confidential?
  /// The order's accession number.
  public let accession: Confidential?
  /// The billing account.
  public let account: Confidential?
  /// The department that is charged.
  public let department: Words?
  /// Who pays; it can choose the policy of grouping.
  public let payer: PayerCode?
  /// What is planned, in the lab's words.
  public let plannedProcedure: Words?

  init(from reader: inout FieldReader) throws(Refusal) {
    facility = try reader.required("facility", .term())
    room = try reader.required("room", .term())
    serviceDate = try reader.required("serviceDate", .date)
    timeZone = try reader.required("timeZone", .timeZone)
    setting = try reader.required("setting", .choice())
    operatingPhysician = try reader.required("operator", .term())
    patient = try reader.optional("patient", .term())
    encounter = try reader.optional("encounter", .confidential)
    accession = try reader.optional("accession", .confidential)
    account = try reader.optional("account", .confidential)
    department = try reader.optional("department", .term())
    payer = try reader.optional("payer", .term())
    plannedProcedure = try reader.optional("plannedProcedure", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("facility", facility)
    fields.set("room", room)
    fields.set("serviceDate", serviceDate.description)
    fields.set("timeZone", timeZone.text)
    fields.set("setting", setting.rawValue)
    fields.set("operator", operatingPhysician)
    fields.set("patient", patient)
    fields.set("encounter", encounter)
    fields.set("accession", accession)
    fields.set("account", account)
    fields.set("department", department)
    fields.set("payer", payer)
    fields.set("plannedProcedure", plannedProcedure)
    return fields
  }
}

/// A physician signs the case as it stands.
public struct CaseSigned: Payload {
  /// Who signs.
  public let signer: PersonCode
  /// What the signature means, such as `author`.
  public let meaning: Words
  /// The log's head that the signer saw.
  public let logHead: LogHead?

  /// A position of the facility's log and the root of the tree over it.
  public struct LogHead: Hashable, Sendable {
    /// The position.
    public let position: Int
    /// The root, in base64.
    public let root: String
  }

  init(from reader: inout FieldReader) throws(Refusal) {
    signer = try reader.required("signer", .term())
    meaning = try reader.required("meaning", .term())
    guard let raw = reader.value("logHead") else {
      logHead = nil
      return
    }
    var head = try FieldReader(raw, at: reader.path + "logHead")
    logHead = LogHead(
      position: try head.required("position", .integer(0...Int(Int64.max >> 8))),
      root: try head.required(
        "root",
        .code("32 bytes in base64") {
          Base64.decode(String(decoding: $0, as: UTF8.self))?.count == 32
        }))
    try head.finish()
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("signer", signer)
    fields.set("meaning", meaning)
    fields.set(
      "logHead",
      logHead.map { ["position": .integer($0.position), "root": .string($0.root)] })
    return fields
  }
}

/// The patient of the case becomes known, or turns out to be another.
public struct PatientIdentified: Payload {
  /// The patient.
  public let patient: PatientReference
  /// Which identifiers were compared, by their kind (never their value): two or more.
  public let identifiersChecked: [Words]

  init(from reader: inout FieldReader) throws(Refusal) {
    patient = try reader.required("patient", .term())
    // Kinds of identifiers hold no digits; a value entered by mistake must not reach the log.
    let kind = FieldForm<Words>("the name of an identifier, not its value") {
      $0.text.flatMap(Words.init).flatMap {
        $0.text.allSatisfy { $0.isLetter || $0 == "-" || $0 == " " } ? $0 : nil
      }
    }
    identifiersChecked = try reader.required("identifiersChecked", kind.list(2...10))
    guard Set(identifiersChecked).count == identifiersChecked.count else {
      throw reader.invalid("identifiersChecked", "two or more different identifiers")
    }
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("patient", patient)
    fields.set("identifiersChecked", .texts(identifiersChecked.map(\.text)))
    return fields
  }
}

/// Where the patient stands on the way through the room (DCM 121123, CID 3402).
public enum PatientStatus: String, CaseIterable, Sendable {
  case admittedToRoom = "admitted-to-room"
  case consentGiven = "consent-given"
  case preppedAndDraped = "prepped-and-draped"
  case monitored
  case sedated
  case hemostasisAchieved = "hemostasis-achieved"
  case hemostasisNotAchieved = "hemostasis-not-achieved"
  case discharged
}

/// A person of the staff, in the part played in this case.
public struct StaffMember: Payload {
  /// Who.
  public let person: PersonCode
  /// The part, such as `scrub nurse`.
  public let role: Words

  init(from reader: inout FieldReader) throws(Refusal) {
    person = try reader.required("person", .term())
    role = try reader.required("role", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("person", person)
    fields.set("role", role)
    return fields
  }
}

/// The pause before the start at which the team confirms what it is about to do.
public struct TimeOut: Payload {
  /// What the team can confirm.
  public enum Item: String, CaseIterable, Sendable {
    case patient
    case site
    case procedure
    case consent
    case allergies
    case images
  }

  /// Who took part.
  public let participants: [PersonCode]
  /// What was confirmed.
  public let confirmed: [Item]

  init(from reader: inout FieldReader) throws(Refusal) {
    participants = try reader.required("participants", FieldForm<PersonCode>.term().list(1...64))
    confirmed = try reader.required("confirmed", FieldForm<Item>.choice().list(0...6))
    guard Set(confirmed).count == confirmed.count else {
      throw reader.invalid("confirmed", "a list without repeats")
    }
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("participants", .texts(participants.map(\.text)))
    fields.set("confirmed", .texts(confirmed.map(\.rawValue)))
    return fields
  }
}
