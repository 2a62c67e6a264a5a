import CoreMetrics
import Procedures
import Testing

@testable import API

@Suite struct `Streams of events` {
  @Test func `an event is its version and one line of JSON, whatever its texts hold`() throws {
    let body = try EventBody(
      .noteRecorded, data: ["kind": "nursing", "text": "line one\nline two\r\nid: 7"])
    let event = RecordedEvent(
      event: Event(
        id: EventID(high: 1, low: 2), caseID: CaseID(high: 3, low: 4),
        occurredAt: Instant(microseconds: 0), body: body),
      facility: try #require(FacilityCode("general")), position: 9, version: 5,
      recordedAt: Instant(microseconds: 1), recorder: try #require(PersonCode("rn-204")), form: 1,
      leafHash: [])
    var bytes: [UInt8] = []
    ServerSentEvents.write(event, into: &bytes)
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4)
    #expect(lines.first == "id: 5")
    let data = try #require(lines.dropFirst().first)
    #expect(data.hasPrefix("data: "))
    #expect(try JSON.read(Array(data.dropFirst(6).utf8)) == event.json)
  }

  @Test func `places are bounded, and free again when their holder is gone`() throws {
    let metrics = PrometheusMetrics()
    let places = StreamPlaces(limit: 2, metrics: metrics)
    var held = [try #require(places.take()), try #require(places.take())]
    #expect(places.take() == nil)
    #expect(metrics.page.contains("cathlog_event_streams 2\n"))
    held.removeLast()
    #expect(places.count == 1)
    #expect(places.take() != nil)
    held.removeAll()
    #expect(places.count == 0)
    #expect(metrics.page.contains("cathlog_event_streams 0\n"))
  }
}
