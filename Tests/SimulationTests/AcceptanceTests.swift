import Charges
import Procedures
import Simulation
import Testing

@Suite struct `Simulated histories` {
  @Test(arguments: Seeds.all)
  func `are accepted event by event, in the order in which they were entered`(
    _ seed: UInt64
  ) throws {
    let log = try Histories.log(seed, cases: 60)
    let grown = try GrownCases(log)
    #expect(grown.states.count == 60, "CATHLOG_SEED=\(seed)")
    for (left, right) in zip(log, log.dropFirst()) {
      #expect(left.enteredAt <= right.enteredAt, "CATHLOG_SEED=\(seed)")
    }
  }

  @Test(arguments: Seeds.all)
  func `derive without a failure, and count what is left of them`(_ seed: UInt64) throws {
    let entries = Array(try Histories.log(seed, cases: 60))
    let states = try GrownCases(entries).states
    let derivations = try Histories.derivations(entries)
    #expect(derivations.count == 60)
    for derivation in derivations {
      #expect(derivation.holds == [], "CATHLOG_SEED=\(seed)")
      let state = try #require(states[derivation.caseID])
      let count = state.phase == .cancelled ? 0 : PlainCount(state).vesselCount
      let units = { (code: String) in
        derivation.lines.filter { $0.code.text == code }.reduce(0) { $0 + $1.units }
      }
      #expect(units("37252") == min(1, count), "CATHLOG_SEED=\(seed) \(derivation.caseID)")
      #expect(units("37253") == max(0, count - 1), "CATHLOG_SEED=\(seed) \(derivation.caseID)")
    }
  }

  @Test(arguments: CaseKind.allCases)
  func `are accepted with each habit alone, with all at once and with none`(
    _ kind: CaseKind
  ) throws {
    let all = Habits.each.reduce(into: Habits()) { $0.formUnion($1) }
    for habits in Habits.each + [[], all, all.subtracting(.cancelled)] {
      for seed in 1...UInt64(2) {
        for speed in [1, 60] {
          let alone = try Histories.alone(seed, kind, habits, speed: speed)
          let grown = try GrownCases(alone.entries)
          let state = try #require(grown.states[alone.plan.caseID])
          #expect((state.phase == .cancelled) == habits.contains(.cancelled))
          #expect(try Histories.derivations(alone.entries).allSatisfy { $0.holds.isEmpty })
        }
      }
    }
  }

  @Test(arguments: Seeds.all)
  func `are written as an export writes them, and read back the same`(_ seed: UInt64) throws {
    var file = EventFile()
    for entry in try Histories.log(seed, cases: 12) {
      let event = try entry.event()
      #expect(entry.data.bytes == event.body.data.bytes)
      let line = try #require(try file.next(entry.json.bytes))
      #expect(line.submitted.event == event)
      #expect(line.submitted.annotations.recordedAt == entry.enteredAt)
      #expect(line.submitted.annotations.recorder == entry.recorder)
    }
  }

  @Test(arguments: Seeds.all)
  func `are recorded by people whose role may`(_ seed: UInt64) throws {
    for entry in try Histories.log(seed, cases: 30) {
      let prefix = String(entry.recorder.text.prefix(2))
      switch entry.type.category {
      case .coding: #expect(["dr", "cd"].contains(prefix))
      case .reading: #expect(prefix == "dr")
      case .lifecycle where [.caseSigned, .caseReopened].contains(entry.type):
        #expect(prefix == "dr")
      case .lifecycle, .clinical, .note, .amendment: #expect(["rn", "rt", "dr"].contains(prefix))
      case .facility: Issue.record("a case has no event of the facility")
      }
    }
  }
}

/// How many vessels outside the heart were imaged by IVUS, by the plainest means: sets are joined
/// until nothing joins any more.
struct PlainCount {
  let vesselCount: Int

  init(_ state: CaseState) {
    var groups: [Set<VesselSite>] = []
    var lesions: [LesionCode: Set<VesselSite>] = [:]
    for entry in state.standing {
      switch entry.body {
      case .imageAcquired(let image)
      where image.modality == .intravascularUltrasound
        && image.site.whole.vessel.facts.territory == .noncoronary:
        if !groups.contains([image.site.whole]) { groups.append([image.site.whole]) }
      case .lesionIdentified(let lesion):
        lesions[lesion.lesion, default: []].formUnion(lesion.vessels.map(\.whole))
      default: break
      }
    }
    for vessels in lesions.values {
      let joined = groups.filter { !$0.isDisjoint(with: vessels) }
      guard joined.count > 1 else { continue }
      groups.removeAll { !$0.isDisjoint(with: vessels) }
      groups.append(joined.reduce(into: []) { $0.formUnion($1) })
    }
    vesselCount = groups.count
  }
}
