public import Procedures

extension Reconciliation {
  /// The report, its members in a fixed order.
  public var json: JSON {
    [
      "facility": .string(facility.text), "from": .string(period.first.description),
      "to": .string(period.last.description), "asOf": .string(moment.time.description),
      "today": .string(moment.today.description), "timeZone": .string(moment.timeZone.text),
      "logPosition": .integer(moment.logPosition), "linePosition": .integer(moment.linePosition),
      "ledgerPosition": .integer(moment.ledgerPosition), "balance": balanceJSON,
      "uncharged": .array(uncharged.map { $0.json(at: moment) }),
      "undocumented": .array(undocumented.map(\.json)),
      "differing": differing.json("charges") { $0.json },
      "holds": .array(holds.map(\.json)), "lag": lag.json,
      "codes": .array(codes.map(\.json)), "ledger": ledger.json(at: moment),
    ]
  }

  private var balanceJSON: JSON {
    [
      "verdict": .string(verdict.rawValue), "cases": .integer(balance.caseCount),
      "chargedCases": .integer(balance.chargedCaseCount),
      "partlyHeldCases": .integer(balance.partlyHeldCaseCount),
      "unchargedCases": .integer(unchargedCaseCount),
      "ledgerUnits": .integer(balance.ledgerUnits), "lineUnits": .integer(balance.lineUnits),
      "undatedCases": .integer(balance.undatedCaseCount),
    ]
  }
}

extension Listing {
  /// `{"count":…,NAME:[…],"leftOut":…}`.
  fileprivate func json(_ name: String, _ element: (Element) -> JSON) -> JSON {
    .object([
      JSON.Member("count", .integer(count)),
      JSON.Member(name, .array(elements.map(element))),
      JSON.Member("leftOut", .integer(leftOutCount)),
    ])
  }
}

extension ReconciledCase {
  fileprivate var members: [JSON.Member] {
    [
      JSON.Member("case", .string(caseID.description)),
      JSON.Member("serviceDate", .text(serviceDate?.description)),
      JSON.Member("operator", .text(operatingPhysician?.text)),
      JSON.Member("room", .text(room?.text)), JSON.Member("payer", .text(payer?.text)),
    ]
  }

  fileprivate var json: JSON { .object(members) }
}

extension UnchargedCases {
  fileprivate func json(at moment: ReconciledMoment) -> JSON {
    .object(
      [JSON.Member("reason", .string(reason.rawValue))]
        + (cases.json("cases") { $0.json(at: moment) }.members ?? []))
  }
}

extension UnchargedCase {
  fileprivate func json(at moment: ReconciledMoment) -> JSON {
    .object(
      subject.members + [
        JSON.Member("because", .string(sentence(at: moment))),
        JSON.Member("holds", .texts(holds.map(\.rawValue))),
        JSON.Member("edits", .texts(edits.map(\.rawValue))),
        JSON.Member("gap", .text(gap?.rawValue)),
        JSON.Member("since", .text(since?.description)),
      ])
  }
}

extension UndocumentedCharges {
  fileprivate var json: JSON {
    .object(
      [
        JSON.Member("kind", .string(kind.rawValue)), JSON.Member("units", .integer(units)),
      ] + (charges.json("charges") { $0.json }.members ?? []))
  }
}

extension UndocumentedCharge {
  fileprivate var json: JSON {
    .object(
      subject.members + [
        JSON.Member("code", .string(code.text)), JSON.Member("units", .integer(units)),
        JSON.Member("vessels", .array(vessels.map(\.json))),
        JSON.Member("entry", .text(entry?.description)),
        JSON.Member("person", .text(person?.text)),
        JSON.Member("recordedAt", .text(recordedAt?.description)),
      ])
  }
}

extension DifferingCharge {
  fileprivate var json: JSON {
    .object(
      subject.members + [
        JSON.Member("code", .string(code.text)),
        JSON.Member("modifiers", .texts(modifiers.map(\.text))),
        JSON.Member("ledgerUnits", .integer(ledgerUnits)),
        JSON.Member("lineUnits", .integer(lineUnits)),
      ])
  }
}

extension HeldLines {
  fileprivate var json: JSON {
    let ages = Age.allCases.map { age in
      JSON.object(
        [JSON.Member("days", .string(age.rawValue))] + (byAge[age] ?? Count()).members)
    }
    return .object(
      [JSON.Member("hold", .string(hold.rawValue))] + total.members + [
        JSON.Member("ages", .array(ages)),
        JSON.Member("oldest", oldest?.case.json ?? .null),
        JSON.Member("oldestDays", oldest.map { .integer($0.days) } ?? .null),
        JSON.Member("clearedBy", .string(hold.clearedBy)),
      ])
  }
}

extension HeldLines.Count {
  fileprivate var members: [JSON.Member] {
    [
      JSON.Member("lines", .integer(lines)), JSON.Member("cases", .integer(cases)),
      JSON.Member("units", .integer(units)),
    ]
  }
}

extension ChargeLag {
  fileprivate var json: JSON {
    let classes = histogram.map { element in
      JSON.object([
        JSON.Member("days", .string(element.class.rawValue)),
        JSON.Member("cases", .integer(element.cases)),
      ])
    }
    return [
      "cases": .integer(caseCount), "medianDays": .number(percentileDays(50)),
      "ninetiethPercentileDays": .number(percentileDays(90)),
      "longestDays": .number(longestDays), "slowest": slowest?.json ?? .null,
      "histogram": .array(classes),
      "signingToPosting": signing.map { signing in
        [
          "cases": .integer(signing.caseCount), "medianSeconds": .integer(signing.medianSeconds),
          "ninetiethPercentileSeconds": .integer(signing.ninetiethPercentileSeconds),
          "longestSeconds": .integer(signing.longestSeconds),
        ]
      } ?? .null,
    ]
  }
}

extension CodeUnits {
  fileprivate var json: JSON {
    [
      "code": .string(code.text), "chargedUnits": .integer(chargedUnits),
      "creditedUnits": .integer(creditedUnits), "netUnits": .integer(netUnits),
      "unitsOverLimit": .integer(unitsOverLimit), "cases": .integer(caseCount),
    ]
  }
}

extension ReconciledLedger {
  fileprivate func json(at moment: ReconciledMoment) -> JSON {
    [
      "epoch": .text(epoch?.text), "lastEntry": .text(last?.entry.description),
      "lastPostedAt": .text(last?.time.description),
      "acknowledgedThrough": .text(acknowledgement?.through.description),
      "acknowledgedBy": .text(acknowledgement?.person.text),
      "acknowledgedAt": .text(acknowledgement?.time.description),
      "outstandingEntries": .integer(outstandingEntryCount),
      "outstandingChargedUnits": .integer(outstandingChargedUnits),
      "outstandingCreditedUnits": .integer(outstandingCreditedUnits),
      "oldestOutstanding": .text(oldestOutstanding?.entry.description),
      "oldestOutstandingPostedAt": .text(oldestOutstanding?.time.description),
      "oldestOutstandingDays": .number(outstandingDays(at: moment)),
    ]
  }

  /// How many days ago the oldest entry that is not acknowledged was posted.
  func outstandingDays(at moment: ReconciledMoment) -> Int? {
    oldestOutstanding.map { moment.age(of: moment.timeZone.date(of: $0.time)) }
  }
}

extension JSON {
  fileprivate static func number(_ value: Int?) -> JSON { value.map { .integer($0) } ?? .null }
}
