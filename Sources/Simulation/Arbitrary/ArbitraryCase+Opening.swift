import Procedures

extension ArbitraryCase {
  /// Dates of service around every day on which a table of the shipped book changes.
  static let dates: [CalendarDate] = [
    "2015-06-30", "2015-12-31", "2016-01-01", "2018-07-04", "2019-12-31", "2020-06-30",
    "2020-07-01", "2022-05-16", "2024-06-30", "2024-07-01", "2025-12-31", "2026-01-01",
    "2026-03-02", "2026-09-30", "2026-10-01",
  ].compactMap { CalendarDate($0) }

  private static let payers = [
    "medicare", "aetna", "uhc", "blue-cross-nebraska", "nebraska-blue", "cigna", "plan-x",
  ]

  mutating func opening() -> JSON {
    var members: [JSON.Member] = [
      JSON.Member("facility", .string(Self.facility)), JSON.Member("room", "Lab 1"),
      JSON.Member("serviceDate", .string(serviceDate.description)),
      JSON.Member(
        "timeZone",
        .string(
          chance.pick(weighted: [
            (8, "America/New_York"), (1, "UTC"), (1, "Pacific/Auckland"),
          ]))),
      JSON.Member("setting", .string(chance.pick(CareSetting.allCases).rawValue)),
      JSON.Member("operator", "dr-1"),
    ]
    if chance.happens(perMille: 800) { members.append(JSON.Member("patient", patient())) }
    if chance.happens(perMille: 600) {
      members.append(JSON.Member("payer", .string(chance.pick(Self.payers))))
    }
    if chance.happens(perMille: 100) { members.append(JSON.Member("account", "a-1")) }
    if chance.happens(perMille: 100) { members.append(JSON.Member("department", "angiography")) }
    return .object(members)
  }

  mutating func patient() -> JSON { .string("pt-\(seed)-\(chance.number(in: 1...2))") }
}
