import Testing

/// Each rule is shown to be broken by a bad sample and kept by a good one: a rule that nothing can
/// break guards nothing.
@Suite struct `A rule of the house` {
  private func file(_ text: String, _ path: String = "Sources/Procedures/X.swift") -> SourceFile {
    SourceFile(path: path, text: text)
  }

  private func target(_ name: String) throws -> TargetRow {
    try #require(TargetRow.house.first { $0.name == name })
  }

  @Test(arguments: [
    ("Procedures", "import Foundation"), ("Procedures", "import Charges"),
    ("Procedures", "internal import Foundation"), ("Procedures", "@preconcurrency import Glibc"),
    ("Procedures", "#if canImport(Glibc)\n  import Glibc\n#endif"),
    ("Procedures", "import struct Foundation.Date"), ("Charges", "import Store"),
    ("Charges", "public import Foundation"), ("Evidence", "import Procedures"),
    ("Evidence", "import Foundation"), ("Simulation", "import Charges"),
    ("Exchange", "import Store"), ("Postgres", "import Procedures"), ("Schema", "import Postgres"),
    ("Store", "import Charges"), ("Store", "import CLibPQ"), ("Projectors", "import API"),
    ("LocalPostgres", "import Store"), ("API", "import LocalPostgres"), ("API", "import Web"),
    ("embed-texts", "import Procedures"), ("cathlog", "import CLibPQ"),
  ])
  func `finds an import that points up or out`(_ name: String, _ text: String) throws {
    let target = try target(name)
    let found = Rules.importFindings(file(text, "\(target.folder)/X.swift"), of: target)
    #expect(found.count == 1, "\(text) in \(name)")
  }

  @Test(arguments: [
    ("Procedures", "// import Foundation\nlet x = \"import Store\""),
    ("Charges", "public import Procedures"), ("Evidence", "internal import Crypto"),
    ("Postgres", "import CLibPQ\nimport Glibc"), ("Projectors", "import Store\nimport Charges"),
    ("API", "import Projectors\nimport Hummingbird"), ("cathlog", "import API\nimport Simulation"),
    ("Procedures", "let important = 1\n  important.import_x()"),
  ])
  func `leaves an import that belongs`(_ name: String, _ text: String) throws {
    let target = try target(name)
    #expect(Rules.importFindings(file(text, "\(target.folder)/X.swift"), of: target).isEmpty)
  }

  @Test func `allows an exception in its file alone`() throws {
    let target = try target("Procedures")
    let text = "internal import Foundation"
    let zone = file(text, "Sources/Procedures/Values/TimeZoneName.swift")
    #expect(Rules.importFindings(zone, of: target).isEmpty)
    let other = file(text, "Sources/Procedures/Case/TimeZoneName.swift")
    #expect(Rules.importFindings(other, of: target).count == 1)
  }

  @Test(arguments: [
    "let x = Date()", "let x = Date.init()", "let x = Date.now", "f(at: .now)", "[.now]",
    "let x: Instant = .now", "Int.random(in: 0..<3)", "Bool.random()", "x.shuffled()",
    "x.randomElement()", "var g = SystemRandomNumberGenerator()", "FileManager.default",
    "ProcessInfo.processInfo", "getenv(\"X\")", "print(\"x\")", "let id = UUID()",
    "clock_gettime(CLOCK_REALTIME, &t)", "Task { }", "\"\\(Date())\"", "#\"\\#(Date.now)\"#",
    "\"\"\"\n\\(x[\"a\"] ?? \"\\(Date())\")\n\"\"\"",
  ])
  func `finds a clock, chance or the world outside in a pure target`(_ text: String) {
    #expect(Rules.impurities(file(text)).count == 1, "\(text)")
  }

