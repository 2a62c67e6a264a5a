internal import Procedures

extension CaseUnderRules {
  /// What the case lacks, read off its lines and warnings.
  func guidance(_ result: Result) -> [Guidance] {
    let isUnsigned = result.lines.contains { line in
      line.holds.contains { $0.code == .caseNotSigned }
    }
    return state.ownGuidance(isHeld: isUnsigned) + lineGuidance(result.lines)
      + exclusionGuidance(result.lines) + lesionGuidance() + payerGuidance()
      + result.warnings.compactMap(guidance)
  }

  /// A hold as it concerns one unit, or the whole lines of some codes.
  private struct Subject: Hashable {
    let hold: HoldCode
    let unit: CountedUnit?
    /// What keeps lines of one hold apart: the code for a limit of units, else nothing.
    let code: BillingCode?
    /// And for a missing procedure those that are listed, which differ between families.
    let primaries: Set<BillingCode>?
  }

  /// One guidance a unit for what units lack; one for all lines that lack the same.
  private func lineGuidance(_ lines: [LineItem]) -> [Guidance] {
    var subjects: [Subject] = []
    var codes: [Subject: [BillingCode]] = [:]
    func note(_ subject: Subject, _ code: BillingCode) {
      if codes[subject] == nil { subjects.append(subject) }
      if codes[subject]?.contains(code) != true { codes[subject, default: []].append(code) }
    }
    for line in lines {
      for finding in line.holds {
        guard let hold = finding.code.hold, hold != .caseNotSigned else { continue }
        guard !finding.vessels.isEmpty else {
          let isOfOneCode = hold == .mueExceeded || hold == .payerPreauthorization
          let primaries =
            hold == .addOnWithoutPrimary
            ? tables.cms.addOnList(line.code, on: date)?.primaries : nil
          note(
            Subject(
              hold: hold, unit: nil, code: isOfOneCode ? line.code : nil, primaries: primaries),
            line.code)
          continue
        }
        for unit in line.counted where unit.vessels.contains(where: finding.vessels.contains) {
          note(Subject(hold: hold, unit: unit, code: nil, primaries: nil), line.code)
        }
      }
    }
    return subjects.map { guidance($0, codes[$0] ?? [], lines) }
  }

  private func guidance(
    _ subject: Subject, _ codes: [BillingCode], _ lines: [LineItem]
  ) -> Guidance {
    let remedy = remedy(of: subject.hold, on: codes[0], unit: subject.unit)
    let (code, sentence) = words(subject, codes, lines)
    return Guidance(
      code, sentence, by: remedy.roles, action: remedy.sentence,
      vessels: subject.unit.map { remedy.vessels.isEmpty ? $0.vessels : remedy.vessels } ?? [],
      entries: subject.unit?.entries ?? entries(of: subject, lines), codes: codes,
      procedures: procedures(remedy, codes), hold: subject.hold, holdsMoney: true)
  }

  /// The procedures of a remedy that serve all these codes.
  private func procedures(_ remedy: Remedy, _ codes: [BillingCode]) -> [BillingCode] {
    if remedy.procedures.isEmpty { return [] }
    return codes.dropFirst().reduce(remedy.procedures) { procedures, code in
      let others = Set(primaries(for: code))
      return procedures.filter(others.contains)
    }
  }

  /// The entries of a code with too many units, one of which may be wrong.
  private func entries(of subject: Subject, _ lines: [LineItem]) -> [EventID] {
    guard subject.hold == .mueExceeded else { return [] }
    return lines.filter { $0.code == subject.code }.flatMap(\.entries)
  }

