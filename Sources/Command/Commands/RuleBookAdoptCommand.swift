import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog rule-book adopt FILE|ID --from DATE`: a book comes into force for a facility.
struct RuleBookAdoptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Adopts a rule book for a facility's cases from a date of service on.",
    discussion: """
      A file is checked and stored under its digest, where it stays for ever; then the adoption is \
      appended to the facility's log. Cases of that date and later are derived anew by it, by a \
      running service or the next command; cases of dates before keep the rules they had.
      """)

  @Argument(
    help: "A book's file, or the edition or digest of a book that is shipped or stored.",
    completion: .file(extensions: ["json"]))
  var book: String

  @Option(help: "The first date of service that it governs, such as 2026-03-01.")
  var from: DateArgument

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let (name, date) = (book, from.date)
    let file = try RuleBooksAtHand.isFile(name) ? RuleBooksAtHand.book(inFile: name) : nil
    let sentence = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      let book =
        if let file { file } else { try await parts.ruleBook(named: name, in: code) }
      return try await parts.adopt(book, from: date, in: code)
    }
    Terminal.write(sentence + "\n")
  }
}

extension Parts {
  /// A facility's book by edition or digest.
  func ruleBook(named name: String, in facility: FacilityCode) async throws -> RuleBook {
    guard let name = RuleBookName(name) else {
      throw ValidationError("A rule book is named by its edition or its digest.")
    }
    switch try await ruleBooks.book(named: name, in: facility) {
    case .success(let book): return book
    case .failure(let error): throw CommandFailure(error)
    }
  }

  /// Stores a book for a facility; true when it was not there before.
  @discardableResult
  func store(_ book: RuleBook, in facility: FacilityCode) async throws -> Bool {
    switch try await ruleBooks.store(book, in: facility, by: Operator.person) {
    case .stored: return true
    case .repeated: return false
    case .full:
      throw CommandFailure(
        "rule-books-full", "The facility keeps as many rule books as it may.", .data)
    }
  }

  /// Brings a book into force, unless it is; returns what there is to say.
  fileprivate func adopt(
    _ book: RuleBook, from date: CalendarDate, in facility: FacilityCode
  ) async throws -> String {
    let state = try await reader.facilityState(of: facility)
    let isNew = try await store(book, in: facility)
    let title = "rule book \(book.edition) (\(book.digest))"
    if let held = state.ruleBook(on: date), held.digest == book.digest {
      // It may have been adopted where nobody asked whether it was at hand.
      let advice = isNew ? "; it was not at hand until now, so run: cathlog rebuild" : ""
      return "\(title) already holds in \(facility) for dates of service from \(held.from)\(advice)"
    }
    for assignment in state.payerPolicies where !book.policies.contains(assignment.policy) {
      Terminal.say(
        "cathlog: warning: \(assignment.payer) was assigned the policy \(assignment.policy) from "
          + "\(assignment.from), and the book has none of this name: its cases will be held")
    }
    guard
      let adoption = RuleBookAdopted(ruleBook: book.edition, digest: book.digest, from: date)
    else { throw CommandFailure("misuse", "The book's digest has not its form.", .software) }
    let event = Event(
      id: .random(), caseID: .zero, occurredAt: .now, body: .ruleBookAdopted(adoption))
    try await append(
      Submission(caseID: .zero, events: [event], recorder: Operator.person), to: facility)
    return "adopted \(title) in \(facility) for dates of service from \(date)"
  }
}
