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

  /// Each row is put into the table of a site's book, in a line of its own: line 6.
  @Test(
    arguments: [
      ("codes", #"7"#, "A row is an object."),
      ("labels", #"{"code":"37252","label":7}"#, #""label" is not a text of 1 to 1000 characters."#),
      ("labels", #"{"code":null,"label":"x"}"#,
       #""code" may not be null: it is a billing code of five characters, such as 37252."#),
      ("codes", #"{"code":"37252","from":"2016-01-01","to":"2015-12-31"}"#,
       "The row ends before it begins."),
      ("codes", #"{"code":"37252","from":20160101,"to":null}"#,
       #""from" is not a day of the calendar, such as 2026-03-02."#),
      ("codes", #"{"code":"37252","from":null,"to":null,"assumed":1}"#,
       #""assumed" is not true or false, or a text that says what is assumed."#),
      ("codes", #"{"code":"37252","from":null,"to":null,"source":" "}"#,
       #""source" is not a text of 1 to 1000 characters."#),
      ("relativeValues",
       #"{"code":"37252","from":null,"to":null,"work":-1,"practiceExpenseNonfacility":1,"practiceExpenseFacility":1,"malpractice":1}"#,
       #""work" is not a number that is not below zero, of at most six places."#),
      ("opps", #"{"code":"37252","from":null,"to":null,"status":"N","apc":5193}"#,
       #""apc" is not a text of 1 to 1000 characters."#),
      ("policies", #"{"policy":"St Mary","default":false,"rule":"r","says":"x"}"#,
       #""policy" is not a name of 1 to 64 small letters, digits, points and hyphens."#),
      ("policies", #"{"policy":"st-mary","default":"no","rule":"r","says":"x"}"#,
       #""default" is not true or false."#),
      ("policies", #"{"policy":"st-mary","default":true,"rule":"r","says":"x"}"#,
       "Exactly one policy is the default; here named-vessel, st-mary are."),
      ("policies", #"{"policy":"sir","default":false,"rule":"vessel-counts-once","says":"x"}"#,
       #"The rule "vessel-counts-once" stands twice."#),
      ("vesselGroups", #"{"policy":"nobody","group":"g","vessels":["renal-artery"]}"#,
       #""policy" names "nobody", which has no row in policies."#),
      ("vesselGroups", #"{"policy":"sir","group":"g","vessels":["renal-artery","renal-artery"]}"#,
       #""vessels" holds "renal-artery" twice."#),
      ("vesselGroups", #"{"policy":"sir","group":"g","vessels":"renal-artery"}"#,
       #""vessels" is not a list: it holds a vessel's code."#),
      ("vesselGroups", #"{"policy":"sir","group":"g","vessels":["popliteal-artery"]}"#,
       "popliteal-artery stands in two groups of sir: femoropopliteal-artery and g."),
      ("vesselGroups", #"{"policy":"sir","group":"g","vessels":["right-coronary-artery"]}"#,
       "right-coronary-artery is a vessel of the heart, where policies do not group."),
      ("payerNotes", #"{"payer":"nobody","note":"x","date":null}"#,
       #""payer" names "nobody", which has no row in payers."#),
      ("preauthorizations",
       #"{"payer":"aetna","action":"stent-placement","from":null,"to":null,"vessels":[],"statedCodes":["1"],"diagnoses":[],"heldCodes":[]}"#,
       #""statedCodes" holds "1", which is not a billing code of five characters, such as 37252."#),
      ("preauthorizations",
       #"{"payer":"aetna","action":"stent-placement","from":null,"to":null,"vessels":[],"statedCodes":[],"diagnoses":["?"],"heldCodes":[]}"#,
       #""diagnoses" holds "?", which is not an ICD-10-CM code, such as I87.1."#),
      ("addOnPrimaries", #"{"code":"99999","primary":"36005","from":null,"to":null}"#,
       #""code" names "99999", which has no row in addOns."#),
      ("feeScheduleIndicators",
       #"{"code":"37252","modifier":"266","from":null,"to":null,"year":2026,"status":"A","professionalTechnical":0,"global":"ZZZ","multipleProcedure":0,"bilateral":0,"assistant":0,"coSurgeon":0,"team":0}"#,
       #""modifier" is not a modifier of two characters, such as 59."#),
    ])
  func `is refused for a row`(_ table: String, _ row: String, _ sentence: String) {
    let text = """
      {"ruleBook": "site-1", "extends": "2026.1", "tables": {
       "\(table)": {
        "source": "a test",
        "rows": [

         \(row)
        ]
       }
      }}
      """
    #expect(Self.faults(of: Array(text.utf8)) == ["6: \(table): row 1: \(sentence)"])
  }

  @Test(
    arguments: [
      ("", "1: rule book: Not the JSON of a rule book: the text ends where a value should stand."),
      ("[]", #"1: rule book: A rule book is an object with "ruleBook" and "tables"."#),
      (#"{"extends":"2026.1","tables":{}}"#,
       #"1: rule book: "ruleBook" is missing: it is an edition, such as 2026.1."#),
      (#"{"ruleBook":"a b","extends":"2026.1","tables":{}}"#,
       "1: rule book: \"ruleBook\" is not an edition: a name of 1 to 64 small letters, digits, points and hyphens."),
      (#"{"ruleBook":"site-1","extends":"1999.1","tables":{}}"#,
       "1: rule book: There is no book 1999.1 to extend; there is 2026.1."),
      ("{\"ruleBook\":\"site-1\",\n\"extends\":\"2026.1\",\n\"extendsDigest\":\"sha256:0\",\"tables\":{}}",
       #"3: rule book: "extendsDigest" is not sha256: and 64 hexadecimal digits."#),
      (#"{"ruleBook":"site-1","extends":"2026.1"}"#,
       #"1: rule book: "tables" is missing: it holds the tables by name."#),
      ("{\"ruleBook\":\"site-1\",\"extends\":\"2026.1\",\"tables\":{\n\"codes\":[]}}",
       #"2: codes: A table is an object with "source" and "rows"."#),
      ("{\"ruleBook\":\"site-1\",\"extends\":\"2026.1\",\"tables\":{\n\"codes\":{\"source\":\"s\"}}}",
       #"2: codes: "rows" is missing or not a list."#),
      ("{\"ruleBook\":\"site-1\",\"extends\":\"2026.1\",\"tables\":{\n\"codes\":{\"rows\":[],\"row\":[]}}}",
       #"2: codes: "row" is not a field of a table; its fields are about, source, rows."#),
    ])
  func `is refused for its head`(_ text: String, _ fault: String) {
    #expect(Self.faults(of: Array(text.utf8)) == [fault])
  }

  @Test
  func `is refused as a whole where a table is missing`() {
    let faults = Self.faults(of: Array(#"{"ruleBook":"own-1","tables":{}}"#.utf8))
    #expect(faults.count == 29)
    #expect(faults.allSatisfy { $0.hasSuffix(": The table is missing.") })
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
