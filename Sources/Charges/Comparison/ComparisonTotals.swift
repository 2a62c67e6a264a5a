public import Procedures

/// What many cases come to before and after, by code and status.
public struct ComparisonTotals: Hashable, Sendable {
  /// The units of one code that stand alike, whatever their modifiers.
  public struct Row: Hashable, Sendable {
    /// The code.
    public let code: BillingCode
    /// Where its units stand.
    public let status: LineStatus
    /// The units of all cases before.
    public internal(set) var before = PricedUnits()
    /// The units of all cases after.
    public internal(set) var after = PricedUnits()
    /// In how many cases they differ.
    public internal(set) var changedCaseCount = 0
  }

  private struct Key: Hashable {
    let code: BillingCode
    let status: LineStatus
  }

  /// How many cases were compared.
  public private(set) var caseCount = 0
  /// How many of them differ.
  public private(set) var changedCaseCount = 0
  /// How many could not be derived before.
  public private(set) var failedBeforeCount = 0
  /// How many cannot be derived after.
  public private(set) var failedAfterCount = 0
  private var table: [Key: Row] = [:]

  /// No case.
  public init() {}

  /// Adds a case.
  public mutating func add(_ comparison: DerivationComparison) {
    caseCount += 1
    if comparison.isChanged { changedCaseCount += 1 }
    if comparison.failureBefore != nil { failedBeforeCount += 1 }
    if comparison.failureAfter != nil { failedAfterCount += 1 }
    var changed: Set<Key> = []
    for line in comparison.lines {
      let key = Key(code: line.code, status: line.status)
      var row = table[key] ?? Row(code: line.code, status: line.status)
      row.before.add(line.before)
      row.after.add(line.after)
      if line.before != line.after, changed.insert(key).inserted { row.changedCaseCount += 1 }
      table[key] = row
    }
  }

  /// Every code and status of any case, in order.
  public var rows: [Row] {
    table.values.sorted { ($0.code, $0.status) < ($1.code, $1.status) }
  }

  /// What stands alike, over all codes.
  public func sum(_ status: LineStatus) -> (before: PricedUnits, after: PricedUnits) {
    var before = PricedUnits()
    var after = PricedUnits()
    for row in table.values where row.status == status {
      before.add(row.before)
      after.add(row.after)
    }
    return (before, after)
  }

  /// `{"cases":…,"changed":…,"failedBefore":…,"failedAfter":…,"codes":[…]}`.
  public var json: JSON {
    [
      "cases": .integer(caseCount), "changed": .integer(changedCaseCount),
      "failedBefore": .integer(failedBeforeCount), "failedAfter": .integer(failedAfterCount),
      "codes": .array(
        rows.map { row in
          [
            "code": .string(row.code.text), "status": .string(row.status.rawValue),
            "changedCases": .integer(row.changedCaseCount), "before": row.before.json,
            "after": row.after.json,
          ]
        }),
    ]
  }
}
