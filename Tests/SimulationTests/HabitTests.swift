import Procedures
import Simulation
import Testing

/// What a habit leaves in a case.
struct HabitRow: Sendable, CustomTestStringConvertible {
  let habit: Habits
  let trace: String
  let isSeen: @Sendable (SimulatedCase, CaseState) -> Bool

  var testDescription: String { trace }

  static func entries(
    _ habit: Habits, _ trace: String, _ fits: @escaping @Sendable (LabEntry) -> Bool
  ) -> HabitRow {
    HabitRow(habit: habit, trace: trace) { happening, _ in happening.entries.contains(where: fits) }
  }

  static func types(_ habit: Habits, _ types: EventType..., atLeast count: Int = 1) -> HabitRow {
    HabitRow(habit: habit, trace: types.map(\.rawValue).joined(separator: ", ")) { happening, _ in
      types.allSatisfy { type in happening.entries.count { $0.type == type } >= count }
    }
  }

  static let all: [HabitRow] = [
    .types(.cancelled, .caseCancelled),
    .entries(.unknownAtFirst, "an opening without a patient") {
      $0.type == .caseOpened && $0.data["patient"] == nil
    },
    .types(.roomChanged, .roomChanged),
    .entries(.secondWorkstation, "a time by another clock") { $0.timeQualifier == .unsynchronized },
    .entries(.lateEntries, "an estimated time, entered late") {
      $0.timeQualifier == .estimated && $0.enteredAt > $0.occurredAt.adding(seconds: 1_200)
    },
    .entries(.spanningLesion, "a lesion in two vessels") {
      $0.type == .lesionIdentified && $0.data["vessels"]?.elements?.count == 2
    },
    .entries(.imagesNotStored, "images not stored") { $0.data["imagesStored"] == false },
    .types(.wrongSide, .entryCorrected), .types(.wrongValue, .entryCorrected),
    .entries(.wrongTime, "a corrected time") { $0.data["occurredAt"] != nil },
    .types(.enteredTwice, .entryRetracted),
    .types(.retractedByMistake, .entryRetracted, atLeast: 2),
    .types(.supplyReturned, .consumableReturned), .types(.supplyDisposed, .consumableDisposed),
    .types(.adverseEvent, .adverseEvent),
    HabitRow(habit: .readingForgotten, trace: "no reading") { happening, _ in
      !happening.entries.contains { $0.type == .interpretationDocumented }
    },
    .entries(.readingIncomplete, "a reading of some vessels") {
      $0.type == .interpretationDocumented && $0.data["vessels"]?.elements?.isEmpty == false
    },
    .entries(.notCoded, "no procedure stated") { $0.type == .caseClosed },
    HabitRow(habit: .notSigned, trace: "no signature") { _, state in state.phase == .closed },
    .types(.enteredAfterSigning, .caseSigned, atLeast: 2),
    .types(.reopened, .caseReopened), .types(.modifierApplied, .modifierApplied),
    .types(.holdReleased, .holdReleased),
  ]
}

@Suite struct `Habits of a lab` {
  @Test(arguments: HabitRow.all)
  func `leave their traces`(_ row: HabitRow) throws {
    for seed in 1...UInt64(10) {
      let happening = try Histories.alone(seed, .iliacVein, row.habit)
      let state = try #require(try GrownCases(happening.entries).states[happening.plan.caseID])
      #expect(row.isSeen(happening, state), "seed \(seed)")
    }
  }

  @Test func `without one, a case is signed as it was entered`() throws {
    for kind in CaseKind.allCases {
      let happening = try Histories.alone(5, kind, [])
      let state = try #require(try GrownCases(happening.entries).states[happening.plan.caseID])
      #expect(state.countsAsSigned)
      #expect(!happening.entries.contains { $0.type.category == .amendment })
      #expect((25...70).contains(happening.entries.count))
    }
  }

  @Test func `come about as often as the table says`() {
    let plans = (0..<UInt64(20_000)).map { CasePlan(seed: 1, number: $0) }
    for rate in Habits.rates {
      let perMille = plans.count { $0.habits.contains(rate.habit) } * 1_000 / plans.count
      // Four standard deviations of the rarest rates are under three in a thousand, of one in
      // three some fourteen.
      #expect(abs(perMille - rate.perMille) <= 3 + rate.perMille / 20)
    }
    #expect(Set(plans.map(\.kind)) == Set(CaseKind.allCases))
  }
}

@Suite struct `A lab's days` {
  private func openings(_ entries: some Sequence<LabEntry>) -> [LabEntry] {
    entries.filter { $0.type == .caseOpened }
  }

  @Test func `have one case at a time in each room`() throws {
    let entries = Array(try Histories.log(11, cases: 400))
    var leaves: [CaseID: Instant] = [:]
    for entry in entries where entry.data["status"]?.text == "discharged" {
      leaves[entry.caseID] = entry.occurredAt
    }
    var before: [String: CaseID] = [:]
    for opening in openings(entries) {
      let room = opening.data["room"]?.text ?? ""
      if let left = before[room].flatMap({ leaves[$0] }) {
        // The second workstation's clock may be four minutes off.
        #expect(opening.occurredAt > left.adding(seconds: -240))
      }
      before[room] = opening.caseID
    }
    #expect(before.count == 6)
  }

  @Test func `are working days, but for emergencies that pass midnight`() throws {
    let zone = try #require(TimeZoneName("America/New_York"))
    let entries = Array(try Histories.log(11, cases: 1_500))
    for opening in openings(entries) {
      let date = zone.date(of: opening.occurredAt)
      #expect(opening.data["serviceDate"]?.text == date.description)
      #expect(![2, 3].contains(date.daysSince1970 % 7), "no Saturday and no Sunday")
    }
    let dates = Dictionary(
      openings(entries).map { ($0.caseID, $0.data["serviceDate"]?.text ?? "") },
      uniquingKeysWith: { first, _ in first })
    #expect(
      entries.contains {
        $0.type == .interventionPerformed
          && zone.date(of: $0.occurredAt).description > dates[$0.caseID] ?? "9"
      })
  }

  @Test func `bring a patient back for a second session on the same date`() throws {
    let known = openings(try Histories.log(11, cases: 1_500)).compactMap { opening in
      opening.data["patient"]?.text.map { $0 + (opening.data["serviceDate"]?.text ?? "") }
    }
    #expect(Set(known).count < known.count)
  }
}
