internal import CoreMetrics
internal import HTTPTypes
internal import Synchronization

/// Counts and times requests by method, pattern of the route and status.
final class RequestMetrics: Sendable {
  private struct Key: Hashable {
    let method: String
    let route: String
    let status: Int
  }

  /// Methods by name; any other is `other`, so that nobody can make a label of his own.
  private static let methods: Set<String> = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
  ]

  private let factory: PrometheusMetrics
  private let timers = Mutex<[Key: Timer]>([:])

  init(_ factory: PrometheusMetrics) { self.factory = factory }

  func record(
    _ method: HTTPRequest.Method, route: String, status: HTTPResponse.Status, _ duration: Duration
  ) {
    let name = Self.methods.contains(method.rawValue) ? method.rawValue : "other"
    let key = Key(method: name, route: route, status: status.code)
    let timer = timers.withLock { timers in
      if let known = timers[key] { return known }
      let timer = Timer(
        label: "cathlog_http_request_duration",
        dimensions: [("method", name), ("route", route), ("status", "\(status.code)")],
        factory: factory)
      timers[key] = timer
      return timer
    }
    timer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
  }
}
