import Charges
import Procedures
import Testing

/// A report with something in every section, made by hand.
enum ReconciliationSample {
  static func caseID(_ number: Int) throws -> CaseID {
    let digits = String(number)
    return try #require(
      CaseID("c0ffee00-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)
    )
  }

  static func subject(
    _ number: Int, _ date: String? = "2026-03-02", room: String? = "Lab 2",
    payer: String? = "aetna"
  ) throws -> ReconciledCase {
    ReconciledCase(
      caseID: try caseID(number), serviceDate: date.flatMap { CalendarDate($0) },
      operatingPhysician: PersonCode("dr-114"), room: room.flatMap { RoomName($0) },
      payer: payer.flatMap { PayerCode($0) })
  }

  static func time(_ text: String) throws -> Instant { try #require(Instant(text)) }

  static func moment(ledgerPosition: Int64 = 410) throws -> ReconciledMoment {
    ReconciledMoment(
      time: try time("2026-03-05T12:00:00Z"),
      timeZone: try #require(TimeZoneName("America/New_York")), logPosition: 412,
      linePosition: 410, ledgerPosition: ledgerPosition)
  }

  /// The report, of which 9 units are on lines; nothing was done at all where it is empty.
  static func report(
    ledgerUnits: Int = 9, ledgerPosition: Int64 = 410, differs: Bool = false,
    isEmpty: Bool = false
  ) throws -> Reconciliation {
    let moment = try moment(ledgerPosition: ledgerPosition)
    let listed = isEmpty ? [] : try uncharged()
    let reasons = UnchargedReason.allCases.map { reason in
      let cases = listed.filter { $0.reason == reason }
      return UnchargedCases(
        reason, Listing(count: cases.isEmpty ? 0 : cases.count + (reason == .held ? 3 : 0), cases))
    }
    let uncharged = reasons.reduce(0) { $0 + $1.cases.count }
    return Reconciliation(
      facility: try #require(FacilityCode("general")),
      period: try ServicePeriod(
        from: try #require(CalendarDate("2026-03-02")),
        through: try #require(CalendarDate("2026-03-03"))),
      moment: moment,
      balance: ReconciledBalance(
        caseCount: uncharged + (isEmpty ? 0 : 4), chargedCaseCount: isEmpty ? 0 : 4,
        partlyHeldCaseCount: isEmpty ? 0 : 1, ledgerUnits: isEmpty ? 0 : ledgerUnits,
        lineUnits: isEmpty ? 0 : 9, undatedCaseCount: isEmpty ? 0 : 1),
      uncharged: reasons, undocumented: try undocumented(isEmpty: isEmpty),
      differing: try differing(differs), holds: isEmpty ? [] : try holds(at: moment),
      lag: try lag(isEmpty: isEmpty), codes: isEmpty ? [] : try codes(),
      ledger: try ledger(isEmpty: isEmpty))
  }

  /// A case for each reason but the one that is a fault.
  private static func uncharged() throws -> [UnchargedCase] {
    [
      UnchargedCase(
        try subject(1), .held, holds: [.interpretationMissing, .imagesNotStored]),
      UnchargedCase(
        try subject(2, room: "=Lab, \"2\""), .notSigned, holds: [.addOnWithoutPrimary],
        gap: .changed, since: try time("2026-03-03T20:15:00Z")),
      UnchargedCase(
        try subject(3, "2026-03-03", payer: nil), .notSigned, gap: .open,
        since: try time("2026-03-03T13:00:00Z")),
      UnchargedCase(try subject(4), .derivationFailed, fault: "position 77 cannot be read"),
      UnchargedCase(try subject(5), .notProjected),
      UnchargedCase(try subject(6), .excluded, edits: [.nationalCorrectCoding, .codeNotActive]),
      UnchargedCase(try subject(7), .nothingToCharge),
      UnchargedCase(try subject(8), .cancelled), UnchargedCase(try subject(9), .withheld),
    ]
  }

  private static func undocumented(isEmpty: Bool) throws -> [UndocumentedCharges] {
    let released = UndocumentedCharge(
      try subject(11),
      ChargeReview.Gap(
        .imagesNotStored, try #require(BillingCode("37253")), units: 2,
        vessels: [
          try site("common-iliac-vein"), try site("external-iliac-vein"),
        ], entry: EventID(high: 1, low: 2)),
      person: PersonCode("co-9"), recordedAt: try time("2026-03-03T14:12:00Z"))
    let stated = UndocumentedCharge(
      try subject(12),
      ChargeReview.Gap(
        .statedAlone, try #require(BillingCode("37238")), units: 1, vessels: [], entry: nil),
      person: nil, recordedAt: nil)
    return UndocumentedCharge.Kind.allCases.map { kind in
      let charges = isEmpty ? [] : [released, stated].filter { $0.kind == kind }
      return UndocumentedCharges(
        kind, units: charges.reduce(0) { $0 + $1.units },
        Listing(count: charges.count, charges))
    }
  }

  private static func site(_ code: String) throws -> VesselSite {
    let vessel = try #require(Vessel(code: code))
    return try #require(VesselSite(vessel, .left))
  }

  private static func differing(_ differs: Bool) throws -> Listing<DifferingCharge> {
    guard differs else { return Listing(count: 0, []) }
    let charge = DifferingCharge(
      try subject(13), code: try #require(BillingCode("37252")),
      modifiers: [try #require(Modifier("59"))], ledgerUnits: 1, lineUnits: 0)
    return Listing(count: 2, [charge])
  }

  private static func holds(at moment: ReconciledMoment) throws -> [HeldLines] {
    var images = HeldLines(.imagesNotStored)
    images.add(
      HeldLines.Count(lines: 2, cases: 1, units: 3),
      of: try #require(CalendarDate("2026-03-02")), at: moment)
    images.add(
      HeldLines.Count(lines: 1, cases: 1, units: 1),
      of: try #require(CalendarDate("2026-01-20")), at: moment)
    images.note(oldest: try subject(14, "2026-01-20"), at: moment)
    var failed = HeldLines(.derivationFailed)
    failed.add(
      HeldLines.Count(cases: 1), of: try #require(CalendarDate("2026-03-05")), at: moment)
    failed.note(oldest: try subject(4, "2026-03-05"), at: moment)
    return [images, failed]
  }

  private static func lag(isEmpty: Bool) throws -> ChargeLag {
    var lag = ChargeLag()
    guard !isEmpty else { return lag }
    for (number, days) in [0, 0, 1, 5].enumerated() {
      lag.add(try subject(20 + number), days: days)
    }
    lag.signing = ChargeLag.Signing(
      caseCount: 4, medianSeconds: 2, ninetiethPercentileSeconds: 600, longestSeconds: 259_200)
    return lag
  }

  private static func codes() throws -> [CodeUnits] {
    [
      CodeUnits(
        try #require(BillingCode("37252")), chargedUnits: 4, creditedUnits: 1, unitsOverLimit: 0,
        caseCount: 3),
      CodeUnits(
        try #require(BillingCode("37253")), chargedUnits: 6, creditedUnits: 0, unitsOverLimit: 1,
        caseCount: 1),
    ]
  }

  private static func ledger(isEmpty: Bool) throws -> ReconciledLedger {
    guard !isEmpty else {
      return ReconciledLedger(
        epoch: nil, last: nil, acknowledgement: nil, outstandingEntryCount: 0,
        outstandingChargedUnits: 0, outstandingCreditedUnits: 0, oldestOutstanding: nil)
    }
    let epoch = try #require(LedgerEpoch("k7q3"))
    return ReconciledLedger(
      epoch: epoch,
      last: ReconciledLedger.Posted(
        EntryID(epoch: epoch, number: 7), at: try time("2026-03-04T21:00:00Z")),
      acknowledgement: ReconciledLedger.Acknowledgement(
        through: EntryID(epoch: epoch, number: 4), person: try #require(PersonCode("bi-31")),
        time: try time("2026-03-04T06:00:00Z")),
      outstandingEntryCount: 3, outstandingChargedUnits: 5, outstandingCreditedUnits: 1,
      oldestOutstanding: ReconciledLedger.Posted(
        EntryID(epoch: epoch, number: 5), at: try time("2026-03-03T22:30:00Z")))
  }
}
