public import Procedures
internal import Synchronization

/// The one way into the log: decides what the log takes, and commits in groups what arrives while
/// the commit before is under way.
public final class Appender: Sendable {
  let store: any LogStore
  let vault: Vault
  let ticks: LogTicks
  let derivedCodes: Set<BillingCode>
  let ruleBooks: AdoptableRuleBooks
  let limits: AppenderLimits
  private let lanes = Mutex(Lanes())
  private let newLanes: AsyncStream<FacilityLane>
  private let announceLane: AsyncStream<FacilityLane>.Continuation

  private struct Lanes {
    var byFacility: [FacilityCode: FacilityLane] = [:]
    var isShutDown = false
  }

  /// An appender that works while ``run()`` runs.
  ///
  /// - Parameters:
  ///   - store: the logs.
  ///   - vault: seals what identifies patients; over the same store.
  ///   - ticks: told after each commit that appended something.
  ///   - derivedCodes: the codes that the rule book derives, which nobody states.
  ///   - ruleBooks: the books that facilities can adopt.
  ///   - limits: how much it takes on.
  public init(
    store: any LogStore, vault: Vault, ticks: LogTicks, derivedCodes: Set<BillingCode>,
    ruleBooks: AdoptableRuleBooks, limits: AppenderLimits = AppenderLimits()
  ) {
    self.store = store
    self.vault = vault
    self.ticks = ticks
    self.derivedCodes = derivedCodes
    self.ruleBooks = ruleBooks
    self.limits = limits
    // Holds at most one lane a facility that has a log.
    (newLanes, announceLane) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
  }

  /// Commits what is submitted, until ``shutdown()`` was called and everything queued is answered.
  ///
  /// Runs once. When the task is cancelled, what is queued is refused and a commit under way is given
  /// up: whether it succeeded is then not known.
  public func run() async {
    await withDiscardingTaskGroup { group in
      for await lane in newLanes {
        group.addTask {
          await withTaskCancellationHandler {
            await LaneWorker(lane, for: self).run()
          } onCancel: {
            lane.close()
          }
        }
      }
    }
    shutdown()
    // After a cancellation a lane may have had no worker yet.
    for lane in lanes.withLock({ Array($0.byFacility.values) }) {
      for pending in lane.take().waiting { pending.fail(.store(.closed)) }
    }
  }

  /// Takes nothing more; ``run()`` finishes what is queued and returns.
  public func shutdown() {
    let open = lanes.withLock { lanes in
      lanes.isShutDown = true
      return Array(lanes.byFacility.values)
    }
    for lane in open { lane.close() }
    announceLane.finish()
  }

  /// Appends to a facility's log, and answers after the commit.
  ///
  /// Once queued, the submission is answered whether or not its task is cancelled.
  /// - Returns: a receipt for each event, in order.
  public func append(
    _ submission: Submission, to facility: FacilityCode
  ) async throws(AppendFailure) -> [Receipt] {
    guard !submission.events.isEmpty else { return [] }
    guard submission.events.count <= limits.batchEvents else {
      throw .store(.misuse("a submission of more than \(limits.batchEvents) events"))
    }
    let lane = try await lane(of: facility, for: submission)
    let prepared = try await Prepared(submission, in: facility, vault: vault)
    return try await lane.submit(prepared)
  }

  /// The facility's lane; made for a facility that has a log, or that the submission opens.
  private func lane(
    of facility: FacilityCode, for submission: Submission
  ) async throws(AppendFailure) -> FacilityLane {
    let known = try lanes.withLock { lanes throws(AppendFailure) in
      guard !lanes.isShutDown else { throw .store(.closed) }
      return lanes.byFacility[facility]
    }
    if let known { return known }
    let head: LogEnd?
    do { head = try await store.head(of: facility) } catch { throw .store(error) }
    guard head != nil || submission.events.first?.type == .facilityOpened else {
      throw .refused(.facilityUnknown, index: nil)
    }
    let (lane, isNew) = try lanes.withLock { lanes throws(AppendFailure) in
      guard !lanes.isShutDown else { throw .store(.closed) }
      if let known = lanes.byFacility[facility] { return (known, false) }
      let lane = FacilityLane(facility: facility, limits: limits)
      lanes.byFacility[facility] = lane
      return (lane, true)
    }
    if isNew { announceLane.yield(lane) }
    return lane
  }
}
