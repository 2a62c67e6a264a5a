import Charges
import Procedures
import Testing

@Suite
struct `The acceptance cases` {
  @Test
  func `are all there`() {
    #expect(AcceptanceCase.all.count >= 26)
  }

  @Test(arguments: AcceptanceCase.all)
  func `derive to the lines, holds and edits that each expects`(_ example: AcceptanceCase) throws {
    let collection = try CaseCollection(reading: example.events)
    let policy: GroupingPolicyName = try #require(GroupingPolicyName(example.policy))
    let derivations = collection.derivations(policy: policy, through: nil)
    let derivation = try #require(derivations.first)
    #expect(derivations.count == 1)

    let lines = derivation.lines.map {
      AcceptanceCase.Line(code: $0.code.text, units: $0.units, status: $0.status.rawValue)
    }
    #expect(lines.sorted() == example.lines)
    #expect(example.absent.isDisjoint(with: lines.map(\.code)))
    let holds = derivation.holds + derivation.lines.flatMap(\.holds)
    #expect(Set(holds.map(\.code.rawValue)) == example.holds)
    let edits = derivation.edits + derivation.lines.flatMap(\.edits)
    #expect(Set(edits.map(\.code.rawValue)) == example.edits)
    for line in derivation.lines {
      #expect(line.counted.count == line.units)
      #expect(line.status == .planned || line.holds.isEmpty)
      #expect(!line.because.isEmpty)
    }
  }
}
