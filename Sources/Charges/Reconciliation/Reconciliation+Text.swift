internal import Procedures

extension Reconciliation {
  /// The report for a person.
  ///
  /// - Parameter head: makes a head stand out.
  /// - Returns: lines of text, the last one ended.
  public func text(head: @escaping (String) -> String = { $0 }) -> String {
    let days =
      period.dayCount == 1 ? "\(period.first)" : "\(period.first) to \(period.last)"
    let sections = [
      head("Reconciliation of \(facility), dates of service \(days)") + "\n"
        + "As of \(moment.local(moment.time)) \(moment.timeZone.text), log position "
        + "\(moment.logPosition).\n" + balanceText(head), unchargedText(head),
      undocumentedText(head), holdText(head), lagText(head), unitText(head), ledgerText(head),
    ]
    return sections.joined(separator: "\n")
  }

  // MARK: - Whether it balances

  private func balanceText(_ head: (String) -> String) -> String {
    let isWhole = balance.caseCount == balance.chargedCaseCount + unchargedCaseCount
    let reasons = uncharged.filter { $0.cases.count > 0 }
      .map { "\($0.cases.count) \($0.reason.phrase)" }.joined(separator: ", ")
    var text = head(verdictSentence) + "\n"
    text +=
      "  \("case".counted(balance.caseCount)) \(isWhole ? "=" : "≠") "
      + "\(balance.chargedCaseCount) charged + \(unchargedCaseCount) not charged\n"
    if !reasons.isEmpty { text += "    not charged: \(reasons)\n" }
    text +=
      "  \("unit".counted(balance.ledgerUnits)) in the ledger "
      + "\(balance.ledgerUnits == balance.lineUnits ? "=" : "≠") "
      + "\(balance.lineUnits) on billable lines\n"
    if balance.partlyHeldCaseCount > 0 {
      text += "  Of \("charged case".counted(balance.partlyHeldCaseCount)), more lines are held.\n"
    }
    if balance.undatedCaseCount > 0 {
      text +=
        "  \("case".counted(balance.undatedCaseCount)) without a date of service that can be read "
        + "(in no period).\n"
    }
    if moment.logPosition > moment.linePosition {
      let count = Int(moment.logPosition - moment.linePosition)
      text += "  \("event".counted(count)) of the log not projected yet.\n"
    }
    return text + differingText
  }

  private var verdictSentence: String {
    switch verdict {
    case .balanced: "It balances."
    case .unbalanced:
      "IT DOES NOT BALANCE. This is a fault of Cathlog's own: tell whoever runs the service."
    case .unsettled:
      "It cannot be balanced yet: the ledger is posted through position "
        + "\(moment.ledgerPosition), the lines are projected through \(moment.linePosition)."
    }
  }

  private var differingText: String {
    guard differing.count > 0 else { return "" }
    var table = TextColumns(CaseCells.header + ["CODE", "LEDGER", "LINES"], rightAligned: [6, 7])
    for charge in differing.elements {
      let modifiers = charge.modifiers.map { "-" + $0.text }.joined()
      table.add(
        CaseCells(charge.subject).cells + [
          charge.code.text + modifiers, String(charge.ledgerUnits), String(charge.lineUnits),
        ])
    }
    return "  \("charge".counted(differing.count)) in the ledger not as the lines say:\n"
      + table.text + differing.remainder
  }

  // MARK: - Cases without charges, charges without documentation

  private func unchargedText(_ head: (String) -> String) -> String {
    var text = head("1. Cases without charges: \(unchargedCaseCount)") + "\n"
    for group in uncharged where group.cases.count > 0 {
      text += "\n  \(group.reason.phrase.capitalizedFirst): \(group.cases.count)\n"
      var table = TextColumns(CaseCells.header + ["WHY"])
      for element in group.cases.elements {
        table.add(CaseCells(element.subject).cells + [element.sentence(at: moment)])
      }
      text += table.text + group.cases.remainder
    }
    return unchargedCaseCount == 0 ? text + "  None: every case is charged.\n" : text
  }

  private func undocumentedText(_ head: (String) -> String) -> String {
    let total = undocumented.reduce(0) { $0 + $1.charges.count }
    var text = head("2. Charges without documentation: \(total)") + "\n"
    for group in undocumented where group.charges.count > 0 {
      text +=
        "\n  \(group.kind.phrase.capitalizedFirst): \("charge".counted(group.charges.count)), "
        + "\("unit".counted(group.units))\n"
      var table = TextColumns(
        CaseCells.header + ["CODE", "UNITS", "HOW IT STANDS"], rightAligned: [6])
      for charge in group.charges.elements {
        table.add(
          CaseCells(charge.subject).cells + [
            charge.code.text, String(charge.units), charge.sentence(at: moment),
          ])
      }
      text += table.text + group.charges.remainder
    }
    if total == 0 {
      return text + "  None: every charge has its images, its reading and an entry that shows it.\n"
    }
    return text + "  Why a hold was released is sealed in its case, for those who may read it.\n"
  }

  // MARK: - What waits, and for how long

