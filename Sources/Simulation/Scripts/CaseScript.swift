import Procedures

/// How one kind of case goes: a table that a nurse should recognise.
struct CaseScript: Sendable {
  /// What the schedule calls it.
  let planned: String
  /// The steps between the time-out and the way out.
  let rows: [Row]
  /// Neighbours into which one lesion may run on.
  let neighbours: [Place]
  /// The procedures that a physician or coder states.
  let procedures: [StatedProcedure]
  /// The diagnoses that a coder may state.
  let diagnoses: [String]
  /// The modifier that a coder may apply.
  let modifier: AppliedModifier

  /// One line of the table.
  enum Row: Sendable {
    /// A step, so many minutes after the one before: half as many to half as many again.
    case at(Int, Step)
    /// Steps that so many of a hundred cases have.
    case sometimes(percent: Int, [Row])
    /// Steps that so many of a hundred have of the cases in which a vessel was imaged by IVUS so far.
    case sometimesOnceImaged(percent: Int, [Row])
  }

  /// What a coder may put on a line.
  enum AppliedModifier: Sendable {
    /// The side of the case, on the first procedure.
    case side
    /// A modifier on this code, for this reason.
    case named(String, on: String, because: String)
  }

  /// A procedure's code, and the years of service in which it is stated.
  struct StatedProcedure: Sendable {
    let code: String
    let percent: Int
    let years: ClosedRange<Int>

    init(_ code: String, percent: Int = 100, years: ClosedRange<Int> = 0...9999) {
      self.code = code
      self.percent = percent
      self.years = years
    }
  }
}

/// One thing that happens in the room.
enum Step: Sendable {
  case status(PatientStatus)
  case identified
  case arrives(StaffPart)
  case departs(StaffPart)
  case timeOut
  case access(Place, french: Int)
  case closure(Place, String)
  case started(String)
  case ended(String)
  case device(String, Place)
  case withdrawn(String, Place)
  /// A vessel imaged by IVUS.
  case look(Place, ImageAcquired.Phase)
  /// A vessel imaged by something that is not IVUS.
  case image(ImageAcquired.Modality, Place, ImageAcquired.Phase)
  /// Tenths of the unit.
  case measured(Place, Measurement.Measure, ClosedRange<Int>, String)
  case lesion(String, [Place])
  case treated(String, Place, with: String, lesion: String?)
  case supply(String, code: String?)
  /// Whole units, by steps.
  case drug(String, ClosedRange<Int>, by: Int, String, route: String)
  case contrast(ClosedRange<Int>)
  case radiation(minutes: ClosedRange<Int>)

  static func look(_ place: Place) -> Step { .look(place, .diagnostic) }
  static func after(_ place: Place) -> Step { .look(place, .postIntervention) }
  static func angiogram(_ place: Place) -> Step { .image(.angiography, place, .diagnostic) }
  static func treated(_ action: String, _ place: Place, with device: String) -> Step {
    .treated(action, place, with: device, lesion: nil)
  }
}

/// The part that somebody plays in the room.
enum StaffPart: String, Sendable {
  case physician = "operating physician"
  case scrub = "scrub technologist"
  case circulating = "circulating nurse"
}

/// A vessel of a script, on the side of the case unless it says `other`.
///
/// Written as the vessel's code: `common-iliac-vein`, or `common-iliac-vein other`.
struct Place: Sendable, ExpressibleByStringLiteral {
  let vessel: String
  let isPaired: Bool
  let isOtherSide: Bool

  init(stringLiteral value: String) {
    let parts = value.split(separator: " ")
    vessel = parts.first.map(String.init) ?? value
    isOtherSide = parts.count > 1
    // A test holds every place of the scripts to the catalogue.
    isPaired = Vessel(code: vessel)?.facts.isPaired ?? false
  }

  /// Where this is when the case is on a side.
  func site(on side: Side) -> Site {
    let other: Side = side == .left ? .right : .left
    return Site(vessel: vessel, side: isPaired ? (isOtherSide ? other : side) : nil)
  }
}

/// A vessel's code and, where it is paired, the side.
struct Site: Hashable, Sendable {
  let vessel: String
  var side: Side?

  /// The same vessel on the other side; nil where there is none.
  var opposite: Site? {
    side.map { Site(vessel: vessel, side: $0 == .left ? .right : .left) }
  }
}
