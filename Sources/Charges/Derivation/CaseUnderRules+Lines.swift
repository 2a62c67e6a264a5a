internal import Procedures

extension CaseUnderRules {
  /// What the derivation of the case says.
  struct Result {
    var lines: [LineItem] = []
    var warnings: [Finding] = []
    var unchecked: [UncheckedCode] = []
  }

  func result() throws(DerivationError) -> Result {
    if state.phase == .cancelled { return Result() }
    let drafts = countedDrafts() + (try statedDrafts()) + (try supplyDrafts())
    let exclusions = exclusions(drafts)
    var totals: [BillingCode: Int] = [:]
    for draft in drafts { totals[draft.code, default: 0] += draft.units.count }
    let primaries = Set(
      drafts.filter { $0.origin != .supply && exclusions[$0.code] == nil }.map(\.code))
    var lines: [LineItem] = []
    for draft in drafts {
      if let edits = exclusions[draft.code] {
        lines.append(line(draft, draft.units, .notBillable, edits: edits))
        continue
      }
      let holds = lineHolds(draft, total: totals[draft.code] ?? 0, primaries: primaries)
      lines += split(draft, holds)
    }
    return Result(
      lines: lines.sorted(by: LineItem.precedes), warnings: warnings(drafts),
      unchecked: unchecked(drafts, exclusions))
  }

  /// One line where a hold stands on the whole, else one for the units that can go out and one for
  /// those that wait.
  private func split(_ draft: LineDraft, _ holds: [Finding]) -> [LineItem] {
    guard holds.isEmpty else {
      let all = (holds + unitHolds(draft.units)).sorted { $0.code < $1.code }
      return [line(draft, draft.units, .planned, holds: all)]
    }
    let free = draft.units.filter { !$0.isHeld }
    let held = draft.units.filter(\.isHeld)
    var lines: [LineItem] = []
    if !free.isEmpty { lines.append(line(draft, free, .billable)) }
    if !held.isEmpty { lines.append(line(draft, held, .planned, holds: unitHolds(held))) }
    return lines
  }

  private func line(
    _ draft: LineDraft, _ units: [LineDraft.Unit], _ status: LineStatus, holds: [Finding] = [],
    edits: [Finding] = []
  ) -> LineItem {
    var part = draft
    part.units = units
    return LineItem(
      code: draft.code, units: units.count, status: status, modifiers: draft.modifiers,
      claims: claims(draft), holds: holds, edits: edits + modifierEdits(part),
      counted: units.map(\.counted), because: draft.because)
  }

  /// A CPT code is the physician's and, in a facility, also the facility's; a supply, and a code
  /// of HCPCS that is not CPT, is the facility's.
  private func claims(_ draft: LineDraft) -> [Claim] {
    let isCPT = draft.code.text.utf8.first.map {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    guard draft.origin != .supply, isCPT == true else { return [.facility] }
    switch opening.setting {
    case .office: return [.professional]
    case .hospitalOutpatient, .hospitalInpatient, .ambulatorySurgeryCenter:
      return [.professional, .facility]
    }
  }

  /// What a person should look at; it changes nothing.
  private func warnings(_ drafts: [LineDraft]) -> [Finding] {
    var warnings: [Finding] = []
    if let earliest = facts.earliest, let latest = facts.latest {
      let days = Set([earliest, latest].map { opening.timeZone.date(of: $0) })
      if days != [date] {
        warnings.append(
          Finding(
            .serviceDateDiffers,
            because: "Entries lie on another date than \(date) in \(opening.timeZone.text)."))
      }
    }
    if let access = facts.firstAccess, facts.firstTimeOut.map({ access < $0 }) ?? true {
      warnings.append(
        Finding(
          .accessBeforeTimeOut,
          because: facts.firstTimeOut == nil
            ? "Access was gained and no time-out is recorded."
            : "Access was gained before the time-out was completed."))
    }
    let codes = Set(drafts.map(\.code))
    for code in Set(facts.modifiers.map(\.payload.code)).subtracting(codes).sorted() {
      warnings.append(
        Finding(
          .modifierWithoutLine, because: "A modifier was applied to \(code), which has no line."))
    }
    return warnings
  }
}
