internal import Postgres
internal import Procedures

extension LaneWorker {
  /// Commits the planned requests and settles them.
  ///
  /// The callers of the commit before are answered while this one is under way, so that they make
  /// ready what comes next while the database works. While the database cannot be reached, or its
  /// answer is lost, the same requests are sent again: what is stored already comes back as a repeat.
  func commit(_ planned: [Planned], of round: inout Round) async {
    let requests = planned.map(\.request)
    var isUncertain = false
    for attempt in 1...max(1, limits.attempts) {
      switch await outcomes(of: requests) {
      case .success(let outcomes): return await settle(planned, outcomes, &round)
      case .failure(let error):
        isUncertain = isUncertain || error.leavesCommitUnknown
        guard error.isPassing, attempt < limits.attempts, !Task.isCancelled else {
          return settle(planned, failing: error, isUncertain: isUncertain, &round)
        }
      }
      await pause(after: attempt)
    }
  }

  private func outcomes(
    of requests: [AppendRequest]
  ) async -> Result<[AppendOutcome], StoreError> {
    // A task beside this one would cost a lone caller two changes of thread.
    guard hasUnansweredCallers else {
      return await Self.outcomes(of: requests, in: facility, store)
    }
    let (facility, store) = (facility, store)
    async let outcomes = Self.outcomes(of: requests, in: facility, store)
    answerCallers()
    return await outcomes
  }

  private static func outcomes(
    of requests: [AppendRequest], in facility: FacilityCode, _ store: any LogStore
  ) async -> Result<[AppendOutcome], StoreError> {
    do throws(StoreError) {
      let outcomes = try await store.append(requests, to: facility)
      guard outcomes.count == requests.count else {
        throw .misuse("the store answered \(outcomes.count) of \(requests.count) requests")
      }
      return .success(outcomes)
    } catch {
      return .failure(error)
    }
  }

  private func settle(
    _ planned: [Planned], _ outcomes: [AppendOutcome], _ round: inout Round
  ) async {
    var newest: Instant?
    var withoutKey: [Pending] = []
    for (plan, outcome) in zip(planned, outcomes) {
      guard let pending = round.take(plan.index) else { continue }
      let tip = round.tips[pending.caseID]
      switch outcome {
      case .appended(let receipts):
        if receipts.contains(where: \.isRepeat), plan.grew(tip, receipts) { tip?.isSpoiled = true }
        for receipt in receipts where !receipt.isRepeat { newest = receipt.recordedAt }
        succeed(pending, receipts)
      case .eventIDReused(let index):
        tip?.isSpoiled = true
        settle(pending) { $0.refuse(.eventIDReused, index: index) }
      case .versionConflict:
        tip?.isSpoiled = true
        decideAgain(pending)
      case .keyConflict:
        tip?.isSpoiled = true
        withoutKey.append(pending)
      }
    }
    if let newest {
      logExists = true
      clock.set(newest)
      ticks.send()
    }
    for pending in withoutKey { await takeStoredKey(pending) }
  }

  private func takeStoredKey(_ pending: Pending) async {
    var pending = pending
    do {
      pending.take(
        try await vault.key(of: pending.caseID, in: facility, insteadOf: pending.key))
      decideAgain(pending)
    } catch {
      tryAgain(pending, after: error)
    }
  }

  private func settle(
    _ planned: [Planned], failing error: StoreError, isUncertain: Bool, _ round: inout Round
  ) {
    for tip in round.tips.values where tip.isSpeculative { tip.isSpoiled = true }
    for plan in planned {
      guard let pending = round.take(plan.index) else { continue }
      if case .facilityUnknown = error {
        settle(pending) { $0.refuse(.facilityUnknown, index: nil) }
      } else if planned.count > 1, !error.isPassing, !error.endsService {
        // One of them may be what the database cannot take; the others shall not suffer for it.
        tryAlone(pending)
      } else {
        settle(pending) { $0.fail(isUncertain ? .commitUnknown : .store(error)) }
      }
    }
  }
}

extension Round {
  /// Takes what stands at a place, so that it is settled once.
  fileprivate mutating func take(_ index: Int) -> Pending? {
    defer { pending[index] = nil }
    return pending[index]
  }
}

extension LaneWorker.Planned {
  /// Whether the state grew by an event that the log already held, and so at a wrong place.
  fileprivate func grew(_ tip: Tip?, _ receipts: [Receipt]) -> Bool {
    var expected = request.decidedVersion
    for receipt in receipts {
      if receipt.isRepeat, receipt.version > request.decidedVersion { return true }
      if !receipt.isRepeat {
        expected += 1
        if receipt.version != expected { return true }
      }
    }
    return false
  }
}

extension StoreError {
  /// Whether the same call may succeed later, and may be repeated since events have ids.
  var isPassing: Bool {
    guard case .database(let error) = self else { return false }
    switch error.kind {
    case .connectionFailed, .connectionLost, .commitUnknown, .poolExhausted: return true
    case .server: return error.isRetryable
    case .cancelled, .closed, .encoding, .decoding, .transactionAborted, .invalidUse,
      .protocolViolation:
      return false
    }
  }

  /// Whether the call may have taken effect all the same.
  var leavesCommitUnknown: Bool {
    guard case .database(let error) = self else { return false }
    switch error.kind {
    case .connectionLost, .commitUnknown, .cancelled: return true
    case .server, .connectionFailed, .poolExhausted, .closed, .encoding, .decoding,
      .transactionAborted, .invalidUse, .protocolViolation:
      return false
    }
  }

  /// Whether no other call will do better.
  var endsService: Bool {
    switch self {
    case .closed: true
    case .database(let error): error.kind == .cancelled || error.kind == .closed
    case .facilityUnknown, .unreadable, .masterKeyMissing, .misuse: false
    }
  }
}
