public import Charges
internal import Postgres
public import Procedures
internal import Store

/// One entry of a ledger with all that billing may see of what stands behind it.
public struct SupportedEntry: Hashable, Sendable {
  /// The entry.
  public let entry: PulledEntry
  /// The entry that pairs with it: of a credit its charge, of a charge its credit, if it has one.
  public let counterpart: PulledEntry?
  /// Whether billing has acknowledged it.
  public let status: LedgerSelection.Status
  /// The events that it rests on and every amendment of them, in the order of recording; nothing
  /// else of the case.
  public let events: [RecordedEvent]
}

extension SupportedEntry {
  /// The entry with its pair and what it rests on.
  public var json: JSON {
    let isCredit = entry.entry.credited != nil
    let pair = counterpart?.json ?? .null
    return [
      "entry": entry.json, "status": .string(status.rawValue),
      "credit": isCredit ? .null : pair, "charge": isCredit ? pair : .null,
      "events": .array(events.map(\.json)),
    ]
  }
}

extension LedgerReader {
  /// One entry with the events that it rests on; nil where the ledger has not this very entry.
  ///
  /// - Throws: ``ProjectorError``.
  public func entry(
    _ id: EntryID, in facility: FacilityCode
  ) async throws(ProjectorError) -> SupportedEntry? {
    let found = try await entries(
      """
      SELECT \(unescaped: LedgerEntry.columns) FROM \(unescaped: LedgerEntry.source)
      WHERE e.facility = \(facility.text)
        AND (e.number = \(id.number) OR e.credit_of = \(id.number)
          OR e.number = (SELECT o.credit_of FROM ledger.entry o
            WHERE o.facility = \(facility.text) AND o.number = \(id.number)))
      """, of: facility)
    guard found.contains(where: { $0.id == id }) else { return nil }
    let pulled = try await pulled(found, in: facility)
    guard let entry = pulled.first(where: { $0.entry.id == id }) else { return nil }
    let billed = try await standing(of: facility).acknowledgement?.through.number ?? 0
    return SupportedEntry(
      entry: entry, counterpart: pulled.first { $0.entry.id != id },
      status: id.number <= billed ? .billed : .billable,
      events: try await events(supporting: entry.entry, in: facility))
  }

  /// What has become of an entry that the ledger has not.
  ///
  /// - Throws: ``ProjectorError``.
  public func absence(
    of id: EntryID, in facility: FacilityCode
  ) async throws(ProjectorError) -> StaleCursor {
    try await pool.transaction(in: facility, .readOnlyRepeatable) {
      session throws(PostgresError) in try StaleCursor.read(id, in: facility, session)
    }
  }

  private func events(
    supporting entry: LedgerEntry, in facility: FacilityCode
  ) async throws(ProjectorError) -> [RecordedEvent] {
    let events: [RecordedEvent]
    do throws(StoreError) {
      events = try await log.events(
        of: entry.caseID, in: facility, at: .now, disclosure: .clear)
    } catch {
      throw .store(error)
    }
    // An amendment comes after what it amends, be that an amendment itself.
    var supporting = Set(entry.charge.entries)
    return events.filter { recorded in
      if supporting.contains(recorded.event.id) { return true }
      guard let amended = recorded.event.body.amendedEntry, supporting.contains(amended) else {
        return false
      }
      supporting.insert(recorded.event.id)
      return true
    }
  }
}
