import Charges
import Exchange
import Procedures
import Testing

@Suite
struct `The bytes of an entry` {
  /// Where an entry begins in each form: what stands before it belongs to the page.
  private static func start(of format: ChargeFormat) -> String {
    switch format {
    case .json, .ndjson: "{\"entry\":"
    case .csv: "\""
    case .fhir: "{\"fullUrl\":"
    case .fhirNDJSON: "{\"resourceType\":"
    case .hl7: "MSH|"
    }
  }

  /// The bytes of each entry, as pages of these sizes give them.
  private func pages(
    _ format: ChargeFormat, _ entries: [PulledEntry], sizes: [Int]
  ) throws -> [String] {
    var texts: [String] = []
    var rest = entries[...]
    var size = sizes.makeIterator()
    while !rest.isEmpty {
      let page = rest.prefix(size.next() ?? rest.count)
      rest = rest.dropFirst(page.count)
      var pull = try ChargePull.general()
      pull.after = page.first.map { EntryID(epoch: $0.entry.id.epoch, number: 7) }
      pull.address = "https://billing.example/v1/charges?limit=\(page.count)"
      pull.total = page.count
      var encoder = format.encoder(pull)
      var bytes: [UInt8] = []
      encoder.begin(into: &bytes)
      for entry in page {
        bytes.removeAll()
        encoder.write(entry, into: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.firstRange(of: Self.start(of: format)))
        texts.append(String(text[start.lowerBound...]))
      }
      encoder.finish(next: nil, into: &bytes)
    }
    return texts
  }

  @Test(arguments: ChargeFormat.allCases)
  func `are the same wherever a page begins and ends`(_ format: ChargeFormat) throws {
    let entries = try #require(GeneratedEntries.entries(60, seed: Seeds.first))
    let whole = try pages(format, entries, sizes: [])
    #expect(try pages(format, entries, sizes: Array(repeating: 1, count: 60)) == whole)
    #expect(try pages(format, entries, sizes: [2, 5, 1, 20, 3]) == whole)
    #expect(Set(whole).count == 60)
  }

  @Test(arguments: ChargeFormat.allCases)
  func `are the same when they are asked for again`(_ format: ChargeFormat) throws {
    let entries = try #require(GeneratedEntries.entries(60, seed: Seeds.first))
    #expect(
      format.document(entries, try .general()) == format.document(entries, try .general()))
  }
}
