import Charges
import Foundation
import Procedures

/// Where commands find a rule book by what a person calls it.
///
/// In this order: the edition or the digest of a book at hand, then a file.
struct RuleBooksAtHand {
  /// The books at hand, the standard one first.
  func books() async throws(CommandFailure) -> [RuleBook] { RuleBook.shipped }

  /// The book of this edition or digest, or in this file.
  func book(named name: String) async throws(CommandFailure) -> RuleBook {
    try Self.book(named: name, among: try await books())
  }

  /// The book in a file; - is standard input.
  func book(inFile path: String) async throws(CommandFailure) -> RuleBook {
    try Self.book(inFile: path, bases: try await books())
  }
}

extension RuleBooksAtHand {
  /// The shipped book of this edition or digest, or the book in this file: for commands that use no
  /// database.
  static func book(named name: String) throws(CommandFailure) -> RuleBook {
    try book(named: name, among: RuleBook.shipped)
  }

  /// Whether a name is that of a file, there or not, rather than of a book.
  static func isFile(_ name: String) -> Bool {
    name == "-" || name.contains("/") || name.hasSuffix(".json")
      || FileManager.default.fileExists(atPath: name)
  }

  /// The book in a file; - is standard input.
  static func book(inFile path: String) throws(CommandFailure) -> RuleBook {
    try book(inFile: path, bases: RuleBook.shipped)
  }

  private static func book(
    named name: String, among books: [RuleBook]
  ) throws(CommandFailure) -> RuleBook {
    if let book = books.first(where: { $0.edition.text == name || $0.digest == name }) {
      return book
    }
    guard isFile(name) else {
      let known = books.map(\.edition.text).joined(separator: ", ")
      throw CommandFailure(
        "rule-book-unknown",
        "There is no rule book \(name) and no such file; there is \(known).", .data)
    }
    return try book(inFile: name, bases: books)
  }

  private static func book(
    inFile path: String, bases: [RuleBook]
  ) throws(CommandFailure) -> RuleBook {
    let text = try FileReader.bytes(of: path, limit: RuleBook.textLimit)
    do throws(RuleBookError) {
      return try RuleBook(reading: text, bases: bases)
    } catch {
      throw CommandFailure(error, file: path)
    }
  }
}

extension CommandFailure {
  /// A file that is no rule book: each fault a line, `FILE:LINE: table: sentence`.
  init(_ error: RuleBookError, file: String) {
    var lines = error.faults.map { "\(file):\($0.line ?? 1): \($0)" }
    let more = error.count - error.faults.count
    if more > 0 { lines.append("\(file): \(more) more faults are not listed.") }
    self.init(lines: lines, .data)
  }
}
