import ArgumentParser
import Charges
import Procedures
import Projectors
import Store

/// `cathlog import`: event files into the log.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Appends event files to a facility's log.",
    discussion: """
      Every line is read and decided before the first is stored: one line at fault, and nothing is. \
      Within a case the order of lines is kept. Who recorded a line elsewhere, and when, is kept \
      beside this log's own. Run again, what is stored is recognised by its event ids. A rule book \
      that the events adopt must be at hand, or be brought with --rule-book. Charges of imported cases \
      were billed where they come from: they stay out of the ledger for good, unless --post is given.
      """)

  @Argument(
    help: "Files of events; - is standard input.", completion: .file(extensions: ["ndjson"]))
  var files: [String]

  @Option(
    help: "The file of a rule book that the events adopt; may be given several times.",
    completion: .file(extensions: ["json"]))
  var ruleBook: [String] = []

  @Flag(help: "Enter the charges of the cases in the ledger, for billing to pull.")
  var post = false

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    let books = try ruleBook.map { path throws(CommandFailure) in
      try RuleBooksAtHand.book(inFile: path)
    }
    var cases = CaseCollection(ruleBook: .standard)
    var lines: [PlacedLine] = []
    for file in files {
      try EventFiles.forEachLine(of: [file]) { line throws(EventFile.Fault) in
        try cases.add(line)
        lines.append(PlacedLine(file: file, line: line))
      }
    }
    let imported = lines.filter { $0.line.submitted.event.type != .facilityOpened }
    let isPosting = post
    let count = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      let importer = Importer(parts: parts, facility: code)
      try await importer.bring(books, for: imported)
      if isPosting {
        try await importer.sayWithheld(imported)
      } else {
        try await importer.withhold(imported)
      }
      let progress = ProgressBar("importing", total: Int64(imported.count))
      defer { progress.finish() }
      return try await importer.append(imported, progress)
    }
    Terminal.say(
      "imported \(imported.count) events of \(files.count) files: \(count) new, "
        + "\(imported.count - count) in the log before"
        + (post ? "" : "; their charges stay out of the ledger"))
  }
}

/// A line of a file, and where it stands.
struct PlacedLine: Sendable {
  let file: String
  let line: EventFile.Line

  var place: String { "\(file):\(line.number)" }
}

/// Appends lines in windows: cases beside each other, each case in its order.
struct Importer: Sendable {
  /// How many lines are under way at once.
  static let windowSize = 2_000
  /// How many events of one case are one submission.
  static let submissionSize = 100

  let parts: Parts
  let facility: FacilityCode

  /// Refuses lines that adopt a book which is neither at hand nor given, before anything is stored;
  /// then stores those that are given.
  func bring(_ books: [RuleBook], for lines: [PlacedLine]) async throws {
    let adoptions = lines.compactMap { line -> (place: String, adopted: RuleBookAdopted)? in
      guard case .ruleBookAdopted(let adopted) = line.line.submitted.event.body else { return nil }
      return (line.place, adopted)
    }
    var editions = try await parts.ruleBooks.editions(
      of: Set(adoptions.map(\.adopted.digest)), in: facility)
    for book in books { editions[book.digest] = book.edition }
    for (place, adopted) in adoptions where editions[adopted.digest] != adopted.ruleBook {
      throw CommandFailure(
        "rule-book-unknown",
        "The rule book \(adopted.ruleBook) (\(adopted.digest)) is not at hand, and nothing was "
          + "imported; bring its file with --rule-book.", .data, at: place)
    }
    for book in books { try await parts.store(book, in: facility) }
  }

  /// Appends all lines, and returns how many were new.
  func append(_ lines: [PlacedLine], _ progress: ProgressBar) async throws -> Int {
    var newCount = 0
    for start in stride(from: 0, to: lines.count, by: Self.windowSize) {
      let window = lines[start..<min(start + Self.windowSize, lines.count)]
      let cases = Dictionary(grouping: window) { $0.line.submitted.event.caseID }
      newCount += try await withThrowingTaskGroup(of: Int.self) { group in
        for lines in cases.values { group.addTask { try await append(case: lines) } }
        return try await group.reduce(0, +)
      }
      progress.advance(by: Int64(window.count))
    }
    return newCount
  }

  private func append(case lines: [PlacedLine]) async throws -> Int {
    var newCount = 0
    for start in stride(from: 0, to: lines.count, by: Self.submissionSize) {
      let part = Array(lines[start..<min(start + Self.submissionSize, lines.count)])
      let events = part.map(\.line.submitted.event)
      let submission = Submission(
        caseID: events[0].caseID, events: events, recorder: Operator.person,
        claims: part.map(\.line.submitted.annotations).map { annotations in
          Submission.Claim(
            recordedAt: annotations.recordedAt, recorder: annotations.recorder)
        })
      do throws(AppendFailure) {
        let receipts = try await parts.appender.append(submission, to: facility)
        newCount += receipts.count { !$0.isRepeat }
      } catch {
        if case .refused(let refusal, let index) = error {
          throw CommandFailure(refusal, at: part[index ?? 0].place)
        }
        throw CommandFailure(error)
      }
    }
    return newCount
  }
}
