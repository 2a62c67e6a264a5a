import API
import Postgres
import Procedures
import Projectors
import Store

extension CommandFailure {
  init(_ error: MigrationError) {
    switch error {
    case .edited: self.init("migration-edited", "\(error)", .configuration)
    case .ahead: self.init("schema-ahead", "\(error)", .configuration)
    case .database(let cause, _) where cause.kind == .connectionFailed:
      self.init(StoreError.database(cause))
    case .database(let cause, _) where cause.sqlState == .insufficientPrivilege:
      self.init(
        "migration-forbidden",
        "The schema is not this edition's, and the database's role may not change it: have a "
          + "superuser run cathlog migrate.", .noPermission)
    case .database: self.init("migration-failed", "\(error)", .unavailable)
    }
  }

  init(_ error: StoreError) {
    switch error {
    case .facilityUnknown:
      self.init(
        "facility-unknown",
        "There is no log of this facility; make one with: cathlog facility create NAME.", .data)
    case .database(let cause) where cause.kind == .connectionFailed:
      self.init(
        "database-unreachable",
        "The database cannot be reached: \(cause.reason). Check DATABASE_URL.", .unavailable)
    case .database(let cause) where cause.sqlState == .insufficientPrivilege:
      self.init("database-forbidden", "The database's role may not do this.", .noPermission)
    case .database(let cause) where cause.isRetryable:
      self.init("database-unavailable", "The database did not answer: \(cause).", .temporary)
    case .database(let cause):
      self.init("database-failed", "The database refused: \(cause).", .unavailable)
    case .unreadable(let sentence): self.init("log-unreadable", sentence, .software)
    case .masterKeyMissing:
      self.init(
        "master-key-missing",
        "The log is sealed under another master key than the one given.", .configuration)
    case .misuse(let sentence): self.init("misuse", sentence, .software)
    case .closed: self.init("closed", "The store is shut down.", .temporary)
    }
  }

  init(_ refusal: Refusal, at place: String? = nil) {
    self.init(refusal.code.rawValue, refusal.sentence, .data, at: place)
  }
}

extension CommandFailure {
  init(_ error: AppendFailure) {
    switch error {
    case .refused(let refusal, _): self.init(refusal)
    case .overloaded:
      self.init("overloaded", "Too much is being appended; try again.", .temporary)
    case .store(let cause): self.init(cause)
    case .commitUnknown:
      self.init(
        "commit-unknown",
        "The database's answer was lost; run this again: what is stored is recognised.", .temporary)
    }
  }
}

extension CommandFailure {
  init(_ error: ProjectorError) {
    switch error {
    case .facilityUnknown: self.init(StoreError.facilityUnknown)
    case .database(let cause): self.init(StoreError.database(cause))
    case .store(let cause): self.init(cause)
    case .notAppliedInTime:
      self.init("projection-behind", "The projector did not keep up; try again.", .temporary)
    case .cursorInvalid: self.init("cursor-invalid", "This cursor was not given out here.", .data)
    case .unreadable(let sentence): self.init("projection-unreadable", sentence, .software)
    case .ledgerDamaged(let sentence): self.init("ledger-damaged", sentence, .software)
    }
  }
}

extension CommandFailure {
  /// Why the service cannot listen on a port.
  init(_ failure: ListenFailure, host: String, port: Int) {
    switch failure {
    case .taken:
      let holder = PortHolder(ofPort: port).map { " (\($0))" } ?? ""
      self.init(
        "port-in-use",
        "Another program\(holder) listens on port \(port) of \(host). "
          + "Stop it first, or choose another port with --port.", .unavailable)
    case .forbidden:
      self.init(
        "port-forbidden",
        "This account may not listen on port \(port) of \(host). "
          + "Choose a port of 1024 or above with --port.", .noPermission)
    case .noAddressOfThisMachine:
      self.init(
        "address-unknown",
        "\(host) is no address of this machine. Choose another with --host.", .configuration)
    }
  }
}

extension CommandFailure {
  init(_ error: RuleBookNameError) {
    switch error {
    case .unknown: self.init("rule-book-unknown", "\(error)", .data)
    case .ambiguous: self.init("rule-book-ambiguous", "\(error)", .data)
    }
  }
}
