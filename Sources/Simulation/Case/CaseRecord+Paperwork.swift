import Procedures

// What follows when the room is empty: closing, reading, coding, signing.
extension CaseRecord {
  private static let hour = 3600

  mutating func finishPaperwork() {
    let leftRoom = clock
    advance(6)
    record(.caseClosed, [], by: nurse)
    if chance.happens(perMille: 400) {
      advance(4)
      note("nursing", "handed over to the ward, access site dry", by: nurse)
    }
    clock = leftRoom + chance.number(in: 900...5_400)
    if has(.readingNextDay) { clock += chance.number(in: 15...24) * Self.hour }
    read()
    state()
    clock += chance.number(in: 300...3_600)
    if !has(.notSigned) { sign() }
    if has(.enteredAfterSigning) { enterAfterSigning() }
    if has(.reopened) { reopen() }
    signAgainWhereNeeded()
    codeNextDay(after: leftRoom)
    clock = leftRoom
  }

  private mutating func read() {
    var sites: [Site] = []
    for look in looks where look.isIntravascular && !sites.contains(look.site) {
      sites.append(look.site)
    }
    guard !sites.isEmpty, !has(.readingForgotten) else { return }
    var named: [Site] = []
    if has(.readingIncomplete), sites.count > 1 {
      sites.remove(at: chance.number(in: 0...sites.count - 1))
      named = sites
    }
    record(
      .interpretationDocumented,
      [
        JSON.Member("vessels", .array(named.map(\.json))),
        JSON.Member("report", .string("reading of \(plan.accession)")),
        JSON.Member("physician", .string(physician.text)),
      ], by: physician)
  }

  /// The physician says which procedures were performed.
  private mutating func state() {
    guard !has(.notCoded) else { return }
    for procedure in stated where chance.happens(perMille: procedure.percent * 10) {
      clock += chance.number(in: 20...90)
      record(
        .procedureCoded,
        [JSON.Member("code", .string(procedure.code)), JSON.Member("units", 1)], by: physician)
    }
  }

  private var stated: [CaseScript.StatedProcedure] {
    let year = serviceDate.components.year
    return script.procedures.filter { $0.years.contains(year) }
  }

  private mutating func sign() {
    record(
      .caseSigned,
      [JSON.Member("signer", .string(physician.text)), JSON.Member("meaning", "author")],
      by: physician)
  }

  private mutating func enterAfterSigning() {
    clock += chance.number(in: 1_800...14_400)
    let place = record(
      .imageAcquired,
      Look(
        draft: 0, site: script.neighbours[0].site(on: plan.side),
        modality: .intravascularUltrasound, phase: .diagnostic, pullback: nil
      ).members(), by: scrub, performer: physician, reason: "found on the console")
    // It had happened in the room.
    drafts[place].occurred = leftRoom - 1_200
    drafts[place].qualifier = .estimated
  }

  private mutating func reopen() {
    guard !has(.notSigned) else { return }
    clock += chance.number(in: 1...5) * Self.hour
    record(
      .caseReopened, [JSON.Member("reason", "a supply is missing from the list")], by: physician)
    clock += chance.number(in: 120...900)
    record(
      .consumableUsed,
      [
        JSON.Member("item", "closure plug"), JSON.Member("quantity", 1),
        JSON.Member("billingCode", "C1760"),
      ], by: scrub)
    clock += chance.number(in: 60...600)
    record(.caseClosed, [], by: nurse)
    clock += chance.number(in: 300...3_600)
    sign()
  }

  /// Signs once more when something that can change units was entered after the last signature.
  private mutating func signAgainWhereNeeded() {
    guard let signed = drafts.last(where: { $0.type == .caseSigned })?.entered,
      let last = drafts.map(\.entered).max(), last > signed
    else { return }
    let isChanged = drafts.contains {
      $0.entered > signed && ($0.type.changesUnits || $0.type.category == .amendment)
    }
    guard isChanged else { return }
    clock = max(clock, last) + chance.number(in: 600...7_200)
    sign()
  }

  /// The coder's part, the next day.
  private mutating func codeNextDay(after leftRoom: Int) {
    clock = max(clock, leftRoom + chance.number(in: 15...27) * Self.hour)
    record(
      .diagnosisCoded,
      [JSON.Member("codes", .texts([chance.pick(script.diagnoses)]))], by: coder)
    if has(.modifierApplied), !has(.notCoded) { applyModifier() }
    if has(.holdReleased) { releaseHold() }
  }

  private mutating func applyModifier() {
    clock += chance.number(in: 60...600)
    let applied: (code: String, modifier: String, reason: String)
    switch script.modifier {
    case .side:
      guard let code = stated.first?.code else { return }
      applied = (code, plan.side == .left ? "LT" : "RT", "the side treated")
    case .named(let modifier, let code, let reason): applied = (code, modifier, reason)
    }
    record(
      .modifierApplied,
      [
        JSON.Member("code", .string(applied.code)),
        JSON.Member("modifier", .string(applied.modifier)),
        JSON.Member("reason", .string(applied.reason)),
      ], by: coder)
  }

  private mutating func releaseHold() {
    clock += chance.number(in: 60...600)
    let (hold, reason): (HoldCode, String) =
      if has(.imagesNotStored) {
        (.imagesNotStored, "images found in the archive")
      } else if has(.readingForgotten) || has(.readingIncomplete) {
        (.interpretationMissing, "reading stands in the operative report")
      } else if has(.notCoded) {
        (.addOnWithoutPrimary, "primary is on the surgeon's claim")
      } else {
        (.payerPreauthorization, "authorization is on file")
      }
    record(
      .holdReleased,
      [JSON.Member("hold", .string(hold.rawValue)), JSON.Member("reason", .string(reason))],
      by: coder)
  }
}
