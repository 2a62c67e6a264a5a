import Charges
import Exchange
import Procedures
import Testing

@Suite
struct `Entries in CSV` {
  static let header = """
    record,lines,entry,credits,account,encounter,patient,case,service_date,posted_at,code_system,\
    code,mod1,mod2,mod3,mod4,units,vessels,department,room,setting,place_of_service,operator,\
    performing_npi,payer,claims,dx1,dx2,dx3,dx4,diagnoses,modifiers,rule_book,rule_book_digest,\
    grouping_policy,recorded_at,case_version,position,events
    """

  /// `rule_book` to `recorded_at`, and the version.
  private static let basis =
    #""2026.1","sha256:\#(String(repeating: "ab", count: 32))","named-vessel","2026-03-02T09:31:00.25Z",14"#
  private static let times = #""2026-03-02","2026-03-02T09:31:00.250417Z""#
  private static let ids =
    #""5f8a3c1e-0000-4000-8000-00000000000a","c0ffee00-0000-4000-8000-000000000001""#
  private static let events = """
    "c0ffee00-0001-4000-8000-000000000004;c0ffee00-0001-4000-8000-000000000005;\
    c0ffee00-0001-4000-8000-000000000006"
    """

  @Test
  func `are written so`() throws {
    let charge = """
      "A-10027","0012345",\(Self.ids),\(Self.times),"CPT","37253","59","XS",,,2,\
      "external-iliac-vein/left;inferior-vena-cava","Cath Lab","Lab 2","hospital-outpatient","22",\
      "dr-114","1093817465","medicare","professional;facility","I87.1","I70213",,,"I87.1;I70213",\
      "59;XS",\(Self.basis)
      """
    let fewer = """
      "A-10027","0012345",\(Self.ids),\(Self.times),"CPT","37253",,,,,1,\
      "external-iliac-vein/left;inferior-vena-cava","Cath Lab","Lab 2","hospital-outpatient","22",\
      "dr-114","1093817465","medicare","professional;facility",,,,,,,\(Self.basis)
      """
    let unknown = """
      ,,,"c0ffee00-0000-4000-8000-000000000001",\(Self.times),"HCPCS","C1753","59","XS",,,2,,,,\
      "office","11","dr-114",,,"professional;facility","I87.1","I70213",,,"I87.1;I70213",\
      "59;XS",\(Self.basis)
      """
    let lines = [
      Self.header,
      #""CG",1,"k7q3-1042",,\#(charge),2042,\#(Self.events)"#,
      #""CD",1,"k7q3-1043","k7q3-1042",\#(charge),2043,\#(Self.events)"#,
      #""CG",1,"k7q3-1044",,\#(fewer),2044,\#(Self.events)"#,
      #""CG",1,"k7q3-1045",,\#(unknown),2045,"#,
      #""TOTAL-CG",3,,,,,,,,,,,,,,,5,,,,,,,,,,,,,,,,,,,,,,"#,
      #""TOTAL-CD",1,,,,,,,,,,,,,,,2,,,,,,,,,,,,,,,,,,,,,,"#,
      "",
    ]
    let text = ChargeFormat.csv.text(Array(try Sample.entries().prefix(4)), try .general())
    let written = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    #expect(written.count == lines.count)
    for (line, expected) in zip(written, lines) { #expect(line == expected) }
  }

  @Test
  func `say what was erased, and let no text be a formula`() throws {
    let entries = try Sample.entries().suffix(2)
    let table = try #require(CSVTable(ChargeFormat.csv.text(Array(entries), try .general())))
    func cells(_ row: Int) -> [String: String] {
      Dictionary(uniqueKeysWithValues: zip(table.columns, table.rows[row]))
    }
    #expect(cells(0)["account"] == "(erased)" && cells(0)["encounter"] == "(erased)")
    let hostile = cells(1)
    #expect(hostile["account"] == "'\t=1+1\r\nMSH|^~\\&|")
    #expect(hostile["encounter"] == "'＝cmd|'/c calc'!A1")
    #expect(hostile["department"] == "'=HYPERLINK(\"http://x\"),|^&~\\")
    #expect(hostile["room"] == "'@Säle 😀 \u{202E}abc")
    #expect(hostile["operator"] == "'-dr|1")
    #expect(hostile["payer"] == "'+A,\"B\"")
  }

  @Test(arguments: [
    ("plain", false), ("7", false), ("Ä", false), ("#1", false), ("(a)", false), ("😀", false),
    ("=1", true), ("+1", true), ("-1", true), ("@a", true), ("\t1", true), ("\r1", true),
    ("\n1", true), ("＝1", true), ("＋1", true), ("－1", true), ("＠1", true), ("−1", true),
    (" =1", true), ("\u{A0}+1", true), ("\u{FEFF}=1", true), ("\u{200B}-1", true),
    ("\u{202E}@1", true), ("\"=1", true), (" a=1", false), ("'=1", true), ("'", true),
    ("(erased)", true), ("(erased) ", false),
  ])
  func `guard a cell that`(_ text: String, _ isGuarded: Bool) throws {
    let entry = try Sample.entry(1, account: .clear(text))
    let table = try #require(CSVTable(ChargeFormat.csv.text([entry], try .general())))
    let place = try #require(table.index(of: "account"))
    #expect(table.rows[0][place] == (isGuarded ? "'" : "") + text)
  }

  @Test
  func `call a credit by the facility's code`() throws {
    var pull = try ChargePull.general()
    pull.creditCode = try #require(CreditCode("CR"))
    let entries = Array(try Sample.entries().prefix(2))
    let table = try #require(CSVTable(ChargeFormat.csv.text(entries, pull)))
    #expect(table.rows.map { $0[0] } == ["CG", "CR", "TOTAL-CG", "TOTAL-CR"])
  }

  @Test
  func `are read back as they were, whatever they hold`() throws {
    let entries = try #require(GeneratedEntries.entries(400, seed: Seeds.first))
    let table = try #require(CSVTable(ChargeFormat.csv.text(entries, try .general())))
    #expect(table.columns.joined(separator: ",") == Self.header)
    #expect(table.rows.count == entries.count + 2)
    var totals = ["CG": (lines: 0, units: 0), "CD": (lines: 0, units: 0)]
    for (entry, row) in zip(entries, table.rows) {
      let cells = Dictionary(uniqueKeysWithValues: zip(table.columns, row))
      let expected = Self.cells(entry)
      #expect(cells == expected, "CATHLOG_SEED=\(Seeds.first), entry \(entry.entry.id)")
      totals[row[0], default: (0, 0)].lines += 1
      totals[row[0], default: (0, 0)].units += entry.entry.charge.units
    }
    for (row, kind) in zip(table.rows.suffix(2), ["CG", "CD"]) {
      let cells = Dictionary(uniqueKeysWithValues: zip(table.columns, row))
      #expect(cells["record"] == "TOTAL-\(kind)")
      #expect(cells["lines"] == totals[kind].map { String($0.lines) })
      #expect(cells["units"] == totals[kind].map { String($0.units) })
      #expect(cells.values.count { !$0.isEmpty } == 3)
    }
  }

  /// What stands in the cells of an entry, derived again in a simpler way.
  private static func cells(_ pulled: PulledEntry) -> [String: String] {
    let entry = pulled.entry
    let charge = entry.charge
    var cells: [String: String] = [:]
    cells["record"] = entry.credited == nil ? "CG" : "CD"
    cells["lines"] = "1"
    cells["entry"] = entry.id.description
    cells["credits"] = entry.credited?.description ?? ""
    cells["account"] = cell(pulled.account)
    cells["encounter"] = cell(pulled.encounter)
    cells["patient"] = charge.patient?.text ?? ""
    cells["case"] = entry.caseID.description
    cells["service_date"] = charge.serviceDate.description
    cells["posted_at"] = entry.postedAt.description
    cells["recorded_at"] = entry.recordedAt.description
    cells["code_system"] = charge.code.text.first?.isNumber == true ? "CPT" : "HCPCS"
    cells["code"] = charge.code.text
    cells["units"] = String(charge.units)
    let vessels = charge.counted.map(\.vessels).filter { !$0.isEmpty }
    cells["vessels"] = vessels.map { $0.map(\.description).joined(separator: "+") }
      .joined(separator: ";")
    cells["department"] = cell(charge.department?.text)
    cells["room"] = cell(charge.room?.text)
    cells["setting"] = charge.setting.rawValue
    cells["operator"] = cell(charge.operatingPhysician.text)
    cells["performing_npi"] = charge.npi ?? ""
    cells["payer"] = cell(charge.payer?.text)
    cells["claims"] = charge.claims.map(\.rawValue).joined(separator: ";")
    cells["diagnoses"] = charge.diagnoses.map(\.text).joined(separator: ";")
    cells["modifiers"] = charge.modifiers.map(\.text).joined(separator: ";")
    cells["rule_book"] = entry.ruleBook.text
    cells["rule_book_digest"] = entry.ruleBookDigest
    cells["grouping_policy"] = entry.groupingPolicy.text
    cells["case_version"] = String(entry.version)
    cells["position"] = String(entry.position)
    cells["events"] = charge.entries.map(\.description).joined(separator: ";")
    let places: [CareSetting: String] = [
      .hospitalOutpatient: "22", .hospitalInpatient: "21", .ambulatorySurgeryCenter: "24",
      .office: "11",
    ]
    cells["place_of_service"] = places[charge.setting]
    for place in 0..<4 {
      let modifiers = charge.modifiers.map(\.text)
      let diagnoses = charge.diagnoses.map(\.text)
      cells["mod\(place + 1)"] = place < modifiers.count ? modifiers[place] : ""
      cells["dx\(place + 1)"] = place < diagnoses.count ? diagnoses[place] : ""
    }
    return cells
  }

  private static func cell(_ text: Confidential?) -> String {
    switch text {
    case .clear(let text): cell(text)
    case .erased: "(erased)"
    case .sealed, nil: ""
    }
  }

  /// The guard, told apart by a list of texts of the generator and not by the rule itself.
  private static func cell(_ text: String?) -> String {
    guard let text else { return "" }
    let guarded: Set = [
      "=1+1", "+49", "-2", "@x", "'", "''=1", "＝1", " =1", "\u{200B}=1", "(erased)", "\t=1",
      "\r\nMSH|^~\\&|", "\n",
    ]
    return guarded.contains { $0.utf8.elementsEqual(text.utf8) } ? "'" + text : text
  }
}
