import Procedures
import Testing

@Suite
struct `A vessel in a sentence` {
  @Test(arguments: [
    ("renal-artery", Side.left, "the left renal artery"),
    ("inferior-vena-cava", nil, "the inferior vena cava"),
    ("external-iliac-artery-distal", .right, "the right external iliac artery (distal)"),
    ("femoral-vein", .left, "the left femoral vein"),
    ("peroneal-artery", .left, "the left peroneal (fibular) artery"),
    ("left-main-coronary-artery", nil, "the left main coronary artery"),
  ])
  func `has its side and its name`(_ code: String, _ side: Side?, _ phrase: String) throws {
    let vessel: Vessel = try #require(Vessel(code: code))
    #expect(try #require(VesselSite(vessel, side)).phrase == phrase)
  }

  @Test
  func `is never a code, and has no bracket in a bracket`() {
    for vessel in VesselCatalogue.standard.vessels {
      let site = VesselSite(vessel, vessel.facts.isPaired ? .left : nil)
      let phrase = site?.phrase ?? ""
      #expect(phrase.hasPrefix("the "))
      #expect(!phrase.contains(vessel.code) || !vessel.code.contains("-"))
      #expect(phrase.count { $0 == "(" } == phrase.count { $0 == ")" })
    }
  }

  @Test(arguments: [
    ([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"),
  ])
  func `is listed as people list`(_ texts: [String], _ phrase: String) {
    #expect(texts.enumeration(joinedBy: "or") == phrase)
  }
}
