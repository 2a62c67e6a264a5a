public import Procedures

/// What is known of a case before it begins: everything else follows from it, the room and the time.
///
/// The plan of a number depends on the seed and the number alone, so that a case can be made again
/// without those before it.
public struct CasePlan: Sendable {
  /// The case's number, from 0.
  public let number: UInt64
  /// The case.
  public let caseID: CaseID
  /// What is done.
  public let kind: CaseKind
  /// What people do beside the script.
  public let habits: Habits
  /// The patient's record number.
  public var patient: String
  /// The side that the case is about.
  let side: Side
  let payer: String?
  let setting: CareSetting
  let encounter: String
  let accession: String
  let account: String
  /// Draws what happens in the case.
  let chance: SeededGenerator

  /// The plan of a case.
  ///
  /// - Parameters:
  ///   - seed: what all chance comes from.
  ///   - number: the case's number, from 0.
  ///   - kind: what is done; else drawn from the mix.
  ///   - habits: what people do beside the script; else drawn from the rates.
  public init(seed: UInt64, number: UInt64, kind: CaseKind? = nil, habits: Habits? = nil) {
    var header = SeededGenerator(seed: seed).stream(number)
    self.number = number
    chance = SeededGenerator(seed: header.next())
    caseID = header.identifier()
    let drawnKind = header.pick(weighted: CaseKind.mix)
    let drawnHabits = Habits.draw(&header)
    self.kind = kind ?? drawnKind
    self.habits = habits ?? drawnHabits
    patient = header.digits(7, after: "mrn-")
    // Iliac veins are compressed on the left.
    let leftPerMille = self.kind == .iliacVein ? 800 : 500
    side = header.happens(perMille: leftPerMille) ? .left : .right
    payer = header.pick(weighted: Self.payers)
    setting = header.pick(weighted: Self.settings)
    encounter = header.digits(8, after: "enc-")
    accession = header.digits(8, after: "acc-")
    account = header.digits(9, after: "acct-")
  }

  private static let payers: [(weight: Int, value: String?)] = [
    (520, "medicare"), (150, "unitedhealthcare"), (110, "aetna"), (80, "blue-cross-nebraska"),
    (60, "cigna"), (80, nil),
  ]

  private static let settings: [(weight: Int, value: CareSetting)] = [
    (680, .hospitalOutpatient), (320, .hospitalInpatient),
  ]
}
