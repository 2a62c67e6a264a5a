import Charges
import Procedures
import Testing

@Suite
struct `Medicare's amounts` {
  private func amount(
    _ code: String, _ date: String, _ setting: CareSetting, units: Int = 1
  ) throws -> MedicareAmount? {
    let billingCode: BillingCode = try #require(BillingCode(code))
    let day: CalendarDate = try #require(CalendarDate(date))
    return RuleBook.standard.medicareAmount(
      of: billingCode, units: units, on: day, setting: setting)
  }

  @Test(arguments: [
    ("37252", CareSetting.office, "1026.07"), ("37253", .office, "175.45"),
    ("37252", .hospitalOutpatient, "89.63"), ("37253", .ambulatorySurgeryCenter, "70.94"),
  ])
  func `of 2022 are as published`(_ code: String, _ setting: CareSetting, _ expected: String) throws
  {
    let amount = try amount(code, "2022-06-01", setting)
    #expect(amount?.description == expected)
    #expect(amount?.isAssumed == false)
  }

  @Test
  func `are for each unit, and name an assumed factor`() throws {
    #expect(try amount("37253", "2022-06-01", .office, units: 3)?.description == "526.35")
    #expect(try amount("37253", "2021-06-01", .office)?.isAssumed == true)
  }

  @Test
  func `are not zero where none was published`() throws {
    #expect(try amount("37252", "2026-03-02", .office) == nil)
    #expect(try amount("75710", "2022-06-01", .office) == nil)
  }

  @Test
  func `are packaged for a hospital's outpatient`() throws {
    let code: BillingCode = try #require(BillingCode("37252"))
    let date: CalendarDate = try #require(CalendarDate("2026-03-02"))
    #expect(RuleBook.standard.outpatientStatus(of: code, on: date)?.isPackaged == true)
  }
}

@Suite
struct `The price of a line` {
  /// The charges of a script with their prices, by its own setting.
  private func priced(_ script: CaseScript) throws -> PricedCharges {
    PricedCharges(
      try script.derivation(), setting: try script.state().opening?.setting, ruleBook: .standard)
  }

  private func words(_ price: Price) -> String {
    switch price.professional {
    case .amount(let amount, _): amount.dollars
    case .none(let absence, let because): "\(absence.rawValue): \(because)"
    }
  }

  @Test(arguments: [
    ("2022-06-01", "office", "37252", "$1,026.07"),
    ("2026-03-02", "office", "37252", "no-published-value: No published value for 2026."),
    ("2019-06-01", "office", "37252", "no-published-value: No published value for 2019."),
    (
      "2022-06-01", "office", "75710",
      "code-without-value: The rule book has no value of 75710 for any year."
    ),
    (
      "2022-06-01", "asc", "C1753",
      "not-on-professional-claim: The line is not on the professional claim."
    ),
    (
      "2022-06-01", "asc", "37220",
      "code-without-value: The rule book has no value of 37220 for any year."
    ),
    ("2026-03-02", "asc", "37220", "not-billable: An edit keeps the line off every claim."),
  ])
  func `is an amount, or says why there is none`(
    _ date: String, _ setting: String, _ code: String, _ expected: String
  ) throws {
    let script = CaseScript(date: date, setting: setting).coded("75710").coded("37220")
      .image("renal-artery/left").supply("used", "C1753", 1).complete()
    let charges = try priced(script)
    let line = try #require(charges.derivation.lines.firstIndex { $0.code.text == code })
    #expect(words(charges.prices[line]) == expected)
  }

  @Test(arguments: [
    (
      "hospital-outpatient", "2026-03-02", "37252",
      "Packaged (status N): reported, no separate payment"
    ),
    (
      "hospital-outpatient", "2026-03-02", "37238",
      "Status J1, APC 5193: the amount is not in the rule book"
    ),
    ("hospital-outpatient", "2022-06-01", "37252", "No published outpatient status for 2022."),
    ("asc", "2026-03-02", "37252", "The rule book has no table of facility payment for asc."),
    (
      "hospital-inpatient", "2026-03-02", "37252",
      "The rule book has no table of facility payment for hospital-inpatient."
    ),
  ])
  func `says how the facility is paid`(
    _ setting: String, _ date: String, _ code: String, _ expected: String
  ) throws {
    let script = CaseScript(date: date, setting: setting).coded("37238")
      .image("common-iliac-vein/left").complete()
    let charges = try priced(script)
    let line = try #require(charges.derivation.lines.firstIndex { $0.code.text == code })
    #expect(charges.prices[line].facility?.because.hasPrefix(expected) == true)
    let office = try priced(CaseScript(date: date, setting: "office").coded("37238").complete())
    #expect(office.prices.allSatisfy { $0.facility == nil })
  }

