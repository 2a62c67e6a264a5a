/// What one event of the log makes a ledger enter.
public enum Posting: Hashable, Sendable {
  /// A line is charged.
  case charge(Charge)
  /// A charge is credited whole; the number is the charge's.
  case credit(of: Int64, Charge)

  /// What is charged or credited.
  public var charge: Charge {
    switch self {
    case .charge(let charge), .credit(of: _, let charge): charge
    }
  }
}

/// A charge that no credit stands against.
public struct StandingCharge: Hashable, Sendable {
  /// Its number in the ledger.
  public let number: Int64
  /// What was charged.
  public let charge: Charge

  /// A charge of this number.
  public init(number: Int64, charge: Charge) {
    self.number = number
    self.charge = charge
  }
}

extension Posting {
  /// What makes the standing charges of a case those that its lines are.
  ///
  /// A charge of which a claim would say the same stays. Any other is credited whole, never changed
  /// and never by a difference; then what is new is charged. So the charges that stand are always
  /// the billable lines.
  ///
  /// - Parameters:
  ///   - standing: the charges of the case that stand.
  ///   - billable: the charges that it makes now, in the order of its lines.
  /// - Returns: credits in the order of their charges, then charges in the order of lines; none where
  ///   nothing changed.
  public static func postings(
    from standing: some Sequence<StandingCharge>, to billable: [Charge]
  ) -> [Posting] {
    var unmatched = standing.sorted { $0.number < $1.number }
    let new = billable.filter { charge in
      guard let same = unmatched.firstIndex(where: { $0.charge.claims(sameAs: charge) }) else {
        return true
      }
      unmatched.remove(at: same)
      return false
    }
    return unmatched.map { .credit(of: $0.number, $0.charge) } + new.map { .charge($0) }
  }
}
