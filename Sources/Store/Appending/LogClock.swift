internal import Procedures

/// The database's clock, as far as it can be told without asking each time.
struct LogClock {
  private var anchor: (instant: Instant, moment: ContinuousClock.Instant)?

  /// How long the database need not be asked.
  static let trust = Duration.seconds(60)

  /// Whether the database should be asked.
  var isStale: Bool { anchor.map { $0.moment.duration(to: .now) > Self.trust } ?? true }

  /// The database's time by what it last said; nil when it has said nothing.
  var now: Instant? {
    anchor.map { anchor in
      let (seconds, attoseconds) = anchor.moment.duration(to: .now).components
      return Instant(
        microseconds: anchor.instant.microseconds + seconds * 1_000_000
          + attoseconds / 1_000_000_000_000)
    }
  }

  /// Takes what the database says.
  mutating func set(_ instant: Instant) { anchor = (instant, .now) }
}
