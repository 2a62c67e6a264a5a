public import Procedures

/// A log, or one case of it, as it grows: batches of events in order, none missing and none twice.
///
/// Wakes by ticks and, as a tick may be lost, looks by itself from time to time. It never ends by
/// itself; a cancelled task gets nil.
public struct LogFollower: AsyncSequence, Sendable {
  let reader: LogReader
  let subject: Subject
  let start: Int64
  let disclosure: Disclosure
  let pace: Pace

  enum Subject: Sendable {
    case facility(FacilityCode)
    case oneCase(CaseID, FacilityCode)
  }

  /// How a follower waits, and how much it takes at once.
  public struct Pace: Sendable {
    /// What wakes it.
    public var ticks: LogTicks
    /// How long it waits for a tick before it looks.
    public var pollInterval: Duration
    /// The most events in a batch.
    public var batchLimit: Int

    /// A pace of these parts.
    public init(ticks: LogTicks, pollInterval: Duration = .seconds(1), batchLimit: Int = 500) {
      self.ticks = ticks
      self.pollInterval = pollInterval
      self.batchLimit = batchLimit
    }
  }

  /// Begins after the place that the follower was made with.
  public func makeAsyncIterator() -> Iterator { Iterator(follower: self, place: start) }

  /// Reads on from where it is.
  public struct Iterator: AsyncIteratorProtocol {
    let follower: LogFollower
    /// The position, or of a case the version, of the last event that was given out.
    var place: Int64

    /// The next events, at least one; nil when the task is cancelled.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(StoreError) -> [RecordedEvent]? {
      while !Task.isCancelled {
        // Subscribed before it reads, so that what is committed after the read wakes it.
        let ticks = follower.pace.ticks.subscribe()
        let events = try await follower.events(after: place)
        if let last = events.last {
          place = follower.place(of: last)
          return events
        }
        await Self.wait(for: ticks, atMost: follower.pace.pollInterval)
      }
      return nil
    }

    private static func wait(for ticks: AsyncStream<Void>, atMost interval: Duration) async {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await _ in ticks { return } }
        // Cancelled means that a tick came first.
        group.addTask { try? await Task.sleep(for: interval) }
        await group.next()
        group.cancelAll()
      }
    }
  }

  private func events(after place: Int64) async throws(StoreError) -> [RecordedEvent] {
    switch subject {
    case .facility(let facility):
      try await reader.events(
        of: facility, after: place, limit: pace.batchLimit, disclosure: disclosure)
    case .oneCase(let caseID, let facility):
      try await reader.events(
        of: caseID, in: facility, after: place, limit: pace.batchLimit, disclosure: disclosure)
    }
  }

  private func place(of event: RecordedEvent) -> Int64 {
    switch subject {
    case .facility: event.position
    case .oneCase: event.version
    }
  }
}

extension LogReader {
  /// Follows a facility's log after a position.
  public func follow(
    facility: FacilityCode, after position: Int64, disclosure: Disclosure, pace: LogFollower.Pace
  ) -> LogFollower {
    LogFollower(
      reader: self, subject: .facility(facility), start: position, disclosure: disclosure,
      pace: pace)
  }

  /// Follows a case after a version.
  public func follow(
    caseID: CaseID, in facility: FacilityCode, after version: Int64, disclosure: Disclosure,
    pace: LogFollower.Pace
  ) -> LogFollower {
    LogFollower(
      reader: self, subject: .oneCase(caseID, facility), start: version, disclosure: disclosure,
      pace: pace)
  }
}
