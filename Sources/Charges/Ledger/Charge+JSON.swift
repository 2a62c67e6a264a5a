public import Procedures

extension Charge {
  /// The charge, its members in a fixed order; what is unknown is null.
  public var json: JSON {
    [
      "serviceDate": .string(serviceDate.description), "setting": .string(setting.rawValue),
      "department": .text(department?.text), "room": .text(room?.text),
      "operator": .string(operatingPhysician.text), "npi": .text(npi),
      "payer": .text(payer?.text), "patient": .text(patient?.text),
      "diagnoses": .texts(diagnoses.map(\.text)), "code": .string(code.text),
      "units": .integer(units), "modifiers": .texts(modifiers.map(\.text)),
      "claims": .texts(claims.map(\.rawValue)), "counted": .array(counted.map(\.json)),
    ]
  }

  /// Reads what ``json`` wrote; nil where it is anything else.
  public init?(_ json: JSON) {
    guard let serviceDate = json["serviceDate"]?.text.flatMap({ CalendarDate($0) }),
      let setting = json["setting"]?.text.flatMap(CareSetting.init(rawValue:)),
      let operatingPhysician = json["operator"]?.text.flatMap({ PersonCode($0) }),
      let code = json["code"]?.text.flatMap({ BillingCode($0) }),
      let units = json["units"]?.number?.integer,
      let diagnoses = json["diagnoses"]?.all({ $0.text.flatMap { DiagnosisCode($0) } }),
      let modifiers = json["modifiers"]?.all({ $0.text.flatMap { Modifier($0) } }),
      let claims = json["claims"]?.all({ $0.text.flatMap(Claim.init(rawValue:)) }),
      let counted = json["counted"]?.all({ CountedUnit($0) }),
      let department = json["department"]?.orNull({ Words($0) }),
      let room = json["room"]?.orNull({ RoomName($0) }),
      let npi = json["npi"]?.orNull({ $0 }),
      let payer = json["payer"]?.orNull({ PayerCode($0) }),
      let patient = json["patient"]?.orNull({ PatientReference($0) })
    else { return nil }
    self.init(
      serviceDate: serviceDate, setting: setting, department: department, room: room,
      operatingPhysician: operatingPhysician, npi: npi, payer: payer, patient: patient,
      diagnoses: diagnoses,
      code: code, units: units, modifiers: modifiers, claims: claims, counted: counted)
  }
}

extension CountedUnit {
  /// Reads what ``json`` wrote; nil where it is anything else.
  fileprivate init?(_ json: JSON) {
    guard let group = json["group"]?.text,
      let vessels = json["vessels"]?.all({ VesselSite($0) }),
      let entries = json["entries"]?.all({ $0.text.flatMap { EventID($0) } })
    else { return nil }
    self.init(group: group, vessels: vessels, entries: entries)
  }
}

extension VesselSite {
  fileprivate init?(_ json: JSON) {
    guard let vessel = json["vessel"]?.text.flatMap({ Vessel(code: $0) }) else { return nil }
    self.init(vessel, json["side"]?.text.flatMap(Side.init(rawValue:)))
  }
}

extension JSON {
  /// A text as the closure reads it, or null; nil where it is anything else.
  fileprivate func orNull<Value>(_ read: (String) -> Value?) -> Value?? {
    switch self {
    case .null: .some(nil)
    case .string(let text): read(text).map { .some($0) }
    case .bool, .number, .array, .object: nil
    }
  }

  /// Every element as the closure reads it; nil where one cannot be read, or this is no array.
  fileprivate func all<Value>(_ read: (JSON) -> Value?) -> [Value]? {
    guard let elements else { return nil }
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      guard let value = read(element) else { return nil }
      values.append(value)
    }
    return values
  }
}