  @Test
  func `of each unit is what the figures make`() throws {
    let script = CaseScript(date: "2022-06-01", setting: "office").coded("37238")
      .image("common-iliac-vein/left").image("common-iliac-vein/right")
      .image("inferior-vena-cava").complete()
    let prices = try priced(script).prices
    guard case .amount(let amount, let figures)? = prices.last?.professional else {
      Issue.record("37253 has no amount")
      return
    }
    #expect(amount.description == "350.90")
    #expect(figures.perUnit.description == "175.45")
    #expect(
      figures.sentence
        == "(1.44 work + 3.38 practice expense in an office + 0.25 malpractice) × $34.6062")
    #expect(figures.valuesSource.hasPrefix("CMS PPRRVU"))
    #expect(figures.factorSource.contains("StreamlineMD check"))
  }

  @Test(arguments: ["two-vessels-2022-office", "two-vessels-2022-facility"])
  func `is the published one of a whole case`(_ name: String) throws {
    let acceptance = try #require(AcceptanceCase(name: name))
    let collection = try CaseCollection(reading: acceptance.events)
    let charges = PricedCharges(
      try #require(collection.derivations().first),
      setting: try #require(collection.states().first?.opening).setting, ruleBook: .standard)
    let amounts = charges.prices.compactMap(\.professional.amount).map(\.description)
    #expect(amounts == acceptance.prices)
    #expect(charges.billable.professional?.description == acceptance.billable)
  }
}

@Suite
struct `The sums of a case` {
  private func priced(_ script: CaseScript) throws -> PricedCharges {
    PricedCharges(
      try script.derivation(), setting: try script.state().opening?.setting, ruleBook: .standard)
  }

  private let two = CaseScript(date: "2022-06-01", setting: "office").coded("37238")
    .image("common-iliac-vein/left").image("common-femoral-vein/left")

  @Test
  func `keep what waits apart from what can be billed`() throws {
    let charges = try priced(two.read("common-iliac-vein/left").signed())
    #expect(charges.billable.professional?.dollars == "$1,026.07")
    #expect(charges.billable.lines == 2)
    #expect(charges.billable.linesWithoutValue == 1)
    #expect(charges.planned.professional?.dollars == "$175.45")
    #expect(charges.planned.linesWithoutValue == 0)
  }

  @Test
  func `leave out what an edit excludes`() throws {
    let charges = try priced(two.coded("37191").complete())
    #expect(charges.derivation.summary.contains("37252×1 not-billable [ncci-ptp]"))
    #expect(charges.billable.professional == nil, "no line that can go out has a value")
    #expect(charges.planned.professional?.cents == 0)
    #expect(charges.planned.lines == 0)
  }

  @Test
  func `are none where nothing has a value, and zero where there is no line`() throws {
    let charges = try priced(CaseScript().coded("75710").image("renal-artery/left").complete())
    #expect(charges.billable.professional == nil)
    #expect(charges.billable.linesWithoutValue == 2)
    #expect(charges.planned.professional?.description == "0.00")
    let failed = try priced(two.supply("used", "37252", 1))
    #expect(failed.billable.professional == nil, "a case that cannot be derived has no sum")
  }

  @Test
  func `add up over cases, and stay assumed`() throws {
    let assumed = try priced(
      CaseScript(date: "2021-06-01", setting: "office").coded("37238")
        .image("common-iliac-vein/left").complete())
    let sum = try priced(two.complete()).billable.adding(assumed.billable)
    #expect(sum.professional?.isAssumed == true)
    #expect(sum.lines == 5)
    // (1.8 + 30.84 + 0.36) × 34.8931 is 1,151.47; 2022's two are 1,201.52.
    #expect(sum.professional?.dollars == "$2,352.99")
    let none = try priced(CaseScript().coded("75710").complete()).billable
    #expect(none.adding(sum).professional == sum.professional)
    #expect(sum.adding(none).professional == sum.professional)
  }

  @Test
  func `and prices are all that is added to the document`() throws {
    let charges = try priced(two.complete())
    var members = try #require(charges.json.members)
    #expect(members.last?.name == "totals")
    members.removeLast()
    let place = try #require(members.firstIndex { $0.name == "lines" })
    let lines = try #require(members[place].value.elements).map { line -> JSON in
      let own = line.members ?? []
      #expect(own.last?.name == "price")
      return .object(own.dropLast())
    }
    members[place] = JSON.Member("lines", .array(lines))
    #expect(JSON.object(members).bytes == charges.derivation.json.bytes)
  }

  @Test(arguments: [
    (0, "0.00", "$0.00"), (5, "0.05", "$0.05"), (102_607, "1026.07", "$1,026.07"),
    (100_000_000, "1000000.00", "$1,000,000.00"), (-17_545, "-175.45", "-$175.45"),
  ])
  func `are written exactly`(_ cents: Int64, _ plain: String, _ dollars: String) {
    #expect(MedicareAmount(cents: cents).description == plain)
    #expect(MedicareAmount(cents: cents).dollars == dollars)
  }
}

@Suite
struct `Payers` {
  @Test
  func `of the founding document all have a row, and what is unknown is not there`() {
    let payers = RuleBook.standard.payers
    #expect(
      payers.map(\.payer.text) == [
        "aetna", "blue-cross-nebraska", "cigna", "medicare", "unitedhealthcare",
      ])
    #expect(payers.allSatisfy { !$0.notes.isEmpty && $0.policy == nil })
    #expect(payers.filter(\.asksForPreauthorization).map(\.payer.text) == ["blue-cross-nebraska"])
  }
}
