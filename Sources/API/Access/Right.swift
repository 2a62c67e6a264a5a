internal import Procedures

/// Something that a role may or may not do over HTTP (contract, "Who may record what").
enum Right: Hashable, Sendable {
  /// Record an event of this type. For a correction or a retraction, also the type of the entry that
  /// it speaks of in the end; nil where the case has no such entry, which the log then refuses.
  case record(EventType, amending: EventType?)
  /// Record anything at all in cases.
  case recordInCases
  /// Read cases: the worklist, a case, its events, its replay.
  case readCases
  /// Read line items.
  case readLineItems
  /// Read the charge ledger.
  case readCharges
  /// Say how far billing has posted.
  case acknowledgeCharges
  /// Hold what was charged against what was done.
  case reconcile
  /// Read rule books, and which were adopted.
  case readRuleBooks
  /// Store rule books.
  case storeRuleBooks

  /// Whether the role has the right.
  func belongs(to role: StaffRole) -> Bool {
    switch self {
    case .record(let type, let amended): Self.records(role, type, amended)
    case .recordInCases:
      switch role {
      case .recorder, .physician, .coder: true
      case .billing, .auditor, .admin: false
      }
    case .readCases:
      switch role {
      case .recorder, .physician, .coder, .auditor: true
      case .billing, .admin: false
      }
    case .readLineItems:
      switch role {
      case .recorder, .physician, .coder, .auditor, .billing: true
      case .admin: false
      }
    case .readCharges: role == .billing || role == .auditor
    case .acknowledgeCharges: role == .billing
    case .reconcile:
      switch role {
      case .billing, .auditor: true
      case .recorder, .physician, .coder, .admin: false
      }
    case .readRuleBooks:
      switch role {
      case .coder, .auditor, .admin: true
      case .recorder, .physician, .billing: false
      }
    case .storeRuleBooks: role == .admin
    }
  }

  private static func records(
    _ role: StaffRole, _ type: EventType, _ amended: EventType?
  ) -> Bool {
    switch type.category {
    case .facility: role == .admin
    case .clinical: role == .recorder || role == .physician
    case .reading: role == .physician
    case .coding: role == .physician || role == .coder
    case .note: role == .recorder || role == .physician || role == .coder
    case .lifecycle:
      role == .physician
        || role == .recorder && type != .caseSigned && type != .caseReopened
    case .amendment:
      switch amended?.category {
      // The log refuses both, whoever asks; who may amend nothing at all is told so.
      case nil, .amendment, .lifecycle:
        role == .recorder || role == .physician || role == .coder
      // To change an entry takes the right to make it.
      case .facility, .clinical, .reading, .coding, .note:
        amended.map { records(role, $0, nil) } ?? false
      }
    }
  }

  /// For a sentence: "do not allow to …".
  var phrase: String {
    switch self {
    case .record(let type, nil): "record \(type.rawValue)"
    case .record(let type, let amended?): "record \(type.rawValue) of \(amended.rawValue)"
    case .recordInCases: "record in cases"
    case .readCases: "read cases"
    case .readLineItems: "read line items"
    case .readCharges: "read the charge ledger"
    case .acknowledgeCharges: "acknowledge charges"
    case .reconcile: "reconcile charges"
    case .readRuleBooks: "read rule books"
    case .storeRuleBooks: "store rule books"
    }
  }
}
