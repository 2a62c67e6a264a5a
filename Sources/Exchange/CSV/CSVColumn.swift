/// The columns, in their order: a new one is added at the end, and none is ever moved or renamed.
enum CSVColumn: String, CaseIterable {
  /// `CG` a charge, the credit code a credit, `TOTAL-…` the control total of either.
  case record
  /// 1; in a row of totals how many entries there were.
  case lines
  /// The entry's id.
  case entry
  /// Of a credit, the id of the charge that it takes back.
  case credits
  case account, encounter, patient
  case caseID = "case"
  case serviceDate = "service_date"
  case postedAt = "posted_at"
  /// `CPT` or `HCPCS`.
  case codeSystem = "code_system"
  case code, mod1, mod2, mod3, mod4, units
  /// One element a unit, where vessels were counted; the vessels of one unit joined by `+`.
  case vessels
  case department, room, setting
  /// CMS place of service.
  case placeOfService = "place_of_service"
  case operatingPhysician = "operator"
  case performingNPI = "performing_npi"
  case payer, claims, dx1, dx2, dx3, dx4
  /// All diagnoses, and all modifiers: a line can have more than four of either.
  case diagnoses, modifiers
  case ruleBook = "rule_book"
  case ruleBookDigest = "rule_book_digest"
  case groupingPolicy = "grouping_policy"
  case recordedAt = "recorded_at"
  case caseVersion = "case_version"
  case position
  /// Ids of the events that it rests on.
  case events
}
