internal import CoreMetrics
internal import Synchronization

/// A bounded number of places for streams of events.
final class StreamPlaces: Sendable {
  private let limit: Int
  private let taken = Atomic<Int>(0)
  private let gauge: Meter

  init(limit: Int, metrics: PrometheusMetrics) {
    self.limit = limit
    gauge = Meter(label: "cathlog_event_streams", factory: metrics)
  }

  /// How many are taken.
  var count: Int { taken.load(ordering: .relaxed) }

  /// A place, if one is free.
  ///
  /// It is free again when nobody holds it any more, also when its stream never began.
  func take() -> Place? {
    let count = taken.wrappingAdd(1, ordering: .relaxed).newValue
    guard count <= limit else {
      taken.wrappingSubtract(1, ordering: .relaxed)
      return nil
    }
    gauge.increment()
    return Place(self)
  }

  /// Held while a stream runs.
  final class Place: Sendable {
    private let places: StreamPlaces

    fileprivate init(_ places: StreamPlaces) { self.places = places }

    deinit {
      places.taken.wrappingSubtract(1, ordering: .relaxed)
      places.gauge.decrement()
    }
  }
}
