internal import Procedures

extension CaseState {
  /// The case by these of its events, in order, as their readers may see them.
  init(_ id: CaseID, by events: some Sequence<RecordedEvent>) {
    self.init(id)
    for event in events { evolve(event.event, version: event.version) }
  }

  /// What stands of the case.
  ///
  /// Amendments are not listed: they are seen in what they changed, and in the events themselves.
  /// The events say of each entry by whom and when it was recorded.
  func members(recordedBy events: [RecordedEvent]) -> [JSON.Member] {
    let recorded = Dictionary(events.map { ($0.event.id, $0) }) { first, _ in first }
    let listed = entries.filter { $0.original.type.category != .amendment }
    return [
      JSON.Member("case", .string(id.description)), JSON.Member("version", .integer(version)),
      JSON.Member("phase", .string(phase.rawValue)),
      JSON.Member("countsAsSigned", .bool(countsAsSigned)),
      JSON.Member("serviceDate", .text(opening?.serviceDate.description)),
      JSON.Member("openedAt", .text(openedAt?.description)),
      JSON.Member("room", .text(room?.text)), JSON.Member("patient", .text(patient?.text)),
      JSON.Member("entries", .array(listed.map { $0.json(recorded[$0.id]) })),
    ]
  }
}

extension CaseState.Entry {
  /// The entry as amendments have left it.
  fileprivate func json(_ recorded: RecordedEvent?) -> JSON {
    var members: [JSON.Member] = [
      JSON.Member("id", .string(id.description)), JSON.Member("version", .integer(version)),
      JSON.Member("type", .string(original.type.rawValue)),
      JSON.Member("occurredAt", .string(occurredAt.description)),
      JSON.Member("recordedAt", .text(recorded?.recordedAt.description)),
      JSON.Member("recorder", .text(recorded?.recorder.text)),
    ]
    if let performer = original.performer {
      members.append(JSON.Member("performer", .string(performer.text)))
    }
    if let reason = original.reason { members.append(JSON.Member("reason", reason.json)) }
    members.append(JSON.Member("data", body.data))
    members.append(JSON.Member("corrected", .bool(body != original.body)))
    members.append(JSON.Member("retracted", .bool(isRetracted)))
    return .object(members)
  }
}
