public import Charges
public import Logging
public import Postgres
internal import Procedures
public import Store

/// Keeps every facility's current lines and worklist in step with its log.
///
/// Any number of processes may run one on the same database: a facility's checkpoint is locked by
/// whoever applies a batch, and the others wait.
public final class ProjectorRunner: Sendable {
  let pool: ConnectionPool
  let store: any LogStore
  let ticks: LogTicks
  let logger: Logger
  let settings: ProjectorSettings
  let projector: CurrentLines
  /// Told after each batch of this process.
  let applied = LogTicks()

  /// A runner that works while ``run()`` runs; everything else works without it, too.
  ///
  /// - Parameters:
  ///   - pool: connections in the role of the service.
  ///   - store: the logs in the same database.
  ///   - ticks: tells of commits.
  ///   - ruleBook: the rules by which lines are derived.
  ///   - logger: hears of failures, without patient data.
  ///   - settings: how it reads and waits.
  public init(
    pool: ConnectionPool, store: any LogStore, ticks: LogTicks, ruleBook: RuleBook, logger: Logger,
    settings: ProjectorSettings = ProjectorSettings()
  ) {
    self.pool = pool
    self.store = store
    self.ticks = ticks
    self.logger = logger
    self.settings = settings
    projector = CurrentLines(
      ruleBook: ruleBook, caseLimit: settings.caseLimit,
      cachedEntryLimit: settings.cachedEntryLimit)
  }

  /// Follows every log, those among them that begin meanwhile, until the task is cancelled.
  public func run() async {
    await withDiscardingTaskGroup { group in
      // One child task a facility.
      var followed: Set<FacilityCode> = []
      var failureCount = 0
      while !Task.isCancelled {
        do throws(StoreError) {
          for facility in try await store.facilities() where followed.insert(facility).inserted {
            group.addTask { await self.follow(facility) }
          }
          failureCount = 0
        } catch {
          failureCount += 1
          await pause(after: .store(error), count: failureCount, facility: nil)
          continue
        }
        // Not by ticks: a log begins seldom. Cancelled, the loop ends by itself.
        try? await Task.sleep(for: settings.pollInterval)
      }
    }
  }

  private func follow(_ facility: FacilityCode) async {
    var failureCount = 0
    var reportedEdition = false
    while !Task.isCancelled {
      // Subscribed before it reads, so that what is committed after the read wakes it.
      let ticks = ticks.subscribe()
      do throws(ProjectorError) {
        switch try await applyNext(in: facility) {
        case .applied: break
        case .caughtUp, .lockedElsewhere:
          await wait(for: ticks, atMost: settings.pollInterval)
        case .otherEdition(let edition):
          if projector.edition.succeeds(edition) {
            try await rebuild(facility: facility) { _ in }
          } else {
            if !reportedEdition { report(edition, in: facility) }
            reportedEdition = true
            await wait(for: ticks, atMost: settings.longestPause)
          }
        }
        failureCount = 0
      } catch {
        failureCount += 1
        await pause(after: error, count: failureCount, facility: facility)
      }
    }
  }

  private func report(_ edition: ProjectorEdition, in facility: FacilityCode) {
    logger.error(
      "The current lines were made by another edition and stay as they are; rebuild them.",
      metadata: [
        "facility": "\(facility)", "projector-version": "\(edition.version)",
        "rule-book": "\(edition.ruleBook)",
      ])
  }

  private func pause(
    after error: ProjectorError, count: Int, facility: FacilityCode?
  ) async {
    guard !Task.isCancelled else { return }
    logger.warning(
      "A batch of the current lines failed and will be tried again.",
      metadata: [
        "facility": "\(facility?.text ?? "-")", "failures": "\(count)", "error": "\(error)",
      ])
    // Cancelled, the loop ends by itself.
    try? await Task.sleep(for: settings.pause(afterFailures: count))
  }
}

// MARK: - One batch

extension ProjectorRunner {
  /// What became of an attempt to apply a batch.
  enum Step: Sendable {
    case applied
    case caughtUp
    case lockedElsewhere
    case otherEdition(ProjectorEdition)
  }

  /// Applies the next batch of a facility's log to the rows that readers see, in one transaction.
  func applyNext(in facility: FacilityCode) async throws(ProjectorError) -> Step {
    let projector = projector
    let limit = settings.batchLimit
    let (step, batch) = try await transaction(in: facility) {
      session throws(PostgresError) -> (Step, CurrentLines.Applied?) in
      // Without a lock at first, so that looking in vain writes nothing.
      let seen = try Checkpoint.active(of: facility, session)
      if let seen, seen.edition != projector.edition { return (.otherEdition(seen.edition), nil) }
      guard try session.logEnd(of: facility) > seen?.position ?? 0 else { return (.caughtUp, nil) }
      if seen == nil { try projector.firstCheckpoint(of: facility).insert(session) }
      let locked = try Checkpoint.active(of: facility, lock: .skipping, session)
      guard let checkpoint = locked, checkpoint.edition == projector.edition else {
        return (.lockedElsewhere, nil)
      }
      let batch = try projector.applyNext(to: checkpoint, limit: limit, session)
      return (batch == nil ? .caughtUp : .applied, batch)
    }
    if let batch {
      projector.keep(batch)
      applied.send()
    }
    return step
  }

  /// Runs `body` in a transaction that sees this facility alone.
  func transaction<Value: Sendable>(
    in facility: FacilityCode, _ mode: TransactionMode = .readWrite,
    _ body: @Sendable (DatabaseSession) throws(PostgresError) -> Value
  ) async throws(ProjectorError) -> Value {
    try await pool.transaction(in: facility, mode, body)
  }
}

extension TransactionMode {
  /// The mode for the rows of one facility.
  ///
  /// A plan that is made while a generation is empty must still be right when it is full.
  func projecting(_ facility: FacilityCode) -> TransactionMode {
    setting("cathlog.facility", to: facility.text).setting("enable_seqscan", to: "off")
  }
}

extension CurrentLines {
  /// The account before the first event.
  func firstCheckpoint(of facility: FacilityCode, generation: Int64 = 1) -> Checkpoint {
    Checkpoint(
      facility: facility, generation: generation, edition: edition, isActive: true, position: 0,
      recordedAt: nil, account: Checkpoint.Account())
  }
}

/// Waits for a tick, but not longer than this.
func wait(for ticks: AsyncStream<Void>, atMost interval: Duration) async {
  await withTaskGroup(of: Void.self) { group in
    group.addTask { for await _ in ticks { return } }
    // Cancelled means that a tick came first.
    group.addTask { try? await Task.sleep(for: interval) }
    await group.next()
    group.cancelAll()
  }
}
