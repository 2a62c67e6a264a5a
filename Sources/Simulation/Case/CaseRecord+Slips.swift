import Procedures

// Slips and how they are mended, once the tables have been walked.
extension CaseRecord {
  mutating func slip() {
    if has(.imagesNotStored) { forgetImages() }
    if has(.spanningLesion) { declareSpanningLesion() }
    if has(.wrongSide) { enterWrongSide() }
    if has(.wrongValue) { enterWrongValue() }
    if has(.wrongTime) { enterWrongTime() }
    if has(.enteredTwice) { enterTwice() }
    if has(.retractedByMistake) { retractByMistake() }
    if has(.supplyReturned) { handBack(.consumableReturned) }
    if has(.supplyDisposed) { handBack(.consumableDisposed) }
    if has(.lateEntries) { enterLate() }
  }

  /// A draft of these types, drawn; nil where there is none.
  private mutating func draw(_ types: EventType...) -> Int? {
    let places = drafts.indices.filter { types.contains(drafts[$0].type) }
    return places.isEmpty ? nil : chance.pick(places)
  }

  private mutating func drawLook(where fits: (Look) -> Bool) -> Int? {
    let places = looks.indices.filter { fits(looks[$0]) }
    return places.isEmpty ? nil : chance.pick(places)
  }

  /// The images of one vessel are not stored, in no entry of it.
  private mutating func forgetImages() {
    guard let drawn = drawLook(where: \.isIntravascular) else { return }
    for place in looks.indices where looks[place].site == looks[drawn].site {
      looks[place].areImagesStored = false
      drafts[looks[place].draft].data = looks[place].members()
    }
  }

  private mutating func declareSpanningLesion() {
    guard let last = looks.last(where: \.isIntravascular) else { return }
    append(.lesionIdentified, after: last.draft, within: 30...600) { record in
      [
        JSON.Member("lesion", "SPAN"),
        JSON.Member(
          "vessels",
          .array(record.script.neighbours.map { $0.site(on: record.plan.side).json })),
      ]
    }
  }

  private mutating func enterWrongSide() {
    guard let place = drawLook(where: { $0.site.side != nil }),
      let opposite = looks[place].site.opposite
    else { return enterWrongValue() }
    let right = looks[place].members()
    drafts[looks[place].draft].data = looks[place].members(at: opposite)
    correct(looks[place].draft, to: right, because: "wrong side")
  }

  private mutating func enterWrongValue() {
    guard let place = draw(.measurementRecorded),
      let value = drafts[place].value("value")?.number
    else { return }
    let right = drafts[place].data
    let tenfold = Decimal(significand: value.significand, exponent: value.exponent + 1)
    drafts[place].set("value", .number(tenfold))
    correct(place, to: right, because: "decimal point slipped")
  }

  private mutating func enterWrongTime() {
    guard let place = draw(.imageAcquired, .drugAdministered, .interventionPerformed) else {
      return
    }
    let right = drafts[place].occurred
    drafts[place].occurred -= 3600
    correct(place, to: drafts[place].data, because: "the hour was wrong", occurred: right)
  }

  private mutating func enterTwice() {
    guard let place = draw(.imageAcquired, .drugAdministered, .consumableUsed) else { return }
    var twin = drafts[place]
    twin = Draft(
      id: chance.identifier(), type: twin.type, data: twin.data, occurred: twin.occurred,
      entered: twin.entered + chance.number(in: 15...60), qualifier: twin.qualifier,
      performer: twin.performer, recorder: twin.recorder)
    drafts.append(twin)
    retract(drafts.count - 1, because: "entered twice")
  }

  private mutating func retractByMistake() {
    guard let place = draw(.imageAcquired, .interventionPerformed), !isSpokenOf(place) else {
      return
    }
    retract(place, because: "entered twice")
    retract(drafts.count - 1, because: "the retraction was the mistake")
  }

  private mutating func handBack(_ type: EventType) {
    guard let place = draw(.consumableUsed) else { return }
    append(type, after: place, within: 300...2_400) { $0.drafts[place].data }
  }

  /// Up to three entries that nothing refers to are made long after, their times estimated to five
  /// minutes.
  private mutating func enterLate() {
    for _ in 0..<chance.number(in: 1...3) {
      guard
        let place = draw(
          .drugAdministered, .contrastAdministered, .patientStatusChanged, .radiationRecorded,
          .personnelDeparted)
      else { return }
      // What amends an entry must come after it.
      guard drafts[place].qualifier == nil, !isSpokenOf(place) else { continue }
      drafts[place].occurred -= drafts[place].occurred % 300
      drafts[place].qualifier = .estimated
      drafts[place].entered += chance.number(in: 20...120) * 60
    }
  }

  /// Whether an amendment speaks of the draft.
  private func isSpokenOf(_ place: Int) -> Bool {
    let id = drafts[place].id.description
    return drafts.contains { draft in
      draft.type.category == .amendment && draft.value("entry")?.text == id
    }
  }

  // MARK: Amendments

  mutating func correct(
    _ place: Int, to data: [JSON.Member], because reason: String, occurred: Int? = nil
  ) {
    let entry = drafts[place].id.description
    let time = occurred.map { moments.instant($0).description }
    append(.entryCorrected, after: place, within: 60...1_500) { _ in
      var members = [
        JSON.Member("entry", .string(entry)), JSON.Member("data", .object(data)),
        JSON.Member("reason", .string(reason)),
      ]
      if let time { members.append(JSON.Member("occurredAt", .string(time))) }
      return members
    }
  }

  mutating func retract(_ place: Int, because reason: String) {
    let entry = drafts[place].id.description
    append(.entryRetracted, after: place, within: 60...900) { _ in
      [JSON.Member("entry", .string(entry)), JSON.Member("reason", .string(reason))]
    }
  }

  /// Makes an entry so many seconds after another was made, by the same hand.
  private mutating func append(
    _ type: EventType, after place: Int, within seconds: ClosedRange<Int>,
    _ data: (CaseRecord) -> [JSON.Member]
  ) {
    let occurred = drafts[place].entered + chance.number(in: seconds)
    drafts.append(
      Draft(
        id: chance.identifier(), type: type, data: data(self), occurred: occurred,
        entered: occurred + chance.number(in: 4...20), recorder: drafts[place].recorder))
  }
}
