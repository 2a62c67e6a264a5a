/// A place where the source breaks a rule of the house.
struct Finding: Equatable, CustomStringConvertible {
  let file: String
  let line: Int
  let what: String

  var description: String { "\(file):\(line): \(what)" }
}

/// A file of the project, by its path below the top level.
struct SourceFile {
  let path: String
  let text: String
  /// Its code, where it is Swift.
  let code: SwiftText

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = SwiftText(path.hasSuffix(".swift") ? text : "")
  }
}

/// Which modules a target may import.
///
/// Own modules are those of the house; what is not pure may import any foreign one that its row in
/// Package.swift names.
struct TargetRow {
  let name: String
  let folder: String
  let own: Set<String>
  /// The foreign modules of a pure target; nil for a target that is not pure.
  let foreign: Set<String>?
  /// Files that may import more, with what and why it cannot be done without.
  let exceptions: [String: Set<String>]

  init(
    _ name: String, folder: String? = nil, own: Set<String>, foreign: Set<String>? = nil,
    exceptions: [String: Set<String>] = [:]
  ) {
    self.name = name
    self.folder = folder ?? "Sources/\(name)"
    self.own = own
    self.foreign = foreign
    self.exceptions = exceptions
  }

  /// The house from the bottom up: an arrow that is not in this table does not exist.
  static let house: [TargetRow] = {
    let log: Set = ["Procedures", "Evidence", "Postgres", "Schema"]
    let reading = log.union(["Store", "Charges"])
    let edges = reading.union(["Projectors", "Exchange"])
    return [
      // The names of time zones are the system's.
      TargetRow(
        "Procedures", own: [], foreign: [],
        exceptions: ["Values/TimeZoneName.swift": ["Foundation"]]),
      // A rule book is known by its digest.
      TargetRow("Charges", own: ["Procedures"], foreign: ["Crypto"]),
      TargetRow("Evidence", own: [], foreign: ["Crypto"]),
      TargetRow("Exchange", own: ["Procedures", "Charges"], foreign: []),
      TargetRow("Simulation", own: ["Procedures"], foreign: []),
      TargetRow("CLibPQ", own: []),
      TargetRow("Postgres", own: ["CLibPQ"]),
      TargetRow("Schema", folder: "schema", own: []),
      TargetRow("Store", own: log),
      TargetRow("Projectors", own: reading),
      TargetRow("LocalPostgres", own: ["Postgres"]),
      TargetRow("API", own: edges),
      TargetRow("Web", own: edges),
      TargetRow("Settings", own: edges.union(["API"])),
      TargetRow(
        "cathlog", folder: "Sources/Command",
        own: edges.union(["LocalPostgres", "Simulation", "API", "Web", "Settings"])),
      // Runs while the package is built and knows nothing of it.
      TargetRow("embed-texts", folder: "Sources/Embedding", own: []),
    ]
  }()

  var isPure: Bool { foreign != nil }

  func contains(_ file: SourceFile) -> Bool { file.path.hasPrefix(folder + "/") }
}

/// The rules, each a function from text to what breaks it.
enum Rules {
  static let linesAtMost = 400

  static func importFindings(_ file: SourceFile, of target: TargetRow) -> [Finding] {
    let own = Set(TargetRow.house.map(\.name))
    let name = String(file.path.dropFirst(target.folder.count + 1))
    let exceptions = target.exceptions[name] ?? []
    return file.code.imports.compactMap { line, module in
      let isAllowed =
        own.contains(module)
        ? target.own.contains(module)
        : target.foreign?.union(exceptions).contains(module) ?? true
      guard !isAllowed else { return nil }
      return Finding(file: file.path, line: line, what: "\(target.name) imports \(module)")
    }
  }

  private static let outside: Set = [
    "SystemRandomNumberGenerator", "FileManager", "FileHandle", "ProcessInfo", "CommandLine",
    "Task", "Thread",
  ]
  private static let calls: Set = [
    "getenv", "setenv", "clock_gettime", "gettimeofday", "time", "fopen", "open", "print",
  ]

  /// Sources that belong to no target of the house, or to more than one.
  static func homeless(_ files: [SourceFile]) -> [Finding] {
    files.filter { file in TargetRow.house.count { $0.contains(file) } != 1 }
      .map { Finding(file: $0.path, line: 1, what: "belongs to no one target of the house") }
  }

