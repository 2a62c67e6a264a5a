import Testing

@testable import Postgres

@Suite struct `Connection settings` {
  @Test(
    arguments: [
      ("host=a", [["a", nil]]),
      ("host=a,b port=1,2", [["a", "1"], ["b", "2"]]),
      ("host=a,b,c port=7", [["a", "7"], ["b", "7"], ["c", "7"]]),
      ("postgresql://u@a:1,b:2/d?target_session_attrs=read-write", [["a", "1"], ["b", "2"]]),
      (
        "host=a,b port=1,2 target_session_attrs=prefer-standby",
        [["a", "1"], ["b", "2"], ["a", "1"], ["b", "2"]]
      ),
    ] as [(String, [[String?]])])
  func `each host is an attempt of its own`(_ url: String, _ expected: [[String?]]) throws {
    let attempts = try ConnectionSettings(url: url).attempts()
    #expect(attempts.map { [$0.values["host"], $0.values["port"]] } == expected)
  }

  @Test func `a standby is preferred by asking everyone for one first`() throws {
    let url = "host=a,b target_session_attrs=prefer-standby"
    let wanted = try ConnectionSettings(url: url).attempts()
      .map { $0.values["target_session_attrs"] }
    #expect(wanted == ["standby", "standby", "any", "any"])
  }

  @Test func `the network's limits are set unless the URL sets them`() throws {
    let values = try ConnectionSettings(url: "host=a tcp_user_timeout=7").attempts()[0].values
    #expect(values["tcp_user_timeout"] == "7")
    #expect(values["keepalives_idle"] == "10")
  }

  @Test(arguments: [
    (Duration.zero, Int64(0)), (.nanoseconds(1), 1), (.milliseconds(1), 1),
    (.microseconds(1001), 2),
    (.seconds(30), 30_000), (.seconds(-1), 0), (.seconds(Int64.max), Int64(Int32.max)),
  ])
  func `a time is rounded up to milliseconds`(_ duration: Duration, _ expected: Int64) {
    #expect(duration.wholeMilliseconds == expected)
  }

  @Test(
    arguments: [
      ("host=a", nil), ("host=a connect_timeout=7", .seconds(7)),
      ("host=a connect_timeout=0", .seconds(Int32.max)),
    ] as [(String, Duration?)])
  func `the URL may say how long a host may take`(_ url: String, _ expected: Duration?) throws {
    #expect(try ConnectionSettings(url: url).attempts()[0].connectTimeout == expected)
  }

  @Test func `the least recently used statement is discarded`() {
    var cache = StatementCache(capacity: 2)
    let key = { StatementCache.Key(text: $0, types: []) }
    let names = ["a", "b"].map { text in
      let name = cache.freshName()
      cache.insert(key(text), name: name)
      return name
    }
    #expect(cache.name(for: key("a")) == names[0])
    cache.insert(key("c"), name: cache.freshName())
    #expect(cache.name(for: key("b")) == nil)
    #expect(cache.takeDiscarded() == [names[1]])
    #expect(cache.takeDiscarded().isEmpty)
    #expect(cache.count == 2)
  }
}
