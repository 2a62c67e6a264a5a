public import Charges
internal import Postgres
public import Procedures

extension Replay {
  /// What a case still lacks, as its current charges say: of the same version, by the same book and
  /// policy, beside the same other sessions.
  ///
  /// - Parameters:
  ///   - state: the case through the version of its charges.
  ///   - current: its charges as they are projected.
  ///   - facility: the facility of both.
  /// - Returns: sorted by what the lab can do now.
  /// - Throws: ``ReplayError``.
  public func guidance(
    of state: CaseState, with current: CurrentCase, in facility: FacilityCode
  ) async throws(ReplayError) -> [Guidance] {
    let document = try? JSON.read(current.document)
    guard let digest = document?["ruleBookDigest"]?.text,
      let book = try await book(of: digest, in: facility)
    else { return Guidance.unreadable(state) }
    let context = DerivationContext(
      ruleBook: book, policy: current.entry.groupingPolicy,
      otherSessions: current.otherSessions)
    return Guidance.list(of: state, in: context, heldBecause: current.heldBecause)
  }

  private func book(
    of digest: String, in facility: FacilityCode
  ) async throws(ReplayError) -> RuleBook? {
    let books = books
    if books.shipped.digest == digest { return books.shipped }
    do throws(PostgresError) {
      return try await pool.transaction(TransactionMode.readOnly.projecting(facility)) {
        session throws(PostgresError) in
        try books.book(of: digest, in: facility, session)
      }
    } catch {
      throw .database(error)
    }
  }
}
