import Crypto
import Postgres
import Procedures
import Store
import TestDatabase
import Testing

@Suite struct `Stored rule books` {
  @Test func `come back as they were stored, in the order of storing`() async throws {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      let books = [try lab.book("2026.1-a", "one"), try lab.book("2026.1-b", "two")]
      for book in books {
        let outcome = try await lab.books.store(book, in: facility, by: try Lab.nurse)
        guard case .stored(let time) = outcome else {
          Issue.record("\(outcome)")
          continue
        }
        #expect(
          try await lab.books.store(book, in: facility, by: try #require(PersonCode("other")))
            == .repeated(since: time))
      }
      let listed = try await lab.books.books(of: facility)
      #expect(listed.map(\.edition.text) == ["2026.1-a", "2026.1-b"])
      #expect(listed.map(\.digest) == books.map(\.digest))
      #expect(listed.map(\.recorder) == [try Lab.nurse, try Lab.nurse])
      for book in books {
        #expect(try await lab.books.contents(of: book.digest, in: facility) == book)
      }
      #expect(try await lab.books.firstBroken(in: facility) == nil)
    }
  }

  @Test func `are those of one facility`() async throws {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      let other = try await lab.openFacility()
      let book = try lab.book("2026.1-a", "one")
      _ = try await lab.books.store(book, in: facility, by: try Lab.nurse)
      #expect(try await lab.books.books(of: other).isEmpty)
      #expect(try await lab.books.contents(of: book.digest, in: other) == nil)
      let digests: Set = [book.digest, "sha256:none", BookLab.digest("two")]
      #expect(
        try await lab.books.editions(of: digests, in: facility) == [book.digest: book.edition])
      #expect(try await lab.books.editions(of: digests, in: other).isEmpty)
      for text in ["", "sha256:", "2026.1-a", book.digest.uppercased()] {
        #expect(try await lab.books.contents(of: text, in: facility) == nil)
      }
    }
  }

  @Test func `are refused where the digest is another's, or the facility has no log`() async throws
  {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      let book = try lab.book("2026.1-a", "one")
      let wrong = RuleBookContents(
        edition: book.edition, digest: BookLab.digest("two"), bytes: book.bytes)
      await #expect {
        _ = try await lab.books.store(wrong, in: facility, by: try Lab.nurse)
      } throws: { error in
        guard case StoreError.misuse = error else { return false }
        return true
      }
      let nowhere = try Entries.facility()
      await #expect {
        _ = try await lab.books.store(book, in: nowhere, by: try Lab.nurse)
      } throws: { error in
        guard case StoreError.facilityUnknown = error else { return false }
        return true
      }
      #expect(try await lab.books.books(of: facility).isEmpty)
    }
  }
}

@Suite struct `An adoption` {
  private func adoption(
    of digest: String, edition: String = "2026.1-a", in facility: FacilityCode
  ) throws -> Event {
    try Lab(facility, case: .zero).event(
      .ruleBookAdopted,
      ["ruleBook": .string(edition), "digest": .string(digest), "from": "2026-01-01"])
  }

  @Test func `of a book that the facility does not have is refused`() async throws {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      let other = try await lab.openFacility()
      let book = try lab.book("2026.1-a", "one")
      _ = try await lab.books.store(book, in: other, by: try Lab.nurse)
      let event = try adoption(of: book.digest, in: facility)
      let refused = try await refusal { try await lab.service.append(event, to: facility) }
      #expect(refused.refusal.code == .fieldInvalid)
      #expect(refused.refusal.field == "data.digest")
      #expect(refused.refusal.sentence.contains("store the book first"))

      _ = try await lab.books.store(book, in: facility, by: try Lab.nurse)
      #expect(try await lab.service.append(event, to: facility).map(\.isRepeat) == [false])
      #expect(try await lab.service.append(event, to: facility).map(\.isRepeat) == [true])
    }
  }

  @Test func `under another edition than the book's is refused`() async throws {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      let book = try lab.book("2026.1-a", "one")
      _ = try await lab.books.store(book, in: facility, by: try Lab.nurse)
      let event = try adoption(of: book.digest, edition: "2026.1", in: facility)
      let refused = try await refusal { try await lab.service.append(event, to: facility) }
      #expect(refused.refusal.code == .fieldInvalid)
      #expect(refused.refusal.field == "data.ruleBook")
    }
  }

  @Test func `of a shipped book keeps it`() async throws {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      let event = try adoption(of: lab.shipped.digest, edition: "2026.1", in: facility)
      try await lab.service.append(event, to: facility)
      #expect(
        try await lab.books.contents(of: lab.shipped.digest, in: facility) == lab.shipped)
    }
  }

  @Test func `waits in vain for a database that is gone, and holds up nothing else`() async throws {
    try await BookLab.open { lab in
      let facility = try await lab.openFacility()
      await lab.bookPool.shutdown()
      let event = try adoption(of: lab.shipped.digest, edition: "2026.1", in: facility)
      let opened = try Lab(facility).opened()
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          do {
            try await lab.service.append(event, to: facility)
            return false
          } catch AppendFailure.store(.closed) {
            return true
          }
        }
        group.addTask { try await lab.service.append(opened, to: facility).count == 1 }
        for try await isAsExpected in group { #expect(isAsExpected) }
      }
      try await expectWhole(lab.service.store, facility)
    }
  }
}

/// A service over a database, and the rule books in it.
struct BookLab: Sendable {
  let service: Service
  let books: RuleBookStore
  let shipped: RuleBookContents
  /// The connections of the books alone.
  let bookPool: ConnectionPool

  static func open(_ body: (BookLab) async throws -> Void) async throws {
    let url = try await TestDatabase.fromTemplate("books") { url in
      try await Migrator().migrate(ConnectionSettings(url: url))
    }
    var settings = ConnectionSettings(url: url)
    settings.role = PostgresLogStore.serviceRole
    let pool = ConnectionPool(settings)
    let bookPool = ConnectionPool(settings)
    let books = RuleBookStore(pool: bookPool)
    let shipped = RuleBookContents(
      edition: try #require(RuleBookEdition("2026.1")), digest: digest("shipped"),
      bytes: Array("shipped".utf8))
    let lab = BookLab(
      service: Service(
        PostgresLogStore(pool: pool), masterKey: .random(),
        ruleBooks: AdoptableRuleBooks(shipped: [shipped], store: books)),
      books: books, shipped: shipped, bookPool: bookPool)
    do {
      try await lab.service.run { try await body(lab) }
      await pool.shutdown()
      await bookPool.shutdown()
    } catch {
      await pool.shutdown()
      await bookPool.shutdown()
      throw error
    }
  }

  func openFacility() async throws -> FacilityCode { try await service.openFacility() }

  func book(_ edition: String, _ text: String) throws -> RuleBookContents {
    RuleBookContents(
      edition: try #require(RuleBookEdition(edition)), digest: Self.digest(text),
      bytes: Array(text.utf8))
  }

  static func digest(_ text: String) -> String {
    "sha256:"
      + SHA256.hash(data: Array(text.utf8)).map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined()
  }
}
