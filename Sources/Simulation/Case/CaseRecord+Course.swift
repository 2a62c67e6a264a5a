import Procedures

// What may come between the tables.
extension CaseRecord {
  mutating func openCase() {
    var data = [
      JSON.Member("facility", .string(laboratory.facility.text)),
      JSON.Member("room", .string(laboratory.rooms[room])),
      JSON.Member("serviceDate", .string(serviceDate.description)),
      JSON.Member("timeZone", .string(laboratory.timeZone.text)),
      JSON.Member("setting", .string(plan.setting.rawValue)),
      JSON.Member("operator", .string(physician.text)),
    ]
    if !has(.unknownAtFirst) {
      data += [
        JSON.Member("patient", .string(plan.patient)),
        JSON.Member("encounter", .string(plan.encounter)),
        JSON.Member("accession", .string(plan.accession)),
        JSON.Member("account", .string(plan.account)),
      ]
    }
    data.append(JSON.Member("department", plan.kind == .coronary ? "cardiology" : "vascular"))
    if let payer = plan.payer { data.append(JSON.Member("payer", .string(payer))) }
    data.append(JSON.Member("plannedProcedure", .string(script.planned)))
    record(.caseOpened, data, by: nurse)
  }

  mutating func changeRoom() {
    advance(6)
    let other = laboratory.rooms[(room + 1) % laboratory.roomCount]
    record(.roomChanged, [JSON.Member("room", .string(other))], by: nurse)
  }

  mutating func cancel() {
    advance(5)
    let reason = chance.pick([
      "patient declined", "no bed", "potassium too high", "emergency takes the room",
      "access could not be gained",
    ])
    record(.caseCancelled, [JSON.Member("reason", .string(reason))], by: nurse)
    guard chance.happens(perMille: 400) else { return }
    advance(10)
    note("nursing", "patient brought back to the ward", by: nurse)
  }

  mutating func lookAgain() {
    let candidates = looks.filter(\.isIntravascular)
    guard !candidates.isEmpty else { return }
    advance(3)
    let look = chance.pick(candidates)
    addLook(look.modality, look.site, .postIntervention)
  }

  mutating func goWrong() {
    advance(2)
    let kind = chance.pick([
      "access site hematoma", "vasovagal reaction", "contrast reaction", "dissection",
    ])
    record(
      .adverseEvent,
      [JSON.Member("kind", .string(kind)), JSON.Member("detail", "treated in the room")],
      by: nurse)
  }

  mutating func note(_ kind: String, _ text: String, by person: PersonCode) {
    record(
      .noteRecorded, [JSON.Member("kind", .string(kind)), JSON.Member("text", .string(text))],
      by: person)
  }
}
