import Procedures
import Testing

@Suite struct `A signed case` {
  /// A signed case with an image, a lesion, a coded procedure and a note before the signature.
  private func signed() throws -> Scenario {
    let scenario = try Scenario(.signed)
    #expect(scenario.state.countsAsSigned)
    return scenario
  }

  /// Those of the contract whose entry on a signed case asks for a new signature.
  private static let changing: Set<EventType> = [
    .caseReopened, .imageAcquired, .lesionIdentified, .interventionPerformed, .consumableUsed,
    .consumableReturned, .consumableDisposed,
  ]

  @Test(arguments: EventType.allCases)
  func `counts as signed until an entry that can change units`(_ type: EventType) throws {
    var scenario = try signed()
    switch type {
    case .caseOpened, .caseClosed, .entryCorrected, .entryRetracted, .facilityOpened,
      .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
      return
    default: break
    }
    try scenario.record(type, reason: "late entry")
    #expect(scenario.state.countsAsSigned == !Self.changing.contains(type))
    guard type != .caseCancelled else { return }
    try scenario.record(.caseSigned)
    #expect(scenario.state.countsAsSigned)
  }

  @Test(arguments: [
    ("image", Scenario.image, false), ("lesion", Scenario.lesion, false),
    ("note", Scenario.note, false), ("procedure", Scenario.procedure, true),
  ])
  func `counts no longer when anything but a coding entry is amended`(
    _ name: String, _ entry: EventID, _ stays: Bool
  ) throws {
    var corrected = try signed()
    let original = try #require(corrected.state.entry(entry)).original
    let correction = try corrected.correct(entry, original.body.data.compactText)
    #expect(corrected.state.countsAsSigned == stays)
    try corrected.record(.caseSigned)
    try corrected.retract(correction)
    #expect(corrected.state.countsAsSigned == stays)

    var retracted = try signed()
    let retraction = try retracted.retract(entry)
    #expect(retracted.state.countsAsSigned == stays)
    try retracted.record(.caseSigned)
    let second = try retracted.retract(retraction)
    #expect(retracted.state.countsAsSigned == stays)
    try retracted.record(.caseSigned)
    try retracted.retract(second)
    #expect(retracted.state.countsAsSigned == stays)
  }

  @Test func `that was never signed does not count as signed`() throws {
    for phase in [CaseState.Phase.unknown, .open, .closed, .cancelled] {
      #expect(try !Scenario(phase).state.countsAsSigned)
    }
  }
}
