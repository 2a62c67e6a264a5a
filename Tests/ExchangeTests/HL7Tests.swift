import Charges
import Exchange
import Procedures
import Testing

@Suite
struct `Entries in HL7 v2` {
  /// The segments of a document, without the carriage returns.
  private func segments(_ entries: [PulledEntry], _ pull: ChargePull) -> [String] {
    let text = ChargeFormat.hl7.text(entries, pull)
    #expect(text.utf8.last == 0x0D)
    return text.unicodeScalars.split(separator: "\r").map { String($0) }
  }

  private static let digest = "sha256:" + String(repeating: "ab", count: 32)

  @Test
  func `are written so`() throws {
    let entries = try Sample.entries()
    let head = { (id: String) in
      "MSH|^~\\&|CATHLOG|general|||20260302093100.2504+0000||DFT^P03^DFT_P03|\(id)|P|2.5.1|||NE|NE"
        + "||UNICODE UTF-8"
    }
    let event = "EVN|P03|20260302093100.2500+0000|||||general"
    let pseudonym = "5f8a3c1e-0000-4000-8000-00000000000a"
    let patient = "PID|1||\(pseudonym)^^^general^ANON||\(pseudonym)^^^^^^S|||||||||||||"
    let account = "A-10027^^^general^AN"
    let visit = "PV1|1|O|||||||||||||||||0012345^^^general^VN"
    let transaction = { (id: String, type: String, units: Int, diagnoses: String, end: String) in
      "FT1|1|\(id)||20260302|20260302093100.2504+0000|\(type)|37253^^C4|||\(units)|||Cath Lab"
        + "|medicare||^Lab 2^^general|||\(diagnoses)"
        + "|1093817465^^^^^^^^&2.16.840.1.113883.4.6&ISO^^^^NPI~dr-114^^^^^^^^general^^^^EI"
        + "|||c0ffee00-0000-4000-8000-000000000001^CATHLOG||37253^^C4\(end)"
    }
    let notes = { (position: Int) in
      "NTE|1|L|version=14~position=\(position)~ruleBook=2026.1~ruleBookDigest=\(Self.digest)"
        + "~groupingPolicy=named-vessel~placeOfService=22~claim=professional~claim=facility"
        + "~vessel=external-iliac-vein/left~vessel=inferior-vena-cava"
    }
    let diagnoses = "I87.1^^I10~I70.213^^I10"
    let modifiers = "|59^^C4~XS^^HCPCS"
    let expected = [
      "BHS|^~\\&|CATHLOG|general",
      head("k7q3-1042"), event, patient + account, visit,
      transaction("k7q3-1042", "CG", 2, diagnoses, modifiers), notes(2042),
      // The credit has an id of its own as a message, and its charge's as a transaction.
      head("k7q3-1043"), event, patient + account, visit,
      transaction("k7q3-1042", "CD", 2, diagnoses, modifiers), notes(2043),
      head("k7q3-1044"), event, patient + account, visit,
      transaction("k7q3-1044", "CG", 1, "", ""), notes(2044),
      "BTS|3||3~2",
    ]
    let written = segments(Array(entries.prefix(3)), try .general())
    #expect(written.count == expected.count)
    for (segment, line) in zip(written, expected) { #expect(segment == line) }
  }

  @Test
  func `take no two patients that were not identified for one`() throws {
    let entry = try Sample.entries()[3]
    let written = segments([entry], try .general())
    #expect(
      written[3]
        == "PID|1||c0ffee00-0000-4000-8000-000000000001^^^general^PNT||UNKNOWN^^^^^^U"
        + "||||||||||||||||||||||||||Y")
    #expect(written[4] == "PV1|1|O")
    #expect(
      written[5]
        == "FT1|1|k7q3-1045||20260302|20260302093100.2504+0000|CG|C1753^^HCPCS|||2|||||||||"
        + "I87.1^^I10~I70.213^^I10|dr-114^^^^^^^^general^^^^EI"
        + "|||c0ffee00-0000-4000-8000-000000000001^CATHLOG||C1753^^HCPCS|59^^C4~XS^^HCPCS")
  }

  @Test
  func `never tell the receiver to delete what was erased here`() throws {
    let written = segments([try Sample.entries()[4]], try .general())
    #expect(written[3].hasSuffix("^^^^^^S"))
    #expect(written[4] == "PV1|1|O")
    #expect(written[6].hasSuffix("~account=erased~encounter=erased"))
    #expect(!written.contains { $0.contains("\"\"") })
  }

  @Test
  func `escape what would be read as structure`() throws {
    let written = segments([try Sample.entries()[5]], try .general())
    let patient = written[3].split(separator: "|", omittingEmptySubsequences: false)
    #expect(
      patient[18] == "\\X09\\=1+1\\X0D\\\\X0A\\MSH\\F\\\\S\\\\R\\\\E\\\\T\\\\F\\^^^general^AN")
    let transaction = written[5].split(separator: "|", omittingEmptySubsequences: false)
    #expect(transaction[13] == "=HYPERLINK(\"http://x\"),\\F\\\\S\\\\T\\\\R\\\\E\\")
    #expect(transaction[16] == "^@Säle 😀 \u{202E}abc^^general")
    #expect(transaction[14] == "+A,\"B\"")
  }

  @Test
  func `call a credit by the facility's code`() throws {
    var pull = try ChargePull.general()
    pull.creditCode = try #require(CreditCode("CR"))
    let written = segments([try Sample.entry(9, credits: 8)], pull)
    #expect(written[5].hasPrefix("FT1|1|k7q3-8||20260302|20260302093100.2504+0000|CR|"))
  }

  @Test
  func `make a batch of none where there are none`() throws {
    #expect(segments([], try .general()) == ["BHS|^~\\&|CATHLOG|general", "BTS|0||0~0"])
  }

  @Test
  func `give every text back, and break no segment with one`() throws {
    let entries = try #require(GeneratedEntries.entries(400, seed: Seeds.first))
    let written = segments(entries, try .general())
    #expect(written.count == entries.count * 6 + 2)
    for (place, pulled) in entries.enumerated() {
      let message = written[(1 + place * 6)..<(7 + place * 6)].map { segment in
        segment.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      }
      let failure: Comment = "CATHLOG_SEED=\(Seeds.first), entry \(pulled.entry.id)"
      #expect(message.map { $0[0] } == ["MSH", "EVN", "PID", "PV1", "FT1", "NTE"], failure)
      let charge = pulled.entry.charge
      let transaction = message[4]
      #expect(unescaped(field(message[2], 18, 1)) == clear(pulled.account), failure)
      #expect(unescaped(field(message[3], 19, 1)) == clear(pulled.encounter), failure)
      #expect(unescaped(field(transaction, 13, 1)) == (charge.department?.text ?? ""), failure)
      #expect(unescaped(field(transaction, 14, 1)) == (charge.payer?.text ?? ""), failure)
      #expect(unescaped(field(transaction, 16, 2)) == (charge.room?.text ?? ""), failure)
      let performer = field(transaction, 20).split(separator: "~").last.map(String.init) ?? ""
      let code = String(performer.split(separator: "^", omittingEmptySubsequences: false)[0])
      #expect(unescaped(code) == charge.operatingPhysician.text, failure)
      #expect(field(transaction, 10) == String(charge.units), failure)
      #expect(field(transaction, 2) == (pulled.entry.credited ?? pulled.entry.id).description)
    }
  }

  private func field(_ segment: [String], _ number: Int) -> String {
    number < segment.count ? segment[number] : ""
  }

  private func field(_ segment: [String], _ number: Int, _ component: Int) -> String {
    let components = field(segment, number).split(separator: "^", omittingEmptySubsequences: false)
    return component <= components.count ? String(components[component - 1]) : ""
  }

  private func clear(_ text: Confidential?) -> String {
    if case .clear(let text) = text { text } else { "" }
  }

  /// The text that was escaped, read as HL7 v2.5.1, 2.7 says.
  private func unescaped(_ text: String) -> String {
    let parts = Array(text.utf8).split(
      separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
    // Outside and inside of an escape take turns.
    var bytes: [UInt8] = []
    for (place, part) in parts.enumerated() {
      guard place % 2 == 1 else {
        bytes += part
        continue
      }
      switch String(decoding: part, as: UTF8.self) {
      case "F": bytes += "|".utf8
      case "S": bytes += "^".utf8
      case "T": bytes += "&".utf8
      case "R": bytes += "~".utf8
      case "E": bytes += "\\".utf8
      case let escape where escape.hasPrefix("X"):
        var digits = escape.dropFirst()
        while let byte = UInt8(digits.prefix(2), radix: 16) {
          bytes.append(byte)
          digits = digits.dropFirst(2)
        }
      case let other: bytes += "unknown escape \(other)".utf8
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
