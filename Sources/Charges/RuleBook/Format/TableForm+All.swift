internal import Procedures

extension TableForm {
  /// The tables of a book, in the order in which it is read.
  static let all: [TableForm] =
    codes + limits + primaries + pairs + modifiers + money + families
    + policies + payers + holds + [vessels]

  private static let codes = [
    TableForm("codes", key: ["code"], isDated: true, [TableField("code", .code)]),
    TableForm(
      "labels", key: ["code"], [TableField("code", .code), TableField("label", .text)]),
  ]

  private static let limits = [
    TableForm(
      "medicallyUnlikelyEdits", key: ["code", "setting"], isDated: true,
      [
        TableField("code", .code),
        TableField("setting", .oneOf(["practitioner", "outpatient-hospital"])),
        TableField("value", .integer(0...9_999)),
        TableField("adjudicationIndicator", .integer(1...3)),
        TableField("rationale", .text, orNull: "unknown"),
      ]),
    TableForm(
      "unitLimitTables", key: ["setting"], isOpenToSites: false,
      [
        TableField("setting", .oneOf(CareSetting.allCases.map(\.rawValue))),
        TableField("table", .oneOf(["practitioner", "outpatient-hospital"])),
      ]),
    TableForm(
      "unitLimitIndicators", key: ["indicator"], isOpenToSites: false,
      [TableField("indicator", .integer(1...3)), TableField("releasable", .flag)]),
  ]

  private static let primaries = [
    TableForm(
      "addOns", key: ["code"], isDated: true,
      [TableField("code", .code), TableField("type", .integer(1...3), orNull: "unknown")]),
    TableForm(
      "addOnTypes", key: ["type"], isOpenToSites: false,
      [TableField("type", .integer(1...3)), TableField("complete", .flag)]),
    TableForm(
      "addOnPrimaries", key: ["code", "primary"], isDated: true,
      [TableField("code", .code), TableField("primary", .code)]),
  ]

  private static let pairs = [
    TableForm(
      "procedureToProcedure", key: ["column1", "column2"], isDated: true,
      [
        TableField("column1", .code), TableField("column2", .code),
        TableField("modifierIndicator", .integer(0...9)), TableField("rationale", .text),
      ]),
    TableForm(
      "pairModifiers", key: ["modifier"], isOpenToSites: false,
      [TableField("modifier", .modifier)]),
    TableForm(
      "pairIndicators", key: ["indicator"], isOpenToSites: false,
      [TableField("indicator", .integer(0...9)), TableField("passable", .flag)]),
    TableForm(
      "pairRationales", key: ["rationale"], isOpenToSites: false,
      [
        TableField("rationale", .text),
        TableField("edit", .oneOf([Finding.Code.mutuallyExclusive.rawValue])),
      ]),
  ]

  private static let modifiers = [
    TableForm(
      "modifierChecks", key: ["check"], isOpenToSites: false,
      [
        TableField("check", .oneOf(ModifierRules.checks)), TableField("modifiers", .modifiers),
        TableField("limit", .integer(1...99), orNull: "none"),
      ]),
    TableForm(
      "feeScheduleIndicators", key: ["code", "modifier"], isDated: true,
      [
        TableField("code", .code), TableField("modifier", .modifier, orNull: "none"),
        TableField("year", .integer(1992...2200)), TableField("status", .text),
        TableField("professionalTechnical", .integer(0...9)), TableField("global", .text),
        TableField("multipleProcedure", .integer(0...9)), TableField("bilateral", .integer(0...9)),
        TableField("assistant", .integer(0...9)), TableField("coSurgeon", .integer(0...9)),
        TableField("team", .integer(0...9)),
      ]),
  ]

  private static let money = [
    TableForm(
      "relativeValues", key: ["code"], isDated: true,
      [
        TableField("code", .code), TableField("work", .amount),
        TableField("practiceExpenseNonfacility", .amount),
        TableField("practiceExpenseFacility", .amount), TableField("malpractice", .amount),
      ]),
    TableForm(
      "conversionFactors", key: ["category"], isDated: true,
      [
        TableField("category", .oneOf(["standard", "apm-participant"])),
        TableField("value", .amount),
      ]),
    TableForm(
      "opps", key: ["code"], isDated: true,
      [
        TableField("code", .code), TableField("status", .text),
        TableField("apc", .text, orNull: "none"),
      ]),
  ]

  private static let families = [
    TableForm(
      "families", key: ["family"], isOpenToSites: false,
      [
        TableField("family", .name),
        TableField("territory", .oneOf(Vessel.Territory.allCases.map(\.rawValue))),
        TableField("modalities", .someOf(ImageAcquired.Modality.allCases.map(\.rawValue))),
      ]),
    TableForm(
      "familyCodes", key: ["family", "first", "further"], isDated: true, isOpenToSites: false,
      [
        TableField("family", .name), TableField("first", .code), TableField("further", .code),
        TableField("firstRule", .name), TableField("furtherRule", .name),
      ]),
    TableForm(
      "rules", key: ["rule"], isOpenToSites: false,
      [TableField("rule", .name), TableField("says", .text)]),
  ]

  private static let policies = [
    TableForm(
      "policies", key: ["policy"],
      [
        TableField("policy", .name), TableField("default", .flag), TableField("rule", .name),
        TableField("says", .text),
      ]),
    TableForm(
      "vesselGroups", key: ["policy", "group"],
      [TableField("policy", .name), TableField("group", .name), TableField("vessels", .vessels)]),
    TableForm(
      "policyYields", key: ["policy", "vessel"],
      [
        TableField("policy", .name), TableField("vessel", .vessel),
        TableField("others", .vessels), TableField("rule", .name), TableField("says", .text),
      ]),
  ]

  private static let payers = [
    TableForm(
      "payers", key: ["payer"], isDated: true,
      [
        TableField("payer", .payer), TableField("aliases", .payers),
        TableField("policy", .name, orNull: "unknown"),
      ]),
    TableForm(
      "payerNotes", key: ["payer", "says"],
      [
        TableField("payer", .payer), TableField("says", .text),
        TableField("date", .date, orNull: "unknown"),
      ]),
    TableForm(
      "preauthorizations", key: ["payer", "action"], isDated: true,
      [
        TableField("payer", .payer), TableField("action", .name),
        TableField("vessels", .vessels), TableField("statedCodes", .codes),
        TableField("diagnoses", .diagnoses), TableField("heldCodes", .codes),
      ]),
  ]

  private static let holds = [
    TableForm(
      "holds", key: ["hold"], isOpenToSites: false,
      [
        TableField("hold", .oneOf(HoldCode.allCases.map(\.rawValue))),
        TableField("releasable", .flag),
      ]),
    TableForm(
      "notSettled", key: ["question"], isOpenToSites: false, [TableField("question", .text)]),
  ]

  /// What the catalogue said of each vessel when the book was made: it decides how vessels count,
  /// so a book that is read again later holds the program to it.
  private static let vessels = TableForm(
    "vessels", key: ["vessel"], isOpenToSites: false,
    [
      TableField("vessel", .vessel),
      TableField("territory", .oneOf(Vessel.Territory.allCases.map(\.rawValue))),
      TableField("paired", .flag), TableField("parent", .vessel, orNull: "none"),
    ])
}
