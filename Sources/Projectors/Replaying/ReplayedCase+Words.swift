public import Charges
public import Procedures

extension ReplayedCase {
  /// What the case lacked at its moment before it could be signed and billed.
  public var guidance: [Guidance] {
    Guidance.list(of: state, in: context, heldBecause: heldBecause)
  }

  /// Each unit of a code at the moment, traced to its entries and rules, and what would change it.
  ///
  /// - Parameters:
  ///   - code: the code; it may have no unit.
  ///   - events: events of the case as the reader may see them; the replay itself reads them sealed.
  ///     Those that do not belong to the moment are left out.
  ///   - isPriced: whether each line has its price.
  /// - Returns: the explanation; that of a case that cannot be derived says why.
  public func explanation(
    of code: BillingCode, events: [RecordedEvent], isPriced: Bool = false
  ) -> Explanation {
    let seen = events.filter { state.entry($0.event.id) != nil }
    var explanation = explanation(of: code, shownBy: seen, isPriced)
    explanation.records = Dictionary(
      seen.map {
        ($0.event.id, Explanation.Record(recorder: $0.recorder, recordedAt: $0.recordedAt))
      }
    ) { first, _ in first }
    return explanation
  }

  private func explanation(
    of code: BillingCode, shownBy events: [RecordedEvent], _ isPriced: Bool
  ) -> Explanation {
    guard heldBecause == nil else { return Explanation(of: code, failed: derivation) }
    var shown = CaseState(state.id)
    for event in events { shown.evolve(event.event, version: event.version) }
    do throws(DerivationError) {
      return try Explanation(of: code, in: shown, context, isPriced: isPriced)
    } catch {
      return Explanation(of: code, failed: derivation)
    }
  }
}
