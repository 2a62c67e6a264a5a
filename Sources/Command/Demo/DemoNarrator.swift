import Charges
import Procedures
import Projectors
import Simulation
import Store

/// Says what is derived, and why, each time that it changes.
struct DemoNarrator: Sendable {
  /// How many cases it remembers what it said of; more are begun anew.
  private static let memory = 500

  let parts: Parts
  let facility: FacilityCode
  private var told: [CaseID: [BillingCode: Int]] = [:]
  private let codes = RuleBook.standard.derivedCodes.sorted()

  init(parts: Parts, facility: FacilityCode) {
    self.parts = parts
    self.facility = facility
  }

  /// Waits until everything in the log is projected.
  func catchUp() async throws {
    guard let end = try await parts.store.head(of: facility) else { return }
    try await parts.runner.waitUntilApplied(position: end.position, in: facility)
  }

  /// Tells what an entry changed, if it changed units or was the last word.
  ///
  /// - Returns: whether units were told.
  mutating func tell(_ entry: LabEntry) async throws -> Bool {
    let isAmendment = entry.type.category == .amendment
    guard entry.type.changesUnits || isAmendment || entry.type == .caseSigned else { return false }
    do {
      try await catchUp()
      try await parts.record(.replay, entry.caseID, in: facility)
      let replayed = try await parts.replayed(entry.caseID, in: facility)
      if entry.type == .caseSigned { return sayEnd(entry, replayed) }
      return sayUnits(entry, replayed)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // What is told is told again with the next change.
      return false
    }
  }

  private mutating func sayUnits(_ entry: LabEntry, _ replayed: ReplayedCase) -> Bool {
    var units: [BillingCode: Int] = [:]
    for line in replayed.derivation.lines where codes.contains(line.code) {
      units[line.code, default: 0] += line.units
    }
    let before = told[entry.caseID] ?? [:]
    guard units != before else { return false }
    if told.count >= Self.memory { told.removeAll() }
    told[entry.caseID] = units
    var lines = ["\(Self.room(replayed)): \(Self.sentence(entry))"]
    for code in codes where units[code] != before[code] {
      lines += self.lines(code, units[code] ?? 0, replayed)
    }
    Terminal.write(lines.joined(separator: "\n") + "\n\n")
    return !units.isEmpty
  }

  private func lines(_ code: BillingCode, _ units: Int, _ replayed: ReplayedCase) -> [String] {
    var lines = [Style.bold("  \(code) × \(units)")]
    let items = replayed.derivation.lines.filter { $0.code == code }
    let counted = items.flatMap(\.counted).map(\.group).joined(separator: ", ")
    if !counted.isEmpty { lines.append("    counted: \(counted)") }
    if let citation = items.first?.because.first {
      let source = citation.isAssumed ? "assumed" : citation.source
      let sentence = replayed.context.ruleBook.sentence(of: citation)
      lines.append("    because: \(sentence) (\(source))")
    }
    var holds: [String] = []
    for hold in items.flatMap(\.holds).map(\.code.rawValue) where !holds.contains(hold) {
      holds.append(hold)
    }
    if !holds.isEmpty { lines.append("    waits for: \(holds.joined(separator: ", "))") }
    return lines
  }

  private mutating func sayEnd(_ entry: LabEntry, _ replayed: ReplayedCase) -> Bool {
    told[entry.caseID] = nil
    let lines = replayed.derivation.lines
    let billable = lines.count { $0.status == .billable }
    var text = "\(Self.room(replayed)): signed by \(entry.recorder); \(billable) of \(lines.count)"
    text += " lines can be billed"
    let holds = Set(lines.flatMap(\.holds).map(\.code.rawValue)).sorted()
    if !holds.isEmpty { text += ", the others wait: \(holds.joined(separator: ", "))" }
    Terminal.write(text + "\n\n")
    return false
  }

  private static func room(_ replayed: ReplayedCase) -> String {
    replayed.state.room?.text ?? "A case"
  }

  private static func sentence(_ entry: LabEntry) -> String {
    guard entry.type == .imageAcquired, let vessel = entry.data["vessel"]?.text,
      let name = Vessel(code: vessel)?.facts.display, let modality = entry.data["modality"]?.text
    else { return "\(entry.type.rawValue) by \(entry.recorder)" }
    let side = entry.data["side"]?.text.map { ", \($0)," } ?? ""
    return "\(name)\(side) imaged by \(modality), entered by \(entry.recorder)"
  }
}
