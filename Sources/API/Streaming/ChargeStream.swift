internal import Charges
internal import Exchange
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Procedures
internal import Projectors
internal import Store

/// Writes a pull while it is read, a page of the ledger at a time.
///
/// The next page is read while the one before it is on its way, and no further: a slow reader holds
/// up the reading, two pages are in memory at most, and no transaction is open meanwhile. A page's
/// cases are in the record of access before a byte of it goes out. Where anything fails the
/// connection breaks, so that nobody takes what has come for the whole.
struct ChargeStream: Sendable {
  let pull: LedgerPull
  let encoder: any ChargeEncoder
  /// The address of the next pull.
  let next: String?
  let access: AccessRecorder
  let tokens: TokenStore
  let caller: Caller
  let logger: Logger

  /// The pages that are still to be read, and the one that is written next.
  struct Pages: Sendable {
    var rest: LedgerPages
    var page: [PulledEntry]?
  }

  /// Reads and records the first page.
  func begin(_ pages: LedgerPages) async throws -> Pages {
    let pages = try await Self.read(pages)
    try await record(pages.page ?? [])
    return pages
  }

  /// Writes the pages, of which the first is recorded.
  @concurrent func run(_ pages: Pages, to writer: inout any ResponseBodyWriter) async throws {
    do {
      try await write(pages, to: &writer)
    } catch {
      // The answer has begun: that the connection breaks is all that can be told.
      let problem = Problem(catching: error)
      logger.error("a pull of charges broke off", metadata: ["error": "\(problem)"])
      throw error
    }
  }

  @concurrent private func write(
    _ pages: Pages, to writer: inout any ResponseBodyWriter
  ) async throws {
    var encoder = encoder
    var pages = pages
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    while let page = pages.page {
      let rest = pages.rest
      async let following = Self.read(rest)
      for entry in page { encoder.write(entry, into: &bytes) }
      try await writer.write(ByteBuffer(bytes: bytes))
      bytes.removeAll(keepingCapacity: true)
      pages = try await following
      if let page = pages.page {
        try await requireToken()
        try await record(page)
      }
    }
    encoder.finish(next: next, into: &bytes)
    try await writer.write(ByteBuffer(bytes: bytes))
    try await writer.finish(nil)
  }

  @concurrent private static func read(_ pages: LedgerPages) async throws -> Pages {
    var rest = pages
    let page = try await rest.next()
    return Pages(rest: rest, page: page)
  }

  /// A token that has ended meanwhile shows no further page.
  private func requireToken() async throws {
    guard case .accepted = try await tokens.judge(caller.presented) else {
      throw Problem.unauthenticated
    }
  }

  private func record(_ page: [PulledEntry]) async throws(Problem) {
    try await access.record(.chargesRead, of: Set(page.map(\.entry.caseID)).sorted(), by: caller)
  }
}
