import CoreMetrics
import HTTPTypes
import Testing

@testable import API

@Suite struct `The page of metrics` {
  @Test func `shows counters, gauges and histograms as Prometheus reads them`() {
    let metrics = PrometheusMetrics()
    Counter(label: "cathlog.appends", dimensions: [("outcome", "a \"b\"\\\n")], factory: metrics)
      .increment(by: 3)
    Meter(label: "cathlog_streams", factory: metrics).set(2)
    Gauge(label: "cathlog_lag", factory: metrics).record(0.25)
    let timer = Timer(label: "cathlog_commit", factory: metrics)
    timer.recordMilliseconds(3)
    timer.recordSeconds(40)
    #expect(
      metrics.page == """
        # TYPE cathlog_appends_total counter
        cathlog_appends_total{outcome="a \\"b\\"\\\\\\n"} 3
        # TYPE cathlog_commit_seconds histogram
        cathlog_commit_seconds_bucket{le="0.0005"} 0
        cathlog_commit_seconds_bucket{le="0.001"} 0
        cathlog_commit_seconds_bucket{le="0.0025"} 0
        cathlog_commit_seconds_bucket{le="0.005"} 1
        cathlog_commit_seconds_bucket{le="0.01"} 1
        cathlog_commit_seconds_bucket{le="0.025"} 1
        cathlog_commit_seconds_bucket{le="0.05"} 1
        cathlog_commit_seconds_bucket{le="0.1"} 1
        cathlog_commit_seconds_bucket{le="0.25"} 1
        cathlog_commit_seconds_bucket{le="0.5"} 1
        cathlog_commit_seconds_bucket{le="1"} 1
        cathlog_commit_seconds_bucket{le="2.5"} 1
        cathlog_commit_seconds_bucket{le="5"} 1
        cathlog_commit_seconds_bucket{le="10"} 1
        cathlog_commit_seconds_bucket{le="30"} 1
        cathlog_commit_seconds_bucket{le="+Inf"} 2
        cathlog_commit_seconds_sum 40.003
        cathlog_commit_seconds_count 2
        # TYPE cathlog_lag gauge
        cathlog_lag 0.25
        # TYPE cathlog_streams gauge
        cathlog_streams 2
        # TYPE cathlog_metric_series_dropped_total counter
        cathlog_metric_series_dropped_total 0

        """)
  }

  @Test func `the same name and labels are the same series, in whatever order they come`() {
    let metrics = PrometheusMetrics()
    Counter(label: "n", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
    Counter(label: "n", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
    #expect(metrics.page.contains("n_total{a=\"1\",b=\"2\"} 2\n"))
  }

  @Test func `labels without end cost no memory without end, and are counted`() {
    let metrics = PrometheusMetrics()
    for number in 0..<PrometheusMetrics.seriesLimit + 5 {
      Counter(label: "n", dimensions: [("k", "\(number)")], factory: metrics).increment()
    }
    let lines = metrics.page.split(separator: "\n").filter { $0.hasPrefix("n_total{") }
    #expect(lines.count == PrometheusMetrics.seriesLimit)
    #expect(metrics.page.contains("cathlog_metric_series_dropped_total 5\n"))
  }

  @Test func `a request's method becomes a label only where it is a known one`() {
    let metrics = PrometheusMetrics()
    let requests = RequestMetrics(metrics)
    let made = HTTPRequest.Method("PT-8FCF45")
    for method in [HTTPRequest.Method.get, made ?? .get] {
      requests.record(method, route: "/v1/cases", status: .ok, .milliseconds(2))
    }
    #expect(metrics.page.contains(#"_count{method="other",route="/v1/cases",status="200"} 1"#))
    #expect(!metrics.page.contains("PT-8FCF45"))
  }
}
