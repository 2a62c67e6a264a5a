internal import Postgres
public import Procedures
internal import Store

extension ProjectorRunner {
  /// Builds a facility's rows anew beside those that readers see, and swaps them in one transaction.
  ///
  /// It may be ended at any time, and goes on where it was when it is called again. Neither readers
  /// nor the runner wait for it, but for the swap itself. The ledger stays as it is: what was entered
  /// is never entered again, and what is recorded since is posted as ever.
  /// - Parameters:
  ///   - facility: whose rows.
  ///   - progress: hears how far it has come, after each transaction.
  /// - Throws: ``ProjectorError``.
  public func rebuild(
    facility: FacilityCode, progress: @Sendable (RebuildProgress) -> Void
  ) async throws(ProjectorError) {
    var hasBegun = false
    try await applyRest(in: facility)
    while true {
      let step = try await rebuildStep(facility, mayBegin: !hasBegun)
      hasBegun = true
      guard let step else { break }
      progress(step)
    }
    while let step = try await removeOld(in: facility) { progress(step) }
    try await applyRest(in: facility)
    let end = try await transaction(in: facility, .readOnly) { session throws(PostgresError) in
      try session.logEnd(of: facility)
    }
    applied.send()
    progress(RebuildProgress(stage: .done, eventCount: end, logEnd: end))
  }

  /// Applies what is left of the log, unless another process does or the rows are of another edition.
  private func applyRest(in facility: FacilityCode) async throws(ProjectorError) {
    while case .applied = try await applyNext(in: facility) {}
  }

  /// Does one transaction's worth of a rebuild, as the database has it; nil when none is left.
  private func rebuildStep(
    _ facility: FacilityCode, mayBegin: Bool
  ) async throws(ProjectorError) -> RebuildProgress? {
    let projector = projector
    let limit = settings.batchLimit
    let step = try await transaction(in: facility) {
      session throws(PostgresError) -> (RebuildProgress?, [CurrentLines.Applied]) in
      let end = try session.logEnd(of: facility)
      if let rebuild = try Rebuild.current(of: facility, session) {
        guard rebuild.edition == projector.edition else {
          // Left by another edition: of no use to this one.
          return try projector.drop(rebuild.generation, of: facility, end, session)
        }
        let next = try projector.advance(rebuild, session)
        return (
          RebuildProgress(
            stage: (next ?? rebuild).stage == .cases ? .cases : .sessions,
            eventCount: (next ?? rebuild).eventCount, logEnd: end), []
        )
      }
      let active = try Checkpoint.active(of: facility, session)?.generation ?? 0
      if let built = try Checkpoint.all(of: facility, session).last, built.generation > active {
        guard built.edition == projector.edition else {
          return try projector.drop(built.generation, of: facility, end, session)
        }
        return try projector.catchUp(facility, limit: limit, session)
      }
      guard mayBegin, end > 0 else { return (nil, []) }
      let rebuild = try projector.begin(facility, session)
      return (
        RebuildProgress(stage: .cases, eventCount: rebuild.eventCount, logEnd: end), []
      )
    }
    for batch in step.1 { projector.keep(batch) }
    return step.0
  }

  /// Removes some rows of generations before the one that readers see; nil when none are left.
  private func removeOld(
    in facility: FacilityCode
  ) async throws(ProjectorError) -> RebuildProgress? {
    let limit = settings.caseLimit
    return try await transaction(in: facility) { session throws(PostgresError) in
      let checkpoints = try Checkpoint.all(of: facility, session)
      guard let active = checkpoints.first(where: \.isActive),
        let old = checkpoints.first, old.generation < active.generation
      else { return nil }
      let rows = GenerationRows(
        facility: facility, generation: old.generation, session: session)
      _ = try rows.removeSome(limit: limit)
      return RebuildProgress(
        stage: .removingOld, eventCount: active.position, logEnd: active.position)
    }
  }
}

extension CurrentLines {
  /// Applies to a built generation what the active one has applied since, and swaps it in once it has
  /// come as far.
  ///
  /// No further, so that the active generation's batches are those that post, unless the ledger is
  /// behind them. The generations' checkpoints are locked from the oldest on, so that no two
  /// transactions wait for each other. The runner, which skips what is locked, waits for the swap
  /// alone: as long as more than a batch is left, the active generation is left to it.
  func catchUp(
    _ facility: FacilityCode, limit: Int, _ session: DatabaseSession
  ) throws(PostgresError) -> (RebuildProgress?, [Applied]) {
    let seen = try Checkpoint.all(of: facility, session)
    guard let built = seen.last, let active = seen.first(where: \.isActive) else {
      return (nil, [])
    }
    guard active.position - built.position <= Int64(limit) else {
      let own = try Checkpoint.all(
        of: facility, only: built.generation, lock: .waiting, session)
      guard let locked = own.first,
        let batch = try applyNext(to: locked, limit: limit, session)
      else { return (nil, []) }
      return (Self.progress(batch.checkpoint, active.position), [batch])
    }
    // From here on nobody else applies.
    let locked = try Checkpoint.all(of: facility, lock: .waiting, session)
    guard var next = locked.last, !next.isActive,
      let active = locked.first(where: \.isActive)
    else { return (nil, []) }
    var last: Applied?
    // The runner may have applied more meanwhile; readers must not be set back.
    while next.position < active.position {
      let rest = min(Int64(limit), active.position - next.position)
      guard let batch = try applyNext(to: next, limit: Int(rest), session) else { break }
      next = batch.checkpoint
      last = batch
    }
    try active.setActive(false, session)
    try next.setActive(true, session)
    return (Self.progress(next, active.position), last.map { [$0] } ?? [])
  }

  /// Removes some rows of a generation that nobody will see.
  func drop(
    _ generation: Int64, of facility: FacilityCode, _ end: Int64, _ session: DatabaseSession
  ) throws(PostgresError) -> (RebuildProgress?, [Applied]) {
    let rows = GenerationRows(facility: facility, generation: generation, session: session)
    _ = try rows.removeSome(limit: caseLimit)
    return (RebuildProgress(stage: .removingOld, eventCount: 0, logEnd: end), [])
  }

  private static func progress(_ checkpoint: Checkpoint, _ end: Int64) -> RebuildProgress {
    RebuildProgress(
      stage: .catchingUp, eventCount: checkpoint.position, logEnd: max(end, checkpoint.position))
  }
}
