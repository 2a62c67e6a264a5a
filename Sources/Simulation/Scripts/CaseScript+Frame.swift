import Procedures

extension CaseScript {
  /// Into the room, up to the time-out.
  static let arrival: [Row] = [
    .at(1, .status(.admittedToRoom)),
    .at(1, .arrives(.circulating)),
    .at(1, .arrives(.scrub)),
    .at(2, .identified),
    .at(2, .status(.consentGiven)),
    .at(3, .status(.monitored)),
    .at(5, .status(.preppedAndDraped)),
    .at(2, .arrives(.physician)),
    .at(1, .drug("midazolam", 1...2, by: 1, "mg", route: "intravenous")),
    .at(1, .drug("fentanyl", 25...100, by: 25, "ug", route: "intravenous")),
    .at(1, .status(.sedated)),
    .at(2, .timeOut),
  ]

  /// From the end of the procedure out of the room.
  static let departure: [Row] = [
    .at(2, .contrast(30...180)),
    .at(1, .radiation(minutes: 4...38)),
    .at(1, .departs(.physician)),
    .at(6, .status(.hemostasisAchieved)),
    .sometimes(
      percent: 30, [.at(2, .drug("ondansetron", 4...4, by: 1, "mg", route: "intravenous"))]),
    .at(3, .departs(.scrub)),
    .at(4, .departs(.circulating)),
    .at(2, .status(.discharged)),
  ]
}
