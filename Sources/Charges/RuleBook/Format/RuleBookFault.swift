/// Something that is wrong with the text of a rule book.
public struct RuleBookFault: Hashable, Sendable, CustomStringConvertible {
  /// The line of the file, from 1; nil where the book was not read from a file.
  public internal(set) var line: Int?
  /// The table; nil where the head of the book is at fault.
  public let table: String?
  /// The row of the table, from 1; nil where the table as a whole is at fault.
  public let row: Int?
  /// What is wrong, in a sentence that ends with a full stop.
  public let sentence: String
  /// Where in the document it stands.
  let path: [JSONStep]

  init(_ sentence: String, table: String? = nil, row: Int? = nil, field: String? = nil) {
    self.sentence = sentence
    self.table = table
    self.row = row.map { $0 + 1 }
    var path: [JSONStep] = []
    if let table {
      path += [.member("tables"), .member(table)]
      if let row { path += [.member("rows"), .element(row)] }
    }
    if let field { path.append(.member(field)) }
    self.path = path
  }

  /// The table, the row and the sentence.
  public var description: String {
    "\(table ?? "rule book"): \(row.map { "row \($0): " } ?? "")\(sentence)"
  }
}

/// Why a text is not a rule book: all that is wrong with it.
public struct RuleBookError: Error, Equatable, Sendable, CustomStringConvertible {
  /// How many faults are listed.
  public static let faultLimit = 100

  /// The first faults in the order of the text, at most ``faultLimit``.
  public let faults: [RuleBookFault]
  /// How many there are, the listed ones among them.
  public let count: Int

  init(_ faults: [RuleBookFault], count: Int? = nil) {
    self.faults = faults
    self.count = count ?? faults.count
  }

  init(_ table: String, _ row: Int? = nil, _ sentence: String) {
    self.init([RuleBookFault(sentence, table: table, row: row)])
  }

  /// The first fault, and how many there are beside it.
  public var description: String {
    let first = faults.first?.description ?? "It is not a rule book."
    return count > 1 ? "\(first) (and \(count - 1) more)" : first
  }
}

/// Faults as they are found, in a bounded number.
struct RuleBookFaults {
  private(set) var faults: [RuleBookFault] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func add(_ fault: RuleBookFault) {
    count += 1
    // More are kept than are listed, so that the listed ones are the first of the text.
    if faults.count < 10 * RuleBookError.faultLimit { faults.append(fault) }
  }

  mutating func add(
    _ sentence: String, table: String? = nil, row: Int? = nil, field: String? = nil
  ) {
    add(RuleBookFault(sentence, table: table, row: row, field: field))
  }

  /// The error of them all, in the order of the lines of their text.
  func error(in text: [UInt8]?) -> RuleBookError {
    var located = faults
    if let text, let places = JSONPlaces(text) {
      for index in located.indices { located[index].line = places.line(of: located[index].path) }
      located.sort { ($0.line ?? 0) < ($1.line ?? 0) }
    }
    return RuleBookError(Array(located.prefix(RuleBookError.faultLimit)), count: count)
  }

  /// Ends the reading where there are any.
  func check(in text: [UInt8]?) throws(RuleBookError) {
    if !isEmpty { throw error(in: text) }
  }
}
