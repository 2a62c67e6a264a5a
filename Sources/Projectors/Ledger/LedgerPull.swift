public import Charges
public import Procedures

/// One answer out of a ledger: from after a cursor to an end that was fixed when it began.
///
/// Entries are never changed, so that all that is read of it, in however many transactions, is of one
/// state.
public struct LedgerPull: Hashable, Sendable {
  /// Whose ledger it is.
  public let facility: FacilityCode
  /// Which of the entries it has.
  public let selection: LedgerSelection
  /// The cursor after which it begins; nil at the beginning of the ledger.
  public let after: EntryID?
  /// Its last entry; nil where it has none.
  public let last: EntryID?
  /// When that was entered.
  public let lastPostedAt: Instant?
  /// Whether the ledger has more of the selection after it.
  public let hasMore: Bool
  /// The number after which it reads, which a status may put after the cursor.
  let start: Int64

  /// The number of the last entry.
  var end: Int64 { last?.number ?? start }
}

/// The entries of a pull, a page at a time.
public struct LedgerPages: Sendable {
  private let reader: LedgerReader
  private let pull: LedgerPull
  private var number: Int64

  init(_ reader: LedgerReader, _ pull: LedgerPull) {
    self.reader = reader
    self.pull = pull
    number = pull.start
  }

  /// The next entries, at most ``LedgerReader/pageLimit``; nil after the last.
  ///
  /// Each page is a transaction of its own: none is open while its reader works on it.
  ///
  /// - Throws: ``ProjectorError``, also where the ledger misses an entry.
  public mutating func next() async throws(ProjectorError) -> [PulledEntry]? {
    guard number < pull.end else { return nil }
    let page = try await reader.page(of: pull, after: number)
    guard let last = page.last else {
      throw .ledgerDamaged("the ledger ends before its entry \(pull.end)")
    }
    number = last.entry.id.number
    return page
  }
}
