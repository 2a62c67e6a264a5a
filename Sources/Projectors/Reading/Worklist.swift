public import Charges
public import Procedures

/// One case as the worklist shows it.
public struct WorklistEntry: Hashable, Sendable {
  /// The case.
  public var caseID: CaseID
  /// The number of its last event.
  public var version: Int64
  /// The place of its last event in the facility's log.
  public var position: Int64
  /// When its last event was recorded.
  public var recordedAt: Instant
  /// When its first event was recorded.
  public var firstRecordedAt: Instant
  /// Where it stands.
  public var phase: CaseState.Phase
  /// Whether a signature covers everything that can change units.
  public var countsAsSigned: Bool
  /// The date of service; nil where its opening cannot be read.
  public var serviceDate: CalendarDate?
  /// When it was opened.
  public var openedAt: Instant?
  /// The room, by the last change.
  public var room: RoomName?
  /// The physician who performs the procedure.
  public var operatingPhysician: PersonCode?
  /// Who pays.
  public var payer: PayerCode?
  /// What is planned.
  public var plannedProcedure: Words?
  /// The patient's pseudonym.
  public var patient: PatientReference?
  /// The policy by which its vessels are grouped.
  public var groupingPolicy: GroupingPolicyName
}

/// Which cases of a worklist are wanted; what is nil does not matter.
public struct WorklistFilter: Hashable, Sendable {
  /// The phase in which they are.
  public var phase: CaseState.Phase?
  /// The room in which they are.
  public var room: RoomName?
  /// Their date of service.
  public var serviceDate: CalendarDate?

  /// A filter of these parts.
  public init(
    phase: CaseState.Phase? = nil, room: RoomName? = nil, serviceDate: CalendarDate? = nil
  ) {
    self.phase = phase
    self.room = room
    self.serviceDate = serviceDate
  }
}

/// A case as it stands, with its charges.
public struct CurrentCase: Hashable, Sendable {
  /// What the worklist shows of it.
  public var entry: WorklistEntry
  /// The position of the log at which it stands so.
  public var position: Int64
  /// The derivation's document, byte for byte.
  public var document: [UInt8]
  /// Why it cannot be derived, where it cannot.
  public var heldBecause: String?
  /// The patient's other sessions that day, beside which it was derived.
  public var otherSessions: [Charges.Session]
}

/// A line of a case, with its holds.
public struct CurrentLine: Hashable, Sendable {
  /// The case.
  public var caseID: CaseID
  /// Its place in the derivation, from 1.
  public var number: Int
  /// The code.
  public var code: BillingCode
  /// How many.
  public var units: Int
  /// Where it stands.
  public var status: LineStatus
  /// The line's part of the derivation's document, byte for byte.
  public var document: [UInt8]
}

/// Which lines are wanted; what is nil does not matter.
public struct LineFilter: Hashable, Sendable {
  /// The case to which they belong.
  public var caseID: CaseID?
  /// Where they stand.
  public var status: LineStatus?
  /// A hold that stands on them.
  public var hold: HoldCode?

  /// A filter of these parts.
  public init(caseID: CaseID? = nil, status: LineStatus? = nil, hold: HoldCode? = nil) {
    self.caseID = caseID
    self.status = status
    self.hold = hold
  }
}

/// A page of a list, and where the next one begins.
public struct Page<Element: Sendable>: Sendable {
  /// What is on it, in order.
  public var elements: [Element]
  /// What to pass for the next page; nil on the last one.
  public var next: PageCursor?
}

/// A place in a list, opaque to callers.
public struct PageCursor: Hashable, Sendable, CustomStringConvertible {
  /// The text that stands for it in an address.
  public let description: String

  /// The cursor of this text; whether it is one is seen when it is used.
  public init(_ text: String) { description = text }

  /// In which list a place is; its letter begins the text.
  enum List: Character {
    case worklist = "w"
    case lines = "l"
  }

  init(_ list: List, _ parts: [UInt64]) {
    let bytes = parts.flatMap { part in
      (0..<8).map { UInt8(truncatingIfNeeded: part >> (56 - 8 * $0)) }
    }
    let letters = Base64.encode(bytes).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
    description = String([list.rawValue] + letters)
  }

  /// The three numbers that it was made of; nil when it is no place in that list.
  func parts(in list: List) -> [UInt64]? {
    // 24 bytes are 32 letters, without one to fill up.
    guard description.utf8.count == 33, description.first == list.rawValue else { return nil }
    let text = String(
      description.dropFirst().map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    guard let bytes = Base64.decode(text), bytes.count == 24 else { return nil }
    return stride(from: 0, to: 24, by: 8).map { start in
      bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
