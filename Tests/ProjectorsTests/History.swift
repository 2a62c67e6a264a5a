import Charges
import Foundation
import Procedures

/// Logs with everything in them that makes one case bear on another.
enum History {
  /// Copies of the acceptance cases, of few patients and payers, with changes of patients, of rules
  /// and of minds in between.
  static func events(seed: UInt64) throws -> [Event] {
    var chance = Chance(seed: seed)
    let names = try CaseFiles.names()
    var cases: [[Event]] = []
    for number in 1...14 {
      let name = names[Int(chance.next() % UInt64(names.count))]
      var events = try CaseFiles.copy(
        name, number: number, patient: "pt-\(chance.next() % 3)",
        payer: chance.next() % 2 == 0 ? "plan-\(chance.next() % 2)" : nil)
      let caseID = events[0].caseID
      switch chance.next() % 4 {
      case 0: events.append(try identified(caseID, patient: "pt-\(chance.next() % 3)"))
      case 1: events.append(try cancelled(caseID))
      default: break
      }
      // A cancelled case takes no more.
      if let end = events.firstIndex(where: { $0.type == .caseCancelled }) {
        events = Array(events[...end])
      }
      cases.append(events.map(explained))
    }
    var facility: [Event] = []
    for (policy, from) in [
      ("sir", "2026-01-01"), ("no-such-policy", "2026-02-01"), ("scai-2026", "2026-02-15"),
    ] {
      facility.append(
        try event(
          .zero, "payer-policy-assigned",
          [
            "payer": .string("plan-\(chance.next() % 2)"), "policy": .string(policy),
            "from": .string(from),
          ]))
    }
    let books = [RuleBook.standard, try SiteBooks.groupingBySIR(), try SiteBooks.countingOCT()]
    for from in ["2026-03-01", "2015-01-01", "2026-03-02"] {
      let book = books[Int(chance.next() % 3)]
      facility.append(
        try event(
          .zero, "rule-book-adopted",
          [
            "ruleBook": .string(book.edition.text), "digest": .string(book.digest),
            "from": .string(from),
          ]))
    }
    facility = CaseFiles.interleaved(facility.map { [$0] }, seed: chance.next())
    return CaseFiles.interleaved(cases + [facility], seed: chance.next())
  }

  /// The event with a reason, so that a signed case takes it, too.
  private static func explained(_ event: Event) -> Event {
    var event = event
    event.reason = event.reason ?? .clear("late")
    return event
  }

  static func cancelled(_ caseID: CaseID) throws -> Event {
    try event(caseID, "case-cancelled", ["reason": "another day"])
  }

  static func identified(_ caseID: CaseID, patient: String) throws -> Event {
    var identified = try event(
      caseID, "patient-identified",
      ["patient": .string(patient), "identifiersChecked": ["name", "birth date"]])
    identified.reason = .clear("late")
    return identified
  }

  static func event(_ caseID: CaseID, _ type: String, _ data: JSON) throws -> Event {
    let document: JSON = [
      "id": .string(UUID().uuidString.lowercased()), "case": .string(caseID.description),
      "type": .string(type), "occurredAt": "2026-03-02T18:00:00Z", "data": data,
    ]
    return try SubmittedEvent(document, from: .file).event
  }
}
