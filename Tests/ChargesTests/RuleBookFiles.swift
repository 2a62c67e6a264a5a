import Charges
import Foundation
import Procedures

/// The rule books that stand beside the acceptance cases.
enum RuleBookFiles {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases/rule-books")

  /// The bytes of a file.
  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// The book of one site, which extends the shipped one.
  static func siteBook() throws -> RuleBook { try RuleBook(reading: bytes("st-mary.json")) }

  /// The names of the broken books, in order.
  static let broken: [String] = {
    let path = folder.appending(path: "broken").path(percentEncoded: false)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// The lines of what a broken book's faults should be.
  static func expected(_ name: String) throws -> [String] {
    String(decoding: try bytes("broken/\(name).expected.txt"), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }
}