  /// Targets that a manifest declares and that have no source.
  static func emptyRooms(_ manifest: String, _ files: [SourceFile]) -> [Finding] {
    let manifest = manifest.filter { !$0.isWhitespace }
    return TargetRow.house.filter { target in
      ["arget", "systemLibrary"].contains { manifest.contains("\($0)(name:\"\(target.name)\"") }
        && !files.contains(where: target.contains)
    }.map { Finding(file: "Package.swift", line: 1, what: "\($0.name) has no source") }
  }

  /// Folders of tests that no target of a manifest builds, so that they would never run.
  static func unlistedTests(_ manifest: String, _ files: [SourceFile]) -> [Finding] {
    let manifest = manifest.filter { !$0.isWhitespace }
    let folders = files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
      .map { String($0.path.split(separator: "/")[1]) }
    return Set(folders).sorted().filter { !manifest.contains("arget(name:\"\($0)\"") }
      .map { Finding(file: "Package.swift", line: 1, what: "Tests/\($0) is in no target") }
  }

  /// What reads a clock, draws a random number or reaches outside the process.
  static func impurities(_ file: SourceFile) -> [Finding] {
    let code = file.code
    return findings(file, "is not pure") { index in
      let isCall = code[index + 1] == "("
      let isMember = code[index - 1] == "."
      switch code[index] {
      case "Date", "UUID":
        return isCall && code[index + 2] == ")"
          || code[index + 1] == "." && code[index + 2] == "init" && code[index + 4] == ")"
      case "now": return isMember && namesClock(code, index - 2)
      case "random": return isCall && !names("using", inCallAt: index + 1, code)
      case "shuffled", "shuffle", "randomElement": return isCall && code[index + 2] == ")"
      case let word where outside.contains(word): return true
      case let word where calls.contains(word):
        return isCall && !isMember && code[index - 1] != "func"
      default: return false
      }
    }
  }

  /// Whether `now` is a type's or stands without a value before its point: `Date.now`, `.now`.
  private static func namesClock(_ code: SwiftText, _ index: Int) -> Bool {
    guard code.tokens.indices.contains(index) else { return true }
    let before = code.tokens[index]
    return before.isWord ? before.isCapitalized : ![")", "]", ">", "?", "!"].contains(before.text)
  }

  /// Whether a call, whose parenthesis stands at a place, has an argument of this name.
  private static func names(_ name: String, inCallAt index: Int, _ code: SwiftText) -> Bool {
    var depth = 0
    for place in index..<code.tokens.count {
      switch code[place] {
      case "(": depth += 1
      case ")": depth -= 1
      case name where depth == 1: return true
      default: break
      }
      if depth == 0 { return false }
    }
    return false
  }

  /// What stops the process instead of saying what is wrong.
  static func forced(_ file: SourceFile) -> [Finding] {
    findings(file, "stops the process") {
      let word = file.code[$0]
      // `try !isOpen` only negates.
      return word == "fatalError"
        || ["try", "as"].contains(word) && file.code[$0 + 1] == "!"
          && file.code.tokens[$0].touches(file.code.tokens[$0 + 1])
    }
  }

  /// What waits for time to pass instead of for what it is about.
  static func sleeps(_ file: SourceFile) -> [Finding] {
    findings(file, "sleeps") {
      ["sleep", "usleep", "nanosleep"].contains(file.code[$0]) && file.code[$0 + 1] == "("
    }
  }

  /// What was left for later, also where only a comment says so.
  static func leftForLater(_ file: SourceFile) -> [Finding] {
    let marks = ["TO" + "DO", "FIX" + "ME"]
    return file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .filter { line in marks.contains { line.element.contains($0) } }
      .map { Finding(file: file.path, line: $0.offset + 1, what: "is left for later") }
  }

  static func tooLong(_ file: SourceFile) -> [Finding] {
    let count =
      file.text.split(separator: "\n", omittingEmptySubsequences: false).count
      - (file.text.hasSuffix("\n") ? 1 : 0)
    guard count > linesAtMost else { return [] }
    return [Finding(file: file.path, line: linesAtMost + 1, what: "has \(count) lines")]
  }

  private static func findings(
    _ file: SourceFile, _ what: String, where breaks: (Int) -> Bool
  ) -> [Finding] {
    file.code.tokens.indices.filter(breaks).map {
      Finding(file: file.path, line: file.code.tokens[$0].line, what: what)
    }
  }
}
