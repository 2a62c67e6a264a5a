import Crypto
import Procedures
import Simulation
import Testing

@Suite struct `Simulated bytes` {
  @Test func `are those of the golden digest`() throws {
    // A change of these bytes is a change for everyone who keeps a seed: make it knowingly.
    let bytes = Histories.bytes(try Histories.log(20_260_105, cases: 200))
    let digest = SHA256.hash(data: bytes).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
    #expect(digest == "320c6cffae98bd0804caa8af25cbc39b291b7de5bedbb221630faa48ceaa6b50")
  }

  @Test(arguments: Seeds.all)
  func `are the same for the same seed, and others for another`(_ seed: UInt64) throws {
    let bytes = Histories.bytes(try Histories.log(seed, cases: 20))
    #expect(Histories.bytes(try Histories.log(seed, cases: 20)) == bytes)
    #expect(Histories.bytes(try Histories.log(seed &+ 1_000, cases: 20)) != bytes)
  }

  @Test(arguments: Seeds.all)
  func `name each event and each case once`(_ seed: UInt64) throws {
    let entries = Array(try Histories.log(seed, cases: 80))
    #expect(Set(entries.map(\.id)).count == entries.count)
    #expect(Set(entries.map(\.caseID)).count == 80)
  }

  @Test func `of a case depend on its plan, not on those before it`() throws {
    let laboratory = try Histories.laboratory()
    let start = try #require(Instant("2026-01-05T14:00:00Z"))
    let late = SimulatedLog(
      of: laboratory, seed: 7, hours: .aroundTheClock(roomsFreeAt: [start]), caseCount: 1,
      firstCase: 41)
    let alone = SimulatedCase(CasePlan(seed: 7, number: 41), in: laboratory, room: 0, from: start)
    #expect(Histories.bytes(late) == Histories.bytes(alone.entries))
    let elsewhere = SimulatedCase(
      CasePlan(seed: 7, number: 41), in: laboratory, room: 3, from: start.adding(seconds: 86_400),
      speed: 60)
    #expect(elsewhere.entries.map(\.id) == alone.entries.map(\.id))
  }

  @Test func `take memory for the open cases only`() throws {
    var entries = try Histories.log(3, cases: 1_500).makeIterator()
    var most = 0
    var count = 0
    while entries.next() != nil {
      most = max(most, entries.openCaseCount)
      count += 1
    }
    #expect(count > 50_000)
    // Six rooms finish some 30 cases a day, and paperwork takes two days at most.
    #expect(most < 120)
  }
}
