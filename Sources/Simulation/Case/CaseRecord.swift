import Procedures

/// A case while it is being made.
///
/// First the tables are walked, as if nobody ever erred; then the habits of the plan have their say;
/// then the paperwork is done.
struct CaseRecord {
  let plan: CasePlan
  let laboratory: Laboratory
  let room: Int
  let moments: Moments
  let script: CaseScript
  let serviceDate: CalendarDate
  let physician: PersonCode
  let nurse: PersonCode
  let scrub: PersonCode
  let coder: PersonCode
  /// Who works at the second workstation.
  let relief: PersonCode
  /// How far the clock of the second workstation is ahead, in seconds.
  let clockDifference: Int
  var chance: SeededGenerator
  /// Seconds since the start.
  var clock = 0
  var drafts: [Draft] = []
  var looks: [Look] = []
  /// When the patient left the room.
  var leftRoom = 0

  init(_ plan: CasePlan, in laboratory: Laboratory, room: Int, _ moments: Moments) {
    self.plan = plan
    self.laboratory = laboratory
    self.room = room % laboratory.roomCount
    self.moments = moments
    script = plan.kind.script
    serviceDate = laboratory.timeZone.date(of: moments.start)
    chance = plan.chance
    physician = chance.pick(laboratory.physicians(for: plan.kind))
    coder = chance.pick(laboratory.coders)
    nurse = laboratory.circulating[self.room]
    scrub = laboratory.scrubs[self.room]
    relief = chance.pick(laboratory.relief)
    let difference = chance.number(in: 30...240)
    clockDifference = chance.happens(perMille: 500) ? difference : -difference
    drafts.reserveCapacity(80)
  }

  func has(_ habit: Habits) -> Bool { plan.habits.contains(habit) }

  /// Lets the case happen.
  mutating func run() {
    openCase()
    walk(CaseScript.arrival)
    if has(.roomChanged) { changeRoom() }
    if has(.cancelled) {
      cancel()
    } else {
      walk(script.rows)
      if has(.unknownAtFirst) { identify() }
      if has(.repeatLook) { lookAgain() }
      if has(.adverseEvent) { goWrong() }
      walk(CaseScript.departure)
      leftRoom = clock
      slip()
      finishPaperwork()
    }
    leftRoom = max(leftRoom, clock)
    settle()
  }

  private mutating func walk(_ rows: [CaseScript.Row]) {
    for row in rows {
      switch row {
      case .at(let minutes, let step):
        advance(minutes)
        perform(step)
      case .sometimes(let percent, let rows):
        if chance.happens(perMille: percent * 10) { walk(rows) }
      case .sometimesOnceImaged(let percent, let rows):
        guard looks.contains(where: { $0.modality == .intravascularUltrasound }) else { continue }
        if chance.happens(perMille: percent * 10) { walk(rows) }
      }
    }
  }

  /// Lets so many minutes pass, half as many to half as many again.
  mutating func advance(_ minutes: Int) { clock += minutes * chance.number(in: 30...90) }

  /// Makes an entry, some seconds after it happened.
  ///
  /// - Returns: the draft's place.
  @discardableResult
  mutating func record(
    _ type: EventType, _ data: [JSON.Member], by recorder: PersonCode,
    performer: PersonCode? = nil, reason: String? = nil
  ) -> Int {
    drafts.append(
      Draft(
        id: chance.identifier(), type: type, data: data, occurred: clock,
        entered: clock + chance.number(in: 4...20), performer: performer, recorder: recorder,
        reason: reason))
    return drafts.count - 1
  }

  /// Puts the entries into the order in which they were made, and gives reasons where the log wants
  /// them.
  private mutating func settle() {
    var order = drafts.indices.map { (drafts[$0].entered, $0) }
    order.sort { $0 < $1 }
    drafts = order.map { drafts[$0.1] }
    var isSigned = false
    for place in drafts.indices {
      switch drafts[place].type.category {
      case .lifecycle: isSigned = drafts[place].type == .caseSigned
      case .clinical:
        if isSigned, drafts[place].reason == nil { drafts[place].reason = "entered late" }
      case .reading, .coding, .note, .amendment, .facility: break
      }
    }
  }
}
