import Charges
import Exchange
import Procedures
import Testing

@Suite
struct `Entries in JSON` {
  @Test
  func `say what the ledger's own form says, byte by byte`() throws {
    for entry in try Sample.entries() {
      let line = ChargeFormat.ndjson.document([entry], try .general())
      #expect(line == entry.json.bytes + [0x0A])
    }
  }

  @Test
  func `stand in one object with the cursor of the next pull`() throws {
    let document = ChargeFormat.json.document(try Sample.entries(), try .general())
    let json = try JSON.read(document)
    #expect(json["charges"]?.elements == (try Sample.entries().map(\.json)))
    #expect(json["after"] == "k7q3-1047")
  }

  @Test
  func `keep the cursor that was asked for where there are none`() throws {
    var pull = try ChargePull.general()
    #expect(ChargeFormat.json.text([], pull) == "{\"charges\":[],\"after\":null}\n")
    pull.after = EntryID("k7q3-7")
    #expect(ChargeFormat.json.text([], pull) == "{\"charges\":[],\"after\":\"k7q3-7\"}\n")
    #expect(ChargeFormat.ndjson.text([], pull).isEmpty)
  }
}
