internal import Procedures

extension LaneWorker {
  /// One request of the commit, and whose it is.
  struct Planned {
    let index: Int
    let request: AppendRequest
  }

  /// Decides the round's submissions in order, each on what the ones before it will have done.
  func plan(_ round: inout Round) -> [Planned] {
    let context = DecisionContext(
      facility: facility, now: clock.now, derivedCodes: derivedCodes,
      ruleBooks: round.ruleBooks)
    // Every request of a case carries one key: that of the first.
    var keys: [CaseID: CaseKey] = [:]
    var planned: [Planned] = []
    for index in round.pending.indices {
      guard var pending = round.pending[index], let tip = round.tips[pending.caseID] else {
        continue
      }
      if let key = keys[pending.caseID] { pending.take(key) }
      keys[pending.caseID] = pending.key
      let verdict = decide(&pending, on: tip, context)
      round.pending[index] = nil
      switch verdict {
      case .request(let request):
        planned.append(Planned(index: index, request: request))
        round.pending[index] = pending
      case .refusal(let refusal, let place): settle(pending) { $0.refuse(refusal, index: place) }
      case .doubt: decideAgain(pending)
      case .failure(let error): settle(pending) { $0.fail(.store(error)) }
      }
    }
    return planned
  }

  private enum Verdict {
    case request(AppendRequest)
    /// Refused on a state that is sure.
    case refusal(Refusal, index: Int?)
    /// Refused on a state that may be old, or may not come about.
    case doubt
    case failure(StoreError)
  }

  private func decide(
    _ pending: inout Pending, on tip: Tip, _ context: DecisionContext
  ) -> Verdict {
    guard !tip.isSpoiled else { return .doubt }
    let version = tip.subject.version
    let isSure = tip.isConfirmed && !tip.isSpeculative
    let isRepeat = pending.events.allSatisfy { tip.subject.knows($0.id) }
    if let expected = pending.expectedVersion, expected != version, !isRepeat {
      guard isSure else { return .doubt }
      return .refusal(.versionConflict(expected: expected, current: version), index: nil)
    }
    var entries: [LogEntry] = []
    entries.reserveCapacity(pending.events.count)
    for index in pending.events.indices {
      do throws(StoreError) {
        switch try decide(index, of: &pending, on: tip, context) {
        case .success(let entry): entries.append(entry)
        case .failure(let refusal):
          // What was decided of the same submission before will not come about.
          if tip.subject.version != version { tip.isSpoiled = true }
          return isSure ? .refusal(refusal, index: index) : .doubt
        }
      } catch {
        if tip.subject.version != version { tip.isSpoiled = true }
        return .failure(error)
      }
    }
    if tip.subject.version != version { tip.isSpeculative = true }
    return .request(
      AppendRequest(
        caseID: pending.caseID, decidedVersion: version, entries: entries,
        key: pending.key.wrapped))
  }

  /// Decides one event and lets the state grow by it; a known one is a repeat, or a reused id, as
  /// the store will say, and is not decided.
  private func decide(
    _ index: Int, of pending: inout Pending, on tip: Tip, _ context: DecisionContext
  ) throws(StoreError) -> Result<LogEntry, Refusal> {
    let event = pending.events[index]
    let subject = event.body.correctedEntry.flatMap { tip.subject.type(of: $0) }
    if tip.subject.knows(event.id) {
      return .success(
        try pending.seal(index, as: event, correcting: subject, in: facility).entry)
    }
    let decided: Event
    do { decided = try tip.subject.decide(event, in: context) } catch { return .failure(error) }
    let sealed = try pending.seal(index, as: decided, correcting: subject, in: facility)
    tip.subject.evolve(sealed.event, version: tip.subject.version + 1)
    return .success(sealed.entry)
  }
}

extension EventBody {
  /// The entry that a correction corrects.
  fileprivate var correctedEntry: EventID? {
    if case .entryCorrected(let correction) = self { return correction.entry }
    return nil
  }
}
