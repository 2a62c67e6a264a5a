/// Why a text is not a rule book: the table, its row and what is wrong there.
public struct RuleBookError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The table, such as `medicallyUnlikelyEdits`.
  public let table: String
  /// The row, from 0; nil where the table as a whole is at fault.
  public let row: Int?
  /// What is wrong, in a sentence.
  public let sentence: String

  init(_ table: String, _ row: Int? = nil, _ sentence: String) {
    self.table = table
    self.row = row
    self.sentence = sentence
  }

  /// The place and the sentence.
  public var description: String {
    "\(table)\(row.map { "[\($0)]" } ?? ""): \(sentence)"
  }
}
