import Procedures
import Testing

@Suite struct `The JSON reader` {
  @Test(
    arguments: [
      ("null", JSON.null), ("true", true), (" false ", false), ("[]", []), ("{}", [:]),
      ("\t[ 1 ,\r\n2 ]\n", [1, 2]), (#"{"a":{"b":[null]}}"#, ["a": ["b": [.null]]]),
      (#""\u0041\ud83e\udec0\n\/\b\f\"\\""#, "A\u{1FAC0}\n/\u{8}\u{C}\"\\"),
      ("-0", 0), ("1.50", .number(Decimal(significand: 15, exponent: -1))), ("1E2", 100),
      ("999999999999999999", 999_999_999_999_999_999), (#""é\u0301""#, "é\u{301}"),
      (#"{"a":1,"b":2}"#, ["b": 2, "a": 1]), (#""\#u{FEFF}""#, "\u{FEFF}"),
    ] as [(String, JSON)])
  func `reads what RFC 8259 allows`(_ text: String, _ value: JSON) throws {
    #expect(try json(text) == value)
  }

  @Test(
    arguments: [
      ("", 0), (" ", 1), ("nul", 0), ("nulll", 4), ("NaN", 0), ("Infinity", 0), ("'a'", 0),
      ("+1", 0), ("01", 0), ("1.", 0), (".5", 0), ("-", 0), ("1e", 0), ("1e+", 0), ("0x10", 1),
      ("1-2", 0), ("1e400", 0), ("1234567890123456789", 0), ("0.1234567890123456789", 0),
      ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("[1", 2), ("]", 0), ("{", 1), (#"{"a"}"#, 4),
      (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), ("{a:1}", 1), (#"{"a":1 "b":2}"#, 7),
      (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), (#"{"b":{"a":1,"a":1}}"#, 12),
      (#""a"#, 2), ("\"a\nb\"", 2), ("\"a\tb\"", 2), ("\"a\u{0}\"", 2), (#""\u0000""#, 6),
      (#""\x""#, 2), (#""\"#, 2), (#""\u12""#, 2), (#""\u12g4""#, 2), (#""\ud800""#, 6),
      (#""\udc00""#, 6), (#""\ud800\ud800""#, 12), (#""\ud800x""#, 6), (#""\ud83e\u0041""#, 12),
      ("1 1", 2), ("{} {}", 3), ("\u{FEFF}{}", 0), ("// a\n1", 0), ("[1]\u{0}", 3),
    ] as [(String, Int)])
  func `refuses what it does not, at the byte at fault`(_ text: String, _ offset: Int) throws {
    let error = try #require(throws: JSONError.self, "\(text) was taken") { try json(text) }
    #expect(error.offset == offset, "\(error)")
    #expect(!error.sentence.isEmpty)
    #expect(error == (#expect(throws: JSONError.self) { try JSON.read(Array(text.utf8)[...]) }))
  }

  @Test(
    arguments: [
      ([0xFF], 0), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1),
      ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0x41, 0xF5, 0x80, 0x80, 0x80, 0x22], 2),
      ([0x22, 0xE2, 0x82], 1), ([0xFE, 0xFF, 0x00, 0x31], 0),
    ] as [([UInt8], Int)])
  func `refuses bytes that are not UTF-8`(_ bytes: [UInt8], _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSON.read(bytes) }
    #expect(error?.offset == offset)
    #expect(error?.sentence == "not UTF-8")
  }

  @Test func `refuses nesting beyond its limit at the level that exceeds it`() throws {
    func nested(_ open: String, _ close: String, _ depth: Int) -> String {
      String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }
    #expect(throws: Never.self) { try json(nested("[", "]", 32)) }
    for depth in [33, 1_000_000] {
      #expect(throws: JSONError.self) {
        try JSON.read(Array(nested("[", "]", depth).utf8), limits: .init(bytes: 1 << 22))
      }
    }
    let objects = String(repeating: #"{"a":"#, count: 33)
    let error = #expect(throws: JSONError.self) { try json(objects) }
    #expect(error?.offset == 32 * 5)
    #expect(error?.sentence == "nested deeper than 32 levels")
  }

  @Test func `refuses more bytes than its limit before it reads them`() throws {
    let text = #"["\#(String(repeating: "x", count: 96))"]"#
    #expect(throws: Never.self) { try JSON.read(text.utf8, limits: .init(bytes: 100)) }
    let error = #expect(throws: JSONError.self) {
      try JSON.read(text.utf8, limits: .init(bytes: 99))
    }
    #expect(error?.offset == 99)
    #expect(error?.sentence == "longer than 99 bytes")
  }

  @Test func `finds a name that stands twice among very many`() throws {
    let members = (0..<20_000).map { #""n\#($0)":0"# }
    #expect(throws: Never.self) { try json("{\(members.joined(separator: ","))}") }
    for twice in [0, 14, 15, 16, 17, 19_999] {
      let text = "{\(members.joined(separator: ",")),\"n\(twice)\":1}"
      #expect(throws: JSONError.self) { try json(text) }
    }
  }

  @Test func `of damaged documents neither crashes nor reads what it would not write`() throws {
    var random = SeededGenerator()
    let documents = EventType.allCases.map { ($0, Array(sampleData($0).most.utf8)) }
    let hostile = Array(#"{}[]":,\u0dDeE+-.019tfn "#.utf8) + [0, 0x0A, 0x7F, 0x80, 0xC3, 0xFF]
    var readable = 0
    var decodable = 0
    for _ in 0..<1_500 {
      let (type, document) = documents[Int.random(in: 0..<documents.count, using: &random)]
      var bytes = document
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let byte = hostile[Int.random(in: 0..<hostile.count, using: &random)]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      guard let value = try? JSON.read(bytes) else { continue }
      readable += 1
      #expect(try JSON.read(value.bytes) == value, "CATHLOG_SEED=\(random.seed)")
      guard let body = try? EventBody(type, data: value) else { continue }
      decodable += 1
      #expect(try EventBody(type, data: body.data) == body, "CATHLOG_SEED=\(random.seed)")
    }
    #expect(decodable > 20)
    #expect(readable > 50)
  }
}

@Suite struct `The JSON writer` {
  private func value(_ random: inout SeededGenerator, depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2, 3:
      .number(
        Decimal(
          significand: Int64.random(in: -99_999...99_999, using: &random),
          exponent: Int.random(in: -25...25, using: &random)))
    case 4: .string(text(&random))
    case 5, 6:
      .array(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth - 1) })
    default:
      .object(
        (0..<Int.random(in: 0...20, using: &random)).map {
          JSON.Member("\(text(&random))\($0)", value(&random, depth: depth - 1))
        })
    }
  }

  private func text(_ random: inout SeededGenerator) -> String {
    let letters: [Unicode.Scalar] = [
      "a", "\"", "\\", "/", "\u{1}", "\u{1F}", "\n", "é", "\u{1FAC0}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      text.unicodeScalars.append(letters[Int.random(in: 0..<letters.count, using: &random)])
    }
    return text
  }

  @Test func `writes what reads back as the same value, in one canonical form`() throws {
    var random = SeededGenerator()
    for _ in 0..<500 {
      let value = value(&random, depth: 4)
      let seed = "CATHLOG_SEED=\(random.seed)"
      #expect(try JSON.read(value.bytes) == value, "\(seed)")
      let canonical = try JSON.read(value.canonicalBytes)
      #expect(canonical == value, "\(seed)")
      #expect(canonical.bytes == value.canonicalBytes, "\(seed)")
      if case .object(let members) = value {
        let shuffled = JSON.object(members.shuffled(using: &random))
        #expect(shuffled == value && shuffled.hashValue == value.hashValue, "\(seed)")
        #expect(shuffled.canonicalBytes == value.canonicalBytes, "\(seed)")
      }
    }
  }

  @Test(arguments: [
    (#"{ "b" : 1.50, "a" : [ true , null ] }"#, #"{"a":[true,null],"b":1.5}"#),
    (#"{"é":1,"z":2,"Z":3,"":4}"#, #"{"":4,"Z":3,"z":2,"é":1}"#),
    (#""\u000a\u0001\u00e9\/\u2028""#, "\"\\n\\u0001é/\u{2028}\""), ("12e-1", "1.2"),
    ("-0.0", "0"), ("1e3", "1000"), ("5e-3", "0.005"),
  ])
  func `has one text for one value`(_ text: String, _ canonical: String) throws {
    #expect(String(decoding: try json(text).canonicalBytes, as: UTF8.self) == canonical)
  }

  @Test func `tells values apart`() throws {
    let texts = [
      "null", "true", "false", "0", "1", #""""#, #""1""#, "[]", "[1]", "[1,0]", "{}", #"{"a":1}"#,
      #"{"a":1,"b":1}"#, #"{"b":1}"#, #""é""#, #""e\u0301""#, #"{"é":1}"#, #"{"e\u0301":1}"#,
    ]
    for (index, text) in texts.enumerated() {
      for (other, otherText) in texts.enumerated() {
        #expect((try json(text) == json(otherText)) == (index == other), "\(text) \(otherText)")
      }
    }
  }
}
