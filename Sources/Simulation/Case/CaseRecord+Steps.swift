import Procedures

extension CaseRecord {
  /// Enters what a step of a table says.
  mutating func perform(_ step: Step) {
    switch step {
    case .status(let status):
      recordAtDesk(.patientStatusChanged, [JSON.Member("status", .string(status.rawValue))])
    case .identified: if !has(.unknownAtFirst) { identify() }
    case .arrives(let part): record(.personnelArrived, members(of: part), by: nurse)
    case .departs(let part): record(.personnelDeparted, members(of: part), by: nurse)
    case .timeOut: takeTimeOut()
    case .access(let place, let french):
      record(
        .percutaneousEntry, members(at: place) + [JSON.Member("sheathFrench", .integer(french))],
        by: scrub, performer: physician)
    case .closure(let place, let method):
      record(
        .percutaneousClosure, members(at: place) + [JSON.Member("method", .string(method))],
        by: scrub, performer: physician)
    case .started(let action):
      record(.procedureActionStarted, [JSON.Member("action", .string(action))], by: scrub)
    case .ended(let action):
      record(.procedureActionEnded, [JSON.Member("action", .string(action))], by: scrub)
    case .device(let device, let place):
      record(
        .deviceInserted, [JSON.Member("device", .string(device))] + members(at: place), by: scrub)
    case .withdrawn(let device, let place):
      record(
        .deviceWithdrawn, [JSON.Member("device", .string(device))] + members(at: place), by: scrub)
    case .look(let place, let phase): look(.intravascularUltrasound, place, phase)
    case .image(let modality, let place, let phase): look(modality, place, phase)
    case .measured(let place, let quantity, let tenths, let unit):
      measure(place, quantity, tenths, unit)
    case .lesion(let name, let places): identify(lesion: name, in: places)
    case .treated(let action, let place, let device, let lesion):
      treat(action, place, device, lesion)
    case .supply(let item, let code): use(item, code)
    case .drug(let agent, let range, let step, let unit, let route):
      let amount = range.lowerBound + step * chance.number(in: 0...range.count / step)
      give(.drugAdministered, agent, min(amount, range.upperBound), unit, route)
    case .contrast(let milliliters):
      give(
        .contrastAdministered, "iohexol", chance.number(in: milliliters), "mL", "intra-arterial")
    case .radiation(let minutes): radiate(minutes)
    }
  }

  /// Enters something at the nurse's desk, which may have a workstation with a clock of its own.
  private mutating func recordAtDesk(_ type: EventType, _ data: [JSON.Member]) {
    guard has(.secondWorkstation) else {
      record(type, data, by: nurse)
      return
    }
    let place = record(type, data, by: relief)
    drafts[place].occurred += clockDifference
    drafts[place].qualifier = .unsynchronized
  }

  private func members(of part: StaffPart) -> [JSON.Member] {
    let person =
      switch part {
      case .physician: physician
      case .scrub: scrub
      case .circulating: nurse
      }
    return [
      JSON.Member("person", .string(person.text)), JSON.Member("role", .string(part.rawValue)),
    ]
  }

  private func members(at place: Place) -> [JSON.Member] {
    var members: [JSON.Member] = []
    members.reserveCapacity(4)
    place.site(on: plan.side).append(to: &members)
    return members
  }

  mutating func identify() {
    record(
      .patientIdentified,
      [
        JSON.Member("patient", .string(plan.patient)),
        JSON.Member("identifiersChecked", .array(["name", "date of birth"])),
      ], by: nurse)
  }

  private mutating func takeTimeOut() {
    record(
      .timeOutCompleted,
      [
        JSON.Member("participants", .texts([physician.text, nurse.text, scrub.text])),
        JSON.Member(
          "confirmed",
          .array(["patient", "site", "procedure", "consent", "allergies", "images"])),
      ], by: nurse)
  }

  private mutating func look(
    _ modality: ImageAcquired.Modality, _ place: Place, _ phase: ImageAcquired.Phase
  ) {
    addLook(modality, place.site(on: plan.side), phase)
  }

  mutating func addLook(
    _ modality: ImageAcquired.Modality, _ site: Site, _ phase: ImageAcquired.Phase
  ) {
    let isPulled = modality == .intravascularUltrasound && chance.happens(perMille: 300)
    let look = Look(
      draft: drafts.count, site: site, modality: modality, phase: phase,
      pullback: isPulled ? .number(Decimal(significand: 5, exponent: -1)) : nil)
    looks.append(look)
    record(.imageAcquired, look.members(), by: scrub, performer: physician)
  }

  private mutating func measure(
    _ place: Place, _ measure: Measurement.Measure, _ tenths: ClosedRange<Int>, _ unit: String
  ) {
    let value = Decimal(significand: Int64(chance.number(in: tenths)), exponent: -1)
    record(
      .measurementRecorded,
      members(at: place) + [
        JSON.Member("measure", .string(measure.rawValue)),
        JSON.Member("site", measure == .lumenArea ? "lumen minimum" : "reference segment"),
        JSON.Member("value", .number(value)), JSON.Member("unit", .string(unit)),
      ], by: scrub, performer: physician)
  }

  mutating func identify(lesion: String, in places: [Place]) {
    record(
      .lesionIdentified,
      [
        JSON.Member("lesion", .string(lesion)),
        JSON.Member("vessels", .array(places.map { $0.site(on: plan.side).json })),
      ], by: scrub, performer: physician)
  }

  private mutating func treat(_ action: String, _ place: Place, _ device: String, _ lesion: String?)
  {
    var data = [JSON.Member("action", .string(action))]
    place.site(on: plan.side).append(to: &data)
    if let lesion { data.append(JSON.Member("lesion", .string(lesion))) }
    data.append(JSON.Member("device", .string(device)))
    record(.interventionPerformed, data, by: scrub, performer: physician)
  }

  private mutating func use(_ item: String, _ code: String?) {
    var data = [
      JSON.Member("item", .string(item)), JSON.Member("quantity", 1),
      JSON.Member("lot", .string(chance.digits(6, after: "L"))),
    ]
    if let code { data.append(JSON.Member("billingCode", .string(code))) }
    record(.consumableUsed, data, by: scrub)
  }

  private mutating func give(
    _ type: EventType, _ agent: String, _ amount: Int, _ unit: String, _ route: String
  ) {
    recordAtDesk(
      type,
      [
        JSON.Member("agent", .string(agent)), JSON.Member("amount", .integer(amount)),
        JSON.Member("unit", .string(unit)), JSON.Member("route", .string(route)),
      ])
  }

  private mutating func radiate(_ minutes: ClosedRange<Int>) {
    let seconds = 60 * chance.number(in: minutes) + chance.number(in: 0...59)
    record(
      .radiationRecorded,
      [
        JSON.Member("fluoroscopySeconds", .integer(seconds)),
        JSON.Member("airKermaMilligray", .integer(seconds * chance.number(in: 40...95) / 100)),
      ], by: scrub)
  }
}
