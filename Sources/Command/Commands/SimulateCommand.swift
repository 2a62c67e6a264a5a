import ArgumentParser
import Procedures
import Simulation

/// `cathlog simulate`: made-up cases as event files.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Writes made-up but realistic cases as a file of events.",
    discussion: """
      The same options give the same bytes on every machine. The cases are those of a hospital with \
      several rooms, in the order in which they would be recorded, with slips, corrections, \
      retractions and late entries. The file derives, and it imports into a facility of the same code \
      as long as it ends before today: a large one wants an early --from or more --rooms.
      """)

  @Option(help: "How many cases.")
  var cases: Int?

  @Option(help: "Ends after so many events, if there are as many; cases may then be left open.")
  var events: Int?

  @Option(help: "What all chance comes from: 0 to 18446744073709551615.")
  var seed: UInt64 = 1

  @Option(help: "The first day, a working day or the next one.")
  var from: String = "2023-01-02"

  @Option(help: "The facility's code.")
  var facility: String = "general"

  @Option(help: "The facility's IANA time zone.")
  var timeZone: String = "America/New_York"

  @Option(help: "How many rooms work side by side, 1 to 40.")
  var rooms: Int = 6

  @Option(help: "The file; - is standard output.", completion: .file(extensions: ["ndjson"]))
  var output: String = "-"

  func validate() throws {
    guard cases != nil || events != nil else {
      throw ValidationError("Say how many: --cases N or --events N.")
    }
    guard (cases ?? 1) > 0, (events ?? 1) > 0 else {
      throw ValidationError("--cases and --events take 1 or more.")
    }
    guard (1...40).contains(rooms) else { throw ValidationError("--rooms takes 1 to 40.") }
    guard let date = CalendarDate(from), date.components.year < 2200 else {
      throw ValidationError("--from takes a date such as 2026-01-05, from 1900 to 2199.")
    }
    guard let facility = FacilityCode(facility), facility.isWellFormed else {
      throw ValidationError("--facility takes 1 to 63 of a-z, 0-9 and -.")
    }
    guard TimeZoneName(timeZone) != nil else {
      throw ValidationError("--time-zone takes a name such as America/New_York.")
    }
  }

  func run() throws {
    guard let date = CalendarDate(from), let facility = FacilityCode(facility),
      let zone = TimeZoneName(timeZone),
      let laboratory = Laboratory(facility: facility, timeZone: zone, roomCount: rooms)
    else { return }
    let log = SimulatedLog(
      of: laboratory, seed: seed, hours: .workdays(from: date), caseCount: cases ?? .max)
    var writer = try LineWriter(path: output)
    var count = 0
    for entry in log {
      try writer.write(entry.json)
      count += 1
      if count == events { break }
    }
    try writer.finish()
    Terminal.say("simulated \(count) events")
  }
}
