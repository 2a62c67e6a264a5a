public import Procedures

extension Price {
  /// `{"professional":{…},"facility":{…}?}`; dollars and figures are texts, so that no reader makes
  /// binary fractions of them.
  public var json: JSON {
    var members = [JSON.Member("professional", professional.json)]
    if let facility { members.append(JSON.Member("facility", facility.json)) }
    return .object(members)
  }
}

extension Price.Professional {
  fileprivate var json: JSON {
    switch self {
    case .amount(let amount, let figures):
      var members = [
        JSON.Member("amount", .string(amount.description)),
        JSON.Member("perUnit", .string(figures.perUnit.description)),
      ]
      members += figures.members
      if amount.isAssumed { members.append(JSON.Member("assumed", true)) }
      return .object(members)
    case .none(let absence, let because):
      return [
        "amount": .null, "code": .string(absence.rawValue), "because": .string(because),
      ]
    }
  }
}

extension FeeScheduleFigures {
  fileprivate var members: [JSON.Member] {
    [
      JSON.Member("work", .string(work.description)),
      JSON.Member("practiceExpense", .string(practiceExpense.description)),
      JSON.Member("practiceExpenseIn", .string(isOffice ? "office" : "facility")),
      JSON.Member("malpractice", .string(malpractice.description)),
      JSON.Member("conversionFactor", .string(conversionFactor.description)),
      JSON.Member("valuesSource", .string(valuesSource)),
      JSON.Member("factorSource", .string(factorSource)),
    ]
  }
}

extension Price.Facility {
  fileprivate var json: JSON {
    var members = [JSON.Member("payment", .string(payment.rawValue))]
    if let status {
      members.append(JSON.Member("status", .string(status.indicator)))
      if let group = status.group { members.append(JSON.Member("apc", .string(group))) }
    }
    members.append(JSON.Member("because", .string(because)))
    return .object(members)
  }
}

extension PriceTotal {
  /// `{"professional":…,"lines":…,"linesWithoutValue":…}`.
  public var json: JSON {
    var members = [
      JSON.Member("professional", professional.map { .string($0.description) } ?? .null),
      JSON.Member("lines", .integer(lines)),
      JSON.Member("linesWithoutValue", .integer(linesWithoutValue)),
    ]
    if professional?.isAssumed == true { members.append(JSON.Member("assumed", true)) }
    return .object(members)
  }
}

extension PricedCharges {
  /// The document of the charges with `price` on each line and `totals` at its end.
  public var json: JSON {
    var members = derivation.json.members ?? []
    if let lines = members.firstIndex(where: { $0.name == "lines" }) {
      let priced = zip(derivation.lines, prices).map { line, price in
        JSON.object((line.json.members ?? []) + [JSON.Member("price", price.json)])
      }
      members[lines] = JSON.Member("lines", .array(priced))
    }
    members.append(
      JSON.Member(
        "totals",
        [
          "currency": "USD", "basis": .string(Price.basis), "billable": billable.json,
          "planned": planned.json,
        ]))
    return .object(members)
  }
}
