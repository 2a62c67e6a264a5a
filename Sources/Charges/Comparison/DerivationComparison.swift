public import Procedures

/// One case derived twice: the units of each kind of line before and after.
public struct DerivationComparison: Hashable, Sendable {
  /// What is compared: units of one code with the same modifiers that stand alike.
  public struct Line: Hashable, Sendable {
    /// The code.
    public let code: BillingCode
    /// The line's modifiers.
    public let modifiers: [Modifier]
    /// Where its units stand.
    public let status: LineStatus
    /// Its units before; none where there was no such line.
    public let before: PricedUnits
    /// Its units after; none where there is no such line.
    public let after: PricedUnits
  }

  /// The case.
  public let caseID: CaseID
  /// Its date of service; nil where the case could not tell it.
  public let serviceDate: CalendarDate?
  /// Every line of either derivation, in the order of lines.
  public let lines: [Line]
  /// Why it could not be derived before; nil where it could.
  public let failureBefore: String?
  /// Why it cannot be derived after; nil where it can.
  public let failureAfter: String?

  /// Compares two derivations of a case, each priced by the book that made it.
  ///
  /// - Parameters:
  ///   - before: the one; nil where there was no such case.
  ///   - after: the other, of the same case.
  ///   - setting: where the case was done; nil where it cannot tell, and then nothing is priced.
  ///   - ruleBooks: by which each was derived.
  public init(
    _ before: Derivation?, _ after: Derivation, setting: CareSetting?,
    ruleBooks: (before: RuleBook, after: RuleBook)
  ) {
    caseID = after.caseID
    serviceDate = after.serviceDate ?? before?.serviceDate
    failureBefore = before?.failure
    failureAfter = after.failure
    var places: [Key: Int] = [:]
    var pairs: [(key: Key, before: PricedUnits, after: PricedUnits)] = []
    func place(_ line: LineItem) -> Int {
      let key = Key(code: line.code, modifiers: line.modifiers, status: line.status)
      if let place = places[key] { return place }
      places[key] = pairs.count
      pairs.append((key, PricedUnits(), PricedUnits()))
      return pairs.count - 1
    }
    if let before {
      for line in before.lines {
        pairs[place(line)].before.add(PricedUnits(line, before, setting, ruleBooks.before))
      }
    }
    for line in after.lines {
      pairs[place(line)].after.add(PricedUnits(line, after, setting, ruleBooks.after))
    }
    lines = pairs.map { pair in
      Line(
        code: pair.key.code, modifiers: pair.key.modifiers, status: pair.key.status,
        before: pair.before, after: pair.after)
    }.sorted(by: Line.precedes)
  }

  private struct Key: Hashable {
    let code: BillingCode
    let modifiers: [Modifier]
    let status: LineStatus
  }

  /// The lines whose units or amounts differ.
  public var changes: [Line] { lines.filter { $0.before != $0.after } }

  /// Whether anything differs that a claim would show, or whether the case can be derived.
  public var isChanged: Bool {
    failureBefore != failureAfter || lines.contains { $0.before != $0.after }
  }

  /// `{"case":…,"serviceDate":…,"changes":[…]}`, and why it could not be derived where it could not.
  public var json: JSON {
    var members = [
      JSON.Member("case", .string(caseID.description)),
      JSON.Member("serviceDate", serviceDate.map { .string($0.description) } ?? .null),
      JSON.Member("changes", .array(changes.map(\.json))),
    ]
    if let failureBefore { members.append(JSON.Member("failureBefore", .string(failureBefore))) }
    if let failureAfter { members.append(JSON.Member("failureAfter", .string(failureAfter))) }
    return .object(members)
  }
}

extension DerivationComparison.Line {
  fileprivate static func precedes(_ left: Self, _ right: Self) -> Bool {
    if left.code != right.code { return left.code < right.code }
    if left.modifiers != right.modifiers {
      return left.modifiers.lexicographicallyPrecedes(right.modifiers)
    }
    return left.status < right.status
  }

  /// `{"code":…,"modifiers":[…],"status":…,"before":{…},"after":{…}}`.
  public var json: JSON {
    [
      "code": .string(code.text), "modifiers": .texts(modifiers.map(\.text)),
      "status": .string(status.rawValue), "before": before.json, "after": after.json,
    ]
  }
}

extension Derivation {
  /// Why the case could not be derived; nil where it could.
  fileprivate var failure: String? { holds.first { $0.code == .derivationFailed }?.because }
}
