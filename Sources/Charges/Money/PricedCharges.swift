public import Procedures

/// The charges of a case with what Medicare pays for each line, and the sums.
public struct PricedCharges: Hashable, Sendable {
  /// The charges.
  public let derivation: Derivation
  /// The price of each line, in the order of the lines.
  public let prices: [Price]
  /// What can be billed now.
  public let billable: PriceTotal
  /// What waits for a signature or for a hold to be cleared.
  public let planned: PriceTotal

  /// Prices the charges of a case.
  ///
  /// A line that an edit excludes is in no sum.
  /// - Parameters:
  ///   - derivation: the charges.
  ///   - setting: the setting of the case; nil where the case could not tell it.
  ///   - ruleBook: the book by which the charges were derived.
  public init(_ derivation: Derivation, setting: CareSetting?, ruleBook: RuleBook) {
    self.derivation = derivation
    var prices: [Price] = []
    if let setting, let date = derivation.serviceDate {
      prices = derivation.lines.map { ruleBook.price(of: $0, on: date, setting: setting) }
    }
    self.prices = prices
    let isKnown = derivation.holds.isEmpty && prices.count == derivation.lines.count
    let pairs = Array(zip(derivation.lines, prices))
    func total(_ status: LineStatus) -> PriceTotal {
      PriceTotal(of: pairs.filter { $0.0.status == status }.map(\.1), isKnown: isKnown)
    }
    billable = total(.billable)
    planned = total(.planned)
  }
}

/// The sum of the professional amounts of some lines.
public struct PriceTotal: Hashable, Sendable {
  /// The sum of those lines that have an amount; nil where lines are and none has one.
  public private(set) var professional: MedicareAmount?
  /// How many lines are on the professional claim.
  public private(set) var lines: Int
  /// How many of them have no value, and so are not in the sum.
  public private(set) var linesWithoutValue: Int

  /// The sum of no lines: zero.
  public init() { self.init(of: []) }

  /// The sum of one line.
  public init(of price: Price) { self.init(of: [price]) }

  /// The sum of these prices; unknown where the lines are.
  init(of prices: [Price], isKnown: Bool = true) {
    let claimed = prices.filter {
      if case .none(.notOnProfessionalClaim, _) = $0.professional { false } else { true }
    }
    let amounts = claimed.compactMap(\.professional.amount)
    lines = claimed.count
    linesWithoutValue = claimed.count - amounts.count
    guard isKnown, claimed.isEmpty || !amounts.isEmpty else { return }
    professional = amounts.reduce(MedicareAmount(cents: 0)) { sum, next in
      sum.flatMap { $0.plus(next) }
    }
  }

  /// Both together, as of several cases.
  public func adding(_ other: PriceTotal) -> PriceTotal {
    var sum = self
    sum.lines += other.lines
    sum.linesWithoutValue += other.linesWithoutValue
    switch (professional, other.professional) {
    case (let left?, let right?): sum.professional = left.plus(right)
    case (nil, let right?): sum.professional = right
    case (_, nil): break
    }
    return sum
  }
}
