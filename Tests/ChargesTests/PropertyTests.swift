import Charges
import Procedures
import Testing

@Suite
struct `Whatever the history` {
  /// The units of each code over all its lines.
  private func units(
    _ script: CaseScript, _ policy: String = "named-vessel"
  ) throws -> [String: Int] {
    let derivation = try script.derivation(policy)
    #expect(derivation.holds.isEmpty)
    return derivation.lines.reduce(into: [:]) { $0[$1.code.text, default: 0] += $1.units }
  }

  private func without(_ codes: Set<String>, _ units: [String: Int]) -> [String: Int] {
    units.filter { !codes.contains($0.key) }
  }

  private static let policies = ["named-vessel", "sir", "scai-2026"]

  @Test(arguments: Seeds.all)
  func `the units are those of a naive count`(_ seed: UInt64) throws {
    let history = History(seed: seed)
    let naive = NaiveCount(history.script)
    let outside = naive.count(.noncoronary, ["IVUS"])
    let heart = naive.count(.coronary, ["IVUS", "OCT"])
    let units = try units(history.script)
    #expect(units["37252"] ?? 0 == min(1, outside))
    #expect(units["37253"] ?? 0 == max(0, outside - 1))
    #expect(units["92978"] ?? 0 == min(1, heart))
    #expect(units["92979"] ?? 0 == max(0, heart - 1))
  }

  @Test(arguments: Seeds.all)
  func `another look at an imaged vessel changes no unit, whenever it was`(_ seed: UInt64) throws {
    var history = History(seed: seed)
    let before = try units(history.script)
    for entry in history.entries(["image-acquired"])
    where !NaiveCount(history.script).isRetracted(entry) {
      let state = try history.script.state()
      guard case .imageAcquired(let image)? = state.entry(history.script.entryID(entry))?.body
      else { continue }
      history.script = history.script.image(
        image.site.description, modality: image.modality.rawValue,
        minute: Int.random(in: 0..<60, using: &history.generator))
    }
    #expect(try units(history.script) == before)
  }

  @Test(arguments: Seeds.all)
  func `retracting an entry and recording it again changes no unit`(_ seed: UInt64) throws {
    var history = History(seed: seed)
    let before = try units(history.script)
    let state = try history.script.state()
    let images = history.entries(["image-acquired"]).shuffled(using: &history.generator)
    for entry in images.prefix(3) {
      guard let found = state.entry(history.script.entryID(entry)), !found.isRetracted else {
        continue
      }
      let again = history.script.retracted(entry).step("image-acquired", found.body.data)
      #expect(try units(again) == before)
      let undone = history.script.retracted(entry).retracted(history.script.lines.count)
      #expect(try units(undone) == before)
    }
  }

  @Test(arguments: Seeds.all)
  func `a further vessel, stored and read, adds one unit`(_ seed: UInt64) throws {
    let history = History(seed: seed)
    for policy in Self.policies {
      let before = try units(history.script, policy)
      let after = try units(
        history.script.image("renal-vein/left").read("renal-vein/left"), policy)
      let codes = ["37252", "37253"]
      let added = codes.map { (after[$0] ?? 0) - (before[$0] ?? 0) }
      #expect(added.reduce(0, +) == 1)
      #expect(added[0] == (before["37252"] == nil ? 1 : 0))
      #expect(without(Set(codes), after) == without(Set(codes), before))
    }
  }

  @Test(arguments: Seeds.all)
  func `there is a first before a further, and a distinct group for each unit`(
    _ seed: UInt64
  )
    throws
  {
    for policy in Self.policies {
      let lines = try History(seed: seed).script.derivation(policy).lines
      for (first, further) in [("37252", "37253"), ("92978", "92979")] {
        let pair = lines.filter { [first, further].contains($0.code.text) }
        let firsts = pair.filter { $0.code.text == first }
        #expect(firsts.reduce(0) { $0 + $1.units } == min(1, pair.count))
        let groups = pair.flatMap(\.counted).map(\.group)
        #expect(Set(groups).count == groups.count)
        let entries = pair.flatMap(\.counted).flatMap(\.entries)
        #expect(Set(entries).count == entries.count)
        #expect(pair.allSatisfy { $0.counted.count == $0.units })
      }
    }
  }

  @Test(arguments: Seeds.all)
  func `the heart changes nothing elsewhere`(_ seed: UInt64) throws {
    let history = History(seed: seed)
    let heart: Set = ["92978", "92979"]
    let more = history.script.image("left-main-coronary-artery").image("ramus-intermedius")
    #expect(try without(heart, units(more)) == without(heart, units(history.script)))
    let alone = try history.script.derivation().lines.filter { !heart.contains($0.code.text) }
    let beside = try more.derivation().lines.filter { !heart.contains($0.code.text) }
    #expect(alone == beside)
  }

  @Test(arguments: Seeds.all)
  func `holds move units between lines and never change their sum`(_ seed: UInt64) throws {
    let history = History(seed: seed)
    let before = try units(history.script)
    for change in [
      history.script.read(), history.script.signed(), history.script.complete(),
      history.script.complete().released("interpretation-missing").released("images-not-stored"),
    ] {
      #expect(try units(change) == before)
    }
    for line in try history.script.complete().derivation().lines where line.status == .billable {
      #expect(line.holds.isEmpty)
      let state = try history.script.state()
      for unit in line.counted where !unit.vessels.isEmpty {
        let isStored = unit.entries.contains {
          if case .imageAcquired(let image)? = state.entry($0)?.body { return image.imagesStored }
          return false
        }
        #expect(isStored, "a unit that can go out has stored images")
      }
    }
  }

  @Test(arguments: Seeds.all)
  func `the same case gives the same bytes`(_ seed: UInt64) throws {
    let history = History(seed: seed)
    let bytes = try history.script.derivation("sir").json.bytes
    #expect(try History(seed: seed).script.derivation("sir").json.bytes == bytes)
    let read = try JSON.read(bytes)
    #expect(read.bytes == bytes)
    #expect(
      read.members?.map(\.name) == [
        "case", "throughVersion", "serviceDate", "ruleBook", "ruleBookDigest", "groupingPolicy",
        "lines", "holds", "edits", "warnings", "unchecked",
      ])
  }

  @Test(arguments: Seeds.all)
  func `lines stand in the contract's order, each once`(_ seed: UInt64) throws {
    let lines = try History(seed: seed).script.complete().derivation().lines
    let keys = lines.map { [$0.code.text] + $0.modifiers.map(\.text) + ["\($0.status)"] }
    #expect(Set(keys).count == keys.count)
    for (left, right) in zip(lines, lines.dropFirst()) {
      #expect((left.code, left.status) < (right.code, right.status))
    }
  }
}
