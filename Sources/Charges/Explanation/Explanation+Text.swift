internal import Procedures

extension Explanation {
  /// The explanation for a person.
  ///
  /// - Parameters:
  ///   - width: where lines are wrapped.
  ///   - head: makes a head stand out.
  /// - Returns: lines of text, the last one ended.
  public func text(width: Int = 80, head: @escaping (String) -> String = { $0 }) -> String {
    var page = TextPage(width: width, head: head)
    addTitle(to: &page)
    for (number, line) in lines.enumerated() {
      addUnits(of: line, after: lines[..<number].reduce(0) { $0 + $1.units.count }, to: &page)
      addFindings(of: line, to: &page)
    }
    addRules(to: &page)
    addUnearned(to: &page)
    addAlternatives(to: &page)
    return page.text
  }

  private func addTitle(to page: inout TextPage) {
    page.addHead("\(code) × \(unitCount)")
    page.add("Case \(derivation.caseID) through version \(derivation.throughVersion)")
    let date = derivation.serviceDate.map { "Date of service \($0), r" } ?? "R"
    page.add(
      "\(date)ule book \(derivation.ruleBook), policy \(derivation.groupingPolicy)")
    for reason in noUnit { page.add(reason) }
  }

  // MARK: - Units

  private func addUnits(of line: ExplainedLine, after count: Int, to page: inout TextPage) {
    let modifiers = line.line.modifiers.map { "-" + $0.text }.joined()
    for (number, unit) in line.units.enumerated() {
      let vessels = unit.unit.vessels
      let what = vessels.isEmpty ? "" : ": \(vessels.phrase())"
      page.addHead(
        "Unit \(count + number + 1) of \(unitCount), \(code)\(modifiers) \(line.line.status.rawValue)\(what)"
      )
      for entry in unit.entries { add(entry, to: &page) }
      if !unit.holds.isEmpty {
        page.add("Held by \(unit.holds.map(\.rawValue).enumeration())")
      }
      page.add("Rules: \(unit.rules.joined(separator: ", "))")
    }
  }

  private func add(_ entry: ExplainedEntry, to page: inout TextPage) {
    let site = entry.site.map { $0.phrase.capitalizedFirst } ?? "It"
    page.add("\(site) \(entry.part.sentence)")
    page.add(reference(entry.entry, entry.version, entry.occurredAt), indent: 4)
    guard let correction = entry.correction else { return }
    let changes = correction.changes.map(\.sentence).enumeration()
    page.add(
      "Corrected by version \(correction.version), entry \(correction.entry): \(changes)"
        + words(for: correction.reason) + people(correction.entry), indent: 4)
  }

  private func reference(_ id: EventID, _ version: Int64, _ time: Instant) -> String {
    "version \(version), \(time), entry \(id)\(people(id))"
  }

  private func people(_ id: EventID) -> String {
    records[id].map { ", recorded by \($0.recorder) at \($0.recordedAt)" } ?? ""
  }

  private func words(for reason: Confidential) -> String {
    switch reason {
    case .clear(let text): "; reason: \(text)"
    case .sealed: ""
    case .erased: "; reason: erased"
    }
  }

  // MARK: - Findings and rules

  private func addFindings(of line: ExplainedLine, to page: inout TextPage) {
    if let price = line.price {
      page.addHead("Price of \(line.line.code) × \(line.line.units)")
      for sentence in price.sentences { page.add(sentence) }
    }
    if !line.holds.isEmpty { page.addHead("Holds, and what clears them") }
    for hold in line.holds {
      page.add("\(hold.finding.code.rawValue): \(hold.finding.because)")
      for remedy in hold.remedies { page.add("Clears it: \(remedy.sentence)", indent: 4) }
    }
    if !line.releases.isEmpty { page.addHead("Releases") }
    for release in line.releases {
      let lines = release.code.map { "from \($0)" } ?? "from all lines"
      let need = release.isNeeded ? "" : "; it would not stand anyway"
      page.add("\(release.hold.rawValue) was released \(lines)\(words(for: release.reason))\(need)")
      page.add(reference(release.entry, release.version, release.occurredAt), indent: 4)
    }
    if !line.edits.isEmpty { page.addHead("Edits, and what would pass them") }
    for edit in line.edits {
      page.add("\(edit.finding.code.rawValue): \(edit.finding.because)")
      page.add(edit.passedBy ?? "The line stands.", indent: 4)
    }
  }

  private func addRules(to page: inout TextPage) {
    var seen: Set<String> = []
    let rules = lines.flatMap(\.rules).filter { seen.insert($0.citation.rule).inserted }
    if rules.isEmpty { return }
    page.addHead("Rules")
    for rule in rules {
      page.add("\(rule.citation.rule): \(rule.sentence)")
      page.add(rule.citation.origin, indent: 4)
    }
  }

  // MARK: - What earned nothing, and what would change it

  private func addUnearned(to page: inout TextPage) {
    if unearned.isEmpty { return }
    page.addHead("Vessels that earned no \(code)")
    for vessel in unearned {
      page.add(
        "\(vessel.vessel.phrase.capitalizedFirst): "
          + vessel.reasons.map(\.sentence).joined(separator: "; "))
    }
  }

  private func addAlternatives(to page: inout TextPage) {
    let indifferent = indifferentPolicies.map(\.text)
    if alternatives.isEmpty, indifferent.isEmpty, untriedEntries == 0 { return }
    page.addHead("What would change it")
    for alternative in alternatives { page.add(alternative.sentence) }
    if !indifferent.isEmpty {
      page.add("Under \(indifferent.enumeration()) nothing would change for \(code).")
    }
    if untriedEntries > 0 {
      page.add("\(untriedEntries) more entries were not tried.")
    }
  }
}
