import Charges
import Procedures
import Testing

@Suite
struct `A broken rule book` {
  @Test(arguments: RuleBookFiles.broken)
  func `is refused with all its faults and their lines`(_ name: String) throws {
    let text = try RuleBookFiles.bytes("broken/\(name).json")
    let expected = try RuleBookFiles.expected(name)
    #expect(Self.faults(of: text) == expected)
  }

  @Test
  func `is one of fifteen`() {
    #expect(RuleBookFiles.broken.count == 15)
  }

  /// A row of a table with which nothing is wrong, one of its fields put in its place, and what
  /// that makes wrong.
  struct Row: Sendable, CustomTestStringConvertible {
    let table: String
    let field: String
    let value: JSON
    let sentence: String

    init(_ table: String, _ field: String, _ value: JSON, _ sentence: String) {
      self.table = table
      self.field = field
      self.value = value
      self.sentence = sentence
    }

    var testDescription: String { "\(table) \(field) \(value.compactText)" }
  }

  static let rows = [
    Row("labels", "label", 7, #""label" is not a text of 1 to 1000 characters."#),
    Row("labels", "code", .null, #""code" may not be null: it is a billing code \#(code)."#),
    Row("codes", "to", "2015-12-31", "The row ends before it begins."),
    Row("codes", "from", 20_160_101, #""from" is not a day of the calendar, such as 2026-03-02."#),
    Row(
      "codes", "assumed", 1,
      #""assumed" is not true or false, or a text that says what is assumed."#),
    Row("codes", "source", " ", #""source" is not a text of 1 to 1000 characters."#),
    Row(
      "relativeValues", "work", -1,
      #""work" is not a number that is not below zero, of at most six places."#),
    Row("opps", "apc", 5193, #""apc" is not a text of 1 to 1000 characters."#),
    Row("policies", "policy", "St Mary", #""policy" is not \#(name)."#),
    Row("policies", "default", "no", #""default" is not true or false."#),
    Row(
      "policies", "default", true,
      "Exactly one policy is the default; here named-vessel, st-mary are."),
    Row("policies", "rule", "first-by-time", #"The rule "first-by-time" stands twice."#),
    Row(
      "vesselGroups", "policy", "nobody",
      #""policy" names "nobody", which has no row in policies."#),
    Row(
      "vesselGroups", "vessels", ["renal-artery", "renal-artery"],
      #""vessels" holds "renal-artery" twice."#),
    Row(
      "vesselGroups", "vessels", "renal-artery",
      #""vessels" is not a list: it holds a vessel's code."#),
    Row(
      "vesselGroups", "vessels", ["popliteal-artery"],
      "popliteal-artery stands in two groups of sir: femoropopliteal-artery and g."),
    Row(
      "vesselGroups", "vessels", ["right-coronary-artery"],
      "right-coronary-artery is a vessel of the heart, where policies do not group."),
    Row(
      "payerNotes", "payer", "nobody", #""payer" names "nobody", which has no row in payers."#),
    Row(
      "preauthorizations", "statedCodes", ["1"],
      #""statedCodes" holds "1", which is not a billing code \#(code)."#),
    Row(
      "preauthorizations", "diagnoses", ["?"],
      #""diagnoses" holds "?", which is not an ICD-10-CM code, such as I87.1."#),
    Row(
      "addOnPrimaries", "code", "99999", #""code" names "99999", which has no row in addOns."#),
    Row(
      "feeScheduleIndicators", "modifier", "266",
      #""modifier" is not a modifier of two characters, such as 59."#),
  ]

  private static let code = "of five characters, such as 37252"
  private static let name = "a name of 1 to 64 small letters, digits, points and hyphens"

  private static let good: [String: JSON] = [
    "labels": ["code": "37252", "label": "x"],
    "codes": ["code": "37252", "from": "2016-01-01", "to": .null],
    "relativeValues": [
      "code": "37252", "from": .null, "to": .null, "work": 1, "practiceExpenseNonfacility": 1,
      "practiceExpenseFacility": 1, "malpractice": 1,
    ],
    "opps": ["code": "37252", "from": .null, "to": .null, "status": "N", "apc": .null],
    "policies": ["policy": "st-mary", "default": false, "rule": "st-mary-groups", "says": "x"],
    "vesselGroups": ["policy": "sir", "group": "g", "vessels": ["renal-artery"]],
    "payerNotes": ["payer": "aetna", "says": "x", "date": .null],
    "preauthorizations": [
      "payer": "aetna", "action": "stent-placement", "from": .null, "to": .null, "vessels": [],
      "statedCodes": [], "diagnoses": [], "heldCodes": [],
    ],
    "addOnPrimaries": ["code": "37252", "primary": "0505T", "from": .null, "to": .null],
    "feeScheduleIndicators": [
      "code": "37252", "modifier": .null, "from": .null, "to": .null, "year": 2026,
      "status": "A", "professionalTechnical": 0, "global": "ZZZ", "multipleProcedure": 0,
      "bilateral": 0, "assistant": 0, "coSurgeon": 0, "team": 0,
    ],
  ]

  /// The row stands in line 5.
  @Test(arguments: rows)
  func `is refused for a field of a row`(_ row: Row) throws {
    let good = try #require(Self.good[row.table]?.members)
    #expect(Self.faults(of: Self.site(row.table, .object(good))) == [])
    let bad = good.filter { $0.name != row.field } + [JSON.Member(row.field, row.value)]
    #expect(
      Self.faults(of: Self.site(row.table, .object(bad))) == [
        "5: \(row.table): row 1: \(row.sentence)"
      ])
    guard good.contains(where: { $0.name == row.field }) else { return }
    let without = good.filter { $0.name != row.field }
    let faults = Self.faults(of: Self.site(row.table, .object(without)))
    #expect(faults.count == 1)
    #expect(faults[0].hasPrefix("5: \(row.table): row 1: \"\(row.field)\" is missing: it is "))
  }

  private static func site(_ table: String, _ row: JSON) -> [UInt8] {
    let text = """
      {"ruleBook": "site-1", "extends": "2026.1", "tables": {
       "\(table)": {
        "source": "a test",
        "rows": [
         \(row.compactText)
        ]
       }
      }}
      """
    return Array(text.utf8)
  }

  @Test(
    arguments: [
      ("", "1: rule book: Not the JSON of a rule book: the text ends where a value should stand."),
      ("[]", #"1: rule book: A rule book is an object with "ruleBook" and "tables"."#),
      (
        #"{"extends":"2026.1","tables":{}}"#,
        #"1: rule book: "ruleBook" is missing: it is an edition, such as 2026.1."#
      ),
      (
        #"{"ruleBook":"a b","extends":"2026.1","tables":{}}"#,
        #"1: rule book: "ruleBook" is not an edition: \#(name)."#
      ),
      (
        #"{"ruleBook":"site-1","extends":"1999.1","tables":{}}"#,
        "1: rule book: There is no book 1999.1 to extend; there is 2026.1."
      ),
      (
        head + ",\n\"extendsDigest\":\"sha256:0\",\"tables\":{}}",
        #"2: rule book: "extendsDigest" is not sha256: and 64 hexadecimal digits."#
      ),
      (head + "}", #"1: rule book: "tables" is missing: it holds the tables by name."#),
      (
        head + ",\"tables\":{\n\"codes\":[]}}",
        #"2: codes: A table is an object with "source" and "rows"."#
      ),
      (
        head + ",\"tables\":{\n\"codes\":{\"source\":\"s\"}}}",
        #"2: codes: "rows" is missing or not a list."#
      ),
      (
        head + ",\"tables\":{\n\"codes\":{\"rows\":[],\"row\":[]}}}",
        #"2: codes: "row" is not a field of a table; its fields are about, source, rows."#
      ),
    ])
  func `is refused for its head`(_ text: String, _ fault: String) {
    #expect(Self.faults(of: Array(text.utf8)) == [fault])
  }

  private static let head = #"{"ruleBook":"site-1","extends":"2026.1""#

  /// Each name and value stands in a line of its own, in as many layouts as there are arguments.
  @Test(arguments: 0..<8)
  func `is pointed at in whatever way its lines are broken`(_ layout: Int) {
    func gap(_ place: Int) -> String {
      String(
        repeating: place.isMultiple(of: 2) ? "\n" : " \r\n\t", count: (layout >> (place % 3)) % 2)
    }
    let parts = [
      "{", #""ruleBook":"#, #""site-1","#, #""about":"#, #""a \" brace } and a [\\","#,
      #""extends":"2026.1","#, #""tables":{"labels":{"rows":["#,
      #"{"code":"37252","label":"a","source":"s"},"#, #"{"code":"37253","label":"b","source":"s","#,
    ]
    var text = ""
    for (place, part) in parts.enumerated() { text += part + gap(place) }
    let line = text.count { $0 == "\n" || $0 == "\r\n" } + 1
    text += #""colour":"red"}]}}}"#
    #expect(
      Self.faults(of: Array(text.utf8)).map { $0.prefix { $0 != ":" } } == ["\(line)"])
  }

  @Test
  func `is refused as a whole where a table is missing`() {
    let faults = Self.faults(of: Array(#"{"ruleBook":"own-1","tables":{}}"#.utf8))
    #expect(faults.count == 29)
    #expect(faults.allSatisfy { $0.hasSuffix(": The table is missing.") })
  }

  /// Of the shipped book one row is taken away, or changed.
  @Test(
    arguments: [
      ("holds", "hold", "mue-exceeded", nil, "holds: mue-exceeded is missing."),
      ("unitLimitTables", "setting", "asc", nil, "unitLimitTables: asc is missing."),
      ("modifierChecks", "check", "sides", nil, "modifierChecks: sides is missing."),
      ("rules", "rule", "supply-used", nil, "rules: The rule supply-used is missing."),
      (
        "rules", "rule", "first-coronary-vessel", nil,
        #"familyCodes: row 4: "firstRule" names "first-coronary-vessel", which has no row in rules."#
      ),
      (
        "families", "family", "coronary-imaging", nil,
        #"familyCodes: row 4: "family" names "coronary-imaging", which has no row in families."#
      ),
      (
        "policies", "policy", "named-vessel", nil,
        "policies: Exactly one policy is the default; here none is."
      ),
      (
        "vessels", "vessel", "popliteal-artery",
        [
          "vessel": "popliteal-artery", "territory": "noncoronary", "paired": false,
          "parent": .null,
        ],
        #"vessels: row 94: "paired" of popliteal-artery is true in this program's catalogue."#
      ),
      (
        "familyCodes", "first", "37250",
        [
          "family": "noncoronary-ivus", "first": "37252", "further": "37251", "from": .null,
          "to": "2015-12-31", "firstRule": "first-noncoronary-vessel-before-2016",
          "furtherRule": "each-further-noncoronary-vessel-before-2016", "source": "a test",
        ], "familyCodes: 37252 stands twice."
      ),
    ] as [(String, String, JSON, JSON?, String)])
  func `is refused as a whole where it contradicts itself`(
    _ table: String, _ field: String, _ key: JSON, _ replacement: JSON?, _ fault: String
  ) {
    let document = RuleBook.standard.document
    let rows = (document["tables"]?[table]?["rows"]?.elements ?? []).compactMap { row in
      row[field] == key ? replacement : row
    }
    let changed = document.replacing(
      "tables",
      document["tables"]?.replacing(
        table, document["tables"]?[table]?.replacing("rows", .array(rows))))
    do throws(RuleBookError) {
      _ = try RuleBook(document: changed)
      Issue.record("a broken book was read")
    } catch {
      #expect(error.faults.map(\.description) == [fault])
      #expect(error.faults.allSatisfy { $0.line == nil })
    }
  }

  @Test
  func `lists a hundred faults and counts the others`() {
    let rows = Array(repeating: "7", count: 250).joined(separator: ",\n")
    let text = """
      {"ruleBook":"site-1","extends":"2026.1","tables":{"codes":{"source":"s","rows":[
      \(rows)]}}}
      """
    do throws(RuleBookError) {
      _ = try RuleBook(reading: Array(text.utf8))
      Issue.record("a broken book was read")
    } catch {
      #expect(error.faults.map(\.line) == (2...101).map { $0 })
      #expect(error.faults.last?.row == 100)
      #expect(error.count == 250)
    }
  }

  @Test
  func `is refused for its size`() {
    let long = Array(repeating: UInt8(ascii: " "), count: RuleBook.textLimit + 1)
    #expect(
      Self.faults(of: long) == [
        "1: rule book: Not the JSON of a rule book: longer than \(RuleBook.textLimit) bytes."
      ])
    let rows = Array(repeating: "7", count: 20_001).joined(separator: ",")
    let text = #"{"ruleBook":"site-1","extends":"2026.1","tables":{"codes":{"rows":[\#(rows)]}}}"#
    #expect(Self.faults(of: Array(text.utf8)) == ["1: codes: It has more than 20000 rows."])
    let label = String(repeating: "x", count: 1_001)
    let row = #"{"code":"37252","label":"\#(label)","source":"s"}"#
    let labels = #"{"ruleBook":"site-1","extends":"2026.1","tables":{"labels":{"rows":[\#(row)]}}}"#
    #expect(
      Self.faults(of: Array(labels.utf8)) == [
        #"1: labels: row 1: "label" is not a text of 1 to 1000 characters."#
      ])
  }

  /// The faults as they are shown after a file's name.
  private static func faults(of text: [UInt8]) -> [String] {
    do throws(RuleBookError) {
      _ = try RuleBook(reading: text)
      return []
    } catch {
      return error.faults.map { "\($0.line.map(String.init) ?? "-"): \($0)" }
    }
  }
}

extension JSON {
  /// The object with another value of one member.
  fileprivate func replacing(_ name: String, _ value: JSON?) -> JSON {
    .object((members ?? []).map { $0.name == name ? Member(name, value ?? .null) : $0 })
  }
}