  @Test(arguments: [
    "let now = context.now", "self.now = now", "Date(timeIntervalSince1970: x)", "x?.now",
    "// Date() reads the clock", "/* a /* nested */ Date() */", "let s = \"Date() \\(x) .now\"",
    "let s = #\"\\(Date())\"#", "let s = \"\"\"\n  FileManager \"quoted\" Date()\n  \"\"\"",
    "x.shuffled(using: &generator)", "Int.random(in: 0..<3, using: &generator)", "randomness(x)",
    "let s = \"\\\\\" + f(\"Date()\")", "runtime(x)", "case nowhere", "opened(x)",
  ])
  func `leaves what is pure and what only speaks of it`(_ text: String) {
    #expect(Rules.impurities(file(text)).isEmpty, "\(text)")
  }

  @Test(arguments: [
    "try! f()", "x as! Int", "fatalError(\"x\")", "default: fatalError()", "\"\\(try! f())\"",
  ])
  func `finds what stops the process`(_ text: String) {
    #expect(Rules.forced(file(text)).count == 1)
  }

  @Test(arguments: [
    "try f()", "x as? Int", "// try! is not for us", "let s = \"as! \"", "retry!", "try !isOpen",
  ])
  func `leaves what says what is wrong`(_ text: String) {
    #expect(Rules.forced(file(text)).isEmpty)
  }

  @Test(arguments: [
    "try await Task.sleep(for: .seconds(1))", "sleep(1)", "usleep(10)", "clock.sleep(until: x)",
  ])
  func `finds what sleeps`(_ text: String) { #expect(Rules.sleeps(file(text)).count == 1) }

  @Test(arguments: ["\"SELECT pg_sleep(1)\"", "// no sleep(1)", "asleep(1)", "let sleep = 1"])
  func `leaves what does not sleep`(_ text: String) { #expect(Rules.sleeps(file(text)).isEmpty) }

  @Test func `finds what is left for later, in comments too`() {
    for mark in ["TO" + "DO", "FIX" + "ME"] {
      let found = Rules.leftForLater(file("let a = 1\n// \(mark): more"))
      #expect(found.map(\.line) == [2])
    }
    #expect(Rules.leftForLater(file("let todo = 1 // fix me")).isEmpty)
  }

  @Test func `finds a source without a target, and a target without a source`() {
    let strays = [file("", "Sources/Utils/X.swift"), file("", "Sources/X.swift")]
    #expect(Rules.homeless(strays).map(\.file) == strays.map(\.path))
    let homes = [file("", "schema/Schema.swift"), file("", "Sources/Command/Main.swift")]
    #expect(Rules.homeless(homes).isEmpty)
    let manifest = """
      name: "cathlog", .target(
        name: "Store", dependencies: ["Charges"]), .systemLibrary(name: "CLibPQ"),
      .executableTarget(name: "cathlog")
      """
    #expect(
      Rules.emptyRooms(manifest, homes).map(\.what) == [
        "CLibPQ has no source", "Store has no source",
      ])
  }

  @Test func `finds tests that no target builds`() {
    let tests = [
      file("", "Tests/StoreTests/A.swift"), file("", "Tests/LabTests/B.swift"),
      file("", "Tests/LabTests/C.swift"), file("", "Tests/EndToEnd/d.sql"),
      file("", "Tests/TestDatabase/E.swift"),
    ]
    let manifest = """
      .testTarget(name: "StoreTests"), .target(
        name: "TestDatabase")
      """
    #expect(
      Rules.unlistedTests(manifest, tests).map(\.what) == ["Tests/LabTests is in no target"])
  }

  @Test func `finds a file that is too long`() {
    let most = String(repeating: "let a = 1\n", count: Rules.linesAtMost)
    #expect(Rules.tooLong(file(most)).isEmpty)
    #expect(Rules.tooLong(file(most + "let b = 2")).count == 1)
    #expect(Rules.tooLong(file(most + "\n")).count == 1)
  }

  @Test func `names the line`() {
    let text = "/*\n\n*/\nlet s = \"\"\"\n  a\n  \"\"\"\nlet x = Date()\n"
    #expect(Rules.impurities(file(text)).map(\.line) == [7])
  }
}
