public import Procedures

/// A case that the log takes, however unlikely: what properties of the derivation are tried on.
///
/// Where a ``SimulatedCase`` goes as cases go in a lab, this one goes anywhere that the contract
/// allows: any date, setting and payer, any vessel and segment of the body, amendments of
/// amendments, signatures and reopenings in between. Neighbouring vessels, few names of lesions and
/// few minutes are drawn again and again, so that folding, joining and ties are common. The same
/// seed gives the same case everywhere.
public struct ArbitraryCase: Sendable {
  /// What all its chance comes from.
  public let seed: UInt64
  /// Its events, each of which the case accepted when it was recorded.
  public private(set) var events: [Event] = []
  /// The case as they make it.
  public private(set) var state: CaseState

  /// The facility in whose log it could stand.
  public static let facility = "general"

  var chance: SeededGenerator
  let serviceDate: CalendarDate
  /// The sites that its entries name.
  let sites: [VesselSite]

  /// The names of the types that it can hold: all of a case.
  static let types = EventType.allCases.filter { $0.category != .facility }

  /// The case of this seed.
  ///
  /// Its identifiers contain the seed, so that cases of different seeds can stand in one log.
  public init(seed: UInt64) {
    self.seed = seed
    state = CaseState(CaseID(high: seed, low: .max))
    chance = SeededGenerator(seed: seed)
    serviceDate = chance.pick(Self.dates)
    sites = Region.sites(&chance)
    record(.caseOpened)
    // Short ones are read easily when they fail, long ones find more.
    let count = chance.pick(weighted: [(3, 1...6), (4, 7...20), (3, 21...45)])
    for _ in 0..<chance.number(in: count) { addStep() }
    if state.phase != .cancelled, chance.happens(perMille: 600) { record(.caseSigned) }
  }

  private mutating func addStep() {
    if chance.happens(perMille: 130), amend() { return }
    if chance.happens(perMille: 80) { return live() }
    record(chance.pick(weighted: Self.steps))
  }

  /// What is recorded how often, besides amendments and the case's own life.
  private static let steps: [(weight: Int, value: EventType)] = {
    let often: [EventType: Int] = [
      .imageAcquired: 400, .lesionIdentified: 90, .interpretationDocumented: 70,
      .procedureCoded: 110, .modifierApplied: 50, .holdReleased: 40, .consumableUsed: 30,
      .consumableReturned: 20, .consumableDisposed: 15, .interventionPerformed: 50,
      .diagnosisCoded: 20, .noteRecorded: 8, .patientIdentified: 8, .timeOutCompleted: 10,
      .percutaneousEntry: 10,
    ]
    return types.filter { $0.category != .lifecycle && $0.category != .amendment }
      .map { (often[$0] ?? 4, $0) }
  }()

  /// One step of the case's own life.
  private mutating func live() {
    switch state.phase {
    case .open: record(chance.pick(weighted: [(3, .caseClosed), (6, .caseSigned)]))
    case .closed: record(chance.pick([.caseSigned, .caseReopened]))
    case .signed: record(chance.pick([.caseSigned, .caseReopened]))
    case .unknown, .cancelled: return
    }
    if chance.happens(perMille: 60) { record(.caseCancelled) }
  }

  /// Records a new entry of a type, where the case takes one.
  mutating func record(_ type: EventType) {
    record(type, data(of: type))
  }

  mutating func record(_ type: EventType, _ data: JSON) {
    do throws(Refusal) {
      let isLate = state.phase == .signed || chance.happens(perMille: 50)
      let event = Event(
        id: EventID(high: seed, low: UInt64(events.count)), caseID: state.id,
        occurredAt: nextTime(),
        timeQualifier: chance.happens(perMille: 30) ? .estimated : nil,
        performer: chance.happens(perMille: 30) ? PersonCode("dr-2") : nil,
        reason: isLate ? .clear("entered late") : nil, body: try EventBody(type, data: data))
      let accepted = try state.decide(
        event, in: DecisionContext(facility: nil, now: nil, derivedCodes: []))
      state.evolve(accepted, version: state.version + 1)
      events.append(accepted)
    } catch {
      // The case does not take it now: one step fewer.
    }
  }

  /// A time at the table, in whole minutes so that some are equal; seldom on another day.
  mutating func nextTime() -> Instant {
    // One in the afternoon (UTC).
    guard let opening = state.openedAt else {
      return Instant(microseconds: (Int64(serviceDate.daysSince1970) * 24 + 13) * 3_600_000_000)
    }
    let minutes =
      chance.happens(perMille: 20)
      ? chance.number(in: -1_400...3_000) : chance.number(in: 0...120)
    return opening.adding(seconds: Int64(minutes) * 60)
  }
}
