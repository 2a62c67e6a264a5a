import Charges
import Procedures
import Testing

/// Which vessels each policy counts as one.
@Suite
struct `Grouping policies` {
  /// Two vessels of the same side, and under which policies they are one.
  static let pairs: [(String, String, Set<String>)] = [
    ("external-iliac-artery", "common-femoral-artery", ["sir"]),
    ("external-iliac-vein", "common-femoral-vein", ["sir"]),
    ("superficial-femoral-artery", "popliteal-artery", ["sir", "scai-2026"]),
    ("femoral-vein", "popliteal-vein", ["sir"]),
    ("common-femoral-artery", "profunda-femoris-artery", ["scai-2026"]),
    ("common-femoral-vein", "profunda-femoris-vein", []),
    ("anterior-tibial-vein", "posterior-tibial-vein", ["sir"]),
    ("posterior-tibial-vein", "peroneal-vein", ["sir"]),
    ("anterior-tibial-vein", "peroneal-vein", ["sir"]),
    ("anterior-tibial-artery", "posterior-tibial-artery", []),
    ("posterior-tibial-artery", "peroneal-artery", []),
    ("common-iliac-artery", "external-iliac-artery", []),
    ("common-iliac-vein", "external-iliac-vein", []),
    ("external-iliac-artery", "profunda-femoris-artery", []),
    ("common-femoral-artery", "superficial-femoral-artery", []),
    ("common-femoral-artery", "common-femoral-vein", []),
    ("popliteal-artery", "popliteal-vein", []),
    ("great-saphenous-vein", "small-saphenous-vein", []),
    ("renal-artery", "renal-artery-accessory", []),
  ]

  private func units(_ script: CaseScript, _ policy: String) throws -> Int {
    let units = try script.derivation(policy).units
    return (units["37252"] ?? 0) + (units["37253"] ?? 0)
  }

  @Test(arguments: pairs)
  func `say of each pair whether it is one vessel`(_ row: (String, String, Set<String>)) throws {
    for policy in ["named-vessel", "sir", "scai-2026"] {
      let isOne = row.2.contains(policy)
      for side in ["left", "right"] {
        let other = side == "left" ? "right" : "left"
        let script = CaseScript().image("\(row.0)/\(side)")
        #expect(try units(script.image("\(row.1)/\(side)"), policy) == (isOne ? 1 : 2))
        #expect(try units(script.image("\(row.1)/\(other)"), policy) == 2, "never across sides")
      }
    }
  }

  @Test(arguments: ["named-vessel", "sir", "scai-2026"])
  func `leave alone what the body has once`(_ policy: String) throws {
    let script = CaseScript().image("descending-thoracic-aorta").image("abdominal-aorta")
      .image("inferior-vena-cava").image("iliocaval-confluence").image("celiac-artery")
    #expect(try units(script, policy) == 4, "the confluence belongs to the cava")
  }

  @Test
  func `group segments with the vessels to which they belong`() throws {
    let script = CaseScript().image("superficial-femoral-artery-distal/left")
      .image("popliteal-artery-p1/left").image("popliteal-artery-p3/left")
    #expect(try units(script, "named-vessel") == 2)
    #expect(try units(script, "sir") == 1)
    #expect(try units(script, "scai-2026") == 1)
  }

  @Test
  func `are named in every result`() throws {
    for policy in ["named-vessel", "sir", "scai-2026"] {
      #expect(try CaseScript().derivation(policy).json["groupingPolicy"]?.text == policy)
    }
  }

  static let tibials = [
    "anterior-tibial-artery", "posterior-tibial-artery", "peroneal-artery",
    "anterior-tibial-artery-distal", "posterior-tibial-artery-mid", "peroneal-artery-proximal",
  ]

  @Test(arguments: tibials, ["left", "right"])
  func `let the tibioperoneal trunk yield to the tibials of its side`(
    _ tibial: String, _ side: String
  ) throws {
    let other = side == "left" ? "right" : "left"
    let trunk = CaseScript().image("tibioperoneal-trunk/\(side)")
    #expect(try units(trunk, "scai-2026") == 1)
    let beside = trunk.image("\(tibial)/\(side)")
    #expect(try units(beside, "scai-2026") == 1)
    #expect(try units(beside, "sir") == 2, "another policy knows no such rule")
    #expect(try units(beside, "named-vessel") == 2)
    #expect(try units(beside.retracted(2), "scai-2026") == 1, "the trunk again")
    #expect(try units(trunk.image("\(tibial)/\(other)"), "scai-2026") == 2)
    let counted = try beside.derivation("scai-2026").lines.flatMap(\.counted)
    #expect(counted.flatMap(\.vessels).map(\.vessel.code).allSatisfy { tibial.hasPrefix($0) })
  }

  @Test
  func `let the trunk yield to no other vessel, and not where a lesion joins it to one`() throws {
    let trunk = CaseScript().image("tibioperoneal-trunk/left").image("popliteal-artery/left")
    #expect(try units(trunk, "scai-2026") == 2)
    let beside = trunk.image("peroneal-artery/left")
    #expect(try units(beside, "scai-2026") == 2)
    let joined = beside.lesion("A", "popliteal-artery/left", "tibioperoneal-trunk/left")
    #expect(try units(joined, "scai-2026") == 2, "it is one with the popliteal artery now")
    let within = beside.lesion("A", "peroneal-artery/left", "tibioperoneal-trunk/left")
    #expect(try units(within, "scai-2026") == 2)
  }
}
