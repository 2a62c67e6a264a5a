/// An event of a file or a request, with what a store may have added.
public struct SubmittedEvent: Hashable, Sendable {
  /// The event.
  public var event: Event
  /// What a store said of it, where the document says so.
  public var annotations: Annotations

  /// The fields that only a store adds; each may be absent.
  public struct Annotations: Hashable, Sendable {
    /// The log that it came from.
    public var facility: FacilityCode?
    /// Its place in that log.
    public var position: Int64?
    /// Its place in the case.
    public var version: Int64?
    /// When it was recorded there.
    public var recordedAt: Instant?
    /// By whom.
    public var recorder: PersonCode?
    /// The number of its form.
    public var form: Int?

    /// No annotation.
    public init() {}
  }
}

extension SubmittedEvent {
  /// Which fields a document may carry.
  public enum Source: Sendable {
    /// A request: the fields of the contract's first table, and nothing that only a store adds.
    ///
    /// The case may be left out where the address names it; sealed and erased values are refused.
    case request(case: CaseID?)
    /// A file: everything that an export holds.
    case file
  }

  /// Reads one event.
  ///
  /// - Throws: the ``Refusal`` of the first field at fault.
  public init(_ json: JSON, from source: Source) throws(Refusal) {
    var reader = try FieldReader(json, at: "")
    let id: EventID = try reader.required("id", .identifier())
    let type: EventType = try reader.required("type", .choice())
    let caseID = try Self.caseID(&reader, source)
    let occurredAt = try reader.required("occurredAt", FieldForm<Instant>.instant)
    let qualifier = try reader.optional("timeQualifier", FieldForm<Event.TimeQualifier>.choice())
    let performer: PersonCode? = try reader.optional("performer", .term())
    let reason = try reader.optional("reason", FieldForm<Confidential>.confidential)
    var annotations = Annotations()
    if case .file = source { annotations = try Annotations(&reader) }
    let data = try reader.required("data")
    try Self.refuseStoredForms(data, reason, source)
    let form = annotations.form ?? type.form
    guard form == type.form else {
      throw Refusal(
        .fieldInvalid, "This form of \(type.rawValue) is not known to this edition.",
        field: "schema")
    }
    let body = try EventBody(type, data: data)
    try reader.finish()
    guard (type.category == .facility) == (caseID == .zero) else { throw .wrongCase }
    event = Event(
      id: id, caseID: caseID, occurredAt: occurredAt, timeQualifier: qualifier,
      performer: performer, reason: reason, body: body)
    self.annotations = annotations
  }

  private static func caseID(
    _ reader: inout FieldReader, _ source: Source
  ) throws(Refusal) -> CaseID {
    guard case .request(case: let named?) = source else {
      return try reader.required("case", .identifier())
    }
    let given: CaseID? = try reader.optional("case", .identifier())
    guard given == nil || given == named else {
      throw Refusal(.fieldInvalid, "case is not the case of the address.", field: "case")
    }
    return named
  }

  /// Sealed values come only from the log itself; erased ones also from files.
  private static func refuseStoredForms(
    _ data: JSON, _ reason: Confidential?, _ source: Source
  ) throws(Refusal) {
    let isStored: (String) -> Bool =
      if case .request = source { { $0 == "sealed" || $0 == "erased" } } else { { $0 == "sealed" } }
    let reason = reason?.json ?? .null
    let place =
      data.path(at: "data", toMember: isStored) ?? reason.path(at: "reason", toMember: isStored)
    guard let place else { return }
    throw Refusal(
      .fieldInvalid, "A text is needed here; a sealed or erased value cannot be recorded.",
      field: place)
  }
}

extension JSON {
  /// The path of the first object that has a member of such a name; the value's own is `path`.
  fileprivate func path(at path: String, toMember fits: (String) -> Bool) -> String? {
    switch self {
    case .object(let members):
      if members.contains(where: { fits($0.name) }) { return path }
      for member in members {
        if let found = member.value.path(
          at: "\(path).\(FieldReader.printable(member.name))", toMember: fits)
        {
          return found
        }
      }
      return nil
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        if let found = element.path(at: "\(path)[\(index)]", toMember: fits) { return found }
      }
      return nil
    case .null, .bool, .number, .string: return nil
    }
  }
}

extension SubmittedEvent.Annotations {
  fileprivate init(_ reader: inout FieldReader) throws(Refusal) {
    let count = FieldForm<Int>.integer(1...Int(Int64.max >> 8))
    facility = try reader.optional("facility", .term())
    position = try reader.optional("position", count).map(Int64.init)
    version = try reader.optional("version", count).map(Int64.init)
    recordedAt = try reader.optional("recordedAt", .instant)
    recorder = try reader.optional("recorder", .term())
    form = try reader.optional("schema", .integer(1...Int(Int16.max)))
    // What a log says of another log, and a proof that holds only in the other, are let go.
    _ = try reader.optional("leafHash", FieldForm<Words>.term())
    _ = try reader.optional("claimedRecordedAt", FieldForm<Instant>.instant)
    _ = try reader.optional("claimedRecorder", FieldForm<PersonCode>.term())
  }
}

extension RecordedEvent {
  /// The event as every edge shows it, and as a file holds it.
  ///
  /// The store opens what is sealed, or says that it is erased, before it lets an event out: a file
  /// that holds a sealed value is refused.
  public var json: JSON {
    var fields = Fields()
    fields.set("id", event.id.description)
    fields.set("case", event.caseID.description)
    fields.set("type", event.type.rawValue)
    fields.set("occurredAt", event.occurredAt.description)
    fields.set("timeQualifier", event.timeQualifier?.rawValue)
    fields.set("performer", event.performer)
    fields.set("reason", event.reason)
    fields.set("data", event.body.data)
    fields.set("facility", facility)
    fields.set("position", .integer(position))
    fields.set("version", .integer(version))
    fields.set("recordedAt", recordedAt.description)
    fields.set("recorder", recorder)
    fields.set("schema", .integer(form))
    fields.set("leafHash", Base64.encode(leafHash))
    fields.set("claimedRecordedAt", claimedRecordedAt?.description)
    fields.set("claimedRecorder", claimedRecorder)
    return .object(fields.members)
  }
}

extension Event {
  /// What makes two events the same: everything that the caller chose but the id.
  ///
  /// In canonical bytes; a repeat with other bytes is another event under a used id.
  public var contentBytes: [UInt8] { contentBytes(canonicalData: body.data.canonicalBytes) }

  /// The same with other data, such as those in which a patient's pseudonym stands for the patient.
  ///
  /// - Parameter data: the canonical bytes of the data.
  /// - Returns: the canonical bytes of the whole.
  public func contentBytes(canonicalData data: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(data.count + 192)
    func member(_ name: StaticString, _ value: JSON?) {
      guard let value else { return }
      name.withUTF8Buffer { out.append(contentsOf: $0) }
      value.write(into: &out, sorted: true)
    }
    member(#"{"case":"#, .string(caseID.description))
    out.append(contentsOf: #","data":"#.utf8)
    out.append(contentsOf: data)
    member(#","occurredAt":"#, .string(occurredAt.description))
    member(#","performer":"#, performer.map { .string($0.text) })
    member(#","reason":"#, reason?.json)
    member(#","timeQualifier":"#, timeQualifier.map { .string($0.rawValue) })
    member(#","type":"#, .string(type.rawValue))
    out.append(UInt8(ascii: "}"))
    return out
  }
}
