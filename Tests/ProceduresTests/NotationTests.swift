import Procedures
import Testing

@Suite struct `A text in base64` {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `writes the vectors of RFC 4648`(_ bytes: String, _ text: String) {
    #expect(Base64.encode(Array(bytes.utf8)) == text)
    #expect(Base64.decode(text) == Array(bytes.utf8))
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9v", "Zm9-", "Zm9_", "====", "=Zg=",
    "Zg==Zg==", "Zm9é",
  ])
  func `reads one text for one sequence of bytes`(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func `reads what it wrote`() {
    var random = SeededGenerator()
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes, "CATHLOG_SEED=\(random.seed)")
    }
  }
}

@Suite struct `A table in CSV` {
  @Test(
    arguments: [
      ("a,b\n1,2\n", [["1", "2"]]), ("a,b\r\n1,2\r\n3,4", [["1", "2"], ["3", "4"]]),
      ("a,b\n\n1,2\n\n", [["1", "2"]]), ("a,b\n,\n", [["", ""]]),
      ("a,b\n\"1,\"\"x\"\"\n\",\"\"\n", [["1,\"x\"\n", ""]]),
      ("a,b\n\"\"\"\",2", [["\"", "2"]]), ("a,b", []),
      ("a,b\né,e\u{301}\n", [["é", "e\u{301}"]]),
    ] as [(String, [[String]])])
  func `has a row for each line below its names`(_ text: String, _ rows: [[String]]) throws {
    let table = try #require(CSVTable(text))
    #expect(table.columns == ["a", "b"])
    #expect(table.rows == rows)
    #expect(table.index(of: "b") == 1)
    #expect(table.index(of: "c") == nil)
  }

  @Test(arguments: [
    "", "\n", "a,b\n1", "a,b\n1,2,3", "a,b\n\"1,2", "a,b\n\"1\"x,2", "a,b\n1\"2\",3", "a,b\n1\r2,3",
  ])
  func `is none when a row is broken`(_ text: String) { #expect(CSVTable(text) == nil) }
}
