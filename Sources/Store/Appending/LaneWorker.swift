internal import Procedures

/// Decides and commits what one facility's lane holds, one commit at a time.
///
/// Works in rounds: take what waits, load the states that are not remembered, decide in order on
/// them, commit. What could not be settled goes into the next round, before what came since. The
/// callers are answered while the next round's commit is under way, or at once when none follows.
final class LaneWorker {
  let facility: FacilityCode
  let store: any LogStore
  let vault: Vault
  let reader: LogReader
  let ticks: LogTicks
  let derivedCodes: Set<BillingCode>
  let ruleBooks: AdoptableRuleBooks
  let limits: AppenderLimits
  private let lane: FacilityLane

  var tips: BoundedCache<CaseID, Tip>
  /// Whether the log is known to exist.
  var logExists = false
  var clock = LogClock()
  /// What waits for a later round, in order.
  private var backlog: ArraySlice<Pending> = []
  /// What this round could not settle.
  private var again: [Pending] = []
  private var answered = (events: 0, bytes: 0)
  /// Who is committed and does not know it yet.
  private var committed: [(pending: Pending, receipts: [Receipt])] = []

  init(_ lane: FacilityLane, for appender: Appender) {
    self.lane = lane
    facility = lane.facility
    store = appender.store
    vault = appender.vault
    reader = LogReader(store: appender.store, vault: appender.vault)
    ticks = appender.ticks
    derivedCodes = appender.derivedCodes
    ruleBooks = appender.ruleBooks
    limits = appender.limits
    tips = BoundedCache(limit: appender.limits.cachedCases)
  }

  /// Works until the lane is closed and empty, or the task is cancelled.
  func run() async {
    while await fillBacklog() {
      guard !Task.isCancelled else { break }
      var round = takeRound()
      await load(&round)
      let requests = plan(&round)
      if !requests.isEmpty { await commit(requests, of: &round) }
      finish(round)
    }
    answerCallers()
    for pending in backlog { settle(pending) { $0.fail(.store(.closed)) } }
    for pending in lane.take().waiting { settle(pending) { $0.fail(.store(.closed)) } }
  }

  /// Puts what waits behind what is left; false when nothing is left and nothing will come.
  private func fillBacklog() async -> Bool {
    let waiting = lane.take().waiting
    if !waiting.isEmpty { backlog = (Array(backlog) + waiting)[...] }
    guard backlog.isEmpty else { return true }
    answerCallers()
    guard let waiting = await lane.next() else { return false }
    backlog = waiting[...]
    return true
  }

  /// As much as one commit may hold, each event id once; a second submission of one that is on its
  /// way waits, and then goes in as the repeat that it is.
  private func takeRound() -> Round {
    var round = Round()
    var left: [Pending] = []
    var ids: Set<EventID> = []
    var count = (events: 0, bytes: 0)
    while let pending = backlog.first {
      let isFull =
        !round.pending.isEmpty
        && (pending.isAlone || needsRoundAlone(pending)
          || round.pending.count >= limits.batchSubmissions
          || count.events + pending.events.count > limits.batchEvents
          || count.bytes + pending.byteCount > limits.batchBytes)
      guard !isFull else { break }
      backlog.removeFirst()
      guard pending.events.allSatisfy({ !ids.contains($0.id) }) else {
        left.append(pending)
        continue
      }
      for event in pending.events { ids.insert(event.id) }
      count.events += pending.events.count
      count.bytes += pending.byteCount
      round.pending.append(pending)
      if pending.isAlone || needsRoundAlone(pending) { break }
    }
    if !left.isEmpty { backlog = (left + backlog)[...] }
    return round
  }

  /// The opening of a log must be the first of its commit.
  private func needsRoundAlone(_ pending: Pending) -> Bool { pending.opensFacility && !logExists }

  /// Drops the states that turned out wrong, and makes the rest ready for the next round.
  private func finish(_ round: Round) {
    for (caseID, tip) in round.tips {
      tip.isConfirmed = false
      tip.isSpeculative = false
      if tip.isSpoiled { tips[caseID] = nil }
    }
    if !again.isEmpty {
      backlog = (again + backlog)[...]
      again = []
    }
    lane.release(events: answered.events, bytes: answered.bytes)
    answered = (0, 0)
  }
}

/// What one round works on.
struct Round {
  /// What was taken; nil once it is settled or left for another round.
  var pending: [Pending?] = []
  /// The states of the cases in it.
  var tips: [CaseID: Tip] = [:]
  /// The books at hand of those that its events adopt, by digest.
  var ruleBooks: [String: RuleBookEdition] = [:]
}

extension LaneWorker {
  /// Answers a submission, which ends its way.
  func settle(_ pending: Pending, _ answer: (Pending) -> Void) {
    answered.events += pending.events.count
    answered.bytes += pending.byteCount
    answer(pending)
  }

  /// Settles a submission whose events are committed; its caller is told by ``answerCallers()``.
  func succeed(_ pending: Pending, _ receipts: [Receipt]) {
    committed.append((pending, receipts))
    settle(pending) { _ in }
  }

  var hasUnansweredCallers: Bool { !committed.isEmpty }

  /// Tells the callers whose events are committed.
  func answerCallers() {
    for (pending, receipts) in committed { pending.succeed(receipts) }
    committed.removeAll(keepingCapacity: true)
  }

  /// Leaves a submission for the next round, to be decided on a state read anew; gives up on one
  /// that was overtaken too often.
  func decideAgain(_ pending: Pending) {
    var pending = pending
    pending.decisions += 1
    pending.needsConfirmedState = true
    guard pending.decisions <= limits.decisions else {
      return settle(pending) { $0.fail(.overloaded) }
    }
    again.append(pending)
  }

  /// Leaves a submission for a round of its own.
  func tryAlone(_ pending: Pending) {
    var pending = pending
    pending.isAlone = true
    again.append(pending)
  }

  /// Leaves a submission for another round after the database failed.
  func tryAgain(_ pending: Pending, after error: StoreError) {
    var pending = pending
    pending.failures += 1
    guard pending.failures < limits.attempts, error.isPassing else {
      return settle(pending) { $0.fail(.store(error)) }
    }
    again.append(pending)
  }
}
