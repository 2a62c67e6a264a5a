public import Charges
internal import Procedures
public import Store

extension RuleBookContents {
  /// A book as it is kept.
  public init(_ book: RuleBook) {
    self.init(edition: book.edition, digest: book.digest, bytes: book.contents)
  }

  /// The book that these contents are; nil where this edition cannot read them, or would decide
  /// otherwise by them than when they were kept, since the catalogue of vessels has changed.
  public var book: RuleBook? {
    guard let book = try? RuleBook(contents: bytes), book.digest == digest,
      book.edition == edition
    else { return nil }
    return book
  }
}
