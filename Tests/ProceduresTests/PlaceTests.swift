import Procedures
import Testing

@Suite struct `A vessel of the catalogue` {
  @Test func `is found by its code`() {
    #expect(Vessel(code: "common-iliac-vein")?.facts.isPaired == true)
  }
}
