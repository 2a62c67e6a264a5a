import Charges
import Procedures

/// A case written down compactly: each step adds one event, a minute after the one before.
struct CaseScript: Sendable {
  /// Entry 0 is the opening, entry n the nth step after it.
  private(set) var lines: [JSON] = []
  private(set) var number: Int
  private var minute = 0

  init(
    _ number: Int = 1, date: String = "2026-03-02", setting: String = "hospital-outpatient",
    patient: String? = "pt-1", payer: String? = nil, facility: String = "general",
    zone: String = "America/New_York"
  ) {
    self.number = number
    var data: [JSON.Member] = [
      JSON.Member("facility", .string(facility)), JSON.Member("room", "Lab 2"),
      JSON.Member("serviceDate", .string(date)), JSON.Member("timeZone", .string(zone)),
      JSON.Member("setting", .string(setting)), JSON.Member("operator", "dr-1"),
    ]
    if let patient { data.append(JSON.Member("patient", .string(patient))) }
    if let payer { data.append(JSON.Member("payer", .string(payer))) }
    start = Instant("\(date)T13:00:00Z") ?? Instant(microseconds: 0)
    self.number = number
    self = step("case-opened", .object(data))
  }

  private var start: Instant

  static func id(_ case: Int, _ entry: Int) -> String {
    let digits = String(`case` * 10_000 + entry)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  var caseID: String { Self.id(number, 9_999) }

  func entryID(_ entry: Int) -> EventID {
    EventID(Self.id(number, entry)) ?? .zero
  }

  func step(_ type: String, _ data: JSON, minute: Int? = nil, reason: String? = nil) -> CaseScript {
    var next = self
    let at = start.adding(seconds: Int64(minute ?? self.minute) * 60)
    var members: [JSON.Member] = [
      JSON.Member("id", .string(Self.id(number, lines.count))),
      JSON.Member("case", .string(caseID)), JSON.Member("type", .string(type)),
      JSON.Member("occurredAt", .string(at.description)), JSON.Member("data", data),
    ]
    if let reason { members.append(JSON.Member("reason", .string(reason))) }
    next.lines.append(.object(members))
    next.minute += 1
    return next
  }

  /// `common-iliac-vein/left` as the two fields of an event.
  static func site(_ text: String) -> [JSON.Member] {
    let parts = text.split(separator: "/").map(String.init)
    var members = [JSON.Member("vessel", .string(parts[0]))]
    if parts.count > 1 { members.append(JSON.Member("side", .string(parts[1]))) }
    return members
  }

  static func imageData(_ site: String, modality: String = "IVUS", stored: Bool = true) -> JSON {
    .object(
      Self.site(site) + [
        JSON.Member("modality", .string(modality)), JSON.Member("phase", "diagnostic"),
        JSON.Member("imagesStored", .bool(stored)),
      ])
  }

  func image(
    _ site: String, modality: String = "IVUS", stored: Bool = true, minute: Int? = nil,
    reason: String? = nil
  ) -> CaseScript {
    step(
      "image-acquired", Self.imageData(site, modality: modality, stored: stored), minute: minute,
      reason: reason)
  }

  func lesion(_ name: String, _ sites: String...) -> CaseScript {
    step(
      "lesion-identified",
      [
        "lesion": .string(name), "vessels": .array(sites.map { .object(Self.site($0)) }),
      ])
  }

  func read(_ sites: String...) -> CaseScript {
    step(
      "interpretation-documented",
      [
        "vessels": .array(sites.map { .object(Self.site($0)) }), "report": "r", "physician": "dr-1",
      ])
  }

  func coded(_ code: String, units: Int = 1, _ modifiers: String...) -> CaseScript {
    step(
      "procedure-coded",
      ["code": .string(code), "units": .integer(units), "modifiers": .texts(modifiers)])
  }

  func modified(_ code: String, _ modifier: String) -> CaseScript {
    step(
      "modifier-applied",
      ["code": .string(code), "modifier": .string(modifier), "reason": "apart from the rest"])
  }

  func released(_ hold: String, _ code: String? = nil) -> CaseScript {
    var members = [JSON.Member("hold", .string(hold)), JSON.Member("reason", "seen")]
    if let code { members.append(JSON.Member("code", .string(code))) }
    return step("hold-released", .object(members))
  }

  func supply(_ verb: String, _ code: String, _ quantity: Int) -> CaseScript {
    step(
      "consumable-" + verb,
      ["item": "catheter", "quantity": .integer(quantity), "billingCode": .string(code)])
  }

  func intervention(_ action: String, _ site: String) -> CaseScript {
    step(
      "intervention-performed",
      .object([JSON.Member("action", .string(action))] + Self.site(site)))
  }

  func diagnosed(_ codes: String...) -> CaseScript {
    step("diagnosis-coded", ["codes": .texts(codes)])
  }

  func retracted(_ entry: Int) -> CaseScript {
    step("entry-retracted", ["entry": .string(Self.id(number, entry)), "reason": "wrong"])
  }

  func corrected(_ entry: Int, _ data: JSON) -> CaseScript {
    step(
      "entry-corrected",
      ["entry": .string(Self.id(number, entry)), "data": data, "reason": "wrong"])
  }

  func timeOut() -> CaseScript {
    step("time-out-completed", ["participants": ["dr-1"], "confirmed": ["patient", "site"]])
  }

  func signed() -> CaseScript {
    step("case-signed", ["signer": "dr-1", "meaning": "author"])
  }

  func reopened() -> CaseScript { step("case-reopened", ["reason": "late image"]) }

  func cancelled() -> CaseScript { step("case-cancelled", ["reason": "no procedure"]) }

  /// Read by a reading of all, and signed.
  func complete() -> CaseScript { read().signed() }
}

extension CaseScript {
  /// The collection of these cases, each after the other.
  static func collection(_ scripts: [CaseScript], before: [JSON] = []) throws -> CaseCollection {
    let lines = before + scripts.flatMap(\.lines)
    let text = lines.map(\.compactText).joined(separator: "\n")
    return try CaseCollection(reading: Array(text.utf8))
  }

  func derivation(_ policy: String = "named-vessel") throws -> Derivation {
    let collection = try CaseScript.collection([self])
    guard let derivation = collection.derivations(policy: GroupingPolicyName(policy)).first else {
      throw Missing()
    }
    return derivation
  }

  func state() throws -> CaseState {
    guard let state = try CaseScript.collection([self]).states().first else { throw Missing() }
    return state
  }

  struct Missing: Error {}
}

extension Derivation {
  /// The lines in one text: `37252×1 billable; 37253-59×2 planned (mue-exceeded)`; edits stand in
  /// square brackets.
  var summary: String {
    let texts = lines.map { line -> String in
      let modifiers = line.modifiers.map { "-" + $0.text }.joined()
      let holds = line.holds.map(\.code.rawValue).joined(separator: ", ")
      let edits = line.edits.map(\.code.rawValue).joined(separator: ", ")
      return "\(line.code)\(modifiers)×\(line.units) \(line.status.rawValue)"
        + (holds.isEmpty ? "" : " (\(holds))") + (edits.isEmpty ? "" : " [\(edits)]")
    }
    return (texts + holds.map(\.code.rawValue)).joined(separator: "; ")
  }
}
