internal import Charges
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import Procedures
internal import Projectors
internal import Store

// What the floors below say, as problems: the one place where their errors become statuses.

extension Problem {
  /// A refusal of the log; `index` is the event's place in a list.
  init(_ refusal: Refusal, index: Int? = nil) {
    self.init(.refusal(refusal.code), refusal.sentence, field: refusal.field)
    self.index = index
    nearest = refusal.nearest
    expected = refusal.versions?.expected
    current = refusal.versions?.current
  }

  /// A body that is not JSON, or not the JSON that the log takes.
  init(_ error: JSONError) {
    let refusal = Refusal(error)
    self.init(.refusal(refusal.code), refusal.sentence, status: .badRequest)
  }

  /// A failure of the store.
  init(_ error: StoreError) {
    switch error {
    case .facilityUnknown:
      self.init(.notFound, "This facility has no log yet.")
    case .database, .closed:
      self = Problem(.databaseUnavailable, "The database does not answer; try again.")
        .retryAfter(seconds: 1)
    case .unreadable, .masterKeyMissing, .misuse:
      self.init(.internalError, "The log could not be read; the service's own record says why.")
    }
  }

  /// A failure of the read models.
  init(_ error: ProjectorError) {
    switch error {
    case .facilityUnknown: self.init(StoreError.facilityUnknown)
    case .database(let error): self.init(StoreError.database(error))
    case .store(let error): self.init(error)
    case .notAppliedInTime: self = .projectionBehind
    case .cursorInvalid: self = .invalidParameter("cursor", "be what a link of this list said")
    case .unreadable:
      self.init(.internalError, "What was projected cannot be read; it must be rebuilt.")
    case .ledgerDamaged:
      self.init(.internalError, "The ledger could not be read; the service's own record says why.")
    }
  }

  /// A ledger that could not be read, or has not the entry after which it was to be read.
  init(_ error: LedgerError) {
    switch error {
    case .stale(let stale): self.init(stale, .cursorStale)
    case .projector(let error): self.init(error)
    }
  }

  /// An entry that the ledger has not, and from where a client can go on.
  init(_ stale: StaleCursor, _ code: Code, field: String = "after") {
    self.init(code, stale.sentence, field: field)
    details = [
      "epoch": .text(stale.epoch?.text),
      "firstNumber": stale.firstNumber.map { .integer($0) } ?? .null,
      "last": .text(stale.last?.description), "lastCommon": .text(stale.lastCommon?.description),
    ]
  }

  /// A case that cannot be replayed as it was asked.
  init(_ error: ReplayError) {
    switch error {
    case .caseUnknown: self = .caseUnknown
    case .ruleBook(.unknown(_, let known)):
      self = .invalidParameter(
        "ruleBook", "be one of \(known.map(\.text).joined(separator: ", ")), or a digest")
    case .ruleBook(.ambiguous(_, let digests)):
      self = .invalidParameter(
        "ruleBook",
        "be a digest, since several books have this edition: "
          + digests.joined(separator: ", "))
    case .policyUnknown(_, let known):
      self = .invalidParameter("policy", "be one of \(known.map(\.text).joined(separator: ", "))")
    case .projectionBehind: self = .projectionBehind
    case .database(let error): self.init(StoreError.database(error))
    }
  }

  /// What was sent is no rule book.
  init(_ error: RuleBookError) {
    self.init(
      .refusal(.fieldInvalid),
      error.count == 1
        ? "The rule book has a fault." : "The rule book has \(error.count) faults.")
    faults = error.faults.map { fault in
      var members: [JSON.Member] = []
      if let line = fault.line { members.append(JSON.Member("line", .integer(line))) }
      if let table = fault.table { members.append(JSON.Member("table", .string(table))) }
      if let row = fault.row { members.append(JSON.Member("row", .integer(row))) }
      members.append(JSON.Member("detail", .string(fault.sentence)))
      return .object(members)
    }
  }

  /// The read models are not where the answer would be whole.
  static let projectionBehind = Problem(
    .overloaded, "The charges are not worked out that far yet; try again in a moment."
  ).retryAfter(seconds: 1)

  /// A reading that could not be recorded, and is therefore not answered.
  init(_ error: AccessRecordError) {
    switch error {
    case .overloaded: self = .busy
    case .store:
      self = Problem(
        .databaseUnavailable, "What is read must be recorded, and cannot be now; try again."
      ).retryAfter(seconds: 1)
    }
  }

  /// Why events were not appended; the place of the one at fault is told where they stood in a list.
  init(_ failure: AppendFailure, inList: Bool) {
    switch failure {
    case .refused(let refusal, let index): self.init(refusal, index: inList ? index : nil)
    case .overloaded: self = .busy
    case .store(let error): self.init(error)
    case .commitUnknown:
      self = Problem(
        .outcomeUnknown,
        "Whether this was recorded is not known; send it again, it is recorded once all the same."
      ).retryAfter(seconds: 1)
    }
  }

  /// Too much is under way.
  static let busy = Problem(.overloaded, "Too much is under way; try again in a moment.")
    .retryAfter(seconds: 1)

  /// Anything that a handler can throw.
  init(catching error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let refusal as Refusal: self.init(refusal)
    case let error as StoreError: self.init(error)
    case let error as AccessRecordError: self.init(error)
    case let error as ProjectorError: self.init(error)
    case let error as LedgerError: self.init(error)
    case let error as ReplayError: self.init(error)
    case is NIOTooManyBytesError: self = .bodyTooLarge
    case let error as HTTPError where error.status == .notFound:
      self.init(.notFound, "There is nothing at this address.")
    case let error as HTTPError where error.status == .badRequest:
      self.init(.requestMalformed, "The request cannot be read.")
    case is HTTPParserError: self.init(.requestMalformed, "The request cannot be read.")
    case is CancellationError: self = .busy
    default: self.init(.internalError, "Something went wrong; the service's own record says what.")
    }
  }

  static let bodyTooLarge = Problem(.bodyTooLarge, "The body is larger than is taken.")
}
