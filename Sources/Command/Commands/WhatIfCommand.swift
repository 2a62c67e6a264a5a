import ArgumentParser
import Charges
import Foundation
import Procedures
import Projectors
import Store

/// `cathlog what-if`: history under other rules, before anyone adopts them.
struct WhatIfCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Replays history under other rules: the difference in units and money.",
    discussion: """
      Every case of the facility, or those of a range of dates of service, is derived as it is and \
      as it would be: under another rule book, another policy, or with events that were not \
      recorded, such as a correction or an assignment of a policy to a payer. Nothing is written \
      but that somebody looked. Amounts are Medicare's professional ones, where they are published.

      In a file of supposed events a patient is named as an export names one.
      """)

  @Option(
    help: "The rule book: an edition, a digest, or a file; else the one in force.",
    completion: .ruleBooks)
  var ruleBook: String?

  @Option(help: "What counts as one vessel; else the policy in force.", completion: .policies)
  var policy: String?

  @Option(
    name: .customLong("with"),
    help: "A file of events as if they were recorded; - is standard input.",
    completion: .file(extensions: ["ndjson"]))
  var files: [String] = []

  @Option(help: "The first date of service.")
  var from: DateArgument?

  @Option(help: "The last date of service.")
  var to: DateArgument?

  @Flag(help: "Also each case that differs.")
  var cases = false

  @Option(help: "table or json: with --cases one document a case, and one of all at the end.")
  var format: OutputFormat = .table

  @OptionGroup var facility: FacilityOption
  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    guard ruleBook != nil || policy != nil || !files.isEmpty else {
      throw ValidationError("What would differ? Give --rule-book, --policy or --with.")
    }
    if let from, let to, to.date < from.date {
      throw ValidationError("--to lies before --from.")
    }
  }

  func run() async throws {
    let (known, lines) = try supposition()
    let workerCount = ProcessInfo.processInfo.activeProcessorCount
    let totals = try await Wiring.withParts(database.settings) { parts in
      let code = try await facility.resolve(in: parts.store)
      var supposition = known
      if let ruleBook, known.ruleBook == nil {
        supposition.ruleBook = try await parts.ruleBook(named: ruleBook, in: code)
      }
      try await parts.record(.replay, nil, in: code)
      try await parts.bringUpToDate(code)
      let end = try await parts.store.head(of: code)?.position ?? 0
      let progress = ProgressBar("replaying", total: end)
      defer { progress.finish() }
      let whatIf = WhatIf(pool: parts.pool, ruleBook: .standard)
      do {
        return try await whatIf.compare(
          code, supposing: supposition, dates: (from?.date, to?.date), workerCount: workerCount,
          progress: { progress.reach($0.eventCount) },
          onDifference: { comparison in
            guard cases else { return }
            Terminal.write(format == .json ? comparison.json.compactText + "\n" : comparison.text)
          })
      } catch let error as WhatIfError {
        throw CommandFailure(error, lines)
      }
    }
    Terminal.write(format == .json ? totals.json.compactText + "\n" : totals.text)
  }

  /// What is supposed but for a book that the database keeps, and the places of its events.
  private func supposition() throws -> (Supposition, [String]) {
    var places: [String] = []
    var supposition = Supposition()
    if let ruleBook, RuleBooksAtHand.isFile(ruleBook) {
      supposition.ruleBook = try RuleBooksAtHand.book(inFile: ruleBook)
    }
    if let policy {
      guard let name = GroupingPolicyName(policy) else {
        throw ValidationError("--policy takes a policy's name, such as sir.")
      }
      supposition.policy = name
    }
    for file in files {
      try EventFiles.forEachLine(of: [file]) { line throws(EventFile.Fault) in
        supposition.events.append(line.submitted.event)
        places.append("\(file):\(line.number)")
      }
    }
    return (supposition, places)
  }
}

/// A date as an argument.
struct DateArgument: ExpressibleByArgument, Sendable {
  let date: CalendarDate

  init?(argument: String) {
    guard let date = CalendarDate(argument) else { return nil }
    self.date = date
  }
}

extension CommandFailure {
  /// A supposition that cannot be replayed, at its line in the files.
  fileprivate init(_ error: WhatIfError, _ places: [String]) {
    switch error {
    case .refused(let refusal, let index):
      self.init(refusal, at: places.indices.contains(index) ? places[index] : "--with")
    case .tooManyEvents:
      self.init(
        "too-many-events", "No more than \(Supposition.eventLimit) events can be supposed.", .data)
    case .policyUnknown(let policy, let known):
      self.init(
        "policy-unknown",
        "There is no policy \(policy); there are \(known.map(\.text).joined(separator: ", ")).",
        .data)
    case .projectionBehind(let count):
      self.init(
        "projection-behind", "\(count) events are not projected yet; try again.", .temporary)
    case .database(let cause): self.init(StoreError.database(cause))
    }
  }
}
