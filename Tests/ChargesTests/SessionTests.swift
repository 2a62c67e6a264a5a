import Charges
import Procedures
import Testing

@Suite
struct `Two sessions of one patient on one day` {
  private let left = "common-iliac-artery/left"

  private func one(
    _ number: Int, patient: String? = "pt-1", date: String = "2026-03-02",
    facility: String = "general"
  ) -> CaseScript {
    CaseScript(number, date: date, patient: patient, facility: facility).coded("75710")
      .image(left).complete()
  }

  private func summaries(_ scripts: CaseScript...) throws -> [String] {
    try CaseScript.collection(scripts).derivations().map(\.summary)
  }

  private let free = "37252×1 billable; 75710×1 billable"
  private let held = "37252×1 planned (same-day-session); 75710×1 billable"

  @Test
  func `hold each other`() throws {
    #expect(try summaries(one(1), one(2)) == [held, held])
  }

  @Test
  func `do not when the patient, the date or the facility differs, or the patient is unknown`()
    throws
  {
    #expect(try summaries(one(1), one(2, patient: "pt-2")) == [free, free])
    #expect(try summaries(one(1), one(2, date: "2026-03-03")) == [free, free])
    #expect(try summaries(one(1), one(2, facility: "other")) == [free, free])
    #expect(try summaries(one(1, patient: nil), one(2, patient: nil)) == [free, free])
  }

  @Test
  func `do not when one is cancelled, retracted or of another family`() throws {
    #expect(try summaries(one(1), one(2).cancelled()) == [free, ""])
    let retracted = CaseScript(2).coded("75710").image(left).retracted(2).complete()
    #expect(try summaries(one(1), retracted) == [free, "75710×1 billable"])
    let coronary = CaseScript(2).coded("92928").image("right-coronary-artery").complete()
    #expect(try summaries(one(1), coronary) == [free, "92928×1 billable; 92978×1 billable"])
  }

  @Test
  func `are the same patient when he was identified later`() throws {
    let late = CaseScript(2, patient: nil).coded("75710").image(left)
      .step(
        "patient-identified", ["patient": "pt-1", "identifiersChecked": ["name", "birth date"]]
      ).complete()
    #expect(try summaries(one(1), late) == [held, held])
  }

  @Test
  func `are of the patient as he was last identified`() throws {
    func identified(_ patient: String) -> JSON {
      ["patient": .string(patient), "identifiersChecked": ["name", "birth date"]]
    }
    let late = CaseScript(2, patient: nil).coded("75710").image(left)
      .step("patient-identified", identified("pt-1")).complete()
    let corrected = late.corrected(3, identified("pt-2")).signed()
    #expect(try summaries(one(1), corrected) == [free, free])
    #expect(try summaries(one(1), late.retracted(3).signed()) == [free, free], "unknown again")
    #expect(try summaries(one(1), late.retracted(3).retracted(6).signed()) == [held, held])
    let twice = late.step("patient-identified", identified("pt-3"), reason: "late")
    #expect(try summaries(one(1), twice.signed()) == [free, free])
    #expect(try summaries(one(1), twice.retracted(6).signed()) == [held, held])
    let moved = one(2).step("patient-identified", identified("pt-3"), reason: "late")
    #expect(try summaries(one(1), moved) == [free, free])
  }

  @Test
  func `are of a date: one opened anew on another date is held there`() throws {
    let wrong = one(2, date: "2026-03-03").cancelled()
    #expect(try summaries(one(1), wrong, one(3)) == [held, "", held])
  }

  @Test
  func `are compared family by family`() throws {
    let body = one(1)
    let heart = CaseScript(2).coded("92928").image("right-coronary-artery").complete()
    let both = CaseScript(3).coded("75710").coded("92928").image("renal-vein/left")
      .image("right-coronary-artery").image("ramus-intermedius").complete()
    #expect(try summaries(body, heart) == [free, "92928×1 billable; 92978×1 billable"])
    #expect(
      try summaries(body, heart, both) == [
        held, "92928×1 billable; 92978×1 planned (same-day-session)",
        """
        37252×1 planned (same-day-session); 75710×1 billable; 92928×1 billable; \
        92978×1 planned (same-day-session); 92979×1 planned (same-day-session)
        """,
      ])
  }

  @Test
  func `are no sessions where nothing is counted`() throws {
    let seen = CaseScript(2).coded("75710").image(left, modality: "XA").complete()
    #expect(try summaries(one(1), seen) == [free, "75710×1 billable"])
    let moved = CaseScript(2).coded("75710").coded("92928").image(left)
      .corrected(3, CaseScript.imageData("right-coronary-artery")).complete()
    #expect(
      try summaries(one(1), moved) == [
        free, "75710×1 billable; 92928×1 billable; 92978×1 billable",
      ])
  }

  @Test
  func `hold also where the other one waits or is excluded`() throws {
    let waiting = CaseScript(2).coded("75710").image(left, stored: false).complete()
    #expect(
      try summaries(one(1), waiting) == [
        held, "37252×1 planned (images-not-stored, same-day-session); 75710×1 billable",
      ])
    let excluded = CaseScript(2).coded("75710").coded("37191").image(left).complete()
    #expect(
      try summaries(one(1), excluded) == [
        held, "37191×1 billable; 37252×1 not-billable [ncci-ptp]; 75710×1 billable",
      ])
  }

  @Test
  func `are freed one by one`() throws {
    #expect(try summaries(one(1).released("same-day-session", "37252"), one(2)) == [free, held])
  }

  @Test
  func `are what a session says, and nothing of the case itself`() throws {
    let state = try one(1).state()
    let session = try #require(Session(state, ruleBook: .standard))
    #expect(session.families == [try #require(CodeFamily(name: "noncoronary-ivus"))])
    let context = DerivationContext(
      ruleBook: .standard, policy: RuleBook.defaultPolicy, otherSessions: [session])
    #expect(try Derivation(of: state, in: context).summary == free)
    for (number, patient, date, family) in [
      (2, "pt-1", "2026-03-02", "noncoronary-ivus"), (2, "pt-2", "2026-03-02", "noncoronary-ivus"),
      (2, "pt-1", "2026-03-03", "noncoronary-ivus"), (2, "pt-1", "2026-03-02", "coronary-imaging"),
    ] {
      let other = Session(
        caseID: try one(number).state().id, patient: try #require(PatientReference(patient)),
        serviceDate: try #require(CalendarDate(date)),
        families: [try #require(CodeFamily(name: family))])
      var beside = context
      beside.otherSessions = [session, other]
      let isSame = patient == "pt-1" && date == "2026-03-02" && family == "noncoronary-ivus"
      #expect(try Derivation(of: state, in: beside).summary == (isSame ? held : free))
    }
    #expect(Session(try one(1).cancelled().state(), ruleBook: .standard) == nil)
    #expect(Session(try one(1, patient: nil).state(), ruleBook: .standard) == nil)
    #expect(Session(try CaseScript().coded("75710").state(), ruleBook: .standard) == nil)
  }
}