  private func words(
    _ subject: Subject, _ codes: [BillingCode], _ lines: [LineItem]
  ) -> (Guidance.Code, String) {
    let names = codes.map(\.text).enumeration()
    let unit = subject.unit
    switch subject.hold {
    case .interpretationMissing:
      let sites = unit.map(sitesToRead) ?? []
      return (
        .readingMissing,
        "No reading for \(sites.phrase(joinedBy: "or"))\(oneIsEnough(sites))."
      )
    case .imagesNotStored:
      let sites = unit?.vessels ?? []
      return (
        .imagesMissing,
        "No images of \(sites.phrase(joinedBy: "or")) are stored\(oneIsEnough(sites))."
      )
    case .addOnWithoutPrimary:
      return (.primaryMissing, "No procedure is stated yet that \(names) can go with.")
    case .mueExceeded:
      let units = lines.filter { $0.code == codes[0] }.reduce(0) { $0 + $1.units }
      let limit = unitLimit(codes[0])?.units ?? 0
      return (
        .unitsOverLimit, "\(units) units of \(names) are more than the \(limit) that a day allows."
      )
    case .sameDaySession:
      return (
        .sameDaySession,
        "The patient has another session of this kind on this date, so \(names) \(waits(codes))."
      )
    case .payerPreauthorization:
      return (.authorizationWanted, "The payer wants an authorization for \(names).")
    case .caseNotSigned: return (.caseNotSigned, "The case is not signed.")
    case .derivationFailed: return (.derivationFailed, "The charges cannot be derived.")
    }
  }

  private func oneIsEnough(_ sites: [VesselSite]) -> String {
    sites.count > 1 ? "; they count as one, and one of them is enough" : ""
  }

  private func waits(_ codes: [BillingCode]) -> String { codes.count == 1 ? "waits" : "wait" }

  private func exclusionGuidance(_ lines: [LineItem]) -> [Guidance] {
    var seen: Set<BillingCode> = []
    return lines.filter { $0.status == .notBillable && seen.insert($0.code).inserted }.map { line in
      let edits = line.edits.filter(\.code.excludesLine)
      return Guidance(
        .lineExcluded,
        "\(line.code) cannot be billed: " + edits.map(\.because).joined(separator: " "),
        by: [.coder, .physician], action: bypass(of: line.code, in: lines)?.sentence,
        entries: line.entries, codes: [line.code], holdsMoney: true)
    }
  }

  private func lesionGuidance() -> [Guidance] {
    let entries = Dictionary(facts.lesions.map { ($0.name, $0.entries) }) { first, _ in first }
    return tables.families.indices.flatMap { groups(of: $0) }.filter { !$0.lesions.isEmpty }.map {
      group in
      let names = group.lesions.map(\.text)
      let verb =
        names.count == 1
        ? "The lesion \(names[0]) spans"
        : "The lesions "
          + names.enumeration() + " span"
      return Guidance(
        .lesionJoinsVessels, "\(verb) \(group.vessels.phrase()): they count as one.",
        by: [.recorder, .physician],
        action: "Where these are lesions apart, the entry is corrected.", vessels: group.vessels,
        entries: group.lesions.flatMap { entries[$0] ?? [] })
    }
  }

  private func payerGuidance() -> [Guidance] {
    guard let payer = opening.payer, tables.payer(payer, on: date) == nil else { return [] }
    return [
      Guidance(
        .payerUnknown,
        "The rule book knows no rules of the payer \(payer); vessels are grouped by \(policy.name).",
        by: [.coder])
    ]
  }

  /// A warning for the lab; nil for one that ``CaseState/ownGuidance(isHeld:)`` has said.
  private func guidance(_ warning: Finding) -> Guidance? {
    switch warning.code {
    case .serviceDateDiffers:
      Guidance(.serviceDateDiffers, warning.because, by: [.recorder, .physician])
    case .accessBeforeTimeOut:
      facts.firstTimeOut == nil
        ? nil : Guidance(.accessBeforeTimeOut, warning.because, by: [.recorder, .physician])
    case .modifierWithoutLine:
      Guidance(.modifierWithoutLine, warning.because, by: [.coder, .physician])
    case .caseNotSigned, .addOnWithoutPrimary, .interpretationMissing, .imagesNotStored,
      .mueExceeded, .sameDaySession, .payerPreauthorization, .derivationFailed,
      .nationalCorrectCoding, .mutuallyExclusive, .codeNotActive, .modifierNotApplicable,
      .modifierLimit:
      nil
    }
  }
}
