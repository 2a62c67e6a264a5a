public import Charges
internal import Procedures
public import Store

extension RuleBookContents {
  /// A book as it is kept.
  public init(_ book: RuleBook) {
    self.init(edition: book.edition, digest: book.digest, bytes: book.document.canonicalBytes)
  }

  /// The book that these contents are; nil where this edition cannot read them as what they were.
  public var book: RuleBook? {
    let limits = JSON.Limits(bytes: RuleBook.textLimit)
    guard let document = try? JSON.read(bytes, limits: limits),
      let book = try? RuleBook(document: document), book.digest == digest, book.edition == edition
    else { return nil }
    return book
  }
}