  private func holdText(_ head: (String) -> String) -> String {
    var text =
      head("3. Holds by age, dates of service up to \(period.last)") + "\n"
    guard !holds.isEmpty else { return text + "  None: nothing waits.\n" }
    let ages = HeldLines.Age.allCases
    var table = TextColumns(
      ["HOLD", "LINES", "UNITS", "CASES"] + ages.map(\.heading) + [
        "OLDEST"
      ],
      rightAligned: Set(1...(3 + ages.count)))
    for held in holds {
      table.add(
        [
          held.hold.rawValue, String(held.total.lines), String(held.total.units),
          String(held.total.cases),
        ] + ages.map { age in held.byAge[age].map { String($0.cases) } ?? "-" }
          + [held.oldest.map { "\($0.case.caseID), \("day".counted($0.days))" } ?? "-"])
    }
    text += table.text + "\n  What clears them\n"
    var clearing = TextColumns(["HOLD", "CLEARED BY"])
    for held in holds { clearing.add([held.hold.rawValue, held.hold.clearedBy]) }
    return text + clearing.text
      + "  The lines of a hold, case by case: cathlog line-items --hold HOLD\n"
  }

  private func lagText(_ head: (String) -> String) -> String {
    var text = head("4. Charge lag, of \("charged case".counted(lag.caseCount))") + "\n"
    guard let median = lag.percentileDays(50), let ninetieth = lag.percentileDays(90),
      let longest = lag.longestDays
    else { return text + "  No case of these dates was charged.\n" }
    let slowest = lag.slowest.map { " (\($0.caseID))" } ?? ""
    text +=
      "  Date of service to first charge: median \("day".counted(median)), 90th percentile "
      + "\("day".counted(ninetieth)), longest \("day".counted(longest))\(slowest)\n"
    if let signing = lag.signing {
      text +=
        "  Signature to posting: median \(Self.span(signing.medianSeconds)), 90th percentile "
        + "\(Self.span(signing.ninetiethPercentileSeconds)), longest "
        + "\(Self.span(signing.longestSeconds))\n"
    }
    let most = lag.histogram.map(\.cases).max() ?? 0
    var table = TextColumns(["DAYS", "CASES", ""], rightAligned: [0, 1])
    for (days, cases) in lag.histogram where cases > 0 {
      let width = max(1, cases * 40 / max(1, most))
      table.add([days.heading, String(cases), String(repeating: "#", count: width)])
    }
    return text + table.text
  }

  private func unitText(_ head: (String) -> String) -> String {
    var text = head("5. Units by code") + "\n"
    guard !codes.isEmpty else { return text + "  None.\n" }
    var table = TextColumns(
      ["CODE", "CHARGED", "CREDITED", "NET", "OVER MUE", "CASES"], rightAligned: [1, 2, 3, 4, 5])
    for code in codes {
      table.add([
        code.code.text, String(code.chargedUnits), String(code.creditedUnits),
        String(code.netUnits), code.unitsOverLimit == 0 ? "-" : String(code.unitsOverLimit),
        String(code.caseCount),
      ])
    }
    let sums = [\CodeUnits.chargedUnits, \.creditedUnits, \.netUnits, \.unitsOverLimit].map {
      path in
      codes.reduce(0) { $0 + $1[keyPath: path] }
    }
    table.add(
      ["all", String(sums[0]), String(sums[1]), String(sums[2])]
        + [sums[3] == 0 ? "-" : String(sums[3]), ""])
    text += table.text
    return text
  }

  private func ledgerText(_ head: (String) -> String) -> String {
    var text = head("6. Entries and acknowledgements, the whole ledger") + "\n"
    guard let last = ledger.last else { return text + "  Nothing was posted yet.\n" }
    let epoch = ledger.epoch.map { ", epoch \($0)" } ?? ""
    text += "  Last entry      \(last.entry), posted \(moment.local(last.time))\(epoch)\n"
    text += "  Acknowledged    "
    if let said = ledger.acknowledgement {
      text += "through \(said.through), \(moment.local(said.time)) by \(said.person)\n"
    } else {
      text += "nothing yet\n"
    }
    text += "  Outstanding     "
    guard let oldest = ledger.oldestOutstanding else { return text + "nothing\n" }
    let days = ledger.outstandingDays(at: moment) ?? 0
    let credits =
      ledger.outstandingCreditedUnits == 0
      ? "" : " and \("unit".counted(ledger.outstandingCreditedUnits)) credited"
    return text + "\("entry".counted(ledger.outstandingEntryCount, plural: "entries")): "
      + "\("unit".counted(ledger.outstandingChargedUnits)) charged\(credits)\n"
      + "  The oldest      \(oldest.entry), posted \(moment.local(oldest.time))"
      + (days == 0 ? ", today\n" : ", \("day".counted(days)) ago\n")
  }

  /// A length of time as people say it.
  private static func span(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) days"
    }
  }
}

/// A case in the columns of a list.
private struct CaseCells {
  static let header = ["CASE", "DATE", "OPERATOR", "ROOM", "PAYER"]

  let cells: [String]

  init(_ subject: ReconciledCase) {
    cells = [
      subject.caseID.description, subject.serviceDate?.description ?? "-",
      subject.operatingPhysician?.text ?? "-", subject.room?.text ?? "-",
      subject.payer?.text ?? "-",
    ]
  }
}

extension Listing {
  /// How many are not shown, where some are not.
  fileprivate var remainder: String {
    leftOutCount == 0 ? "" : "  … and \(leftOutCount) more.\n"
  }
}

extension HeldLines.Age {
  fileprivate var heading: String { self == .older ? "OVER 30 D" : rawValue + " D" }
}

extension ChargeLag.Class {
  fileprivate var heading: String { self == .longer ? "over 30" : rawValue }
}

extension String {
  /// A number with this noun: `1 case`, `2 cases`.
  fileprivate func counted(_ count: Int, plural: String? = nil) -> String {
    "\(count) \(count == 1 ? self : plural ?? self + "s")"
  }
}
