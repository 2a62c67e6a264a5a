internal import Procedures

extension Reconciliation {
  /// The columns of ``csv``, which stay as they are and in their order.
  public static let csvColumns = [
    "section", "item", "key", "code", "value", "case", "serviceDate", "operator", "room", "payer",
    "person", "at", "detail",
  ]

  /// The report as a table of facts, one a row (RFC 4180, in UTF-8, a heading first).
  ///
  /// A text that a spreadsheet would take for a formula has an apostrophe before it.
  public var csv: [UInt8] {
    var facts = FactTable(columns: Self.csvColumns)
    addMoment(to: &facts)
    addUncharged(to: &facts)
    addUndocumented(to: &facts)
    addHolds(to: &facts)
    addLag(to: &facts)
    for code in codes {
      for (key, units) in [
        ("charged", code.chargedUnits), ("credited", code.creditedUnits), ("net", code.netUnits),
        ("over-limit", code.unitsOverLimit), ("cases", code.caseCount),
      ] {
        facts.add(Fact("units", code.code.text, key, units))
      }
    }
    addLedger(to: &facts)
    return facts.bytes
  }

  private func addMoment(to facts: inout FactTable) {
    for (key, value) in [
      ("facility", facility.text), ("from", period.first.description),
      ("to", period.last.description), ("as-of", moment.time.description),
      ("today", moment.today.description), ("time-zone", moment.timeZone.text),
    ] {
      facts.add(Fact("report", "", key, text: value))
    }
    for (key, value) in [
      ("log-position", moment.logPosition), ("line-position", moment.linePosition),
      ("ledger-position", moment.ledgerPosition),
    ] {
      facts.add(Fact("report", "", key, text: String(value)))
    }
    facts.add(Fact("balance", "", "verdict", text: verdict.rawValue))
    for (item, key, value) in [
      ("cases", "all", balance.caseCount), ("cases", "charged", balance.chargedCaseCount),
      ("cases", "partly-held", balance.partlyHeldCaseCount),
      ("cases", "uncharged", unchargedCaseCount), ("cases", "undated", balance.undatedCaseCount),
      ("units", "ledger", balance.ledgerUnits), ("units", "lines", balance.lineUnits),
    ] {
      facts.add(Fact("balance", item, key, value))
    }
  }

  private func addUncharged(to facts: inout FactTable) {
    for group in uncharged {
      let item = group.reason.rawValue
      facts.add(Fact("uncharged", item, "cases", group.cases.count))
      facts.add(Fact("uncharged", item, "left-out", group.cases.leftOutCount))
      for element in group.cases.elements {
        var fact = Fact("uncharged", item, "case")
        fact.subject = element.subject
        fact.value = (element.holds.map(\.rawValue) + element.edits.map(\.rawValue))
          .joined(separator: " ")
        fact.time = element.since
        fact.detail = element.sentence(at: moment)
        facts.add(fact)
      }
    }
  }

  private func addUndocumented(to facts: inout FactTable) {
    for group in undocumented {
      let item = group.kind.rawValue
      facts.add(Fact("undocumented", item, "units", group.units))
      facts.add(Fact("undocumented", item, "charges", group.charges.count))
      facts.add(Fact("undocumented", item, "left-out", group.charges.leftOutCount))
      for element in group.charges.elements {
        var fact = Fact("undocumented", item, "charge", element.units)
        fact.subject = element.subject
        fact.code = element.code.text
        fact.person = element.person?.text ?? ""
        fact.time = element.recordedAt
        fact.detail = element.sentence(at: moment)
        facts.add(fact)
      }
    }
    facts.add(Fact("differing", "", "charges", differing.count))
    facts.add(Fact("differing", "", "left-out", differing.leftOutCount))
    for element in differing.elements {
      for (key, units) in [("ledger", element.ledgerUnits), ("lines", element.lineUnits)] {
        var fact = Fact(
          "differing", element.modifiers.map(\.text).joined(separator: " "), key, units)
        fact.subject = element.subject
        fact.code = element.code.text
        facts.add(fact)
      }
    }
  }

  private func addHolds(to facts: inout FactTable) {
    for held in holds {
      let item = held.hold.rawValue
      func add(_ count: HeldLines.Count, _ suffix: String) {
        facts.add(Fact("holds", item, "lines" + suffix, count.lines))
        facts.add(Fact("holds", item, "cases" + suffix, count.cases))
        facts.add(Fact("holds", item, "units" + suffix, count.units))
      }
      add(held.total, "")
      for age in HeldLines.Age.allCases {
        add(
          held.byAge[age] ?? HeldLines.Count(),
          "-" + age.rawValue)
      }
      if let oldest = held.oldest {
        var fact = Fact("holds", item, "oldest-days", oldest.days)
        fact.subject = oldest.case
        facts.add(fact)
      }
      var clearing = Fact("holds", item, "cleared-by")
      clearing.detail = held.hold.clearedBy
      facts.add(clearing)
    }
  }

  private func addLag(to facts: inout FactTable) {
    facts.add(Fact("lag", "service-to-charge", "cases", lag.caseCount))
    for (key, days) in [
      ("median-days", lag.percentileDays(50)), ("90th-percentile-days", lag.percentileDays(90)),
    ] {
      if let days { facts.add(Fact("lag", "service-to-charge", key, days)) }
    }
    if let days = lag.longestDays {
      var fact = Fact("lag", "service-to-charge", "longest-days", days)
      fact.subject = lag.slowest
      facts.add(fact)
    }
    for (days, cases) in lag.histogram {
      facts.add(Fact("lag", "service-to-charge", "cases-\(days.rawValue)", cases))
    }
    guard let signing = lag.signing else { return }
    for (key, value) in [
      ("cases", signing.caseCount), ("median-seconds", signing.medianSeconds),
      ("90th-percentile-seconds", signing.ninetiethPercentileSeconds),
      ("longest-seconds", signing.longestSeconds),
    ] {
      facts.add(Fact("lag", "signing-to-posting", key, value))
    }
  }

  private func addLedger(to facts: inout FactTable) {
    facts.add(Fact("ledger", "", "epoch", text: ledger.epoch?.text ?? ""))
    var last = Fact("ledger", "", "last-entry", text: ledger.last?.entry.description ?? "")
    last.time = ledger.last?.time
    facts.add(last)
    var through = Fact(
      "ledger", "", "acknowledged-through",
      text: ledger.acknowledgement?.through.description ?? "")
    through.person = ledger.acknowledgement?.person.text ?? ""
    through.time = ledger.acknowledgement?.time
    facts.add(through)
    facts.add(Fact("ledger", "outstanding", "entries", ledger.outstandingEntryCount))
    facts.add(Fact("ledger", "outstanding", "charged-units", ledger.outstandingChargedUnits))
    facts.add(Fact("ledger", "outstanding", "credited-units", ledger.outstandingCreditedUnits))
    if let oldest = ledger.oldestOutstanding {
      var fact = Fact("ledger", "outstanding", "oldest-entry", text: oldest.entry.description)
      fact.time = oldest.time
      facts.add(fact)
      facts.add(
        Fact("ledger", "outstanding", "oldest-days", ledger.outstandingDays(at: moment) ?? 0))
    }
  }
}
