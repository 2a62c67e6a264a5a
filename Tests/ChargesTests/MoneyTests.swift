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
