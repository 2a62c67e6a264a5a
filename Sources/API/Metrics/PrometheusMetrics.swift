public import CoreMetrics
internal import Synchronization

/// Collects what swift-metrics is told, for Prometheus to read.
///
/// Counters count, gauges and meters hold, recorders that aggregate and timers become histograms
/// with fixed buckets. Labels are the caller's: none may hold a case or a person.
public final class PrometheusMetrics: MetricsFactory {
  /// How many series one name may have: labels that were meant to be few and are not cost no memory.
  public static let seriesLimit = 1024

  private let families = Mutex<[String: MetricFamily]>([:])
  private let dropped = CounterSeries()

  /// Nothing collected yet.
  public init() {}

  /// The page that Prometheus reads (text format 0.0.4).
  public var page: String {
    let families = families.withLock { $0 }
    var text = PrometheusText()
    for (name, family) in families.sorted(by: { $0.key < $1.key }) { text.write(name, family) }
    var own = MetricFamily(kind: .counter)
    own.series[[]] = dropped
    text.write("cathlog_metric_series_dropped_total", own)
    return text.text
  }

  /// The media type of the page.
  public static let pageMediaType = "text/plain; version=0.0.4; charset=utf-8"
}

// MARK: - MetricsFactory

extension PrometheusMetrics {
  /// A counter of this name and these labels.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, "_total", dimensions, .counter, CounterSeries())
  }

  /// A gauge that goes up and down.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, "", dimensions, .gauge, GaugeSeries())
  }

  /// A histogram, or where nothing is to be aggregated a gauge.
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return series(label, "", dimensions, .gauge, GaugeSeries()) }
    return series(label, "", dimensions, .histogram, HistogramSeries(bounds: HistogramSeries.counts))
  }

  /// A histogram of seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(
      label, "_seconds", dimensions, .histogram, HistogramSeries(bounds: HistogramSeries.seconds))
  }

  /// A series lives as long as the page: what was counted stays counted.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// A series lives as long as the page.
  public func destroyMeter(_ handler: any MeterHandler) {}
  /// A series lives as long as the page.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// A series lives as long as the page.
  public func destroyTimer(_ handler: any TimerHandler) {}
}

extension PrometheusMetrics {
  /// The series of this name and these labels: the one that is there, else the new one.
  ///
  /// One that finds no room, or its name taken by another kind, is handed out and not shown.
  private func series<Series: MetricSeries>(
    _ label: String, _ ending: String, _ dimensions: [(String, String)], _ kind: MetricKind,
    _ new: Series
  ) -> Series {
    let name = PrometheusText.name(label, ending: ending)
    let labels = dimensions.map { MetricLabel(name: PrometheusText.name($0.0), value: $0.1) }
      .sorted { $0.name < $1.name }
    let found = families.withLock { families -> Series? in
      var family = families[name] ?? MetricFamily(kind: kind)
      if let known = family.series[labels] { return known as? Series }
      guard family.kind == kind, family.series.count < Self.seriesLimit else { return nil }
      family.series[labels] = new
      families[name] = family
      return new
    }
    if found == nil { dropped.increment(by: 1) }
    return found ?? new
  }
}

/// What kind of metric a name stands for.
enum MetricKind: String, Sendable {
  case counter
  case gauge
  case histogram
}

/// The name of a label and its value.
struct MetricLabel: Hashable, Sendable {
  let name: String
  let value: String
}

/// The series of one name.
struct MetricFamily: Sendable {
  let kind: MetricKind
  var series: [[MetricLabel]: any MetricSeries] = [:]

  init(kind: MetricKind) { self.kind = kind }
}
