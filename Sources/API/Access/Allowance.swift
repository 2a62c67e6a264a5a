/// How often something may be asked: so many times in a period, all of them at once or spread.
///
/// The generic cell rate algorithm (ITU-T I.371): of the past only one moment is kept, up to which
/// earlier askings have used the rate up. Pure: the time is an argument.
struct Allowance: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How much of the rate one asking uses up.
  private let interval: Duration
  /// How far ahead of the clock the rate may be used up.
  private let period: Duration

  /// So many askings in a period; nil for 0, which is no bound.
  init?(_ count: Int, in period: Duration) {
    guard count > 0 else { return nil }
    self.period = period
    interval = period / count
  }

  /// Takes one asking, unless too many were taken.
  ///
  /// - Parameters:
  ///   - usedUntil: the moment up to which earlier askings have used the rate up.
  ///   - now: the time.
  /// - Returns: how long to wait where nothing was taken; nil where it was.
  func take(_ usedUntil: inout Instant, now: Instant) -> Duration? {
    let next = max(usedUntil, now) + interval
    guard next <= now + period else { return next - (now + period) }
    usedUntil = next
    return nil
  }
}

extension Problem {
  /// Too much was asked; says when to come back, in whole seconds.
  static func tooManyRequests(_ detail: String, wait: Duration) -> Problem {
    Problem(.tooManyRequests, detail)
      .retryAfter(seconds: max(1, Int((wait / .seconds(1)).rounded(.up))))
  }
}
