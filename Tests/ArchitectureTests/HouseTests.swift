import Foundation
import Testing

/// The source tree as it stands beside these tests, read once.
private struct Tree {
  static let standing = Result { try Tree() }

  let manifest: String
  let files: [SourceFile]

  private init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    files = try ["Sources", "schema", "Tests"].flatMap { try Self.files($0, in: root) }
  }

  private static func files(_ folder: String, in root: URL) throws -> [SourceFile] {
    let top = root.appending(path: folder).resolvingSymlinksInPath()
    guard let paths = FileManager.default.enumerator(atPath: top.path()) else { return [] }
    let endings: Set = ["swift", "sql", "h", "modulemap"]
    var files: [SourceFile] = []
    for case let path as String in paths
    where endings.contains((path as NSString).pathExtension) {
      let text = try String(contentsOf: top.appending(path: path), encoding: .utf8)
      files.append(SourceFile(path: "\(folder)/\(path)", text: text))
    }
    return files.sorted { $0.path < $1.path }
  }
}

@Suite struct `The house` {
  private let tree: Tree

  init() throws { tree = try Tree.standing.get() }

  private var sources: [SourceFile] { tree.files.filter { !$0.path.hasPrefix("Tests/") } }

  @Test func `has a row for every source`() {
    #expect(sources.count > 50)
    #expect(Rules.homeless(sources) == [])
  }

  @Test func `imports downwards only, and pure targets nothing from outside`() {
    for target in TargetRow.house {
      for file in sources where target.contains(file) {
        #expect(Rules.importFindings(file, of: target) == [])
      }
    }
  }

  @Test func `is pure where it says so: no clock, no chance, nothing outside`() {
    var checked = 0
    for target in TargetRow.house where target.isPure {
      for file in sources where target.contains(file) {
        checked += 1
        #expect(Rules.impurities(file) == [])
      }
    }
    #expect(checked > 20)
  }

  @Test func `has no empty room`() { #expect(Rules.emptyRooms(tree.manifest, sources) == []) }

  @Test func `runs every test that it has`() {
    #expect(Rules.unlistedTests(tree.manifest, tree.files) == [])
  }

  @Test func `has no file too long to read at one sitting`() {
    for file in tree.files { #expect(Rules.tooLong(file) == []) }
  }

  @Test func `stops the process nowhere and leaves nothing for later`() {
    for file in tree.files {
      #expect(Rules.forced(file) == [])
      #expect(Rules.leftForLater(file) == [])
    }
  }

  @Test func `sleeps in no test`() {
    for file in tree.files where file.path.hasPrefix("Tests/") {
      #expect(Rules.sleeps(file) == [])
    }
  }
}
