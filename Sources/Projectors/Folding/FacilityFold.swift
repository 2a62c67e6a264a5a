internal import Procedures
internal import Store

/// A facility as the rows of its own events make it, and the account of those rows.
struct FacilityFold: Sendable {
  /// What the readable rows make.
  private(set) var state = FacilityState()
  /// Up to where the log was read.
  var position: Int64 = 0
  /// The rows that change what is derived.
  private(set) var applied: Int64 = 0
  /// The rows that do not.
  private(set) var irrelevant: Int64 = 0
  /// The rows that cannot be read.
  private(set) var held: Int64 = 0
  /// The last row that cannot be read, and why.
  private(set) var fault: (position: Int64, sentence: String)?
  /// What has changed since it was last taken.
  private(set) var changes = RuleChanges()

  /// Grows the facility by its next row.
  mutating func add(_ row: LogRow) {
    do throws(StoreError) {
      let event = try RecordedEvent(sealed: row).event
      state.evolve(event, version: row.version)
      if changes.add(event.body) { applied += 1 } else { irrelevant += 1 }
    } catch {
      held += 1
      fault = (row.position, error.sentence(at: row.position))
    }
  }

  /// What has changed since this was last called.
  mutating func takeChanges() -> RuleChanges {
    defer { changes = RuleChanges() }
    return changes
  }
}

/// Whose cases must be derived again because a facility changed its rules.
struct RuleChanges: Sendable {
  /// The first date of service of the books adopted.
  private(set) var adoptedFrom: CalendarDate?
  /// The payers that were assigned a policy, and from which date of service.
  private(set) var assigned: [(payer: PayerCode, from: CalendarDate)] = []

  var isEmpty: Bool { adoptedFrom == nil && assigned.isEmpty }

  /// Whether a row is of an event that may change the rules.
  static func isMade(by row: LogRow) -> Bool {
    row.caseID == .zero
      && [EventType.ruleBookAdopted.rawValue, EventType.payerPolicyAssigned.rawValue]
        .contains(row.entry.type)
  }

  /// Notes an event; false when it changes no rule.
  mutating func add(_ body: EventBody) -> Bool {
    if case .ruleBookAdopted(let adopted) = body {
      adoptedFrom = min(adoptedFrom ?? adopted.from, adopted.from)
      return true
    }
    if case .payerPolicyAssigned(let assignment) = body {
      assigned.append((assignment.payer, assignment.from))
      return true
    }
    return false
  }
}
