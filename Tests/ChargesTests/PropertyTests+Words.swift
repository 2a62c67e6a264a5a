import Charges
import Procedures
import Testing

extension History {
  /// What the case is derived in: now and then beside another session of the day.
  fileprivate var context: DerivationContext {
    var context = DerivationContext(ruleBook: .standard, policy: policy)
    if seed.isMultiple(of: 4), let patient = state.patient, let opening = state.opening {
      context.otherSessions = [
        Session(
          caseID: CaseID(high: seed, low: 1), patient: patient, serviceDate: opening.serviceDate,
          families: Set(context.ruleBook.families))
      ]
    }
    return context
  }

  /// The history after what a guidance says was done.
  fileprivate func doing(_ guidance: Guidance, for hold: HoldCode) throws -> History {
    let site = guidance.vessels.first.map { site in
      [JSON.Member("vessel", .string(site.vessel.code))]
        + (site.side.map { [JSON.Member("side", .string($0.rawValue))] } ?? [])
    }
    switch hold {
    case .caseNotSigned: return try signed()
    case .interpretationMissing:
      guard let site else { return self }
      return try adding(
        .interpretationDocumented,
        ["vessels": [.object(site)], "report": "r", "physician": "d"])
    case .imagesNotStored:
      guard let site else { return self }
      let image: [JSON.Member] = [
        JSON.Member("modality", "IVUS"), JSON.Member("phase", "diagnostic"),
        JSON.Member("imagesStored", true),
      ]
      return try adding(.imageAcquired, .object(site + image))
    case .addOnWithoutPrimary:
      if let procedure = guidance.procedures.first {
        return try adding(.procedureCoded, ["code": .string(procedure.text)])
      }
    case .mueExceeded:
      if guidance.action?.contains("cannot be released") == true {
        return try guidance.entries.reduce(self) { history, entry in
          try history.adding(
            .entryRetracted, ["entry": .string(entry.description), "reason": "r"])
        }
      }
    case .sameDaySession, .payerPreauthorization, .derivationFailed: break
    }
    return try adding(.holdReleased, ["hold": .string(hold.rawValue), "reason": "r"])
  }
}

extension `Whatever the history` {
  static let words: [Property] = [
    Property("every hold has its guidance, and doing what it says clears the hold") { history in
      let guidance = Guidance.list(of: history.state, in: history.context)
      let derivation = try Derivation(of: history.state, in: history.context)
      for line in derivation.lines {
        for finding in line.holds {
          guard let hold = finding.code.hold else { return "\(finding.code) is no hold" }
          let mine = guidance.filter { item in
            item.hold == hold && (hold == .caseNotSigned || item.codes.contains(line.code))
          }
          guard let first = mine.first else { return "\(hold) of \(line.code) has no guidance" }
          guard mine.allSatisfy(\.holdsMoney) else { return "\(hold) holds no money" }
          let done =
            finding.vessels.isEmpty
            ? try history.doing(first, for: hold)
            : try mine.reduce(history) { try $0.doing($1, for: hold) }
          let after = try Derivation(of: done.state, in: history.context)
          let still = after.lines.contains { other in
            other.holds.contains { found in
              found.code == finding.code
                && (finding.vessels.isEmpty
                  ? other.code == line.code
                  : found.vessels.contains(where: finding.vessels.contains))
            }
          }
          if still { return "\(hold) of \(line.code) stands after: \(mine.map(\.sentence))" }
        }
      }
      return nil
    },
    Property("guidance never speaks of a hold or a line that is not there") { history in
      let lines = try Derivation(of: history.state, in: history.context).lines
      let guidance = Guidance.list(of: history.state, in: history.context)
      for item in guidance {
        let mine = lines.filter { item.codes.isEmpty || item.codes.contains($0.code) }
        if let hold = item.hold {
          guard item.holdsMoney,
            mine.contains(where: { $0.holds.contains { $0.code.hold == hold } })
          else { return "\(item.code): \(item.sentence)" }
        } else if item.holdsMoney, !mine.contains(where: { $0.status == .notBillable }) {
          return "\(item.code): \(item.sentence)"
        }
      }
      guard
        !lines.contains(where: { $0.status != .billable }) || guidance.contains(where: \.holdsMoney)
      else { return "money waits for nothing" }
      return history.state.phase == .cancelled && !guidance.isEmpty ? "of a cancelled case" : nil
    },
    Property("an explanation has every unit, and a reason for every other vessel") { history in
      let derivation = try Derivation(of: history.state, in: history.context)
      let codes = ["37252", "37253", "92978", "92979"].compactMap { BillingCode($0) }
      for code in Set(derivation.lines.map(\.code)).union(codes).sorted() {
        let explanation = try Explanation(of: code, in: history.state, history.context)
        let lines = derivation.lines.filter { $0.code == code }
        guard explanation.lines.map(\.line) == lines,
          explanation.lines.flatMap(\.units).map(\.unit) == lines.flatMap(\.counted)
        else { return "\(code) has other units" }
        for unit in explanation.lines.flatMap(\.units) {
          guard unit.entries.map(\.entry) == unit.unit.entries, !unit.rules.isEmpty else {
            return "\(code): \(unit.unit.group) has other entries, or no rule"
          }
        }
        guard lines.isEmpty == !explanation.noUnit.isEmpty else { return "\(code): no reason" }
        guard codes.contains(code), history.state.phase != .cancelled else { continue }
        let earning = explanation.lines.flatMap(\.units).compactMap {
          $0.entries.first?.site?.whole
        }
        let others = explanation.unearned.map(\.vessel)
        guard Set(others).count == others.count, Set(earning).isDisjoint(with: others) else {
          return "\(code): a vessel stands twice"
        }
        for entry in history.state.standing {
          guard case .imageAcquired(let image) = entry.body else { continue }
          guard earning.contains(image.site.whole) || others.contains(image.site.whole) else {
            return "\(code): \(image.site) has no reason"
          }
        }
        if let long = explanation.text().split(separator: "\n").first(where: { $0.count > 80 }) {
          return "a line of \(long.count): \(long)"
        }
        guard try JSON.read(explanation.json.bytes) == explanation.json else { return "its JSON" }
      }
      return nil
    },
    Property("what an explanation says of a retraction is what the retraction does") { history in
      guard let code = BillingCode("37253") else { return "no code" }
      let explanation = try Explanation(of: code, in: history.state, history.context)
      for alternative in explanation.alternatives {
        guard case .retraction(let entries) = alternative.condition else { continue }
        for entry in entries {
          var after = try history.adding(
            .entryRetracted, ["entry": .string(entry.description), "reason": "r"])
          if history.state.countsAsSigned { after = try after.signed() }
          let derived = try Derivation(of: after.state, in: history.context)
          for line in alternative.changes {
            let units = derived.lines.filter {
              $0.code == line.code && $0.modifiers == line.modifiers && $0.status == line.status
            }.reduce(0) { $0 + $1.units }
            guard units == line.after.units, !alternative.sentence.isEmpty else {
              return "\(alternative.sentence): \(units) of \(line.code) \(line.status)"
            }
          }
        }
      }
      return nil
    },
  ]
}
