internal import Procedures

extension CaseUnderRules {
  /// The lines that a physician or coder stated: what has the same code and modifiers adds up.
  func statedDrafts() throws(DerivationError) -> [LineDraft] {
    struct Key: Hashable {
      let code: BillingCode
      let modifiers: Set<Modifier>
    }
    var drafts: [LineDraft] = []
    var places: [Key: Int] = [:]
    for statement in facts.procedures {
      let coded = statement.payload
      let applied = appliedModifiers(coded.code)
      let modifiers = coded.modifiers + applied.filter { !coded.modifiers.contains($0) }
      let unit = LineDraft.Unit(
        counted: CountedUnit(group: coded.code.text, vessels: [], entries: [statement.entry]))
      let units = Array(repeating: unit, count: coded.units)
      let key = Key(code: coded.code, modifiers: Set(modifiers))
      if let place = places[key] {
        drafts[place].units += units
        try checkCount(drafts[place])
      } else {
        places[key] = drafts.count
        drafts.append(
          LineDraft(
            code: coded.code, origin: .stated, modifiers: modifiers, units: units,
            because: [tables.rules.statedProcedure]))
      }
    }
    return drafts
  }

  /// The lines of supplies: what was used or thrown away, less what was returned, the last used
  /// first.
  func supplyDrafts() throws(DerivationError) -> [LineDraft] {
    var drafts: [LineDraft] = []
    var returned: [BillingCode: Int] = [:]
    for statement in facts.supplies {
      let supply = statement.payload
      guard tables.familyOfCode[supply.code] == nil else {
        throw .supplyUnderDerivedCode(supply.code)
      }
      if supply.kind == .returned {
        returned[supply.code, default: 0] += supply.quantity
        continue
      }
      let place = drafts.firstIndex { $0.code == supply.code } ?? drafts.endIndex
      if place == drafts.endIndex {
        drafts.append(
          LineDraft(
            code: supply.code, origin: .supply, modifiers: appliedModifiers(supply.code),
            units: [], because: [tables.rules.supplyUsed, tables.rules.supplyClaim]))
      }
      let unit = LineDraft.Unit(
        counted: CountedUnit(group: supply.code.text, vessels: [], entries: [statement.entry]))
      drafts[place].units += Array(repeating: unit, count: supply.quantity)
      let disposed = tables.rules.supplyDisposed
      if supply.kind == .disposed, !drafts[place].because.contains(disposed) {
        drafts[place].because.append(disposed)
      }
      try checkCount(drafts[place])
    }
    for index in drafts.indices {
      let count = returned[drafts[index].code] ?? 0
      drafts[index].units.removeLast(min(count, drafts[index].units.count))
    }
    return drafts.filter { !$0.units.isEmpty }
  }

  private func checkCount(_ draft: LineDraft) throws(DerivationError) {
    guard draft.units.count <= DerivationError.unitLimit else { throw .tooManyUnits(draft.code) }
  }
}
