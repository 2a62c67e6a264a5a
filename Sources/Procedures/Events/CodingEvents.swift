/// A CPT or HCPCS code: five characters, the first four of a CPT code digits (`37253`, `0075T`,
/// `C1753`).
public struct BillingCode: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The five characters.
  public let text: String

  /// The code of this text; nil when it has not the shape of one.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes.allSatisfy({ isDigit($0) || isCapital($0) }),
      bytes[1...3].allSatisfy(isDigit), isDigit(bytes[0]) || isDigit(bytes[4])
    else { return nil }
    self.text = text
  }

  /// The five characters.
  public var description: String { text }

  /// Byte order.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// A two character modifier (`59`, `LT`).
public struct Modifier: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The two characters.
  public let text: String

  /// The modifier of this text; nil when it has not the shape of one.
  public init?(_ text: String) {
    guard text.utf8.count == 2, text.utf8.allSatisfy({ isDigit($0) || isCapital($0) }) else {
      return nil
    }
    self.text = text
  }

  /// The two characters.
  public var description: String { text }

  /// Byte order.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// An ICD-10-CM code, with or without its point (`I87.1`).
public struct DiagnosisCode: Hashable, Sendable, CustomStringConvertible {
  /// The code as it was given.
  public let text: String

  /// The code of this text; nil when it has not the shape of one.
  public init?(_ text: String) {
    var bytes = Array(text.utf8)
    if bytes.count > 4, bytes[3] == UInt8(ascii: ".") { bytes.remove(at: 3) }
    guard (3...7).contains(bytes.count), isCapital(bytes[0]), isDigit(bytes[1]),
      bytes[2...].allSatisfy({ isDigit($0) || isCapital($0) })
    else { return nil }
    self.text = text
  }

  /// The code as it was given.
  public var description: String { text }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isCapital(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}

extension FieldForm where Value == BillingCode {
  static let billingCode = FieldForm("a CPT or HCPCS code of five characters") {
    $0.text.flatMap(BillingCode.init)
  }
}

extension FieldForm where Value == Modifier {
  static let modifier = FieldForm("a modifier of two characters") {
    $0.text.flatMap(Modifier.init)
  }
}

extension FieldForm where Value == DiagnosisCode {
  static let diagnosis = FieldForm("an ICD-10-CM code") { $0.text.flatMap(DiagnosisCode.init) }
}

/// Why a line may not yet go out.
public enum HoldCode: String, CaseIterable, Sendable {
  case caseNotSigned = "case-not-signed"
  case addOnWithoutPrimary = "add-on-without-primary"
  case interpretationMissing = "interpretation-missing"
  case imagesNotStored = "images-not-stored"
  case mueExceeded = "mue-exceeded"
  case sameDaySession = "same-day-session"
  case payerPreauthorization = "payer-preauthorization"
  case derivationFailed = "derivation-failed"
}

/// A physician's reading of images.
public struct Interpretation: Payload {
  /// The vessels that it speaks of; none named means all that were imaged.
  public let vessels: [VesselSite]
  /// The report's number or text.
  public let report: Confidential
  /// Who read.
  public let physician: PersonCode

  init(from reader: inout FieldReader) throws(Refusal) {
    vessels = try reader.sites("vessels", 0...256)
    report = try reader.required("report", .confidential)
    physician = try reader.required("physician", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("vessels", vessels)
    fields.set("report", report)
    fields.set("physician", physician)
    return fields
  }
}

/// A physician or coder states that a procedure was performed.
public struct ProcedureCoded: Payload {
  /// The procedure.
  public let code: BillingCode
  /// How often, 1 to 999; stated again, units add up.
  public let units: Int
  /// Modifiers, in the order given.
  public let modifiers: [Modifier]

  init(from reader: inout FieldReader) throws(Refusal) {
    code = try reader.required("code", .billingCode)
    units = try reader.optional("units", .integer(1...999)) ?? 1
    modifiers = try reader.optional("modifiers", FieldForm.modifier.list(0...16)) ?? []
    guard Set(modifiers).count == modifiers.count else {
      throw reader.invalid("modifiers", "a list without repeats")
    }
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("code", code.text)
    fields.set("units", .integer(units))
    if !modifiers.isEmpty { fields.set("modifiers", .texts(modifiers.map(\.text))) }
    return fields
  }
}

/// A modifier is put on every line of a code.
public struct ModifierApplied: Payload {
  /// The line's code.
  public let code: BillingCode
  /// The modifier.
  public let modifier: Modifier
  /// Why.
  public let reason: Confidential

  init(from reader: inout FieldReader) throws(Refusal) {
    code = try reader.required("code", .billingCode)
    modifier = try reader.required("modifier", .modifier)
    reason = try reader.required("reason", .confidential)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("code", code.text)
    fields.set("modifier", modifier.text)
    fields.set("reason", reason)
    return fields
  }
}

/// A hold is lifted by a person.
public struct HoldReleased: Payload {
  /// Which hold.
  public let hold: HoldCode
  /// On which code's line; on every line when nil.
  public let code: BillingCode?
  /// Why.
  public let reason: Confidential

  init(from reader: inout FieldReader) throws(Refusal) {
    hold = try reader.required("hold", .choice())
    code = try reader.optional("code", .billingCode)
    reason = try reader.required("reason", .confidential)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("hold", hold.rawValue)
    fields.set("code", code?.text)
    fields.set("reason", reason)
    return fields
  }
}

/// A note (DCM 121171 to 121174).
public struct Note: Payload {
  /// Whose note it is.
  public enum Kind: String, CaseIterable, Sendable {
    case tech
    case nursing
    case physician
    case procedure
  }

  /// Whose note it is.
  public let kind: Kind
  /// The words.
  public let text: Confidential

  init(from reader: inout FieldReader) throws(Refusal) {
    kind = try reader.required("kind", .choice())
    text = try reader.required("text", .confidential)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("kind", kind.rawValue)
    fields.set("text", text)
    return fields
  }
}

/// An entry is corrected; the original stays and is shown struck through.
public struct EntryCorrected: Payload {
  /// The entry.
  public let entry: EventID
  /// Its whole new data, in the form of the entry's type; the case knows which that is.
  public let data: JSON
  /// Why.
  public let reason: Confidential
  /// When it really happened, where that was wrong too.
  public let occurredAt: Instant?

  init(from reader: inout FieldReader) throws(Refusal) {
    entry = try reader.required("entry", .identifier())
    data = try reader.required("data")
    reason = try reader.required("reason", .confidential)
    occurredAt = try reader.optional("occurredAt", .instant)
  }

  /// The same correction with its data in the canonical form of the entry's type.
  init(_ correction: EntryCorrected, data: JSON) {
    entry = correction.entry
    self.data = data
    reason = correction.reason
    occurredAt = correction.occurredAt
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("entry", entry.description)
    fields.set("data", data)
    fields.set("reason", reason)
    fields.set("occurredAt", occurredAt?.description)
    return fields
  }
}

/// An entry is retracted; it stays and is shown struck through.
public struct EntryRetracted: Payload {
  /// The entry.
  public let entry: EventID
  /// Why.
  public let reason: Confidential

  init(from reader: inout FieldReader) throws(Refusal) {
    entry = try reader.required("entry", .identifier())
    reason = try reader.required("reason", .confidential)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("entry", entry.description)
    fields.set("reason", reason)
    return fields
  }
}
