public import Postgres
public import Procedures
internal import Synchronization

/// Writes the record of access: whoever reads a case waits until the reading is recorded.
///
/// What several readers of a facility ask to record at one time is written by one call: the first
/// writes, and what gathers meanwhile is written by the next of those who wait. So there is at most
/// one call a facility at a time, and no task of its own.
public final class AccessRecorder: Sendable {
  /// How much may wait and how much is written at once.
  public struct Limits: Sendable {
    /// How many readers of a facility may wait; one more is refused at once.
    public var waiting = 4096
    /// How many entries one call takes; a reader's own entries are never split.
    public var entriesPerCall = 2048

    /// Begins with the defaults.
    public init() {}
  }

  private enum Signal {
    case write([AccessEntry])
    case written
    case failed(StoreError)
    case overloaded
  }

  private struct Waiter {
    let entries: [AccessEntry]
    let continuation: CheckedContinuation<Signal, Never>
  }

  private let pool: ConnectionPool
  private let limits: Limits
  /// Those who wait, by facility; a facility is there while somebody writes for it.
  private let waiters = Mutex<[FacilityCode: [Waiter]]>([:])

  /// Records in the database to which the pool connects.
  public init(pool: ConnectionPool, limits: Limits = Limits()) {
    self.pool = pool
    self.limits = limits
  }

  /// Records these entries of a facility, all or none, and returns after the commit.
  ///
  /// - Throws: ``AccessRecordError``; the reading must then not be answered.
  public func record(
    _ entries: [AccessEntry], in facility: FacilityCode
  ) async throws(AccessRecordError) {
    guard !entries.isEmpty else { return }
    let signal = await withCheckedContinuation { continuation in
      let answer = waiters.withLock { waiters -> Signal? in
        guard let count = waiters[facility]?.count else {
          waiters[facility] = []
          return .write(entries)
        }
        guard count < limits.waiting else { return .overloaded }
        waiters[facility]?.append(Waiter(entries: entries, continuation: continuation))
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
    switch signal {
    case .write(let own): try await write(own, in: facility)
    case .written: return
    case .failed(let error): throw .store(error)
    case .overloaded: throw .overloaded
    }
  }
}

extension AccessRecorder {
  /// How many readers of a facility wait for another one's call.
  public func waitingCount(in facility: FacilityCode) -> Int {
    waiters.withLock { $0[facility]?.count ?? 0 }
  }
}

/// Why a reading could not be recorded.
public enum AccessRecordError: Error {
  /// Too many readings wait to be recorded.
  case overloaded
  /// The database answered with an error or not at all.
  case store(StoreError)
}

extension AccessRecorder {
  /// Writes the caller's entries and those of who waits, tells them, and lets the next one write.
  private func write(
    _ own: [AccessEntry], in facility: FacilityCode
  ) async throws(AccessRecordError) {
    let others = waiters.withLock { waiters in
      var room = limits.entriesPerCall - own.count
      let taken = waiters[facility]?.prefix { waiter in
        room -= waiter.entries.count
        return room >= 0
      }
      waiters[facility]?.removeFirst(taken?.count ?? 0)
      return taken.map(Array.init) ?? []
    }
    do throws(StoreError) {
      try await append(own + others.flatMap(\.entries), to: facility)
      for waiter in others { waiter.continuation.resume(returning: .written) }
      handOn(facility, returning: [])
    } catch {
      if case .database(let cause) = error, cause.kind == .cancelled {
        // It is this reader that was cancelled, not the others: they try again without it.
        handOn(facility, returning: others)
      } else {
        for waiter in others { waiter.continuation.resume(returning: .failed(error)) }
        handOn(facility, returning: [])
      }
      throw .store(error)
    }
  }

  /// Makes the first of those who wait the next to write.
  private func handOn(_ facility: FacilityCode, returning others: [Waiter]) {
    let next = waiters.withLock { waiters -> Waiter? in
      waiters[facility]?.insert(contentsOf: others, at: 0)
      guard let next = waiters[facility]?.first else {
        waiters[facility] = nil
        return nil
      }
      waiters[facility]?.removeFirst()
      return next
    }
    if let next { next.continuation.resume(returning: .write(next.entries)) }
  }

  private func append(
    _ entries: [AccessEntry], to facility: FacilityCode
  ) async throws(StoreError) {
    do throws(PostgresError) {
      try await pool.run { session throws(PostgresError) in
        _ = try session.query(
          """
          SELECT access.append(
            \(facility.text), \(entries.map(\.person.text)), \(entries.map(\.tokenID)),
            \(entries.map(\.action.rawValue)), \(entries.map(\.caseID)), \(entries.map(\.origin)))
          """)
      }
    } catch {
      throw StoreError(error)
    }
  }
}
