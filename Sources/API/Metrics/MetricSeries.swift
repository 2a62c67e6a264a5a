internal import CoreMetrics
internal import Synchronization

/// One name with one set of labels: something that Prometheus reads as lines.
protocol MetricSeries: AnyObject, Sendable {
  /// Each line's ending of the name, further label and value.
  var samples: [MetricSample] { get }
}

/// One line of the page.
struct MetricSample: Sendable {
  var ending = ""
  var label: MetricLabel?
  let value: MetricValue
}

/// A number as it is written.
enum MetricValue: Sendable {
  case whole(Int64)
  case real(Double)
}

/// Counts up.
final class CounterSeries: MetricSeries, CounterHandler {
  private let count = Atomic<Int64>(0)

  func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
  func reset() { count.store(0, ordering: .relaxed) }

  var samples: [MetricSample] { [MetricSample(value: .whole(count.load(ordering: .relaxed)))] }
}

/// Holds the last value.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
  private let value = Mutex<Double>(0)

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { self.value.withLock { $0 = value } }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }

  var samples: [MetricSample] { [MetricSample(value: .real(value.withLock { $0 }))] }
}

/// Sorts values into fixed buckets.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
  /// From half a millisecond to half a minute.
  static let seconds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]
  /// Of sizes of batches and the like.
  static let counts: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000]

  private struct State {
    /// One a bound, and one for what is beyond the last.
    var counts: [Int64]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  var samples: [MetricSample] {
    let state = state.withLock { $0 }
    var lines: [MetricSample] = []
    var count: Int64 = 0
    for (index, bucketCount) in state.counts.enumerated() {
      count += bucketCount
      let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
      lines.append(
        MetricSample(
          ending: "_bucket", label: MetricLabel(name: "le", value: bound), value: .whole(count)))
    }
    lines.append(MetricSample(ending: "_sum", value: .real(state.sum)))
    lines.append(MetricSample(ending: "_count", value: .whole(count)))
    return lines
  }
}
