public import Procedures

/// The one way into the log: decides what the log takes, and commits in groups what arrives while
/// the commit before is under way.
public final class Appender: Sendable {
  let store: any LogStore
  let vault: Vault
  let ticks: LogTicks
  let derivedCodes: Set<BillingCode>
  let limits: AppenderLimits

  /// An appender that works while ``run()`` runs.
  ///
  /// - Parameters:
  ///   - store: the logs.
  ///   - vault: seals what identifies patients; over the same store.
  ///   - ticks: told after each commit that appended something.
  ///   - derivedCodes: the codes that the rule book derives, which nobody states.
  ///   - limits: how much it takes on.
  public init(
    store: any LogStore, vault: Vault, ticks: LogTicks, derivedCodes: Set<BillingCode>,
    limits: AppenderLimits = AppenderLimits()
  ) {
    self.store = store
    self.vault = vault
    self.ticks = ticks
    self.derivedCodes = derivedCodes
    self.limits = limits
  }

  /// Commits what is submitted, until ``shutdown()`` was called and everything queued is answered.
  ///
  /// When the task is cancelled, what is queued is refused, and a commit under way is given up.
  public func run() async {}

  /// Takes nothing more; ``run()`` finishes what is queued and returns.
  public func shutdown() {}

  /// Appends to a facility's log, and answers after the commit.
  ///
  /// Once queued, the submission is answered whether or not its task is cancelled.
  /// - Returns: a receipt for each event, in order.
  public func append(
    _ submission: Submission, to facility: FacilityCode
  ) async throws(AppendFailure) -> [Receipt] {
    throw .store(.closed)
  }
}
