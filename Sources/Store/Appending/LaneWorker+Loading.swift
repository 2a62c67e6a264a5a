internal import Procedures

extension LaneWorker {
  /// Finds the states of the round's cases: remembered ones, and from the store those that are not
  /// remembered or must be sure.
  ///
  /// A submission whose case cannot be read leaves the round.
  func load(_ round: inout Round) async {
    guard await setClock(&round) else { return }
    await loadRuleBooks(&round)
    var reads: [CaseID: Tip] = [:]
    for case let pending? in round.pending {
      let known = round.tips[pending.caseID] ?? tips[pending.caseID]
      // An opening is taken at its word: where the case exists, the store knows better.
      let tip = known ?? Tip(pending.caseID, isConfirmed: false)
      if pending.needsConfirmedState || (known == nil && !pending.isOpening) {
        reads[pending.caseID] = tip
      }
      round.tips[pending.caseID] = tip
      tips[pending.caseID] = tip
    }
    guard !reads.isEmpty else { return }
    answerCallers()
    var failures = 0
    for (caseID, error) in await read(reads) {
      round.tips[caseID]?.isSpoiled = true
      failures = max(failures, leave(&round, after: error) { $0.caseID == caseID })
    }
    await pause(after: failures)
  }

  /// Reads on from where each state is, several at once; returns what went wrong.
  private func read(_ reads: [CaseID: Tip]) async -> [(CaseID, StoreError)] {
    if reads.count == 1, let (caseID, tip) = reads.first {
      let news = await Self.news(of: caseID, in: facility, after: tip.subject.version, reader)
      return take(news, for: caseID, reads)
    }
    var failures: [(CaseID, StoreError)] = []
    var rest = reads.map { ($0.key, $0.value.subject.version) }[...]
    await withTaskGroup(of: (CaseID, Result<[RecordedEvent], StoreError>).self) { group in
      func startNext() {
        guard let (caseID, version) = rest.popFirst() else { return }
        group.addTask { [facility, reader] in
          (caseID, await Self.news(of: caseID, in: facility, after: version, reader))
        }
      }
      for _ in 0..<Self.readsAtOnce { startNext() }
      while let (caseID, news) = await group.next() {
        failures += take(news, for: caseID, reads)
        startNext()
      }
    }
    return failures
  }

  private static var readsAtOnce: Int { 4 }

  private func take(
    _ news: Result<[RecordedEvent], StoreError>, for caseID: CaseID, _ reads: [CaseID: Tip]
  ) -> [(CaseID, StoreError)] {
    switch news {
    case .success(let events):
      reads[caseID]?.catchUp(with: events)
      reads[caseID]?.isConfirmed = true
      return []
    case .failure(let error): return [(caseID, error)]
    }
  }

  private static func news(
    of caseID: CaseID, in facility: FacilityCode, after version: Int64, _ reader: LogReader
  ) async -> Result<[RecordedEvent], StoreError> {
    do {
      return .success(
        try await reader.allEvents(of: caseID, in: facility, after: version, .sealed))
    } catch {
      return .failure(error)
    }
  }

  /// Asks the database's clock where it must be sure; false when the round cannot go on.
  private func setClock(_ round: inout Round) async -> Bool {
    guard clock.isStale || round.pending.contains(where: { $0?.needsConfirmedState == true }) else {
      return true
    }
    answerCallers()
    do {
      clock.set(try await store.now())
      return true
    } catch {
      await pause(after: leave(&round, after: error) { _ in true })
      return false
    }
  }

  /// Asks which of the books that the round adopts are at hand.
  ///
  /// Asked anew in each round, and a book once stored is never removed: what is found here is true
  /// when the round is committed.
  private func loadRuleBooks(_ round: inout Round) async {
    var wanted: [PersonCode: Set<String>] = [:]
    for case let pending? in round.pending {
      for event in pending.events {
        guard case .ruleBookAdopted(let adopted) = event.body else { continue }
        wanted[pending.recorder, default: []].insert(adopted.digest)
      }
    }
    guard !wanted.isEmpty else { return }
    answerCallers()
    do {
      for (recorder, digests) in wanted {
        let found = try await ruleBooks.editions(of: digests, in: facility, by: recorder)
        round.ruleBooks.merge(found) { first, _ in first }
      }
    } catch {
      await pause(
        after: leave(&round, after: error) { pending in
          pending.events.contains { $0.type == .ruleBookAdopted }
        })
    }
  }

  /// Leaves the submissions that fit for another round, and returns how often the one that failed
  /// most has failed; 0 where trying again is of no use.
  private func leave(
    _ round: inout Round, after error: StoreError, where fits: (Pending) -> Bool
  ) -> Int {
    var failures = 0
    for index in round.pending.indices {
      guard let pending = round.pending[index], fits(pending) else { continue }
      round.pending[index] = nil
      failures = max(failures, pending.failures + 1)
      tryAgain(pending, after: error)
    }
    return error.isPassing ? failures : 0
  }

  /// Waits longer after each failure, up to 32 times the first pause.
  func pause(after failures: Int) async {
    guard failures > 0 else { return }
    // Cancelled means that the worker ends, which it sees by itself.
    try? await Task.sleep(for: limits.firstPause * (1 << min(failures - 1, 5)))
  }
}
