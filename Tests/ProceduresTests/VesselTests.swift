import Procedures
import Testing

@Suite struct `The catalogue of vessels` {
  private let vessels = VesselCatalogue.standard.vessels

  @Test func `has its 229 rows, each found by its code`() {
    #expect(vessels.count == 229)
    #expect(vessels.count { $0.facts.isPaired } == 144)
    #expect(Set(vessels.map(\.code)).count == 229)
    for vessel in vessels {
      #expect(Vessel(code: vessel.code) == vessel)
      #expect(
        vessel.code.utf8.allSatisfy {
          (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        })
      #expect(!vessel.facts.display.isEmpty && !vessel.facts.source.isEmpty)
    }
    #expect(Vessel(code: "Common-Iliac-Vein") == nil)
    #expect(Vessel(code: "") == nil)
  }

  @Test func `leads each segment to a vessel of its own, of one territory and kind with it`() {
    for vessel in vessels {
      let whole = vessel.whole
      #expect(whole.facts.parent == nil)
      #expect(whole.facts.territory == vessel.facts.territory, "\(vessel)")
      #expect((vessel.facts.parent == nil) == (whole == vessel))
      if let parent = vessel.facts.parent { #expect(parent.whole == whole) }
    }
  }

  @Test func `wants a side just where the body has two`() {
    for vessel in vessels {
      #expect((VesselSite(vessel) == nil) == vessel.facts.isPaired)
      for side in Side.allCases {
        let site = VesselSite(vessel, side)
        #expect((site != nil) == vessel.facts.isPaired)
        guard let site else { continue }
        #expect(site.description == "\(vessel.code)/\(side.rawValue)")
        // The whole of a sided segment is a site that an entry could name as well.
        #expect(VesselSite(site.whole.vessel, site.whole.side) == site.whole)
        #expect(site.whole.side == (site.whole.vessel.facts.isPaired ? side : nil))
      }
      if let site = VesselSite(vessel) {
        #expect(VesselSite(site.whole.vessel, site.whole.side) == site.whole, "\(vessel)")
      }
    }
  }

  @Test(arguments: [
    ("common iliac vein", "common-iliac-vein"), ("common-iliac-vain", "common-iliac-vein"),
    ("Common_Iliac_Vein", "common-iliac-vein"), ("inferior-vena-caav", "inferior-vena-cava"),
    ("superficial femoral", "superficial-femoral-artery"), ("popliteal-atery", "popliteal-artery"),
    ("renal artery", "renal-artery"),
  ])
  func `offers the code that was meant`(_ text: String, _ code: String) {
    #expect(VesselCatalogue.standard.nearest(to: text).first == code)
    #expect(VesselCatalogue.standard.nearest(to: text).count == 3)
  }

  @Test(arguments: ["", "x", "\u{1FAC0}", String(repeating: "vein-", count: 10_000)])
  func `offers codes whatever was given`(_ text: String) {
    let nearest = VesselCatalogue.standard.nearest(to: text, count: 5)
    #expect(Set(nearest).count == 5)
    #expect(nearest.allSatisfy { Vessel(code: $0) != nil })
  }

  @Test func `is in the order of the codes' bytes`() {
    let sorted = vessels.sorted()
    #expect(sorted.map(\.code) == vessels.map(\.code).sorted())
    #expect(Side.left < Side.right)
  }
}
